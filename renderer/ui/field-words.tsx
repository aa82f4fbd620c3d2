import { Field } from '@base-ui/react/field';
import { classes } from './classes.ts';
import styles from './field.module.css';

interface FieldWordsProps {
  /** What is wrong with the value. */
  error?: string | undefined;
  /** What is wrong with it as it stands, where it may still be unfinished: quiet while it is being typed. */
  problem?: string | undefined;
  /** A word of help, while nothing is wrong. */
  hint?: string | undefined;
}

/** What stands below a field: the error before the problem, and the hint where there is neither. */
export function FieldWords({ error, problem, hint }: FieldWordsProps) {
  const wrong = error ?? problem;
  if (wrong === undefined) {
    return hint === undefined ? null : <Field.Description className={styles.hint}>{hint}</Field.Description>;
  }
  return (
    <Field.Error match className={classes(styles.error, error === undefined && styles.problem)}>
      {wrong}
    </Field.Error>
  );
}
