import { type FormEvent, useRef, useState } from 'react';
import type { ErrorWire } from '../../../../shared/errors.ts';
import { missingFields, type Preset } from '../../../../shared/presets/index.ts';
import { Button } from '../../../ui/button.tsx';
import { ErrorPanel } from '../../../ui/error-panel.tsx';
import { PasswordField } from '../../../ui/password-field.tsx';
import { TextField } from '../../../ui/text-field.tsx';
import { useManager } from '../stores.ts';
import { fieldProblem, firstValues, secretProblem } from './from-preset.ts';
import styles from './new-profile.module.css';

/** Stands for a secret that is typed, wherever only that matters. */
const typedSecret = 'typed';

interface FieldsProps {
  preset: Preset;
  values: Record<string, string>;
  /** Fields that were left empty when the profile was to be made. */
  missing: readonly string[];
  onChange: (name: string, value: string) => void;
  /** The inputs of secrets, which alone hold their values. */
  inputs: Map<string, HTMLInputElement>;
}

function PresetFields({ preset, values, missing, onChange, inputs }: FieldsProps) {
  return preset.fields.map((field) => {
    const { name, label, hint, example, optional, kind } = field;
    const words = { label, hint, error: missing.includes(name) ? 'Fill this in.' : undefined };
    if (kind === 'secret') {
      return (
        <PasswordField
          key={name}
          {...words}
          optional={optional}
          check={(typed) => secretProblem(name, typed)}
          onTyped={(typed) => onChange(name, typed ? typedSecret : '')}
          inputRef={(input) => {
            if (input === null) inputs.delete(name);
            else inputs.set(name, input);
          }}
        />
      );
    }
    return (
      <TextField
        key={name}
        {...words}
        mono
        optional={optional}
        placeholder={example}
        value={values[name] ?? ''}
        problem={fieldProblem(field, values)}
        onChange={(value) => onChange(name, value)}
      />
    );
  });
}

function About({ preset }: { preset: Preset }) {
  return (
    <div className={styles.about}>
      <p>
        {preset.text}{' '}
        <a href={preset.documentation} target="_blank" rel="noopener noreferrer">
          {preset.maker.startsWith('Any') ? 'The standard' : 'The maker’s documentation'}
        </a>
      </p>
      {preset.notes.length > 0 && (
        <ul>
          {preset.notes.map((note) => (
            <li key={note}>{note}</li>
          ))}
        </ul>
      )}
    </div>
  );
}

/** The name and the few fields of a preset, and the button that makes the profile. */
export function PresetForm({ preset, onClose }: { preset: Preset | null; onClose: () => void }) {
  const create = useManager((state) => state.create);
  const [name, setName] = useState(preset?.name ?? '');
  const [values, setValues] = useState(preset === null ? {} : firstValues(preset));
  const [missing, setMissing] = useState<readonly string[]>([]);
  const [error, setError] = useState<ErrorWire | null>(null);
  const [busy, setBusy] = useState(false);
  const inputs = useRef(new Map<string, HTMLInputElement>());

  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault();
    const empty = preset === null ? [] : missingFields(preset, values);
    setMissing(empty);
    if (busy || name.trim() === '' || empty.length > 0) return;
    setBusy(true);
    const secrets = new Map([...inputs.current].map(([field, input]) => [field, input.value]));
    const failure = await create(name.trim(), preset === null ? undefined : { preset, values, secrets });
    setBusy(false);
    if (failure === null) onClose();
    else setError(failure);
  }

  function change(field: string, value: string): void {
    setValues((old) => ({ ...old, [field]: value }));
    setMissing((old) => old.filter((other) => other !== field));
  }

  return (
    <form className={styles.form} onSubmit={(event) => void submit(event)}>
      {preset !== null && <About preset={preset} />}
      <TextField label="Name" value={name} onChange={setName} hint="As it is shown in the list." />
      {preset !== null && (
        <PresetFields
          preset={preset}
          values={values}
          missing={missing}
          onChange={change}
          inputs={inputs.current}
        />
      )}
      {error !== null && <ErrorPanel error={error} />}
      <div className={styles.actions}>
        <Button onClick={onClose}>Cancel</Button>
        <Button kind="primary" type="submit" disabled={busy || name.trim() === ''}>
          Create profile
        </Button>
      </div>
    </form>
  );
}
