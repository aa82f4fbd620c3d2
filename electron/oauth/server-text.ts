import type { Secret } from '../../shared/secret.ts';

const unprintable = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\s]+/gu;

/** The ways in which a server may echo a secret: as it is, on one line, form- or percent-encoded, in JSON. */
function disguises(secret: Secret): string[] {
  const value = secret.reveal();
  const formEncoded = new URLSearchParams([['', value]]).toString().slice(1);
  // The blank form stands in a text whose control characters have already become blanks.
  const blanked = value.replace(unprintable, ' ').trim();
  const percentEncoded = formEncoded.replaceAll('+', '%20');
  const all = [value, blanked, formEncoded, percentEncoded, JSON.stringify(value).slice(1, -1)];
  return all.filter((text) => text !== '');
}

/** Replaces each of the secrets in a text, however it is encoded there, by `[secret]`. */
export function redact(text: string, secrets: readonly Secret[]): string {
  const longestFirst = secrets.flatMap(disguises).sort((a, b) => b.length - a.length);
  return longestFirst.reduce((safe, disguise) => safe.replaceAll(disguise, '[secret]'), text);
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
