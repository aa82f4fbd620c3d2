import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PendingAuthorization } from '../../../../electron/oauth/authorization.ts';
import { isLogoutReturn } from '../../../../electron/oauth/end-session.ts';
import { isRedirect, isRefusal, readRedirect } from '../../../../electron/oauth/redirect.ts';
import { AppError } from '../../../../shared/errors.ts';
import { Secret } from '../../../../shared/secret.ts';
import { echoes, hostileForm, hostileText, outcome, patience, runs } from './arbitrary.ts';

const redirectUri = 'https://app.example/callback?own=1';
const pending: PendingAuthorization = {
  url: 'https://login.example/auth?state=marker3',
  redirectUri,
  responseType: 'code',
  responseMode: 'default',
  state: new Secret('marker3'),
  codeVerifier: new Secret("<marker&two>\\%'()"),
  dpopKey: null,
  nonce: new Secret('Marker-one 1+/"ü'),
  issuer: 'https://login.example',
  announcesIssuer: true,
};

const names = [
  ...['code', 'state', 'iss', 'error', 'error_description', 'access_token', 'token_type', 'expires_in'],
  ...['scope', 'id_token', 'session_code', 'own', 'response'],
];
const wellFormed = fc.constantFrom(
  ...[
    'code=c1',
    'code=c1',
    'state=marker3',
    'state=marker3',
    'iss=https://login.example',
    'access_token=t1',
    'x=y',
  ],
  ...['id_token=a.b.c', 'token_type=bearer', 'error=access_denied', 'error_description=marker3'],
);
/** What an honest server sends, and a little more or less. */
const honest = ['state=marker3', 'iss=https://login.example', 'code=c1', 'access_token=t1', 'id_token=a.b.c'];
const parameters = fc.oneof(
  { weight: 2, arbitrary: fc.subarray(honest, { minLength: 3 }).map((all) => all.join('&')) },
  { weight: 2, arbitrary: fc.array(wellFormed, { maxLength: 5 }).map((all) => all.join('&')) },
  { weight: 1, arbitrary: hostileForm(names, ['marker3', 'https://login.example']) },
);
const starts = fc.constantFrom(
  ...[`${redirectUri}&`, `${redirectUri}&`, `${redirectUri}&`, `${redirectUri}#`, redirectUri],
  ...['https://app.example/callback?', 'https://app.example\\', 'com.example:/x', 'about:blank', ''],
);
const urls = fc.oneof(
  { weight: 6, arbitrary: fc.tuple(starts, parameters).map((parts) => parts.join('')) },
  {
    weight: 1,
    arbitrary: fc.tuple(starts, parameters, parameters).map(([start, a, b]) => `${start}${a}#${b}`),
  },
  { weight: 1, arbitrary: hostileText(echoes.map(encodeURIComponent)) },
);
const bodies = fc.option(parameters, { freq: 2 });
const types = fc.constantFrom('code', 'code id_token', 'code token', 'token', 'id_token', 'id_token token');

describe('any redirect', patience, () => {
  it('is an answer with what was asked for alone, or an AppError, and tells no secret', async () => {
    let answers = 0;
    await fc.assert(
      fc.asyncProperty(urls, bodies, types, async (url, formBody, responseType) => {
        const capture = { url, formBody };
        const asked = { ...pending, responseType } as PendingAuthorization;
        const answer = await outcome(() => readRedirect(capture, asked));
        if (answer instanceof AppError) return;
        answers += 1;
        expect(isRedirect(url, redirectUri)).toBe(true);
        const parts = responseType.split(' ');
        expect(answer.code === null || parts.includes('code')).toBe(true);
        expect(answer.token === null || parts.includes('token')).toBe(true);
        expect(answer.idToken === null || parts.includes('id_token')).toBe(true);
        const { search, hash } = new URL(url);
        const sentStates = [search, hash.slice(1), formBody ?? ''].flatMap((text) =>
          new URLSearchParams(text).getAll('state').filter((state) => state !== ''),
        );
        expect(sentStates).toEqual(['marker3']);
      }),
      runs,
    );
    expect(answers).toBeGreaterThan(runs.numRuns / 200);
  });

  it('is a refusal or not, wherever it goes', () => {
    fc.assert(
      fc.property(urls, bodies, (url, formBody) => {
        if (isRedirect(url, redirectUri))
          expect(typeof isRefusal({ url, formBody }, redirectUri)).toBe('boolean');
      }),
      runs,
    );
  });

  it('is the return from a logout or not, and never a failure', () => {
    const logout = { postLogoutRedirectUri: redirectUri, state: new Secret('marker3') };
    let returns = 0;
    fc.assert(
      fc.property(urls, urls, (url, other) => {
        isLogoutReturn(url, { ...logout, postLogoutRedirectUri: other });
        if (!isLogoutReturn(url, logout)) return;
        returns += 1;
        expect(new URL(url).href.startsWith('https://app.example/callback?')).toBe(true);
        const states = new URL(url).searchParams.getAll('state');
        expect(states.every((state) => ['marker3', ''].includes(state))).toBe(true);
      }),
      runs,
    );
    expect(returns).toBeGreaterThan(runs.numRuns / 200);
  });
});
