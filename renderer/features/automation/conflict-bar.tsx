import { useEffect, useRef, useState } from 'react';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Notice } from '../../ui/notice.tsx';
import { TextDiff } from '../../ui/text-diff.tsx';
import styles from './automation.module.css';

export interface ConflictBarProps {
  /** The two texts, absent while there is no conflict; `theirs` null: the file was deleted. */
  texts: { mine: string; theirs: string | null } | null;
  /** What is not saved, as the title of the comparison says it. */
  title: string;
  onKeepMine: () => void;
  onTakeTheirs: () => void;
  /** Gives the focus to what is left, since a choice takes its button away. */
  onChosen: () => void;
}

/** Says that a file was changed outside while there was something unsaved, and lets the person choose. */
export function ConflictBar({ texts, title, onKeepMine, onTakeTheirs, onChosen }: ConflictBarProps) {
  const [comparing, setComparing] = useState(false);
  const chosen = useRef(false);
  const isThere = texts !== null;

  useEffect(() => {
    if (isThere || !chosen.current) return;
    chosen.current = false;
    onChosen();
  }, [isThere, onChosen]);

  function choose(take: () => void): void {
    chosen.current = true;
    setComparing(false);
    take();
  }

  if (texts === null) return null;
  const { mine, theirs } = texts;
  const choices = (
    <>
      <Button onClick={() => choose(onKeepMine)}>Keep mine</Button>
      <Button onClick={() => choose(onTakeTheirs)}>
        {theirs === null ? 'Delete mine too' : 'Take the file’s'}
      </Button>
    </>
  );
  return (
    <Notice
      tone="warn"
      role="alert"
      buttons={
        <>
          {theirs !== null && <Button onClick={() => setComparing(true)}>Compare</Button>}
          {choices}
        </>
      }
    >
      <p>
        <b>{theirs === null ? 'The file was deleted outside.' : 'The file was changed outside.'}</b> What you
        typed is not saved.
      </p>
      <Dialog
        open={comparing}
        onClose={() => setComparing(false)}
        title={title}
        description="Mine stays unsaved until you save it over the file. After taking the file’s, Undo brings mine back."
        wide
      >
        <TextDiff
          label="Differences"
          left={mine}
          right={theirs ?? ''}
          leftName="Mine, not saved"
          rightName="The file’s"
        />
        <div className={styles.choices}>{choices}</div>
      </Dialog>
    </Notice>
  );
}
