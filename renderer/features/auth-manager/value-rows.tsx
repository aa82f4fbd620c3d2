import { Button, IconButton } from '../../ui/button.tsx';
import { Icon } from '../../ui/icon.tsx';
import rowStyles from '../../ui/rows.module.css';
import { SecretField } from '../../ui/secret-field.tsx';
import { SelectField } from '../../ui/select-field.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { withKeys } from '../../ui/with-keys.ts';
import { seedProblem } from './form/checks.ts';
import styles from './persona.module.css';
import type { PersonaForm, ValueRow } from './persona-form.ts';
import { valueField } from './secret-store.ts';
import { useSecretStored } from './secrets.ts';
import { useManager, useSecretStore } from './stores.ts';

const kinds = [
  { value: 'plain', label: 'Plain' },
  { value: 'secret', label: 'Secret' },
] as const;

interface RowProps {
  profile: string;
  persona: string;
  row: ValueRow;
  number: number;
  onEdit: (patch: Partial<ValueRow>) => void;
  onSet: (patch: Partial<ValueRow>) => void;
  onCommit: () => void;
}

/** Why the last try to store a row's value in the vault failed; it stays where it was, or plain. */
function useStoreFailure({ profile, persona, row }: RowProps): string | undefined {
  const field = valueField(persona, row.name.trim());
  return useManager((state) => state.failures[`${profile}:${field}`])?.message;
}

function SecretValue(props: RowProps) {
  const { profile, persona, row, number, onSet } = props;
  const { storeValue, forget } = useSecretStore((state) => state);
  const name = row.name.trim();
  const failure = useStoreFailure(props);
  const secret = useSecretStored(row.value);
  return (
    <SecretField
      label={`Value ${number}`}
      labelHidden
      reference={row.value}
      stored={secret.stored}
      error={name === '' ? 'Give it a name first.' : failure}
      check={(value) => seedProblem(name, value)}
      lenient
      onReference={(value) => onSet({ value })}
      onForget={() => void forget(profile, valueField(persona, name), secret.name ?? '')}
      onStore={async (value) => name !== '' && (await storeValue(profile, persona, name, value))}
    />
  );
}

function Row(props: RowProps & { onRemove: () => void }) {
  const { profile, persona, row, number, onEdit, onSet, onCommit, onRemove } = props;
  const storeValue = useSecretStore((state) => state.storeValue);
  const failure = useStoreFailure(props);

  /** What was typed as a plain value moves into the vault when it is declared a secret. */
  function setKind(kind: ValueRow['kind']): void {
    const name = row.name.trim();
    if (kind === 'secret' && row.value !== '' && name !== '') {
      void storeValue(profile, persona, name, row.value);
    } else onSet({ kind, value: '' });
  }

  return (
    <fieldset className={styles.row} aria-label={row.name === '' ? `Value ${number}` : row.name}>
      <TextField
        label={`Name ${number}`}
        labelHidden
        mono
        placeholder="name"
        value={row.name}
        onChange={(name) => onEdit({ name })}
        onCommit={onCommit}
      />
      <SelectField label={`Kind ${number}`} labelHidden value={row.kind} options={kinds} onChange={setKind} />
      {row.kind === 'secret' ? (
        <SecretValue {...props} />
      ) : (
        <TextField
          label={`Value ${number}`}
          labelHidden
          mono
          placeholder="value"
          value={row.value}
          onChange={(value) => onEdit({ value })}
          onCommit={onCommit}
          error={failure}
          problem={seedProblem(row.name, row.value)}
        />
      )}
      <IconButton
        icon="close"
        label={`Remove ${row.name === '' ? `value ${number}` : row.name}`}
        onClick={onRemove}
      />
    </fieldset>
  );
}

function changed(rows: readonly ValueRow[], index: number, patch: Partial<ValueRow>): ValueRow[] {
  return rows.map((row, at) => (at === index ? { ...row, ...patch } : row));
}

interface ValueRowsProps {
  profile: string;
  persona: PersonaForm;
  onEdit: (rows: ValueRow[]) => void;
  onSet: (rows: ValueRow[]) => void;
  onCommit: () => void;
}

/** A persona's values: name, whether it is secret, and the value. */
export function ValueRows({ profile, persona, onEdit, onSet, onCommit }: ValueRowsProps) {
  const rows = persona.values;
  return (
    <>
      {withKeys(rows, () => 'row').map(({ key, item: row, index }) => (
        <Row
          // Rows have no identity but their place: a name may be empty or stand there twice while it is typed.
          key={key}
          profile={profile}
          persona={persona.name}
          row={row}
          number={index + 1}
          onEdit={(patch) => onEdit(changed(rows, index, patch))}
          onSet={(patch) => onSet(changed(rows, index, patch))}
          onCommit={onCommit}
          onRemove={() => onSet(rows.filter((_, at) => at !== index))}
        />
      ))}
      <Button
        small
        className={rowStyles.add}
        onClick={() => onEdit([...rows, { name: '', kind: 'plain', value: '' }])}
      >
        <Icon name="plus" size={13} />
        Add value
      </Button>
    </>
  );
}
