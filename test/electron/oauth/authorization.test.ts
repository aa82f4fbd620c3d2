import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { startAuthorization } from '../../../electron/oauth/authorization.ts';
import type { ResolvedProfile } from '../../../electron/oauth/resolved-profile.ts';
import { failureOf, testContext, testProfile } from '../../fixtures/oauth-profile.ts';

const redirectUri = 'http://127.0.0.1:4711/callback';

function profileWith(
  overrides: Partial<ResolvedProfile> = {},
  authorizationUrl = 'https://login.example/auth',
) {
  return testProfile({
    server: { issuer: '', authorizationUrl, tokenUrl: 'https://login.example/token' },
    ...overrides,
  });
}

async function query(profile: ResolvedProfile) {
  const pending = await startAuthorization(profile, redirectUri, testContext());
  return { pending, sent: new URL(pending.url).searchParams };
}

describe('startAuthorization', () => {
  it('sends every parameter, with PKCE S256 and a state', async () => {
    const { pending, sent } = await query(profileWith({ scope: ' orders:read\n orders:write ' }));
    expect(Object.fromEntries(sent)).toEqual({
      response_type: 'code',
      client_id: 'orders-app',
      redirect_uri: redirectUri,
      scope: 'orders:read orders:write',
      state: pending.state.reveal(),
      code_challenge: createHash('sha256')
        .update(pending.codeVerifier?.reveal() ?? '')
        .digest('base64url'),
      code_challenge_method: 'S256',
    });
    expect(pending.codeVerifier?.reveal()).toMatch(/^[\w-]{43,128}$/);
    expect(JSON.stringify(pending)).not.toContain(pending.codeVerifier?.reveal());
  });

  it('sends no scope when there is none, and a nonce only with openid', async () => {
    expect((await query(profileWith())).sent.has('scope')).toBe(false);
    expect((await query(profileWith({ scope: 'openid_like' }))).sent.has('nonce')).toBe(false);
    const { pending, sent } = await query(profileWith({ scope: 'profile openid' }));
    expect(sent.get('nonce')).toBe(pending.nonce?.reveal());
  });

  it('makes state, verifier and nonce anew each time', async () => {
    const all = await Promise.all(Array.from({ length: 50 }, () => query(profileWith({ scope: 'openid' }))));
    const values = all.flatMap(({ pending }) =>
      [pending.state, pending.codeVerifier, pending.nonce].map((s) => s?.reveal()),
    );
    expect(new Set(values).size).toBe(150);
  });

  it('keeps the parameters that the URL has, but for its own', async () => {
    const { sent } = await query(
      profileWith({}, 'https://login.example/auth?prompt=consent&access_type=offline&state=fixed'),
    );
    expect([sent.get('prompt'), sent.get('access_type')]).toEqual(['consent', 'offline']);
    expect(sent.getAll('state')).not.toContain('fixed');
  });

  it.each([
    [
      'no client id',
      profileWith({ client: { kind: 'none', id: '  ' } }),
      redirectUri,
      'profile_incomplete',
      'client.id',
    ],
    ['no redirect URI', profileWith(), '  ', 'profile_incomplete', 'grant.redirectUri'],
    ['a relative redirect URI', profileWith(), '/callback', 'url_invalid', 'grant.redirectUri'],
    ['a redirect URI with a fragment', profileWith(), `${redirectUri}#x`, 'url_invalid', 'grant.redirectUri'],
    [
      'an authorization URL that is a script',
      profileWith({}, 'javascript:1'),
      redirectUri,
      'url_invalid',
      'server.authorizationUrl',
    ],
    [
      'credentials in the URL',
      profileWith({}, 'https://u:p@h/'),
      redirectUri,
      'url_invalid',
      'server.authorizationUrl',
    ],
  ])('refuses %s', async (_, profile, redirect, code, field) => {
    const error = await failureOf(() => startAuthorization(profile, redirect, testContext()));
    expect([error.code, error.details?.field]).toEqual([code, field]);
  });

  it('survives hostile text in every field', async () => {
    const hostile = '"><script>&state=x#\u0000\r\n\ud800';
    const { sent } = await query(profileWith({ client: { kind: 'none', id: hostile }, scope: hostile }));
    expect(sent.getAll('state')).toHaveLength(1);
    expect(sent.get('client_id')).toContain('"><script>&state=x#');
  });
});
