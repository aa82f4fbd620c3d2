import { ensureSyntaxTree, syntaxTree } from '@codemirror/language';
import type { EditorState, Text } from '@codemirror/state';
import { givenBy, type ScriptApiEntry, type ScriptObject } from '../../../../shared/script-api/entry.ts';
import { entryOf } from '../../../../shared/script-api/script-api.ts';

/** A node of the script's syntax tree. */
export type SyntaxNode = ReturnType<ReturnType<typeof syntaxTree>['resolveInner']>;

/** How far a name is followed to what it stands for; a script that names itself in a circle ends there. */
const maximumSteps = 20;

/** How long a script may be read for one answer, in milliseconds; only a very long one takes any time. */
const readingMs = 500;

/** The innermost node at a place, of the script as it stands now. */
export function nodeAt(state: EditorState, pos: number, side: -1 | 0 | 1): SyntaxNode {
  return (ensureSyntaxTree(state, pos, readingMs) ?? syntaxTree(state)).resolveInner(pos, side);
}

const textOf = (node: SyntaxNode | null, doc: Text): string =>
  node === null ? '' : doc.sliceString(node.from, node.to);

/** The object whose member a property name is, or a dot begins. */
export function ownerOf(node: SyntaxNode, doc: Text): ScriptObject | 'vars' | null {
  const member = node.parent;
  if (member?.name !== 'MemberExpression' || member.firstChild === null) return null;
  if (member.firstChild.name === 'VariableName' && textOf(member.firstChild, doc) === 'vars') return 'vars';
  return objectAt(member.firstChild, doc);
}

/** What a piece of a script gives, once it is awaited; null: something that the API does not know. */
export function objectAt(node: SyntaxNode | null, doc: Text, steps = maximumSteps): ScriptObject | null {
  if (node === null || steps === 0) return null;
  switch (node.name) {
    case 'VariableName':
      return named(node, doc, steps - 1);
    case 'MemberExpression': {
      const entry = memberEntry(node, doc, steps - 1);
      return entry === null || !entry.signatures[0].startsWith(':') ? null : givenBy(entry);
    }
    case 'CallExpression':
      return called(node, doc, steps - 1);
    case 'AwaitExpression':
    case 'UnaryExpression':
      return objectAt(node.lastChild, doc, steps - 1);
    case 'ParenthesizedExpression':
      return objectAt(node.firstChild?.nextSibling ?? null, doc, steps - 1);
    default:
      return null;
  }
}

/** The API's entry of `object.name`. */
function memberEntry(node: SyntaxNode, doc: Text, steps: number): ScriptApiEntry | null {
  const owner = objectAt(node.firstChild, doc, steps);
  return owner === null ? null : (entryOf(owner, textOf(node.lastChild, doc)) ?? null);
}

function called(node: SyntaxNode, doc: Text, steps: number): ScriptObject | null {
  const callee = node.firstChild;
  if (callee?.name === 'VariableName' && textOf(callee, doc) === 'expect') {
    const what = objectAt(callee.nextSibling?.firstChild?.nextSibling ?? null, doc, steps);
    if (what === 'Locator') return 'LocatorExpect';
    return what === 'Page' ? 'PageExpect' : 'ValueExpect';
  }
  if (callee?.name !== 'MemberExpression') return null;
  const entry = memberEntry(callee, doc, steps);
  return entry === null ? null : givenBy(entry);
}

function named(node: SyntaxNode, doc: Text, steps: number): ScriptObject | null {
  const name = textOf(node, doc);
  const definition = definitionOf(node, name, doc);
  if (definition === null) {
    const entry = entryOf('Global', name);
    return entry === undefined || !entry.signatures[0].startsWith(':') ? null : givenBy(entry);
  }
  if (definition.parent?.name === 'VariableDeclaration') {
    const equals = definition.nextSibling;
    return equals?.name === 'Equals' ? objectAt(equals.nextSibling, doc, steps) : null;
  }
  // The fixture of a test that was pasted from Playwright's recorder.
  if (name === 'page' && definition.parent?.name === 'PatternProperty') return 'Page';
  return isDialogHandler(definition.parent, doc) ? 'Dialog' : null;
}

const scopes = new Set(['Script', 'Block', 'ArrowFunction', 'FunctionExpression', 'FunctionDeclaration']);

/** The last definition of a name before it that reaches it: of a variable, or of a parameter. */
function definitionOf(node: SyntaxNode, name: string, doc: Text): SyntaxNode | null {
  let top = node;
  while (top.parent !== null) top = top.parent;
  let found: SyntaxNode | null = null;
  top.cursor().iterate((each) => {
    if (each.name !== 'VariableDefinition' || each.to > node.from) return;
    if (textOf(each.node, doc) === name && reaches(each.node, node)) found = each.node;
  });
  return found;
}

function reaches(definition: SyntaxNode, node: SyntaxNode): boolean {
  let scope = definition.parent;
  while (scope !== null && !scopes.has(scope.name)) scope = scope.parent;
  return scope !== null && scope.from <= node.from && scope.to >= node.to;
}

/** Whether a parameter list is that of `page.on('dialog', (dialog) => …)`. */
function isDialogHandler(params: SyntaxNode | null, doc: Text): boolean {
  const handler = params?.name === 'ArrowFunction' ? params : (params?.parent ?? null);
  const call = handler?.parent?.name === 'ArgList' ? handler.parent.parent : null;
  if (call?.name !== 'CallExpression') return false;
  return ['on', 'once'].includes(textOf(call.firstChild?.lastChild ?? null, doc));
}
