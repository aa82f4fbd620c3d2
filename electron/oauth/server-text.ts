import type { Secret } from '../../shared/secret.ts';

const unprintable = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\s]+/gu;

const htmlEntities: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Form-encoded, and the laxer ways of percent-encoding: as a component, and in a path; each in either case. */
function encoded(text: string): string[] {
  const form = new URLSearchParams([['', text]]).toString().slice(1);
  const percent = form.replaceAll('+', '%20');
  const component = percent.replace(/%(?:21|27|28|29|7E)/g, decodeURIComponent);
  const path = percent.replace(/%(?:21|24|26|27|28|29|2B|2C|2F|3A|3B|3D|40|7E)/g, decodeURIComponent);
  const all = [form, percent, component, path];
  return [...all, ...all.map((one) => one.replace(/%[\dA-F]{2}/g, (octet) => octet.toLowerCase()))];
}

/** With entities for the characters that must, should or may be written so. */
function inHtml(text: string): string[] {
  return [/[&<>]/g, /[&<>"]/g, /[&<>"']/g].map((written) =>
    text.replace(written, (character) => htmlEntities[character] ?? character),
  );
}

/** The ways in which a server may write what it was sent, or write again what was written already. */
function written(text: string): string[] {
  return [JSON.stringify(text).slice(1, -1), ...encoded(text), ...inHtml(text)];
}

/** Fewer characters of base64 than this are found by chance, in texts that hold nothing secret. */
const leastBase64 = 8;

/** A text in base64 wherever in the encoded bytes it begins, without the characters that it shares with what is beside it. */
function inBase64(text: string): string[] {
  return [0, 1, 2].flatMap((before) => {
    const bytes = Buffer.from(`${'x'.repeat(before)}${text}`);
    const own = bytes
      .toString('base64')
      .slice(Math.ceil((before * 8) / 6), Math.floor((bytes.length * 8) / 6));
    return own.length < leastBase64 ? [] : [own, own.replaceAll('+', '-').replaceAll('/', '_')];
  });
}

/** Each text once, the shortest first, and none of blanks alone. */
function sorted(texts: readonly string[]): string[] {
  return [...new Set(texts)].filter((text) => text.trim() !== '').sort((a, b) => a.length - b.length);
}

/** No token that goes into a header is longer: one that is gets looked for as it is, for every form takes its time. */
const longestCommon = 16_384;

/** Everything that a secret can look like in what a server says: written up to twice, or in base64. */
function disguisesOf(value: string): string[] {
  // The blank form stands in a text whose control characters have already become blanks.
  const blanked = value.replace(unprintable, ' ').trim();
  const decoded = new URLSearchParams(`=${value.replaceAll('&', '%26')}`).get('') ?? '';
  const plain = [value, blanked, decoded];
  if (value.length > longestCommon) return sorted(plain);
  const once = [...new Set([...plain, ...written(value)])];
  return sorted([...once, ...once.flatMap(written), ...once.flatMap(inBase64)]);
}

/** An answer is made fit to show in many pieces, each against the same secrets. */
const known = new WeakMap<Secret, string[]>();

/** Every text by which a secret is to be recognised in what others say, the shortest first. */
export function disguises(secret: Secret): string[] {
  const found = known.get(secret) ?? disguisesOf(secret.reveal());
  known.set(secret, found);
  return found;
}

const placeholder = '[secret]';

/** The disguises of a secret that stand in a text; those that are longer than it are not looked for. */
function* disguisesIn(text: string, secret: Secret): Generator<string> {
  for (const disguise of disguises(secret)) {
    if (disguise.length > text.length) return;
    if (text.includes(disguise)) yield disguise;
  }
}

function mark(marks: Uint8Array, text: string, part: string, value: 0 | 1): void {
  for (let at = text.indexOf(part); at !== -1; at = text.indexOf(part, at + part.length)) {
    marks.fill(value, at, at + part.length);
  }
}

/**
 * Replaces each of the secrets in a text, however it is encoded there, by `[secret]`. All are looked for before any is
 * replaced, so that neither secrets that overlap nor one that is a part of the word "secret" can do harm.
 */
export function redact(text: string, secrets: readonly Secret[]): string {
  const held = secrets.flatMap((secret) => [...disguisesIn(text, secret)]);
  if (held.length === 0) return text;
  const secretAt = new Uint8Array(text.length);
  for (const disguise of held) mark(secretAt, text, disguise, 1);
  // What was redacted before stays as it is.
  mark(secretAt, text, placeholder, 0);
  let safe = '';
  for (let at = 0, end = 0; at < text.length; at = end) {
    const isSecret = secretAt[at] === 1;
    end = secretAt.indexOf(isSecret ? 0 : 1, at);
    if (end === -1) end = text.length;
    safe += isSecret ? placeholder : text.slice(at, end);
  }
  return safe;
}

/**
 * Makes a server's own words fit to show: no control, direction or invisible characters, none of the secrets that
 * this request sent (a server may echo them), at most `limit` characters (default 500).
 */
export function serverText(text: string, secrets: readonly Secret[] = [], limit = 500): string {
  const printable = redact(text, secrets).replace(unprintable, ' ').trim();
  const characters = Array.from(redact(printable, secrets));
  return characters.length > limit ? `${characters.slice(0, limit).join('')}…` : characters.join('');
}
