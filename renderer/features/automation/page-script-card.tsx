import { linter, lintGutter, setDiagnostics } from '@codemirror/lint';
import type { EditorView } from '@codemirror/view';
import { type DragEvent, type KeyboardEvent, useEffect, useRef } from 'react';
import type { ErrorWire } from '../../../shared/errors.ts';
import type { PageScript } from '../../../shared/model/page-script.ts';
import { IconButton } from '../../ui/button.tsx';
import { CodeEditor } from '../../ui/code-editor.tsx';
import { codePopups } from '../../ui/code-popups.ts';
import { TextField } from '../../ui/text-field.tsx';
import { syntaxProblem } from './language/problems.ts';
import type { PageRow } from './page-script-store.ts';
import styles from './page-scripts.module.css';
import { syntaxWords } from './syntax-words.ts';

export interface PageScriptCardProps {
  row: PageRow;
  /** Its place, from 0, and how many there are. */
  index: number;
  count: number;
  syntax: ErrorWire | undefined;
  /** Whether a card is being dragged: what else is dragged is none of its business. */
  dragging: boolean;
  /** Where a dragged card would go: before or after this one. */
  drop: 'before' | 'after' | undefined;
  onEdit: (patch: Partial<PageScript>) => void;
  onRemove: () => void;
  onMove: (to: number) => void;
  onDragStart: () => void;
  onDragEnd: () => void;
  /** `half`: the pointer is over the upper or the lower half of the card. */
  onDragOver: (half: 'before' | 'after') => void;
  onDrop: () => void;
}

const marks = [lintGutter(), linter(null), codePopups];

/** The code, its mistake marked in it. */
function Code({ row, index, syntax, onEdit }: PageScriptCardProps) {
  const view = useRef<EditorView | null>(null);
  useEffect(() => {
    const editor = view.current;
    if (editor === null) return;
    const found = syntax === undefined ? [] : [syntaxProblem(syntax, editor.state.doc)];
    editor.dispatch(setDiagnostics(editor.state, found));
  }, [syntax]);
  return (
    <>
      <CodeEditor
        label={`Code of page script ${index + 1}`}
        className={styles.code}
        language="javascript"
        value={row.source}
        placeholder="document.getElementById('user').value = vars.user;"
        extensions={marks}
        onView={(made) => {
          view.current = made;
        }}
        onChange={(source) => onEdit({ source })}
      />
      <p className={styles.bad} aria-live="polite">
        {syntax === undefined ? '' : syntaxWords(syntax)}
      </p>
    </>
  );
}

/** One page script: its name, when it runs, and its code. It is moved by dragging its handle, or by arrow keys on it. */
export function PageScriptCard(props: PageScriptCardProps) {
  const { row, index, count, onEdit, onMove } = props;
  const card = useRef<HTMLLIElement>(null);
  const name = row.name.trim() === '' ? `Page ${index + 1}` : row.name.trim();

  function onKeyDown(event: KeyboardEvent): void {
    const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    onMove(index + step);
  }

  function onDragStart(event: DragEvent): void {
    event.dataTransfer.effectAllowed = 'move';
    event.dataTransfer.setData('application/x-page-script', name);
    if (card.current !== null) event.dataTransfer.setDragImage(card.current, 12, 12);
    props.onDragStart();
  }

  function onDragOver(event: DragEvent<HTMLLIElement>): void {
    if (!props.dragging) return;
    const { top, height } = event.currentTarget.getBoundingClientRect();
    // Before the code editor hears of it, which would take it for text.
    event.preventDefault();
    event.stopPropagation();
    props.onDragOver(event.clientY < top + height / 2 ? 'before' : 'after');
  }

  function onDrop(event: DragEvent): void {
    if (!props.dragging) return;
    event.preventDefault();
    event.stopPropagation();
    props.onDrop();
  }

  return (
    <li
      ref={card}
      className={styles.card}
      aria-label={`Page script ${index + 1}`}
      data-drop={props.drop}
      onDragOverCapture={onDragOver}
      onDropCapture={onDrop}
    >
      <div className={styles.bar}>
        <IconButton
          small
          icon="grip"
          className={styles.grip}
          data-grip=""
          label={`Move ${name}`}
          aria-description="Drag it to another place, or use the arrow keys"
          draggable
          onKeyDown={onKeyDown}
          onDragStart={onDragStart}
          onDragEnd={props.onDragEnd}
        />
        <span className={styles.number} aria-hidden="true">
          {index + 1}
        </span>
        <TextField
          label={`Name of page script ${index + 1}`}
          labelHidden
          value={row.name}
          onChange={(text) => onEdit({ name: text.slice(0, 120) })}
        />
        <IconButton
          small
          icon="up"
          label={`Move ${name} up`}
          disabled={index === 0}
          onClick={() => onMove(index - 1)}
        />
        <IconButton
          small
          icon="chevron"
          label={`Move ${name} down`}
          disabled={index === count - 1}
          onClick={() => onMove(index + 1)}
        />
        <IconButton small icon="close" label={`Delete ${name}`} onClick={props.onRemove} />
      </div>
      <div className={styles.when}>
        <TextField
          label="Runs at URL"
          mono
          placeholder="any, or **/login*"
          value={row.url}
          onChange={(url) => onEdit({ url: url.slice(0, 2000) })}
        />
        <TextField
          label="When this is visible"
          mono
          placeholder="CSS, for example #username"
          value={row.selector}
          onChange={(selector) => onEdit({ selector: selector.slice(0, 2000) })}
        />
      </div>
      <Code {...props} />
    </li>
  );
}
