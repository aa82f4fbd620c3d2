import type { AnyNode, CallExpression, MemberExpression } from 'acorn';
import { type FoundElement, memberName, type Names, plain, stringOf } from './convert-values.ts';
import { quoted } from './script-text.ts';

const page = (selector: string): string => `page.locator(${quoted(selector)})`;
const element = (code: string, many = false): FoundElement => ({ code, kind: 'element', many });

/** A name or id within a selector's quotes. */
function attribute(text: string): string {
  return JSON.stringify(text);
}

function byId(id: string): string {
  return /^[A-Za-z_][\w-]*$/.test(id) ? `#${id}` : `[id=${attribute(id)}]`;
}

function form(name: string): FoundElement {
  const text = attribute(name);
  return { code: page(`form:is([name=${text}], [id=${text}])`), kind: 'form', many: false };
}

/** How an automation script finds the one element that is meant. */
export function oneOf({ code, many }: FoundElement): string {
  return many ? `${code}.first()` : code;
}

function nth(found: FoundElement, index: number): FoundElement {
  const code = index === 0 ? `${found.code}.first()` : `${found.code}.nth(${index})`;
  return { ...found, code, many: false };
}

function isDocument(node: AnyNode): boolean {
  if (node.type === 'Identifier') return node.name === 'document';
  return (
    node.type === 'MemberExpression' &&
    node.object.type === 'Identifier' &&
    ['window', 'self', 'top'].includes(node.object.name) &&
    memberName(node) === 'document'
  );
}

/** Members of the document that are no form of the page, although forms may be named so. */
const ownMembers = [
  'activeElement',
  'body',
  'cookie',
  'documentElement',
  'head',
  'location',
  'title',
  'scripts',
];

function ofMember(node: MemberExpression, names: Names): FoundElement | null {
  const name = memberName(node);
  if (name === null) return null;
  if (isDocument(node.object)) {
    if (name === 'forms') return { code: page('form'), kind: 'form', many: true };
    return typeof name === 'number' || ownMembers.includes(name) ? null : form(name);
  }
  const of = elementOf(node.object, names);
  if (of === null) return null;
  if (typeof name === 'number') return of.many ? nth(of, name) : null;
  if (of.kind === 'form' && of.many) return form(name);
  if (of.kind === 'form' && name === 'elements') return { ...of, kind: 'controls' };
  if (of.kind === 'element') return null;
  const text = attribute(name);
  return element(`${oneOf(of)}.locator(${quoted(`:is([name=${text}], [id=${text}])`)})`, true);
}

/** What the DOM's finders find, by the text that they are given. */
const finders: Record<string, (text: string) => { selector: string; many: boolean }> = {
  getElementById: (id) => ({ selector: byId(id), many: false }),
  querySelector: (selector) => ({ selector, many: true }),
  querySelectorAll: (selector) => ({ selector, many: true }),
  getElementsByName: (name) => ({ selector: `[name=${attribute(name)}]`, many: true }),
  getElementsByTagName: (tag) => ({ selector: tag, many: true }),
  getElementsByClassName: (names) => ({
    selector: names
      .split(/\s+/)
      .filter((name) => name !== '')
      .map((name) => `[class~=${attribute(name)}]`)
      .join(''),
    many: true,
  }),
  find: (selector) => ({ selector, many: true }),
};

/** Whether the node is jQuery itself. */
export function isJquery(node: AnyNode): boolean {
  return node.type === 'Identifier' && (node.name === '$' || node.name === 'jQuery');
}

function found(text: string, finder: string, from: string): FoundElement | null {
  const find = Object.hasOwn(finders, finder) ? finders[finder] : undefined;
  if (find === undefined) return null;
  const { selector, many } = find(text);
  return selector === '' ? null : { code: `${from}.locator(${quoted(selector)})`, kind: 'element', many };
}

function ofCall({ callee: called, arguments: given }: CallExpression, names: Names): FoundElement | null {
  const callee = plain(called);
  const [argument] = given;
  const text = stringOf(argument);
  if (isJquery(callee)) {
    if (text !== null && !text.trim().startsWith('<')) return element(page(text), true);
    return argument === undefined ? null : elementOf(argument, names);
  }
  if (callee.type !== 'MemberExpression') return null;
  const method = memberName(callee);
  if (typeof method !== 'string') return null;
  if (isDocument(callee.object)) return text === null ? null : found(text, method, 'page');
  const of = elementOf(callee.object, names);
  if (of === null) return null;
  if (text !== null) return found(text, method, oneOf(of));
  const index = argument?.type === 'Literal' && typeof argument.value === 'number' ? argument.value : null;
  if (of.many && index !== null && ['item', 'get', 'eq'].includes(method)) return nth(of, index);
  if (given.length > 0) return null;
  if (method === 'first') return nth(of, 0);
  return method === 'last' ? { ...of, code: `${of.code}.last()`, many: false } : null;
}

/** The element that an expression of a page script stands for; null when it cannot be told. */
export function elementOf(given: AnyNode, names: Names): FoundElement | null {
  const node = plain(given);
  if (node.type === 'Identifier') {
    const bound = names.get(node.name);
    return bound?.kind === 'element' ? bound.found : null;
  }
  if (node.type === 'MemberExpression') return ofMember(node, names);
  return node.type === 'CallExpression' ? ofCall(node, names) : null;
}
