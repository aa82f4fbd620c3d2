import { type Literal, type Options, type Program, parse } from 'acorn';
import { AppError } from '../../../shared/errors.ts';
import type { PageScript } from '../../../shared/model/page-script.ts';

/** A reference to a property of a ReadyAPI or SoapUI project in a text: `${#Project#user}` or `${user}`. */
const expansion = /\$\{(#[\w ]*#)?([A-Za-z_][\w .-]*)\}/g;

/** As those tools read it: sloppy, and a function's body. */
const options: Options = {
  ecmaVersion: 'latest',
  sourceType: 'script',
  locations: true,
  allowReturnOutsideFunction: true,
  allowAwaitOutsideFunction: true,
  allowHashBang: false,
};

/** How a page script is named in messages: `page script 2 “Consent”`. `number` is from 1. */
export function pageWords(script: Pick<PageScript, 'name'>, number: number): string {
  return `page script ${number} “${script.name}”`;
}

/** The variable that a project's property becomes: what a name may not hold becomes `_`. */
export function variableOf(property: string): string {
  return property.trim().replace(/[^\w.-]/g, '_');
}

type Part = { kind: 'text'; text: string } | { kind: 'var'; name: string };

/**
 * The parts of a text: plain text, and references to properties by the name of their variable. `known`: what a reference
 * without a scope (`${user}`) may mean; by default anything.
 */
export function partsOf(text: string, known?: ReadonlySet<string>): Part[] {
  const parts: Part[] = [];
  let end = 0;
  for (const found of text.matchAll(expansion)) {
    const name = variableOf(found[2] ?? '');
    if (found[1] === undefined && known?.has(name) === false) continue;
    if (found.index > end) parts.push({ kind: 'text', text: text.slice(end, found.index) });
    parts.push({ kind: 'var', name });
    end = found.index + found[0].length;
  }
  if (end < text.length || parts.length === 0) parts.push({ kind: 'text', text: text.slice(end) });
  return parts;
}

function place(error: unknown): { line: number; column: number } | null {
  if (!(error instanceof Error) || !('loc' in error)) return null;
  const { loc } = error;
  if (typeof loc !== 'object' || loc === null || !('line' in loc) || !('column' in loc)) return null;
  return { line: Number(loc.line), column: Number(loc.column) + 1 };
}

function syntaxError(thrown: unknown, script: PageScript, number: number, file: string): AppError {
  const at = place(thrown);
  // Acorn goes down with each nesting; no page script is so deep.
  const reason =
    thrown instanceof SyntaxError ? thrown.message.replace(/ \(\d+:\d+\)$/, '') : 'nested too deep';
  const where = at === null ? file : `${file}, line ${at.line}`;
  return new AppError('script_syntax', `${pageWords(script, number)} cannot be read (${where}): ${reason}.`, {
    action: 'Mend the page script and try again.',
    details: { file, page: number, ...(at ?? {}) },
  });
}

/** Parses one page script without running it; `onLiteral` hears of each string in it. Throws `script_syntax`. */
export function parsePage(
  script: PageScript,
  number: number,
  file: string,
): { program: Program; strings: Literal[] } {
  const strings: Literal[] = [];
  try {
    const program = parse(script.source, options);
    collectStrings(program, strings);
    return { program, strings };
  } catch (thrown) {
    throw syntaxError(thrown, script, number, file);
  }
}

function collectStrings(node: unknown, strings: Literal[]): void {
  if (Array.isArray(node)) {
    for (const inner of node) collectStrings(inner, strings);
    return;
  }
  if (typeof node !== 'object' || node === null || !('type' in node)) return;
  if (node.type === 'Literal') {
    const literal = node as Literal;
    if (typeof literal.value === 'string') strings.push(literal);
    return;
  }
  // A directive or a key is no value: nothing can be put in its place.
  if (node.type === 'ExpressionStatement' && 'directive' in node) return;
  for (const [name, inner] of Object.entries(node)) {
    if (name === 'key' && !('computed' in node && node.computed === true)) continue;
    collectStrings(inner, strings);
  }
}

/**
 * The script with each `'…${#Project#user}…'` made `(… + vars["user"] + …)`, on the same lines, as those tools fill in
 * their properties; `known` are the names of variables. A value cannot become code, whatever is in it. Throws `script_syntax`.
 */
export function withProperties(
  script: PageScript,
  number: number,
  file: string,
  known: ReadonlySet<string>,
): string {
  const { strings } = parsePage(script, number, file);
  let { source } = script;
  for (const { value, start, end } of [...strings].sort((one, other) => other.start - one.start)) {
    const parts = partsOf(String(value), known);
    if (parts.every(({ kind }) => kind === 'text')) continue;
    const sum = parts.map((part) =>
      part.kind === 'text' ? JSON.stringify(part.text) : `vars[${JSON.stringify(part.name)}]`,
    );
    const lost = source.slice(start, end).match(/\n/g)?.join('') ?? '';
    source = `${source.slice(0, start)}(${sum.join(' + ')})${lost}${source.slice(end)}`;
  }
  return source;
}

const mention = /\bvars\s*(?:\?\.|\.)\s*([A-Za-z_$][\w$]*)|\bvars\s*(?:\?\.)?\s*\[\s*(["'])([\w.-]+)\2\s*\]/g;

/** The names that a script mentions as `vars.name` or `vars['name']`; it is given no others. */
export function mentionedVars(source: string): Set<string> {
  return new Set([...source.matchAll(mention)].map((found) => found[1] ?? found[3] ?? ''));
}
