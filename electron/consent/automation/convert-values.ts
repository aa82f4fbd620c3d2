import type { AnyNode, Expression, MemberExpression } from 'acorn';
import { partsOf } from './page-syntax.ts';

/** What a name of a page script stands for, once it was assigned. */
export type Bound = { kind: 'element'; found: FoundElement } | { kind: 'value' } | { kind: 'event' };

/** An element of the page as an automation script finds it. `many`: a list, of which the first is meant. */
export interface FoundElement {
  code: string;
  kind: 'element' | 'form' | 'controls';
  many: boolean;
}

/** The names that a page script has assigned so far. */
export type Names = Map<string, Bound>;

/** Text as a string literal of JavaScript. */
export function quoted(text: string): string {
  const inner = JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'");
  return `'${inner.replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029')}'`;
}

/** Text as a part of a template literal. */
function inTemplate(text: string): string {
  return quoted(text).slice(1, -1).replaceAll("\\'", "'").replaceAll('`', '\\`').replaceAll('${', '\\${');
}

function variable(name: string): string {
  return /^[A-Za-z_]\w*$/.test(name) ? `vars.${name}` : `vars[${quoted(name)}]`;
}

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
    return left === null || right === null ? null : `${left} + ${right}`;
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

/** The same as text, which is what a field takes. */
export function textCode(node: Expression, names: Names): string | null {
  if (node.type === 'Literal' && typeof node.value === 'number') return quoted(String(node.value));
  return valueCode(node, names);
}
