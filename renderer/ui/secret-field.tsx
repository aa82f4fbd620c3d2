import { Field } from '@base-ui/react/field';
import { useRef, useState } from 'react';
import { referencedVariable } from '../../shared/model/variable.ts';
import { Button } from './button.tsx';
import { classes } from './classes.ts';
import styles from './field.module.css';

export interface SecretFieldProps {
  label: string;
  labelHidden?: boolean;
  /** The whole `{{name}}` that stands for the secret, or empty. */
  reference: string;
  /** Whether the vault holds a value for it. */
  stored: boolean;
  /** Stores a value; resolves to whether it is stored. What was typed stays in the field until then. */
  onStore: (value: string) => Promise<boolean>;
  /** Takes a `{{name}}` that the person typed, in place of a value. */
  onReference: (reference: string) => void;
  /** Forgets the stored value. */
  onForget: () => void;
  error?: string | undefined;
}

function StoredSecret({
  reference,
  stored,
  onForget,
  onReplace,
}: SecretFieldProps & { onReplace: () => void }) {
  return (
    <div className={styles.input}>
      <span className={styles.variable} title={reference}>
        {reference}
      </span>
      <span className={classes(styles.stored, !stored && styles.missing)}>
        {stored ? 'in vault' : 'not stored'}
      </span>
      <span className={styles.push} />
      <Button kind="link" onClick={onReplace}>
        {stored ? 'Replace' : 'Set value'}
      </Button>
      {stored && (
        <Button kind="link" onClick={onForget}>
          Forget
        </Button>
      )}
    </div>
  );
}

/** The value lives in the input alone, never in the state of a component, and is cleared once it is stored. */
function SecretInput({ onStore, onReference, onDone }: SecretFieldProps & { onDone: () => void }) {
  const busy = useRef(false);
  const input = useRef<HTMLInputElement>(null);

  async function store(): Promise<void> {
    const value = input.current?.value ?? '';
    if (busy.current) return;
    if (value === '') return onDone();
    if (referencedVariable(value) !== undefined) {
      onReference(value);
      return onDone();
    }
    busy.current = true;
    const stored = await onStore(value);
    busy.current = false;
    if (!stored) return;
    if (input.current !== null) input.current.value = '';
    onDone();
  }

  return (
    <Field.Control
      ref={input}
      className={classes(styles.input, styles.mono)}
      type="password"
      autoComplete="new-password"
      placeholder="Kept in the vault, never in the project"
      onBlur={() => void store()}
      onKeyDown={(event) => {
        if (event.key === 'Enter') void store();
        if (event.key === 'Escape') {
          if (input.current !== null) input.current.value = '';
          onDone();
        }
      }}
    />
  );
}

/** A secret: its name as a chip with whether a value is in the vault, or the input that stores one. */
export function SecretField(props: SecretFieldProps) {
  const [replacing, setReplacing] = useState(false);
  const editing = replacing || props.reference === '';
  const label = props.labelHidden ? 'visually-hidden' : styles.label;
  return (
    <Field.Root className={styles.field} invalid={props.error !== undefined}>
      {editing ? (
        <Field.Label className={label}>{props.label}</Field.Label>
      ) : (
        <span className={label}>{props.label}</span>
      )}
      {editing ? (
        <SecretInput {...props} onDone={() => setReplacing(false)} />
      ) : (
        <StoredSecret {...props} onReplace={() => setReplacing(true)} />
      )}
      {props.error !== undefined && (
        <Field.Error match className={styles.error}>
          {props.error}
        </Field.Error>
      )}
    </Field.Root>
  );
}
