import type { SeenRequest } from '../../fixtures/web-server.ts';

/** HTML in which a text stands as text. */
export function escaped(text: string): string {
  const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
  return text.replace(/[&<>"]/g, (character) => entities[character] ?? character);
}

const formEncoded = (text: string) => new URLSearchParams([['', text]]).toString().slice(1);
const lowerCase = (encoded: string) => encoded.replace(/%[\dA-F]{2}/g, (octet) => octet.toLowerCase());

/** The ways in which a server repeats what it was sent. */
const writings: ((text: string) => string)[] = [
  (text) => text,
  encodeURIComponent,
  (text) => lowerCase(encodeURIComponent(text)),
  formEncoded,
  (text) => JSON.stringify(text),
  escaped,
  (text) => Buffer.from(text).toString('base64'),
  (text) => Buffer.from(text).toString('base64url'),
];

/** How many echoes in a row it takes until each way has had its turn. */
export const echoWritings = writings.length;

/** The client id and secret in Basic credentials, decoded (RFC 6749 section 2.3.1). */
function basicParts(authorization: string): string[] {
  const encoded = /^Basic (.*)$/.exec(authorization)?.[1];
  if (encoded === undefined) return [];
  const text = Buffer.from(encoded, 'base64').toString();
  return text.split(':').map((part) => new URLSearchParams(`=${part.replaceAll('&', '%26')}`).get('') ?? '');
}

/** All that a request carried and could be somebody's secret: parameters, credentials, cookies. */
export function sentIn({ path, form, headers }: SeenRequest): string[] {
  const query = [...new URL(path, 'http://server').searchParams.values()];
  const { authorization = '', cookie = '', dpop = '' } = headers;
  const cookies = cookie.split('; ').map((pair) => pair.slice(pair.indexOf('=') + 1));
  const whole = form.size === 0 ? [] : [form.toString()];
  return [
    ...query,
    ...form.values(),
    ...whole,
    authorization,
    ...basicParts(authorization),
    ...cookies,
    String(dpop),
  ];
}

/** Makes the function that repeats texts, each time in another writing. */
export function createEcho(): (texts: readonly string[]) => string {
  let turn = 0;
  return (texts) => {
    const write = writings[turn % writings.length] ?? String;
    turn += 1;
    return [...new Set(texts)]
      .filter((text) => text !== '')
      .map(write)
      .join(' ');
  };
}
