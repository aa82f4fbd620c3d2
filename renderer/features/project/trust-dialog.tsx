import type { ScriptReview } from '../../../shared/model/project.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { ErrorPanel } from '../../ui/error-panel.tsx';
import { plainSource } from './plain-source.ts';
import { useTrustStore } from './stores.ts';
import styles from './trust-dialog.module.css';

function linesOf(source: string): string {
  const count = source.replace(/\n$/, '').split('\n').length;
  return count === 1 ? '1 line' : `${count} lines`;
}

function Script({ script }: { script: ScriptReview }) {
  return (
    <section className={styles.script} aria-label={`Script of ${script.name}`}>
      <h3>{plainSource(script.name)}</h3>
      <p className={styles.facts}>
        <code>{script.file}</code>, {linesOf(script.source)}. Works the pages of{' '}
        {script.hosts.length === 0 ? 'a server that is not set yet' : null}
        {script.hosts.map((host, index) => (
          <span key={host}>
            {index > 0 && ', '}
            <code>{plainSource(host)}</code>
          </span>
        ))}
        .
      </p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard */}
      <section className={styles.source} tabIndex={0} aria-label={`Source of ${script.file}`}>
        <pre>{plainSource(script.source)}</pre>
      </section>
      {script.omitted > 0 && (
        <p className={styles.omitted}>{script.omitted} more characters are not shown: open the file.</p>
      )}
    </section>
  );
}

/** Asks whether the open project is trusted, and shows what would run. */
export function TrustDialog() {
  const { asked, busy, failure, trust, dismiss } = useTrustStore((state) => state);
  if (asked === null) return null;
  return (
    <Dialog
      open
      wide
      onClose={dismiss}
      title={`Trust “${plainSource(asked.name)}”?`}
      description="A script works the login and consent pages unattended, and types the values of the persona into them. Trust is for this folder; a script that changes later runs too, without another question."
    >
      <p className={styles.folder}>{plainSource(asked.folder)}</p>
      {asked.scripts.length === 0 ? (
        <p className={styles.facts}>There is no script in this project yet.</p>
      ) : (
        <div className={styles.scripts}>
          {asked.scripts.map((script) => (
            <Script key={script.profile} script={script} />
          ))}
        </div>
      )}
      {failure !== null && <ErrorPanel error={failure} />}
      <div className={styles.actions}>
        <Button onClick={dismiss}>Not now</Button>
        <Button kind="primary" disabled={busy} onClick={() => void trust()}>
          Trust this project
        </Button>
      </div>
    </Dialog>
  );
}
