import { PersonasEditor } from '../auth-manager/index.ts';
import styles from './automation.module.css';
import { RecordingNote } from './recording-note.tsx';
import { ScriptEditor } from './script-editor.tsx';
import { TestRunSection } from './test-run.tsx';

/** A profile's automation: its script, and the personas whose values the script works with. */
export function AutomationTab({ profile }: { profile: string }) {
  return (
    <div className={styles.tab}>
      <ScriptEditor profile={profile} />
      <RecordingNote profile={profile} />
      <TestRunSection profile={profile} />
      <section className={styles.values} aria-label="Personas">
        <div>
          <h3>Personas</h3>
          <p className={styles.text}>
            The script signs in as one of them and reads its values as vars.name. Secret ones are in the
            vault.
          </p>
        </div>
        <PersonasEditor profile={profile} />
      </section>
    </div>
  );
}
