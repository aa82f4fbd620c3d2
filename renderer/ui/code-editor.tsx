import { defaultKeymap, history, historyKeymap, indentWithTab, isolateHistory } from '@codemirror/commands';
import { javascript } from '@codemirror/lang-javascript';
import { bracketMatching } from '@codemirror/language';
import { Compartment, EditorState, type Extension } from '@codemirror/state';
import {
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  keymap,
  lineNumbers,
  placeholder,
} from '@codemirror/view';
import { useEffect, useRef } from 'react';
import { classes } from './classes.ts';
import styles from './code-editor.module.css';
import { codeTheme } from './code-theme.ts';
import { textChanges } from './text-changes.ts';

export interface CodeEditorProps {
  label: string;
  value: string;
  /** Absent: the text is only to be read. */
  onChange?: (value: string) => void;
  onBlur?: () => void;
  language: 'javascript' | 'text';
  placeholder?: string;
  /** What else it can do, completion for example; taken when it is made. */
  extensions?: readonly Extension[];
  /** Called with the editor's view once it stands, and with null when it goes. */
  onView?: (view: EditorView | null) => void;
  className?: string | undefined;
}

function attributesFor(label: string): Extension {
  return EditorView.contentAttributes.of({ 'aria-label': label, spellcheck: 'false' });
}

function extensionsFor(props: CodeEditorProps): readonly Extension[] {
  const reading = props.onChange === undefined;
  return [
    lineNumbers(),
    history(),
    drawSelection(),
    bracketMatching(),
    codeTheme,
    // Before the editor's own keys: Enter takes a completion while there is one.
    props.extensions ?? [],
    keymap.of([...defaultKeymap, ...historyKeymap, ...(reading ? [] : [indentWithTab])]),
    EditorView.lineWrapping,
    EditorState.readOnly.of(reading),
    placeholder(props.placeholder ?? ''),
    ...(reading ? [] : [highlightActiveLine(), highlightActiveLineGutter()]),
    ...(props.language === 'javascript' ? [javascript()] : []),
  ];
}

/**
 * A code editor with line numbers. It lives in a shadow root, where CodeMirror uses constructed style sheets instead of
 * style elements, so that the page's CSP need not allow inline styles. Escape, then Tab, leaves it by keyboard.
 */
export function CodeEditor(props: CodeEditorProps) {
  const host = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView | null>(null);
  const latest = useRef(props);
  const attributes = useRef(new Compartment());
  latest.current = props;

  // The editor is made once; what changes later reaches it through the effects below.
  useEffect(() => {
    const root = host.current?.shadowRoot ?? host.current?.attachShadow({ mode: 'open' });
    if (root === undefined) return;
    const editor = new EditorView({
      root,
      parent: root,
      state: EditorState.create({
        doc: latest.current.value,
        extensions: [
          ...extensionsFor(latest.current),
          attributes.current.of(attributesFor(latest.current.label)),
          EditorView.updateListener.of((update) => {
            const text = update.state.doc.toString();
            if (update.docChanged && text !== latest.current.value) latest.current.onChange?.(text);
            if (update.focusChanged && !update.view.hasFocus) latest.current.onBlur?.();
          }),
        ],
      }),
    });
    view.current = editor;
    latest.current.onView?.(editor);
    return () => {
      latest.current.onView?.(null);
      editor.destroy();
      view.current = null;
    };
  }, []);

  useEffect(() => {
    const editor = view.current;
    if (editor === null) return;
    const changes = textChanges(editor.state.doc.toString(), props.value);
    // What comes from outside is one step to undo, and leaves cursor and earlier steps where they are.
    if (changes.length > 0) editor.dispatch({ changes, annotations: isolateHistory.of('full') });
  }, [props.value]);

  useEffect(() => {
    view.current?.dispatch({ effects: attributes.current.reconfigure(attributesFor(props.label)) });
  }, [props.label]);

  return <div ref={host} className={classes(styles.editor, props.className)} />;
}
