import { AppError } from '../../shared/errors.ts';

/** How a project's JSON file is written: keys sorted, two spaces, one trailing newline, so that git shows real changes only. */
export function jsonText(value: unknown): string {
  return `${JSON.stringify(sorted(value), null, 2)}\n`;
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, inner]) => [key, sorted(inner)]));
}

/** Parses a project's JSON file. Throws `project_file_unreadable` with file, line and column (both from 1). */
export function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const { line, column } = positionOf(text, jsonErrorOffset(text));
    const merging = /^<{7} /m.test(text);
    throw new AppError(
      'project_file_unreadable',
      `${file}: not valid JSON at line ${line}, column ${column}${merging ? ': a merge conflict is left in it' : ''}.`,
      {
        action: 'Mend the file in an editor; it is read again at once.',
        details: { file, line, column },
        cause,
      },
    );
  }
}

function positionOf(text: string, offset: number): { line: number; column: number } {
  const before = text.slice(0, offset).split('\n');
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}

const space = /[ \t\r\n]*/y;
/** The ranges leave out the quote, the backslash and, since they may not stand bare in a string, control characters. */
const token =
  /[{}[\],:]|"[ !#-[\]-\u{10ffff}]*(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})[ !#-[\]-\u{10ffff}]*)*"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/uy;

type Expected = 'value' | 'value-or-close' | 'key' | 'key-or-close' | 'colon' | 'comma-or-close' | 'end';

/** Where JSON stops being JSON (RFC 8259), as an offset: V8's own messages do not always say. The text's length if it is cut short. */
export function jsonErrorOffset(text: string): number {
  const open: string[] = [];
  let expected: Expected = 'value';
  let at = 0;
  for (;;) {
    at = endOf(space, text, at) ?? at;
    const end = endOf(token, text, at);
    if (end === undefined) return at;
    const next = after(expected, text.slice(at, Math.min(end, at + 1)), open);
    if (next === undefined) return at;
    expected = next;
    at = end;
  }
}

function endOf(pattern: RegExp, text: string, at: number): number | undefined {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : undefined;
}

/** What may follow a token, told by its first character; undefined when the token itself may not stand here. */
function after(expected: Expected, first: string, open: string[]): Expected | undefined {
  if (first === '}' || first === ']') {
    const closable =
      expected === 'comma-or-close' || expected === (first === '}' ? 'key-or-close' : 'value-or-close');
    if (!closable || open.pop() !== first) return undefined;
    return open.length === 0 ? 'end' : 'comma-or-close';
  }
  if (first === ',') {
    if (expected !== 'comma-or-close') return undefined;
    return open.at(-1) === '}' ? 'key' : 'value';
  }
  if (first === ':') return expected === 'colon' ? 'value' : undefined;
  if (expected === 'key' || expected === 'key-or-close') return first === '"' ? 'colon' : undefined;
  if (expected !== 'value' && expected !== 'value-or-close') return undefined;
  if (first === '{' || first === '[') {
    open.push(first === '{' ? '}' : ']');
    return first === '{' ? 'key-or-close' : 'value-or-close';
  }
  return open.length === 0 ? 'end' : 'comma-or-close';
}
