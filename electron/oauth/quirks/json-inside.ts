import { isObject, parseJson } from '../json-body.ts';

/** The text itself, if it is a JSON object. */
function objectIn(json: string): string | undefined {
  return isObject(parseJson(json)) ? json : undefined;
}

/** The JSON object that a JSON string holds as its text; undefined: it is no such string. */
export function jsonInString(text: string): string | undefined {
  const inner = parseJson(text);
  return typeof inner === 'string' ? objectIn(inner) : undefined;
}

/** The JSON object that a function is called with, as in `callback( {…} );`; undefined: it is no such call. */
export function jsonInCallback(text: string): string | undefined {
  const start = /^\s*(?:\/\*[^*]*\*\/\s*)?[\w$.]{1,100}\s*\(\s*(?=\{)/.exec(text);
  if (start === null) return undefined;
  const end = text.lastIndexOf(')');
  return end < start[0].length ? undefined : objectIn(text.slice(start[0].length, end));
}

const entities: Record<string, string> = {
  quot: '"',
  '#34': '"',
  '#x22': '"',
  '#39': "'",
  lt: '<',
  gt: '>',
  amp: '&',
};

/** Markup alone: with words of its own a page is a page, and says something else. */
const markup = /^(?:\s*<[^<>]*>)*\s*$/;

/** The JSON object that is all the text of an HTML page, but for its head; undefined: it is no such page. */
export function jsonInPage(page: string): string | undefined {
  if (!/^\s*<(?:!doctype|html|head|body|pre|p|div|\?xml)\b/i.test(page)) return undefined;
  const head = /<\/head\s*>/i.exec(page);
  const text = head === null ? page : page.slice(head.index + head[0].length);
  const start = text.indexOf('{');
  const end = text.lastIndexOf('}');
  if (start === -1 || end < start) return undefined;
  if (!markup.test(text.slice(0, start)) || !markup.test(text.slice(end + 1))) return undefined;
  const inner = text.slice(start, end + 1);
  return (
    objectIn(inner) ??
    objectIn(inner.replace(/&(#?\w{2,4});/g, (whole, name: string) => entities[name] ?? whole))
  );
}
