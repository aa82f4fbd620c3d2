import { Button, IconButton } from '../../ui/button.tsx';
import { Icon } from '../../ui/icon.tsx';
import { SecretField } from '../../ui/secret-field.tsx';
import { SelectField } from '../../ui/select-field.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { withKeys } from '../../ui/with-keys.ts';
import {
  type ProfileEditor,
  useManager,
  useProfileEditor,
  useSecretStored,
  type ValueRow,
  valueVariable,
} from '../auth-manager/index.ts';
import styles from './automation.module.css';

const kinds = [
  { value: 'plain', label: 'Plain' },
  { value: 'secret', label: 'Secret' },
] as const;

interface RowProps {
  profile: string;
  row: ValueRow;
  number: number;
  onEdit: (patch: Partial<ValueRow>) => void;
  onSet: (patch: Partial<ValueRow>) => void;
  onCommit: () => void;
}

function SecretValue({ profile, row, number, onSet }: RowProps) {
  const storeSecret = useManager((state) => state.storeSecret);
  const field = `value:${row.name}`;
  const failure = useManager((state) => state.failures[`${profile}:${field}`]);
  const { name, stored } = useSecretStored(row.value);
  const unnamed = row.name.trim() === '';
  return (
    <SecretField
      label={`Value ${number}`}
      labelHidden
      reference={row.value}
      stored={stored}
      error={unnamed ? 'Give it a name first.' : failure?.message}
      onReference={(value) => onSet({ value })}
      onForget={() => void storeSecret(profile, field, name ?? '', '')}
      onStore={async (value) => {
        if (unnamed) return false;
        const variable = name ?? valueVariable(profile, row.name.trim());
        const done = await storeSecret(profile, field, variable, value);
        if (done) onSet({ value: `{{${variable}}}` });
        return done;
      }}
    />
  );
}

function Row(props: RowProps & { onRemove: () => void }) {
  const { profile, row, number, onEdit, onSet, onCommit, onRemove } = props;
  const storeSecret = useManager((state) => state.storeSecret);

  /** What was typed as a plain value moves into the vault when it is declared a secret. */
  async function setKind(kind: ValueRow['kind']): Promise<void> {
    const name = row.name.trim();
    const moves = kind === 'secret' && row.kind === 'plain' && row.value !== '' && name !== '';
    if (!moves) return onSet({ kind, value: '' });
    const variable = valueVariable(profile, name);
    const stored = await storeSecret(profile, `value:${row.name}`, variable, row.value);
    if (stored) onSet({ kind, value: `{{${variable}}}` });
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
      <SelectField
        label={`Kind ${number}`}
        labelHidden
        value={row.kind}
        options={kinds}
        onChange={(kind) => void setKind(kind)}
      />
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

function Rows({ profile, editor }: { profile: string; editor: ProfileEditor }) {
  const rows = editor.form.values;
  return withKeys(rows, () => 'row').map(({ key, item: row, index }) => (
    <Row
      // Rows have no identity but their place: a name may be empty or stand there twice while it is typed.
      key={key}
      profile={profile}
      row={row}
      number={index + 1}
      onEdit={(patch) => editor.edit({ values: changed(rows, index, patch) })}
      onSet={(patch) => editor.set({ values: changed(rows, index, patch) })}
      onCommit={editor.commit}
      onRemove={() => editor.set({ values: rows.filter((_, at) => at !== index) })}
    />
  ));
}

/** The values that the script finds in `vars`: name, whether it is secret, and the value. */
export function ScriptValues({ profile }: { profile: string }) {
  const editor = useProfileEditor(profile);
  if (editor === undefined) return null;
  const issue = editor.issue('values');
  return (
    <section className={styles.values} aria-label="Values for the script">
      <div>
        <h3>Values for the script</h3>
        <p className={styles.text}>The script reads them as vars.name. Secret ones are kept in the vault.</p>
      </div>
      <Rows profile={profile} editor={editor} />
      {issue !== undefined && <p className={styles.error}>{issue}</p>}
      <Button
        small
        className={styles.add}
        onClick={() =>
          editor.edit({ values: [...editor.form.values, { name: '', kind: 'plain', value: '' }] })
        }
      >
        <Icon name="plus" size={13} />
        Add value
      </Button>
    </section>
  );
}
