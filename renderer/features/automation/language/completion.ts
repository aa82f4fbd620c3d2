import {
  type Completion,
  type CompletionContext,
  type CompletionResult,
  snippetCompletion,
} from '@codemirror/autocomplete';
import type { ScriptApiEntry } from '../../../../shared/script-api/entry.ts';
import { ariaRoles } from '../../../../shared/script-api/roles.ts';
import { namesOn } from '../../../../shared/script-api/script-api.ts';
import { entryView, variableView } from './entry-view.ts';
import { nodeAt, ownerOf, type SyntaxNode } from './object-at.ts';
import type { ScriptVar } from './script-vars.ts';
import { scriptSnippets } from './snippets.ts';

/** The words that the first argument of these methods can be. */
const firstArguments: Record<string, readonly string[]> = {
  getByRole: ariaRoles,
  waitForLoadState: ['load', 'domcontentloaded', 'networkidle'],
  waitForEvent: ['popup'],
  on: ['dialog'],
  once: ['dialog'],
};

/** Roles that login pages are made of, offered before the others. */
const common = new Set(['button', 'textbox', 'link', 'checkbox', 'radio', 'combobox', 'heading', 'option']);

const plainName = /^[\w$]*$/;

function optionOf(entry: ScriptApiEntry): Completion {
  const called = !entry.signatures[0].startsWith(':');
  return { label: entry.name, type: called ? 'method' : 'property', info: () => entryView(entry) };
}

const optionsByObject = new Map<string, readonly Completion[]>();

function optionsOn(object: ScriptApiEntry['on']): readonly Completion[] {
  const known = optionsByObject.get(object) ?? namesOn(object).map(optionOf);
  optionsByObject.set(object, known);
  return known;
}

const snippetOptions = scriptSnippets.map(({ name, template }) =>
  snippetCompletion(template, { label: name, type: 'text', detail: 'snippet', boost: -50 }),
);

/** In the order given: the persona's values come first. */
function varOption({ name, origin }: ScriptVar, index: number): Completion {
  const boost = Math.max(99 - index, -99);
  const option: Completion = { label: name, type: 'property', boost, info: () => variableView(name, origin) };
  if (/^[A-Za-z_$][\w$]*$/.test(name)) return option;
  // A name with a dot or a hyphen can only stand in brackets, in place of the dot.
  return {
    ...option,
    apply: (view, _completion, from, to) => {
      const insert = `[${JSON.stringify(name).replaceAll('"', "'")}]`;
      view.dispatch({
        changes: { from: from - 1, to, insert },
        selection: { anchor: from - 1 + insert.length },
      });
    },
  };
}

function insideString(node: SyntaxNode, context: CompletionContext): CompletionResult | null {
  const call = node.parent?.name === 'ArgList' ? node.parent.parent : null;
  const callee = call?.firstChild?.lastChild;
  if (node.prevSibling?.name !== '(' || callee?.name !== 'PropertyName') return null;
  const method = context.state.sliceDoc(callee.from, callee.to);
  const words = Object.hasOwn(firstArguments, method) ? firstArguments[method] : undefined;
  if (words === undefined) return null;
  const options = words.map((label) => ({ label, type: 'constant', boost: common.has(label) ? 50 : 0 }));
  return { from: node.from + 1, options, validFor: /^\w*$/ };
}

/** Completes the script API: members after a dot, names of `vars`, roles in quotes, and at the start of a line snippets. */
export function scriptCompletion(vars: () => readonly ScriptVar[]) {
  return (context: CompletionContext): CompletionResult | null => {
    const { state, pos } = context;
    const node = nodeAt(state, pos, -1);
    if (node.name === 'String') return insideString(node, context);
    if (/Comment|Template|RegExp/.test(node.name)) return null;
    if (node.name === 'PropertyName' || node.name === '.' || node.name === '?.') {
      const owner = ownerOf(node, state.doc);
      if (owner === null) return null;
      const options = owner === 'vars' ? vars().map(varOption) : optionsOn(owner);
      return { from: node.name === 'PropertyName' ? node.from : pos, options, validFor: plainName };
    }
    const word = context.matchBefore(/[\w$]+/);
    if (/Definition$|^Property|^Label$/.test(node.name) || (word === null && !context.explicit)) return null;
    const from = word?.from ?? pos;
    const atLineStart =
      state.doc
        .lineAt(pos)
        .text.slice(0, from - state.doc.lineAt(pos).from)
        .trim() === '';
    return {
      from,
      options: [...optionsOn('Global'), ...(atLineStart ? snippetOptions : [])],
      validFor: plainName,
    };
  };
}
