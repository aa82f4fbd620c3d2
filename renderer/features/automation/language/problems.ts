import { javascriptLanguage } from '@codemirror/lang-javascript';
import type { Diagnostic } from '@codemirror/lint';
import type { Text } from '@codemirror/state';
import type { ErrorWire } from '../../../../shared/errors.ts';
import type { SyntaxNode } from './object-at.ts';
import type { ScriptVar } from './script-vars.ts';

/** A syntax error on its line, without the spaces around it; an error that names no line stands on the first. */
export function syntaxProblem(error: ErrorWire, doc: Text): Diagnostic {
  const told = Number(error.details?.line);
  const line = doc.line(Number.isInteger(told) ? Math.min(Math.max(told, 1), doc.lines) : 1);
  const before = line.text.length - line.text.trimStart().length;
  const from = line.text.trim() === '' ? line.from : line.from + before;
  return { from, to: line.from + line.text.trimEnd().length, severity: 'error', message: error.message };
}

/** The name that `vars.name` or `vars['name']` asks for, and where it stands. */
function askedName(member: SyntaxNode, doc: Text): { name: string; from: number; to: number } | null {
  const object = member.firstChild;
  if (object?.name !== 'VariableName' || doc.sliceString(object.from, object.to) !== 'vars') return null;
  const property = member.lastChild?.name === 'PropertyName' ? member.lastChild : member.getChild('String');
  if (property === null) return null;
  const text = doc.sliceString(property.from, property.to);
  const name = property.name === 'String' ? text.slice(1, -1) : text;
  return { name, from: property.from, to: property.to };
}

/** What every object has, and the sandbox's `vars` answers as well. */
const always = new Set(['toJSON']);

/** Each name that the script asks of `vars` and that is not there, as a warning with those that are. */
export function unknownVars(doc: Text, vars: readonly ScriptVar[]): Diagnostic[] {
  const known = new Set(vars.map(({ name }) => name));
  const found: Diagnostic[] = [];
  javascriptLanguage.parser.parse(doc.toString()).iterate({
    enter: ({ name, node }) => {
      if (name !== 'MemberExpression') return;
      const asked = askedName(node, doc);
      if (asked === null || known.has(asked.name) || always.has(asked.name)) return;
      const names = [...known].join(', ');
      found.push({
        from: asked.from,
        to: asked.to,
        severity: 'warning',
        message: `vars has no “${asked.name}”. It has: ${names}.`,
      });
    },
  });
  return found;
}
