import { isObject, type Members, parseJson } from '../json-body.ts';
import { duplicateMember } from './duplicate-members.ts';
import { jsonInCallback, jsonInPage, jsonInString } from './json-inside.ts';
import { type Quirk, shownWord } from './quirk.ts';

/** The body of an answer, on its way from bytes to members. */
export interface RawBody {
  bytes: Uint8Array;
  /** `Content-Type` as it came; null: there is none. */
  contentType: string | null;
  /** Empty until it is decoded. */
  text: string;
  /** The JSON text in it; null: there is none, or a form in its place. */
  json: string | null;
  /** Undefined: no JSON and no form was found in it. */
  value: unknown;
}

type BodyQuirk = Quirk<RawBody>;

/** RFC 9110 section 8.3.1; what is none may hold anything, and is not repeated. */
const mediaType = /^[\w!#$&^.+-]{1,60}\/[\w!#$&^.+-]{1,60}$/;
const formType = /^application\/x-www-form-urlencoded\b/i;
/** What the parameters of OAuth may be written with, and no page of HTML can do without. */
const formText = /^[^\s<>{}"'`]+$/;

function charsetOf(contentType: string | null): string | null {
  return /;\s*charset\s*=\s*"?([^\s";]+)/i.exec(contentType ?? '')?.[1] ?? null;
}

/** The decoder by a byte order mark, else by the charset that is announced; null: UTF-8, or nothing that is known. */
function decoderOf({ bytes, contentType }: RawBody): TextDecoder | null {
  const [first, second] = bytes;
  if (first === 0xfe && second === 0xff) return new TextDecoder('utf-16be');
  if (first === 0xff && second === 0xfe) return new TextDecoder('utf-16le');
  try {
    const decoder = new TextDecoder(charsetOf(contentType) ?? 'utf-8');
    return decoder.encoding === 'utf-8' ? null : decoder;
  } catch {
    // No such charset: it is read as the RFC has it, and `charset_unknown` says so.
    return null;
  }
}

function knownCharset(label: string): boolean {
  try {
    new TextDecoder(label);
    return true;
  } catch {
    return false;
  }
}

/** The members of a form; numbers are written as text there, which is no fault of theirs. */
function formMembers(text: string): Members {
  return Object.fromEntries(
    [...new URLSearchParams(text)].map(([name, value]) => [
      name,
      /expires_in$/.test(name) && /^\d{1,15}$/.test(value) ? Number(value) : value,
    ]),
  );
}

function looksLikeForm({ text, contentType }: RawBody): boolean {
  const trimmed = text.trim();
  if (trimmed === '') return false;
  if (formType.test(contentType ?? '')) return true;
  return formText.test(trimmed) && /(?:^|&)(?:access_token|error|oauth_problem)=[^=]/.test(trimmed);
}

function doubledInForm(text: string): string | null {
  const names = [...new URLSearchParams(text).keys()];
  return names.find((name, at) => names.indexOf(name) !== at) ?? null;
}

/** A way in which JSON stands inside of something else. */
function inside(
  code: string,
  what: string,
  find: (text: string) => string | undefined,
): Pick<BodyQuirk, 'code' | 'severity' | 'source' | 'text' | 'mend'> {
  return {
    code,
    severity: 'medium',
    source: 'RFC 6749 section 5.1',
    text: () => `The answer should be a JSON object; it stands inside ${what}.`,
    mend: (body) => {
      const json = body.value === undefined || typeof body.value === 'string' ? find(body.text) : undefined;
      return json === undefined ? null : { subject: { ...body, json, value: parseJson(json) } };
    },
  };
}

/** How the body of an answer is written, in the order in which it is taken apart. */
export const bodyQuirks: readonly BodyQuirk[] = [
  {
    code: 'charset_other',
    severity: 'low',
    source: 'RFC 8259 section 8.1',
    text: (about) => `The answer is written in ${about}; JSON between systems must be UTF-8.`,
    mend: (body) => {
      const decoder = decoderOf(body);
      if (decoder === null) return null;
      return { subject: { ...body, text: decoder.decode(body.bytes) }, about: decoder.encoding };
    },
  },
  {
    code: 'charset_unknown',
    severity: 'low',
    source: 'RFC 8259 section 8.1',
    text: (about) => `The answer names a charset that there is not (${about}); it was read as UTF-8.`,
    mend: (body, context) => {
      const label = charsetOf(body.contentType);
      if (label === null || knownCharset(label) || body.text !== '') return null;
      const about = /^[\w.:-]{1,40}$/.test(label) ? shownWord(label, context) : 'of an odd name';
      return { subject: body, about };
    },
  },
  {
    code: 'byte_order_mark',
    severity: 'low',
    source: 'RFC 8259 section 8.1',
    text: () => 'The answer begins with a byte order mark, at which strict readers of JSON fail.',
    mend: (body) => {
      const { bytes } = body;
      const marked = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
      return marked && body.text === '' ? { subject: { ...body, bytes: bytes.subarray(3) } } : null;
    },
  },
];

/** Decodes what no quirk has, and reads it as the JSON that it should be. */
export function decoded(body: RawBody): RawBody {
  const text = body.text === '' ? new TextDecoder('utf-8').decode(body.bytes) : body.text;
  const value = parseJson(text);
  return { ...body, text, json: value === undefined ? null : text, value };
}

/** What stands in a body that is decoded. */
export const contentQuirks: readonly BodyQuirk[] = [
  inside('json_in_string', 'a JSON string', jsonInString),
  inside('json_in_callback', 'the call of a script function (JSONP)', jsonInCallback),
  {
    code: 'form_encoded',
    severity: 'medium',
    source: 'RFC 6749 section 5.1',
    text: () => 'The answer is form-encoded; it should be a JSON object.',
    mend: (body) =>
      body.value === undefined && looksLikeForm(body)
        ? { subject: { ...body, value: formMembers(body.text.trim()) } }
        : null,
  },
  inside('json_in_html', 'an HTML page', jsonInPage),
  {
    code: 'member_twice',
    severity: 'medium',
    source: 'RFC 8259 section 4',
    text: (about) =>
      `The member ${about} stands there twice; readers differ in which one counts. The last was used.`,
    mend: (body, context) => {
      const { json, text, value } = body;
      const ofForm = isObject(value) ? doubledInForm(text.trim()) : null;
      const name = json === null ? ofForm : duplicateMember(json);
      return name === null ? null : { subject: body, about: shownWord(name, context) };
    },
  },
  {
    code: 'answer_in_list',
    severity: 'medium',
    source: 'RFC 6749 section 5.1',
    text: () => 'The answer is a JSON list with one object in it; it should be the object itself.',
    mend: (body) => {
      const { value } = body;
      const only: unknown = Array.isArray(value) && value.length === 1 ? value[0] : undefined;
      return isObject(only) ? { subject: { ...body, value: only } } : null;
    },
  },
  {
    code: 'content_type_missing',
    severity: 'low',
    source: 'RFC 6749 section 5.1',
    text: () => 'The answer has no Content-Type; it should be application/json.',
    mend: (body) =>
      isObject(body.value) && (body.contentType ?? '').trim() === '' ? { subject: body } : null,
  },
  {
    code: 'content_type_wrong',
    severity: 'low',
    source: 'RFC 6749 section 5.1',
    text: (about) => `The answer is labelled ${about}; it should be application/json.`,
    mend: (body, context) => {
      const type = (body.contentType ?? '').split(';', 1)[0]?.trim() ?? '';
      if (!isObject(body.value) || type === '' || type.toLowerCase() === 'application/json') return null;
      // Of a form that is labelled as one it was said above.
      const isForm = formType.test(type) && body.json === null;
      const about = mediaType.test(type) ? shownWord(type, context) : 'as no type that there is';
      return isForm ? null : { subject: body, about };
    },
  },
];
