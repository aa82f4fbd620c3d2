import { Field } from '@base-ui/react/field';
import { useLayoutEffect, useRef, useState } from 'react';
import { referencedVariable } from '../../shared/model/variable.ts';
import { Button } from './button.tsx';
import { classes } from './classes.ts';
import styles from './field.module.css';
import { FieldWords } from './field-words.tsx';

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
  /** A word of help below it, while nothing is wrong. */
  hint?: string | undefined;
  /** What is wrong with a value as it is typed, in words that never repeat it. */
  check?: ((value: string) => string | undefined) | undefined;
  /** Whether such a value is stored all the same. Default false. */
  lenient?: boolean;
  /** Room for more than one line, as for a key: then it is readable while it is typed. Default: one line, hidden. */
  lines?: number;
  /** It may come from a file too: what the file's name may end with, and the text that its bytes stand for. */
  file?: { accept: string; read: (bytes: Uint8Array) => string };
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

interface SecretInputProps extends SecretFieldProps {
  /** Whether it stands where a button was that the person has just pressed. */
  takesFocus: boolean;
  onProblem: (problem: string | undefined) => void;
  onDone: () => void;
}

/** The value lives in the input alone, never in the state of a component, and is cleared once it is stored. */
function SecretInput(props: SecretInputProps) {
  const { check, lenient = false, lines, file, takesFocus, onStore, onReference, onProblem, onDone } = props;
  const busy = useRef(false);
  const box = useRef<HTMLDivElement>(null);
  const input = useRef<HTMLInputElement>(null);
  const picker = useRef<HTMLInputElement>(null);

  // At once, or a dialog takes the focus of the button that is gone, and what is typed meanwhile is left.
  useLayoutEffect(() => {
    if (takesFocus) input.current?.focus();
  }, [takesFocus]);

  function problemOf(value: string): string | undefined {
    const reference = value.trim() === '' || referencedVariable(value.trim()) !== undefined;
    return reference ? undefined : check?.(value);
  }

  async function store(value: string): Promise<void> {
    if (busy.current) return;
    const problem = problemOf(value);
    onProblem(problem);
    if (problem !== undefined && !lenient) return;
    if (value.trim() === '') return onDone();
    if (referencedVariable(value.trim()) !== undefined) {
      onReference(value.trim());
      return onDone();
    }
    busy.current = true;
    const stored = await onStore(value);
    busy.current = false;
    if (!stored) return;
    if (input.current !== null) input.current.value = '';
    onDone();
  }

  async function storeFile(chosen: File | undefined): Promise<void> {
    if (chosen === undefined || file === undefined) return;
    await store(file.read(new Uint8Array(await chosen.arrayBuffer())));
  }

  return (
    <div ref={box} className={lines === undefined ? styles.row : styles.stack}>
      <Field.Control
        ref={input}
        className={classes(styles.input, styles.mono, lines !== undefined && styles.lines)}
        {...(lines === undefined ? { type: 'password' } : { render: <textarea rows={lines} /> })}
        autoComplete="new-password"
        spellCheck={false}
        placeholder="Kept in the vault, never in the project"
        onInput={(event) => onProblem(problemOf(event.currentTarget.value))}
        onBlur={(event) => {
          // Leaving for the button beside it is no end.
          if (box.current?.contains(event.relatedTarget) !== true) void store(event.currentTarget.value);
        }}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && lines === undefined) void store(event.currentTarget.value);
          if (event.key === 'Escape') {
            event.currentTarget.value = '';
            onProblem(undefined);
            onDone();
          }
        }}
      />
      {file !== undefined && (
        <>
          <Button small onClick={() => picker.current?.click()}>
            Choose file…
          </Button>
          <input
            ref={picker}
            hidden
            type="file"
            accept={file.accept}
            aria-label={`File of ${props.label}`}
            onChange={(event) => {
              void storeFile(event.currentTarget.files?.[0]);
              // The same file may be chosen again once it is mended.
              event.currentTarget.value = '';
            }}
          />
        </>
      )}
    </div>
  );
}

/** A secret: its name as a chip with whether a value is in the vault, or the input that stores one. */
export function SecretField(props: SecretFieldProps) {
  const [replacing, setReplacing] = useState(false);
  const [problem, setProblem] = useState<string>();
  const editing = replacing || props.reference === '';
  const label = props.labelHidden ? 'visually-hidden' : styles.label;
  return (
    <Field.Root className={styles.field} invalid={(problem ?? props.error) !== undefined}>
      {editing ? (
        <Field.Label className={label}>{props.label}</Field.Label>
      ) : (
        <span className={label}>{props.label}</span>
      )}
      {editing ? (
        <SecretInput
          {...props}
          takesFocus={replacing}
          onProblem={setProblem}
          onDone={() => setReplacing(false)}
        />
      ) : (
        <StoredSecret {...props} onReplace={() => setReplacing(true)} />
      )}
      <FieldWords
        error={problem === undefined ? props.error : undefined}
        problem={problem}
        hint={props.hint}
      />
    </Field.Root>
  );
}
