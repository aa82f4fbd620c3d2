import type { AnyNode, Expression, MemberExpression } from 'acorn';
import { partsOf } from './page-syntax.ts';
import { inTemplate, quoted, variable } from './script-text.ts';

/** What a name of a page script stands for, once it was assigned. `text`: its value is surely one. */
export type Bound =
  | { kind: 'element'; found: FoundElement }
  | { kind: 'value'; text: boolean }
  | { kind: 'event' };

/** An element of the page as an automation script finds it. `many`: a list, of which the first is meant. */
export interface FoundElement {
  code: string;
  kind: 'element' | 'form' | 'controls';
  many: boolean;
}

/** The names that a page script has assigned so far. */
export type Names = Map<string, Bound>;

/** Text with the properties in it as `vars`: a string, a variable, or a template. */
function textValue(text: string): string {
  const parts = partsOf(text);
  const [first] = parts;
  if (parts.length === 1 && first !== undefined) {
    return first.kind === 'text' ? quoted(first.text) : variable(first.name);
  }
  const inner = parts.map((part) =>
    part.kind === 'text' ? inTemplate(part.text) : `\${${variable(part.name)}}`,
  );
  return `\`${inner.join('')}\``;
}

/** The node itself, out of `a?.b`, which makes no difference here. */
export function plain(node: AnyNode): AnyNode {
  return node.type === 'ChainExpression' ? plain(node.expression) : node;
}

/** A literal string; null for everything else, a text with properties in it too. */
export function stringOf(node: AnyNode | undefined): string | null {
  if (node?.type === 'Literal' && typeof node.value === 'string') {
    return partsOf(node.value).every(({ kind }) => kind === 'text') ? node.value : null;
  }
  if (node?.type === 'TemplateLiteral' && node.expressions.length === 0) {
    return node.quasis[0]?.value.cooked ?? null;
  }
  return null;
}

/** The name or index that a member expression asks for, if it stands there plainly. */
export function memberName({ property, computed }: MemberExpression): string | number | null {
  if (!computed) return property.type === 'Identifier' ? property.name : null;
  if (property.type === 'Literal' && typeof property.value === 'number') return property.value;
  return stringOf(property);
}

/** A value as an automation script writes it; null when it depends on the page or on code that is not turned. */
export function valueCode(given: Expression, names: Names): string | null {
  const node = plain(given);
  if (node.type === 'Literal') {
    if (typeof node.value === 'string') return textValue(node.value);
    return typeof node.value === 'number' || typeof node.value === 'boolean' ? String(node.value) : null;
  }
  if (node.type === 'Identifier') return names.get(node.name)?.kind === 'value' ? node.name : null;
  if (node.type === 'MemberExpression') {
    const name = node.object.type === 'Identifier' && node.object.name === 'vars' ? memberName(node) : null;
    return typeof name === 'string' ? variable(name) : null;
  }
  if (node.type === 'BinaryExpression' && node.operator === '+' && node.left.type !== 'PrivateIdentifier') {
    const [left, right] = [valueCode(node.left, names), valueCode(node.right, names)];
    if (left === null || right === null) return null;
    return `${left} + ${plain(node.right).type === 'BinaryExpression' ? `(${right})` : right}`;
  }
  if (node.type !== 'TemplateLiteral') return null;
  const inner = node.expressions.map((part) => valueCode(part, names));
  if (inner.includes(null)) return null;
  const parts = node.quasis.map(({ value }, index) => {
    const next = inner[index];
    return inTemplate(value.cooked ?? '') + (next === undefined ? '' : `\${${next}}`);
  });
  return `\`${parts.join('')}\``;
}

/** Whether what `valueCode` makes of a node is surely a text, not a number or a truth value. */
export function isText(given: AnyNode, names: Names): boolean {
  const node = plain(given);
  if (node.type === 'Literal') return typeof node.value === 'string';
  if (node.type === 'Identifier') {
    const bound = names.get(node.name);
    return bound?.kind === 'value' && bound.text;
  }
  if (node.type === 'BinaryExpression') return isText(node.left, names) || isText(node.right, names);
  return node.type === 'TemplateLiteral' || node.type === 'MemberExpression';
}

/** The same as text, which is what a field takes. */
export function textCode(node: Expression, names: Names): string | null {
  const code = valueCode(node, names);
  if (code === null || isText(node, names)) return code;
  return node.type === 'Literal' ? quoted(String(node.value)) : `String(${code})`;
}
