import { describe, expect, it } from 'vitest';
import type { PendingAuthorization } from '../../../electron/oauth/authorization.ts';
import { readRedirect } from '../../../electron/oauth/redirect.ts';
import { Secret } from '../../../shared/secret.ts';
import { failureOf } from '../../fixtures/oauth-profile.ts';

const redirectUri = 'https://app.example/callback';

function pendingWith(overrides: Partial<PendingAuthorization> = {}): PendingAuthorization {
  return {
    url: 'https://login.example/auth?state=good-state',
    redirectUri,
    state: new Secret('good-state'),
    responseType: 'code',
    responseMode: 'default',
    codeVerifier: new Secret('verifier-marker'),
    dpopKey: null,
    nonce: null,
    issuer: 'https://login.example',
    announcesIssuer: false,
    ...overrides,
  };
}

function read(
  rest: string,
  overrides: Partial<PendingAuthorization> = {},
  formBody: string | null = null,
): string {
  const pending = pendingWith(overrides);
  return readRedirect({ url: `${pending.redirectUri}${rest}`, formBody }, pending).code?.reveal() ?? '';
}

describe('readRedirect', () => {
  it.each([
    ['the query', '?code=c1&state=good-state', null],
    ['the fragment', '#code=c1&state=good-state', null],
    ['a form_post body', '', 'code=c1&state=good-state'],
    [
      'a query among others',
      '?session_code=no&session_state=no&code=c1&xcode=no&state=good-state&scope=a&scope=b#_=_',
      null,
    ],
    ['a query with empty parameters', '?error=&iss=&code=c1&state=good-state', null],
  ])('reads the code from %s', (_, rest, body) => {
    expect(read(rest, {}, body)).toBe('c1');
  });

  it("does not take the redirect URI's own parameters for the server's", () => {
    const own = { redirectUri: `${redirectUri}?code=own&state=own` };
    expect(read('&code=c1&state=good-state', own)).toBe('c1');
  });

  it('accepts a code with any characters', () => {
    expect(read(`?code=${encodeURIComponent('4/0Ab+ü%&=')}&state=good-state`)).toBe('4/0Ab+ü%&=');
  });

  it.each([
    ['another state', '?code=c1&state=bad', 'redirect_state_mismatch'],
    ['a longer state', '?code=c1&state=good-statex', 'redirect_state_mismatch'],
    ['no state', '?code=c1', 'redirect_state_mismatch'],
    ['an empty state', '?code=c1&state=', 'redirect_state_mismatch'],
    ['an error with another state', '?error=access_denied&state=bad', 'redirect_state_mismatch'],
    ['another issuer', '?code=c1&state=good-state&iss=https://evil.example', 'redirect_issuer_mismatch'],
    ['no code', '?state=good-state', 'redirect_invalid'],
    ['only another code', '?session_code=x&state=good-state', 'redirect_invalid'],
    ['two codes', '?code=c1&code=c2&state=good-state', 'redirect_invalid'],
    [
      'one code in the query and one in the fragment',
      '?code=c1&state=good-state#code=c2',
      'redirect_invalid',
    ],
    ['two states', '?code=c1&state=good-state&state=good-state', 'redirect_invalid'],
    ['a token in place of a code', '#access_token=t&state=good-state', 'redirect_invalid'],
  ])('refuses %s', async (_, rest, code) => {
    const error = await failureOf(() => read(rest));
    expect(error.code).toBe(code);
    expect(error.action).toBeTruthy();
    expect(error.message).not.toMatch(/c1|good-state/);
  });

  it('refuses a capture that is not at the redirect URI, or no URL', async () => {
    for (const url of ['https://app.example/other?code=c1&state=good-state', 'nonsense']) {
      const error = await failureOf(() => readRedirect({ url, formBody: null }, pendingWith()));
      expect(error.code).toBe('redirect_invalid');
    }
  });

  it('checks the issuer where it is sent or announced, and known', async () => {
    expect(read('?code=c1&state=good-state&iss=https://login.example')).toBe('c1');
    expect(read('?code=c1&state=good-state&iss=https://login.example/')).toBe('c1');
    expect(read('?code=c1&state=good-state&iss=https://any.example', { issuer: null })).toBe('c1');
    const error = await failureOf(() => read('?code=c1&state=good-state', { announcesIssuer: true }));
    expect([error.code, error.message]).toEqual([
      'redirect_issuer_mismatch',
      expect.stringContaining('https://login.example'),
    ]);
  });

  it("ends with the server's words when access is denied", async () => {
    const error = await failureOf(() =>
      read('?error=access_denied&error_description=User+said+no&state=good-state'),
    );
    expect(error.code).toBe('consent_denied');
    expect(error.message).toBe('login.example says that access was denied. It says: User said no');
    expect(error.server).toEqual({ error: 'access_denied', errorDescription: 'User said no' });
  });

  it.each(['invalid_scope', 'login_required', 'made_up', 'toString', '__proto__'])(
    'ends with the error %s',
    async (name) => {
      const error = await failureOf(() => read(`?error=${name}&state=good-state`));
      expect([error.code, error.server?.error]).toEqual(['consent_denied', name]);
      expect(error.message).toBe(`login.example ended the consent with the error ${name}.`);
      expect(typeof error.action).toBe('string');
    },
  );

  it('says what can be done where prompt=none asked for what cannot be', async () => {
    const error = await failureOf(() => read('?error=login_required&state=good-state'));
    expect(error.action).toContain('prompt=none');
  });

  it('takes an error without state or issuer, as some servers send it', async () => {
    const error = await failureOf(() => read('#error=server_error', { announcesIssuer: true }));
    expect([error.code, error.server?.error]).toEqual(['consent_denied', 'server_error']);
  });

  it('makes hostile words fit to show', async () => {
    const words = encodeURIComponent(`a\u0000b\u202ec\r\nverifier-marker ${'x'.repeat(9_000)}`);
    const error = await failureOf(() => read(`?error=e%0d%0ax&error_description=${words}&state=good-state`));
    expect(error.server?.error).toBe('e x');
    expect(error.server?.errorDescription).toMatch(/^a b c \[secret\] x+…$/);
    expect(error.server?.errorDescription?.length).toBeLessThan(510);
  });
});
