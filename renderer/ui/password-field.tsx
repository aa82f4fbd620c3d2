import { Field } from '@base-ui/react/field';
import { useEffect, useRef, useState } from 'react';
import { classes } from './classes.ts';
import styles from './field.module.css';
import { FieldWords } from './field-words.tsx';

interface PasswordFieldProps {
  label: string;
  hint?: string | undefined;
  error?: string | undefined;
  optional?: boolean;
  /** What is wrong with it as it is typed, in words that never repeat it. */
  check?: (value: string) => string | undefined;
  /** Whether anything stands there. */
  onTyped: (typed: boolean) => void;
  /** The value lives in the input alone, never in the state of a component. */
  inputRef: (input: HTMLInputElement | null) => void;
}

/** A secret that is typed once. */
export function PasswordField(props: PasswordFieldProps) {
  const { label, hint, error, optional = false, check, onTyped, inputRef } = props;
  const [problem, setProblem] = useState<string>();
  const own = useRef<HTMLInputElement>(null);
  useEffect(() => {
    const input = own.current;
    return () => {
      // React keeps what an input held for a while, also of one that is gone.
      if (input !== null) input.value = '';
    };
  }, []);
  return (
    <Field.Root className={styles.field} invalid={(error ?? problem) !== undefined}>
      <Field.Label className={styles.label}>
        {label}
        {optional && <span className={styles.optional}> (optional)</span>}
      </Field.Label>
      <Field.Control
        ref={(input: HTMLInputElement | null) => {
          own.current = input;
          inputRef(input);
        }}
        className={classes(styles.input, styles.mono)}
        type="password"
        autoComplete="new-password"
        onInput={({ currentTarget: { value } }) => {
          setProblem(check?.(value));
          onTyped(value.trim() !== '');
        }}
      />
      <FieldWords error={error} problem={problem} hint={hint} />
    </Field.Root>
  );
}
