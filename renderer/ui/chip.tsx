import type { ReactNode } from 'react';
import styles from './chip.module.css';

/** What a colour says, the same everywhere. */
export type Tone = 'good' | 'warn' | 'bad' | 'wait' | 'none';

/** A dot in the colour of a state; a word must stand beside it. */
export function StatusDot({ tone }: { tone: Tone }) {
  return <span className={styles.dot} data-tone={tone} aria-hidden="true" />;
}

/** A short word on the ground of its tone. */
export function Chip({ tone, children }: { tone: Tone; children: ReactNode }) {
  return (
    <span className={styles.chip} data-tone={tone}>
      {children}
    </span>
  );
}

/** A small word in mono, such as a scope. */
export function Tag({ children }: { children: ReactNode }) {
  return <span className={styles.tag}>{children}</span>;
}
