import { describe, expect, it } from 'vitest';
import type { PendingAuthorization } from '../../../electron/oauth/authorization.ts';
import type { ClientExchange } from '../../../electron/oauth/client-request.ts';
import { isLogoutReturn } from '../../../electron/oauth/end-session.ts';
import { readIntrospection } from '../../../electron/oauth/introspection.ts';
import { readRedirect } from '../../../electron/oauth/redirect.ts';
import { readTokenResponse } from '../../../electron/oauth/token-response.ts';
import { AppError } from '../../../shared/errors.ts';
import { introspectionSchema, redactedAnswerSchema } from '../../../shared/model/token.ts';
import { Secret } from '../../../shared/secret.ts';
import { createRandom, damaged, type Random, randomJson, randomText } from './random.ts';

const rounds = 10_000;
/** Each answer has secrets of its own, whose every disguise is looked for: that takes its time. */
const answerRounds = 2_500;
const nowMs = Date.UTC(2030, 0, 1);
const tokenUrl = 'https://login.example/token';

/** Secrets that are sent, and every form in which a server may say them again. */
const sent = ['Marker-one 1+/"ü', "<marker&two>\\%'()", 'marker3'];
const echoes = sent.flatMap((secret) => [
  secret,
  encodeURIComponent(secret),
  new URLSearchParams([['', secret]]).toString().slice(1),
  JSON.stringify(secret).slice(1, -1),
  encodeURIComponent(secret).replace(/%../g, (octet) => octet.toLowerCase()),
  secret.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;'),
]);

/** Every secret has "marker" in it: not even that part of one may stand in what is shown. */
function expectNoSecret(shown: unknown): void {
  expect(JSON.stringify(shown)).not.toMatch(/marker/i);
}

/** Does some work, and takes an AppError for its end; any other fails the test, as does a secret in it. */
async function outcome<T>(work: () => T | Promise<T>): Promise<T | AppError> {
  try {
    return await work();
  } catch (thrown) {
    if (!(thrown instanceof AppError)) throw thrown;
    const wire = thrown.toWire();
    expect(wire.code === 'internal' || wire.action === undefined).toBe(false);
    expectNoSecret(wire);
    return thrown;
  }
}

const members = [
  'access_token access_token token_type expires_in refresh_token refresh_expires_in refresh_token_expires_in id_token',
  'scope error error_description message active active exp aud token __proto__ constructor 1',
].flatMap((names) => names.split(' '));

function randomObject(random: Random): Record<string, unknown> {
  const entries = Array.from({ length: random.below(9) }, () => {
    const name = random.once(8) ? randomText(random, echoes) : random.pick(members);
    return [name, randomJson(random, echoes)] as const;
  });
  return Object.fromEntries(entries);
}

function randomBody(random: Random): string {
  // Half of them begin well, so that what comes after the first check is reached.
  const good = random.pick<object>([
    {},
    { access_token: 'at-4711', token_type: 'Bearer' },
    { access_token: 'eyJhbGciOiJub25lIn0.eyJleHAiOjE4OTM0NTY2MDB9.x' },
    { active: random.once(2) },
  ]);
  const value = random.once(12) ? randomJson(random, echoes) : { ...randomObject(random), ...good };
  return damaged(random, JSON.stringify(value));
}

const statuses = [
  200, 200, 200, 200, 200, 200, 200, 201, 204, 302, 304, 400, 401, 403, 404, 408, 429, 500, 503, 599,
];
const headerValues = [
  '',
  'x',
  '-1',
  '7',
  '9'.repeat(400),
  'marker3',
  'Tue, 01 Jan 2030 00:00:07 GMT',
  'Tue, 01 Jan 99999 00:00:00 GMT',
  'Tue Jan  1 00:00:00 1970',
  'text/html',
  'application/json',
  'application/x-www-form-urlencoded',
];

function randomExchange(random: Random, endpoint: 'tokenUrl' | 'introspectionUrl'): ClientExchange {
  const status = random.pick(statuses);
  const names = ['date', 'retry-after', 'content-type'].filter(() => !random.once(3));
  const body = status === 204 || status === 304 ? null : randomBody(random);
  return {
    asked: { endpoint, url: tokenUrl, grantType: 'password' },
    response: new Response(body, { status, headers: names.map((name) => [name, random.pick(headerValues)]) }),
    server: {
      issuer: null,
      authorizationUrl: '',
      tokenUrl,
      revocationUrl: '',
      introspectionUrl: '',
      endSessionUrl: '',
      deviceAuthorizationUrl: '',
      pushedAuthorizationUrl: '',
      backchannelAuthenticationUrl: '',
      jwksUrl: '',
      mtlsUrls: {},
      announcesIssuer: false,
      idTokenAlgorithms: null,
    },
    clientId: 'app',
    secrets: sent.map((secret) => new Secret(secret)),
    sentAtMs: nowMs - random.below(9_000),
    receivedAtMs: nowMs,
  };
}

describe('2,500 answers at random, for each reader', () => {
  it('give tokens that can be used, or an AppError, and never a secret', async () => {
    const random = createRandom(1);
    let tokens = 0;
    for (let round = 0; round < answerRounds; round += 1) {
      const nonce = random.once(4) ? new Secret('marker3') : null;
      const answer = await outcome(() => readTokenResponse(randomExchange(random, 'tokenUrl'), nonce));
      if (answer instanceof AppError) continue;
      tokens += 1;
      expect(answer.accessToken.reveal()).toMatch(/^[\x20-\x7e]+$/);
      const times = [answer.accessExpiresAtMs, answer.refreshExpiresAtMs, answer.clockAheadMs];
      expect(times.every((atMs) => atMs === null || Number.isFinite(atMs))).toBe(true);
      redactedAnswerSchema.parse(answer.redacted);
      expect(answer.redacted.fields.length).toBeLessThanOrEqual(40);
      expectNoSecret(answer.redacted);
      expect(JSON.stringify(answer.redacted)).not.toMatch(/at-4711|eyJleHAi/);
    }
    expect(tokens).toBeGreaterThan(100);
    expect(tokens).toBeLessThan(answerRounds - 125);
  });

  it('give an introspection, or an AppError, and never a secret', async () => {
    const random = createRandom(2);
    let told = 0;
    for (let round = 0; round < answerRounds; round += 1) {
      const exchange = randomExchange(random, 'introspectionUrl');
      const answer = await outcome(() => readIntrospection(exchange, 'access_token'));
      if (answer instanceof AppError) continue;
      told += 1;
      introspectionSchema.parse(answer);
      expectNoSecret(answer);
      const cut = answer.claims.map(({ name, value }) => [Array.from(name).length, Array.from(value).length]);
      expect(cut.every(([name = 0, value = 0]) => name <= 81 && value <= 301)).toBe(true);
      const all = answer.claims.map(({ name, value }) => name + value).join('');
      expect(all).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}]/u);
    }
    expect(told).toBeGreaterThan(100);
    expect(told).toBeLessThan(answerRounds - 125);
  });
});

describe('10,000 redirects at random', () => {
  const redirectUri = 'https://app.example/callback?own=1';
  const pending: PendingAuthorization = {
    url: 'https://login.example/auth?state=marker3',
    redirectUri,
    state: new Secret('marker3'),
    responseType: 'code',
    responseMode: 'default',
    codeVerifier: new Secret("<marker&two>\\%'()"),
    nonce: new Secret('Marker-one 1+/"ü'),
    issuer: 'https://login.example',
    announcesIssuer: true,
  };
  const wellFormed = ['code=c1', 'state=marker3', 'iss=https://login.example', 'x=y'];
  const parts = [
    ...wellFormed,
    ...'code= state= state=x iss=x error= error_description= own=1 & & & # ?'.split(' '),
    ...echoes.map(encodeURIComponent),
  ];
  const starts = [
    redirectUri,
    `${redirectUri}&`,
    'https://app.example/callback?',
    'https://app.example\\',
    'com.example:/x',
    '',
  ];

  function randomUrl(random: Random): string {
    if (random.once(3)) {
      return [redirectUri, ...Array.from({ length: 5 }, () => random.pick(wellFormed))].join('&');
    }
    return `${random.pick(starts)}${randomText(random, parts)}${randomText(random, parts)}`;
  }

  it('give a code, or an AppError without a secret', async () => {
    const random = createRandom(3);
    let codes = 0;
    for (let round = 0; round < rounds; round += 1) {
      const url = randomUrl(random);
      const formBody = random.once(2) ? null : randomText(random, parts);
      const code = await outcome(() => readRedirect({ url, formBody }, pending));
      if (code instanceof AppError) continue;
      codes += 1;
      expect(new URL(url).searchParams.getAll('state').length).toBeLessThanOrEqual(1);
    }
    expect(codes).toBeGreaterThan(50);
  });

  it('are the return from a logout or not, and never a failure', () => {
    const random = createRandom(4);
    const logout = { postLogoutRedirectUri: redirectUri, state: new Secret('marker3') };
    let returns = 0;
    for (let round = 0; round < rounds; round += 1) {
      const url = randomUrl(random);
      if (!isLogoutReturn(url, logout)) continue;
      returns += 1;
      expect(new URL(url).href.startsWith('https://app.example/callback?')).toBe(true);
      expect(
        new URL(url).searchParams.getAll('state').every((state) => ['marker3', ''].includes(state)),
      ).toBe(true);
    }
    expect(returns).toBeGreaterThan(50);
    const uris = Array.from({ length: 500 }, () => randomUrl(random));
    for (const postLogoutRedirectUri of uris)
      isLogoutReturn(postLogoutRedirectUri, { ...logout, postLogoutRedirectUri });
  });
});
