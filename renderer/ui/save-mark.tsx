import styles from './save-mark.module.css';

const words = {
  saved: ['Saved', ''],
  saving: ['Saving…', ''],
  invalid: ['Not saved', ': mend what is marked'],
  failed: ['Not saved', ''],
} as const;

/** Whether what was typed is saved; empty until something was. */
export function SaveMark({ kind }: { kind: keyof typeof words | undefined }) {
  const [state, more] = kind === undefined ? ['', ''] : words[kind];
  return (
    <span className={styles.mark} data-kind={kind} aria-live="polite">
      <span>{state}</span>
      <span>{more}</span>
    </span>
  );
}
