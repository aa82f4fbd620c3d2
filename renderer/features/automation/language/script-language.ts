import { autocompletion, snippet } from '@codemirror/autocomplete';
import { localCompletionSource } from '@codemirror/lang-javascript';
import { linter, lintGutter, lintKeymap } from '@codemirror/lint';
import { EditorState, type Extension } from '@codemirror/state';
import { type EditorView, keymap } from '@codemirror/view';
import type { ErrorWire } from '../../../../shared/errors.ts';
import { codePopups } from '../../../ui/code-popups.ts';
import { idleMs } from '../syntax-words.ts';
import { scriptCompletion } from './completion.ts';
import { scriptHover } from './hover.ts';
import { syntaxProblem, unknownVars } from './problems.ts';
import type { ScriptVar } from './script-vars.ts';
import type { ScriptSnippet } from './snippets.ts';

/** What the editor asks while it is worked in; both may change at any time. */
export interface ScriptSurroundings {
  vars(): readonly ScriptVar[];
  /** The syntax error of what stands in the editor, or null. */
  check(): Promise<ErrorWire | null>;
}

/** Completion, hover and marks for mistakes, as automation scripts need them. */
export function scriptLanguage({ vars, check }: ScriptSurroundings): Extension {
  return [
    autocompletion({ override: [scriptCompletion(vars), localCompletionSource], icons: false }),
    EditorState.phrases.of({ Completions: 'Script API' }),
    scriptHover(vars),
    lintGutter(),
    linter(
      async ({ state: { doc } }) => {
        const syntax = await check();
        return [...(syntax === null ? [] : [syntaxProblem(syntax, doc)]), ...unknownVars(doc, vars())];
      },
      { delay: idleMs },
    ),
    keymap.of(lintKeymap),
    codePopups,
  ];
}

/** Puts a snippet on lines of its own: below the cursor's line, or at the end while nobody has been in the text. */
export function insertSnippet(view: EditorView, { template }: ScriptSnippet): void {
  const { doc, selection } = view.state;
  const line = doc.lineAt(selection.main.head === 0 ? doc.length : selection.main.head);
  const blank = line.text.trim() === '';
  snippet(blank ? template : `\n${template}`)(view, null, blank ? line.from : line.to, line.to);
  view.focus();
}
