import fc from 'fast-check';
import { expect } from 'vitest';
import { AppError } from '../../../../shared/errors.ts';
import { Secret } from '../../../../shared/secret.ts';

/** As many of everything; the same at every run, so that what a test finds can be found again. */
export const runs = { numRuns: 10_000, seed: 20_261_125 } as const;

/** What ten thousand may take, on a machine that has much else to do: they are seconds of work. */
export const patience = { timeout: 180_000 };

/** What one answer may take at most, in milliseconds: far more than it does on a slow machine, far less than a hang. */
const limitMs = 5_000;

/** Secrets that are sent, and every form in which a server may say them again. */
const sentTexts = ['Marker-one 1+/"ü', "<marker&two>\\%'()", 'marker3'];
export const sent = sentTexts.map((text) => new Secret(text));
export const echoes = sentTexts.flatMap((secret) => [
  secret,
  encodeURIComponent(secret),
  new URLSearchParams([['', secret]]).toString().slice(1),
  JSON.stringify(secret).slice(1, -1),
  encodeURIComponent(secret).replace(/%../g, (octet) => octet.toLowerCase()),
  secret.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;'),
]);

/** Every secret has "marker" in it: not even that part of one may stand in what is shown. */
export function expectNoSecret(shown: unknown): void {
  expect(JSON.stringify(shown)).not.toMatch(/marker/i);
}

/**
 * Does some work, in the time that it may take, and takes an AppError for its end; any other error fails the test, as
 * does a secret in it.
 */
export async function outcome<T>(work: () => T | Promise<T>): Promise<T | AppError> {
  const startedMs = performance.now();
  try {
    return await work();
  } catch (thrown) {
    if (!(thrown instanceof AppError)) throw thrown;
    const wire = thrown.toWire();
    expect(wire.code === 'internal' || wire.action === undefined).toBe(false);
    expectNoSecret(wire);
    return thrown;
  } finally {
    expect(performance.now() - startedMs).toBeLessThan(limitMs);
  }
}

const printable = 'x token ö 💥 " \\ <b> % %zz + & = . eyJhbGciOiJub25lIn0 __proto__ $& { } [ ] [secret]';
const pieces = [...printable.split(' '), ' ', '\r\n', '\u0000', '\u202e', '\ufeff', '\ud800', '\u2028'];

/** A text of hostile pieces, of those that are given, and of whatever else a text may hold. */
export function hostileText(extra: readonly string[] = echoes): fc.Arbitrary<string> {
  const piece = fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom(...pieces, ...extra) },
    { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 6 }) },
  );
  const text = fc.array(piece, { maxLength: 8 }).map((parts) => parts.join(''));
  return fc.oneof(
    { weight: 200, arbitrary: text },
    { weight: 1, arbitrary: text.map((one) => one.repeat(200)) },
  );
}

const numbers = fc.oneof(
  fc.constantFrom(0, -1, 1, 0.5, 300, 3600.7, 1_893_456_000, 1_893_456_000_000, 2 ** 53, 1e21, 1e308),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
);

/** Any JSON value, its texts hostile, at most so deep. */
export function hostileJson(depth = 3): fc.Arbitrary<unknown> {
  const leaf = fc.oneof(
    fc.constant(null),
    fc.boolean(),
    numbers,
    numbers.map(String),
    hostileText(),
    hostileText(),
  );
  if (depth === 0) return leaf;
  const inner = hostileJson(depth - 1);
  return fc.oneof(
    { weight: 6, arbitrary: leaf },
    { weight: 1, arbitrary: fc.array(inner, { maxLength: 4 }) },
    {
      weight: 2,
      arbitrary: fc.array(fc.tuple(hostileText(), inner), { maxLength: 4 }).map(Object.fromEntries),
    },
  );
}

/** An object whose members have these names, or any. */
export function hostileObject(names: readonly string[]): fc.Arbitrary<Record<string, unknown>> {
  const name = fc.oneof(
    { weight: 8, arbitrary: fc.constantFrom(...names) },
    { weight: 1, arbitrary: hostileText() },
  );
  return fc
    .array(fc.tuple(name, hostileJson(2)), { maxLength: 9 })
    .map((entries) => Object.fromEntries(entries));
}

/** The ways in which JSON may be written by a server that does not do so as it should. */
const writings: ((json: string, at: number) => string)[] = [
  ...Array.from({ length: 8 }, () => (json: string) => json),
  (json, at) => json.slice(0, at % (json.length + 1)),
  (json, at) => json.slice(0, at % json.length) + json.slice(at % json.length).replace(/[{}[\],:]/, ''),
  (json) => `\ufeff${json}`,
  (json) => ` \r\n${json}\n`,
  (json) => `callback( ${json} );`,
  (json) => `<html><body><pre>${json}</pre></body></html>`,
  (json) => `<p>${json.replaceAll('&', '&amp;').replaceAll('"', '&quot;')}</p>`,
  (json) => JSON.stringify(json),
  (json) => `[${json}]`,
  (json) => `{"data":${json}}`,
  (json) => json.replace('{', '{"access_token":"marker3","access_token":7,'),
  (json) => `${json}${json}`,
];

/** A JSON text of such a value, whole, damaged or wrapped. */
export function written(value: fc.Arbitrary<unknown>): fc.Arbitrary<string> {
  return fc
    .tuple(value, fc.constantFrom(...writings), fc.nat(10_000))
    .map(([json, write, at]) => write(JSON.stringify(json), at));
}

/** A form of hostile names and values. */
export function hostileForm(names: readonly string[], extra: readonly string[] = []): fc.Arbitrary<string> {
  const name = fc.oneof(fc.constantFrom(...names), hostileText());
  const value = fc.oneof(hostileText(), fc.constantFrom('', '1', ...extra));
  const encoded = fc.tuple(name, value).map(([key, text]) => new URLSearchParams([[key, text]]).toString());
  // A secret that is not encoded would be cut by its own & and lose its +: what is left of it nobody can know for one.
  const raw = fc.tuple(fc.constantFrom(...names), hostileText(echoes.map(encodeURIComponent)));
  const pair = fc.oneof(
    encoded,
    raw.map(([key, text]) => `${key}=${text}`),
  );
  return fc.array(pair, { maxLength: 7 }).map((pairs) => pairs.join('&'));
}

export const statuses = fc.constantFrom(
  ...[200, 200, 200, 200, 200, 200, 200, 201, 204, 302, 304, 400, 401, 403, 404, 408, 429, 500, 503, 599],
);

const headerValue = fc.oneof(
  fc.constantFrom(
    ...['', 'x', '-1', '7', '9'.repeat(400), 'marker3', 'no-store', 'text/html', 'application/json'],
    ...['Tue, 01 Jan 2030 00:00:07 GMT', 'Tue, 01 Jan 99999 00:00:00 GMT', 'Tue Jan  1 00:00:00 1970'],
    ...[
      'application/x-www-form-urlencoded',
      'text/plain; charset=utf-16le',
      'application/json; charset=marker3',
    ],
  ),
  fc.string({ unit: 'grapheme-ascii', maxLength: 30 }),
);

/** Headers of an answer, each there or not. */
export const headers: fc.Arbitrary<Record<string, string>> = fc.record(
  {
    date: headerValue,
    'retry-after': headerValue,
    'content-type': headerValue,
    'cache-control': headerValue,
  },
  { requiredKeys: [] },
);
