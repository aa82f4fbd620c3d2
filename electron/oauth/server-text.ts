import type { Secret } from '../../shared/secret.ts';

const unprintable = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\s]+/gu;

const htmlEntities: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function lowerCaseOctets(encoded: string): string {
  return encoded.replace(/%[\dA-F]{2}/g, (octet) => octet.toLowerCase());
}

/**
 * The ways in which a server may echo a secret: as it is, on one line, form- or percent-encoded, or decoded once more,
 * in JSON, in HTML.
 */
function disguisesOf(value: string): string[] {
  // The blank form stands in a text whose control characters have already become blanks.
  const blanked = value.replace(unprintable, ' ').trim();
  const formEncoded = new URLSearchParams([['', value]]).toString().slice(1);
  const formDecoded = new URLSearchParams(`=${value.replaceAll('&', '%26')}`).get('') ?? '';
  // Form encoding is the stricter: these characters stand as they are in a percent-encoded text.
  const percentEncoded = formEncoded.replaceAll('+', '%20');
  const asComponent = percentEncoded.replace(/%(?:21|27|28|29|7E)/g, decodeURIComponent);
  const encoded = [formEncoded, percentEncoded, asComponent];
  const inJson = JSON.stringify(value).slice(1, -1);
  const inHtml = value.replace(/[&<>"']/g, (character) => htmlEntities[character] ?? character);
  const others = [value, blanked, formDecoded, inJson, inHtml, inHtml.replaceAll('&#39;', "'")];
  const all = new Set([...others, ...encoded, ...encoded.map(lowerCaseOctets)]);
  return [...all].filter((text) => text.trim() !== '');
}

/** An answer is made fit to show in many pieces, each against the same secrets. */
const known = new WeakMap<Secret, string[]>();

function disguises(secret: Secret): string[] {
  const found = known.get(secret) ?? disguisesOf(secret.reveal());
  known.set(secret, found);
  return found;
}

const placeholder = '[secret]';

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
  const secretAt = new Uint8Array(text.length);
  for (const disguise of secrets.flatMap(disguises)) mark(secretAt, text, disguise, 1);
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
