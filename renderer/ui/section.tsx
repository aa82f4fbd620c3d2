import { type ReactNode, useId } from 'react';
import styles from './section.module.css';

/** A form of short sections, each with its name at the left. */
export function Form({ children, label }: { children: ReactNode; label: string }) {
  return (
    <form aria-label={label} className={styles.form} onSubmit={(event) => event.preventDefault()}>
      {children}
    </form>
  );
}

/** One section of a form: two columns of fields, one where there is no room. */
export function Section({ title, text, children }: { title: string; text?: string; children: ReactNode }) {
  const id = useId();
  return (
    <section className={styles.section} aria-labelledby={id}>
      <header>
        <h3 id={id} className={styles.title}>
          {title}
        </h3>
        {text !== undefined && <p className={styles.text}>{text}</p>}
      </header>
      <div className={styles.fields}>{children}</div>
    </section>
  );
}

/** Two columns of fields inside a row across both, one where there is no room. */
export function Fields({ children }: { children: ReactNode }) {
  return <div className={styles.inner}>{children}</div>;
}

/** A row across both columns. */
export function Wide({ children }: { children: ReactNode }) {
  return <div className={styles.wide}>{children}</div>;
}
