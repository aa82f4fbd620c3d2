import { forceLinting } from '@codemirror/lint';
import type { EditorView } from '@codemirror/view';
import { useEffect, useMemo, useRef } from 'react';
import { useSnapshot } from '../../api/use-engine.ts';
import { Button } from '../../ui/button.tsx';
import { CodeEditor } from '../../ui/code-editor.tsx';
import { ErrorPanel } from '../../ui/error-panel.tsx';
import { onSaveKey } from '../../ui/save-key.ts';
import { useProfile } from '../auth-manager/index.ts';
import styles from './automation.module.css';
import { ConflictBar } from './conflict-bar.tsx';
import { scriptLanguage } from './language/script-language.ts';
import { scriptVars } from './language/script-vars.ts';
import { asTyped } from './line-ends.ts';
import { RecordButton } from './record-button.tsx';
import { type ScriptState, scriptOf, sourceOf } from './script-store.ts';
import { SnippetMenu } from './snippet-menu.tsx';
import { useScripts } from './stores.ts';
import { syntaxWords } from './syntax-words.ts';

function footOf(script: ScriptState): string {
  if (script.syntax !== null) return syntaxWords(script.syntax);
  if (sourceOf(script) === '') return 'Without a script, the consent screens wait for a person.';
  return script.draft === null ? 'Saved. It ends by itself when the redirect comes.' : 'Not saved yet.';
}

/** What `vars` has in a profile's script, as the project stands. */
function useScriptVars(profile: string) {
  const saved = useProfile(profile)?.profile;
  const environment = useSnapshot(({ project, settings }) =>
    project.kind === 'open'
      ? project.project.environments.find(({ id }) => id === settings.environment)?.environment
      : undefined,
  );
  return useMemo(() => scriptVars(saved, environment ?? null), [saved, environment]);
}

/** The editor with what it knows of scripts. One for each profile, so that undoing never crosses over. */
function useScriptLanguage(profile: string) {
  const vars = useScriptVars(profile);
  const check = useScripts((state) => state.check);
  const view = useRef<EditorView | null>(null);
  const latest = useRef({ vars, check });
  latest.current = { vars, check };
  const extensions = useMemo(
    () => [scriptLanguage({ vars: () => latest.current.vars, check: () => latest.current.check(profile) })],
    [profile],
  );
  // biome-ignore lint/correctness/useExhaustiveDependencies: other names make other warnings of the same text.
  useEffect(() => {
    if (view.current !== null) forceLinting(view.current);
  }, [vars]);
  return { view, extensions };
}

/** The automation script of a profile, checked while it is idle and saved on demand. */
export function ScriptEditor({ profile }: { profile: string }) {
  const script = useScripts((state) => scriptOf(state, profile));
  const { read, edit, save, keepMine, takeTheirs } = useScripts((state) => state);
  const entry = useProfile(profile);
  const { view, extensions } = useScriptLanguage(profile);

  // `entry` changes with each edit of the project from outside, the script's file among them.
  useEffect(() => {
    if (entry !== undefined) void read(profile);
  }, [profile, entry, read]);

  if (script === undefined) return <div className={styles.script} />;

  return (
    <section
      className={styles.script}
      aria-label="Automation script"
      onKeyDown={onSaveKey(() => void save(profile))}
    >
      <div className={styles.head}>
        <div>
          <h3>Automation script</h3>
          <p className={styles.text}>Works the login and consent screens unattended</p>
        </div>
        <div className={styles.buttons}>
          <RecordButton profile={profile} />
          <SnippetMenu view={view} />
          <Button
            disabled={script.draft === null || script.saving || script.conflict !== null}
            onClick={() => void save(profile)}
          >
            Save script
          </Button>
        </div>
      </div>
      <ConflictBar
        texts={
          script.conflict && {
            mine: sourceOf(script),
            theirs: script.conflict.theirs === null ? null : asTyped(script.conflict.theirs),
          }
        }
        title="Your script and the file"
        onKeepMine={() => keepMine(profile)}
        onTakeTheirs={() => takeTheirs(profile)}
        onChosen={() => view.current?.focus()}
      />
      <CodeEditor
        key={profile}
        label="Automation script"
        className={styles.editor}
        language="javascript"
        value={sourceOf(script)}
        extensions={extensions}
        onView={(made) => {
          view.current = made;
        }}
        onChange={(next) => edit(profile, next)}
      />
      <p className={styles.foot} data-bad={script.syntax === null ? undefined : true} aria-live="polite">
        {footOf(script)}
      </p>
      {script.failure !== null && <ErrorPanel error={script.failure} />}
    </section>
  );
}
