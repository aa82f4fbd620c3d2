import type { ReactNode } from 'react';
import { classes } from './classes.ts';
import styles from './notice.module.css';

export interface NoticeProps {
  /** `wait`: it is well so; `warn`: something is to be done or read. */
  tone: 'wait' | 'warn';
  /** How it is told to those who listen: at once, when there is time, or as a part of the page. */
  role: 'alert' | 'status' | 'region';
  label?: string;
  /** What can be done, beside the words. */
  buttons?: ReactNode;
  children: ReactNode;
}

/** Something to know about what it stands at, and what can be done. */
export function Notice({ tone, role, label, buttons, children }: NoticeProps) {
  return (
    // biome-ignore lint/a11y/useAriaPropsSupportedByRole: each of these roles takes a name.
    <div role={role} aria-label={label} className={classes(styles.notice, tone === 'warn' && styles.warn)}>
      <div className={styles.words}>{children}</div>
      {buttons !== undefined && <div className={styles.buttons}>{buttons}</div>}
    </div>
  );
}
