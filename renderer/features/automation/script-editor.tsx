import { type KeyboardEvent, useEffect } from 'react';
import { Button } from '../../ui/button.tsx';
import { CodeEditor } from '../../ui/code-editor.tsx';
import { ErrorPanel } from '../../ui/error-panel.tsx';
import { useProfile } from '../auth-manager/index.ts';
import styles from './automation.module.css';
import { RecordButton } from './record-button.tsx';
import { type ScriptState, scriptOf, sourceOf } from './script-store.ts';
import { useScripts } from './stores.ts';

/** How long after the last key the script is looked at for syntax errors. */
const idleMs = 400;

const example = `// Works the login and consent screens. "vars" holds the values below.
await page.getByLabel('User name').fill(vars.user);
await page.getByLabel('Password').fill(vars.password);
await page.getByRole('button', { name: 'Sign in' }).click();
await page.getByRole('button', { name: 'Allow' }).click();
`;

function footOf(script: ScriptState): string {
  if (script.syntax !== null) {
    const line = script.syntax.details?.line;
    return line === undefined || /\bline \d/i.test(script.syntax.message)
      ? script.syntax.message
      : `Line ${line}: ${script.syntax.message}`;
  }
  if (sourceOf(script) === '') return 'Without a script, the consent screens wait for a person.';
  return script.draft === null ? 'Saved. It ends by itself when the redirect comes.' : 'Not saved yet.';
}

function lineOf(script: ScriptState): number | undefined {
  const line = Number(script.syntax?.details?.line);
  return Number.isInteger(line) ? line : undefined;
}

/** The automation script of a profile, checked while it is idle and saved on demand. */
export function ScriptEditor({ profile }: { profile: string }) {
  const script = useScripts((state) => scriptOf(state, profile));
  const { read, edit, check, save } = useScripts((state) => state);
  const entry = useProfile(profile);

  // `entry` changes with each edit of the project from outside, the script's file among them.
  useEffect(() => {
    if (entry !== undefined) void read(profile);
  }, [profile, entry, read]);

  const source = script === undefined ? undefined : sourceOf(script);
  useEffect(() => {
    if (source === undefined) return;
    const timer = setTimeout(() => void check(profile), idleMs);
    return () => clearTimeout(timer);
  }, [profile, source, check]);

  if (script === undefined) return <div className={styles.script} />;

  function onKeyDown(event: KeyboardEvent): void {
    if ((event.ctrlKey || event.metaKey) && event.key === 's') void save(profile);
  }

  return (
    <section className={styles.script} aria-label="Automation script" onKeyDown={onKeyDown}>
      <div className={styles.head}>
        <div>
          <h3>Automation script</h3>
          <p className={styles.text}>Playwright code that works the login and consent screens unattended</p>
        </div>
        <div className={styles.buttons}>
          <RecordButton profile={profile} />
          {source === '' && <Button onClick={() => edit(profile, example)}>Insert an example</Button>}
          <Button disabled={script.draft === null || script.saving} onClick={() => void save(profile)}>
            Save script
          </Button>
        </div>
      </div>
      <CodeEditor
        label="Automation script"
        className={styles.editor}
        language="javascript"
        value={sourceOf(script)}
        markedLine={lineOf(script)}
        onChange={(next) => edit(profile, next)}
      />
      <p className={styles.foot} data-bad={script.syntax === null ? undefined : true} aria-live="polite">
        {footOf(script)}
      </p>
      {script.failure !== null && <ErrorPanel error={script.failure} />}
    </section>
  );
}
