import { useState } from 'react';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { TextDiff } from '../../ui/text-diff.tsx';
import styles from './automation.module.css';
import { asTyped } from './line-ends.ts';
import { type ScriptState, sourceOf } from './script-store.ts';
import { useScripts } from './stores.ts';

type Conflict = NonNullable<ScriptState['conflict']>;

/** Says that the script's file was changed outside while there was something unsaved, and lets the person choose. */
export function ConflictBar(props: { profile: string; script: ScriptState; conflict: Conflict }) {
  const { profile, script, conflict } = props;
  const { keepMine, takeTheirs } = useScripts((state) => state);
  const [comparing, setComparing] = useState(false);
  const deleted = conflict.theirs === null;

  const choices = (
    <>
      <Button onClick={() => keepMine(profile)}>Keep mine</Button>
      <Button onClick={() => takeTheirs(profile)}>{deleted ? 'Delete mine too' : 'Take the file’s'}</Button>
    </>
  );
  return (
    <div role="alert" className={styles.conflict}>
      <p>
        <b>{deleted ? 'The file was deleted outside.' : 'The file was changed outside.'}</b> What you typed is
        not saved.
      </p>
      <div className={styles.buttons}>
        {!deleted && <Button onClick={() => setComparing(true)}>Compare</Button>}
        {choices}
      </div>
      <Dialog
        open={comparing}
        onClose={() => setComparing(false)}
        title="Your script and the file"
        description="Mine stays unsaved until you save it over the file. After taking the file’s, Undo brings mine back."
        wide
      >
        <TextDiff
          label="Differences"
          left={sourceOf(script)}
          right={asTyped(conflict.theirs)}
          leftName="Mine, not saved"
          rightName="The file’s"
        />
        <div className={styles.choices}>{choices}</div>
      </Dialog>
    </div>
  );
}
