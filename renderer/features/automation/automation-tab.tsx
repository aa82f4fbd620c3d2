import { Button } from '../../ui/button.tsx';
import { SegmentedControl } from '../../ui/choice.tsx';
import { Notice } from '../../ui/notice.tsx';
import { PersonasEditor, useProfileEditor } from '../auth-manager/index.ts';
import styles from './automation.module.css';
import { pageScriptsOf } from './page-script-store.ts';
import pageStyles from './page-scripts.module.css';
import { PageScriptsEditor } from './page-scripts-editor.tsx';
import { RecordingNote } from './recording-note.tsx';
import { ScriptEditor } from './script-editor.tsx';
import { usePageScripts } from './stores.ts';
import { TestRunSection } from './test-run.tsx';

const kinds = [
  { value: 'script', label: 'Playwright script' },
  { value: 'page_scripts', label: 'Page scripts' },
] as const;

/** What the last conversion of page scripts does not do, or does otherwise. */
function ConversionNotes({ profile }: { profile: string }) {
  const notes = usePageScripts((state) => pageScriptsOf(state, profile)?.notes ?? null);
  const dismiss = usePageScripts((state) => state.dismissNotes);
  if (notes === null) return null;
  return (
    <Notice
      tone="warn"
      role="region"
      label="Conversion"
      buttons={
        <Button small onClick={() => dismiss(profile)}>
          Dismiss
        </Button>
      }
    >
      <p>
        The page scripts were converted, and stay as they are. Read the script, save it, then get a token with
        it.
        {notes.length > 0 && ' Look here first:'}
      </p>
      {notes.length > 0 && (
        <ul>
          {[...new Set(notes)].map((note) => (
            <li key={note}>{note}</li>
          ))}
        </ul>
      )}
    </Notice>
  );
}

/** A profile's automation: what works the screens, and the personas whose values it works with. */
export function AutomationTab({ profile }: { profile: string }) {
  const editor = useProfileEditor(profile);
  if (editor === undefined) return null;
  const { automation } = editor.form;
  return (
    <div className={styles.tab}>
      <div className={pageStyles.kind}>
        <SegmentedControl
          label="Kind of automation"
          value={automation}
          options={kinds}
          onChange={(chosen) => editor.set({ automation: chosen })}
        />
      </div>
      {automation === 'script' ? (
        <>
          <ConversionNotes profile={profile} />
          <ScriptEditor profile={profile} />
          <RecordingNote profile={profile} />
        </>
      ) : (
        <PageScriptsEditor profile={profile} onConverted={() => editor.set({ automation: 'script' })} />
      )}
      <TestRunSection profile={profile} kind={automation} />
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
