import type { Lifetime } from '../../../../shared/model/profile.ts';
import { SelectField, type SelectOption } from '../../../ui/select-field.tsx';
import { TextField } from '../../../ui/text-field.tsx';
import type { LifetimeForm, LifetimeUnit } from '../form/lifetime-form.ts';
import type { ProfileEditor } from '../stores.ts';
import styles from './lifetime-field.module.css';

const kinds: readonly SelectOption<Lifetime['kind']>[] = [
  { value: 'server', label: 'As the server says' },
  { value: 'custom', label: 'After…' },
];

const units: readonly SelectOption<LifetimeUnit>[] = [
  { value: 'seconds', label: 'seconds' },
  { value: 'minutes', label: 'minutes' },
  { value: 'hours', label: 'hours' },
];

const hints = {
  accessLifetime: 'In its answer, else in the token itself.',
  refreshLifetime: 'Most servers do not say it.',
} as const;

interface LifetimeFieldProps {
  editor: ProfileEditor;
  field: keyof typeof hints;
  /** Which token, as the labels name it. */
  token: string;
}

/** When a token expires: as the server says, or so long after it was issued, whatever the server says. */
export function LifetimeField({ editor, field, token }: LifetimeFieldProps) {
  const lifetime = editor.form[field];
  const change = (patch: Partial<LifetimeForm>) => ({ [field]: { ...lifetime, ...patch } });
  const custom = lifetime.kind === 'custom';
  return (
    <div className={styles.field}>
      <SelectField
        label={`${token} expires`}
        value={lifetime.kind}
        options={kinds}
        hint={custom ? undefined : hints[field]}
        onChange={(kind) => editor.set(change({ kind }))}
      />
      {custom && (
        <div className={styles.pair}>
          <TextField
            label={`${token} lifetime`}
            labelHidden
            mono
            value={lifetime.value}
            onChange={(value) => editor.edit(change({ value }))}
            onCommit={editor.commit}
            error={editor.issue(field)}
          />
          <SelectField
            label={`${token} lifetime unit`}
            labelHidden
            value={lifetime.unit}
            options={units}
            onChange={(unit) => editor.set(change({ unit }))}
          />
          <p className={styles.hint}>Counted from its issue.</p>
        </div>
      )}
    </div>
  );
}
