import { Field } from '@base-ui/react/field';
import { type ReactNode, useRef } from 'react';
import { classes } from './classes.ts';
import styles from './field.module.css';
import { FieldWords } from './field-words.tsx';

export interface TextFieldProps {
  label: string;
  value: string;
  onChange: (value: string) => void;
  /** Called when the person is done: leaves the field or presses Enter. */
  onCommit?: () => void;
  /** Called with the whole text after something was pasted into it. */
  onPasted?: (value: string) => void;
  /** What is wrong with the value, shown below it. */
  error?: string | undefined;
  /** What is wrong with it as it stands, where it may still be unfinished: quiet while it is being typed. */
  problem?: string | undefined;
  /** A word of help below it, while there is no error. */
  hint?: string | undefined;
  placeholder?: string;
  mono?: boolean;
  wide?: boolean;
  /** Whether it may be left empty, said behind the label. Default: nothing is said. */
  optional?: boolean;
  /** The label is for screen readers only. */
  labelHidden?: boolean;
  type?: 'text' | 'search' | 'number';
  /** More than one line of text, so many at first; Enter is then a part of it. Default: one line. */
  lines?: number;
  /** Stands in the same row, to the right. */
  trailing?: ReactNode;
}

/** A text with its label above it. Nothing is corrected, completed or remembered by the browser. */
export function TextField(props: TextFieldProps) {
  const { label, value, onChange, onCommit, error, problem, hint, lines, trailing } = props;
  const pasting = useRef(false);

  function change(next: string): void {
    onChange(next);
    if (pasting.current) props.onPasted?.(next);
    pasting.current = false;
  }

  return (
    <Field.Root
      className={classes(styles.field, props.wide && styles.wide)}
      invalid={(error ?? problem) !== undefined}
    >
      <Field.Label className={props.labelHidden ? 'visually-hidden' : styles.label}>
        {label}
        {props.optional && <span className={styles.optional}> (optional)</span>}
      </Field.Label>
      <div className={styles.row}>
        <Field.Control
          className={classes(styles.input, props.mono && styles.mono, lines !== undefined && styles.lines)}
          {...(lines === undefined ? {} : { render: <textarea rows={lines} /> })}
          value={value}
          onValueChange={change}
          onPaste={() => {
            pasting.current = true;
          }}
          onBlur={() => onCommit?.()}
          onKeyDown={(event) => {
            const enters = lines === undefined && event.key === 'Enter' && !event.ctrlKey && !event.metaKey;
            if (enters) onCommit?.();
          }}
          {...(lines === undefined ? { type: props.type ?? 'text' } : {})}
          placeholder={props.placeholder}
          autoComplete="off"
          autoCapitalize="off"
          spellCheck={false}
        />
        {trailing}
      </div>
      <FieldWords error={error} problem={problem} hint={hint} />
    </Field.Root>
  );
}
