import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { startAuthorization } from '../../../electron/oauth/authorization.ts';
import { dpopThumbprint } from '../../../electron/oauth/dpop.ts';
import type { ResolvedProfile } from '../../../electron/oauth/resolved-profile.ts';
import { Secret } from '../../../shared/secret.ts';
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

function redirected(
  kind: 'implicit' | 'authorization_code',
  responseType: string,
  responseMode: string,
): ResolvedProfile['grant'] {
  return { ...testProfile().grant, kind, responseType, responseMode } as ResolvedProfile['grant'];
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

  it('sends PKCE as the grant says', async () => {
    const grant = testProfile().grant as Extract<ResolvedProfile['grant'], { kind: 'authorization_code' }>;
    const plain = await query(profileWith({ grant: { ...grant, pkce: 'plain' } }));
    expect(plain.sent.get('code_challenge_method')).toBe('plain');
    expect(plain.sent.get('code_challenge')).toBe(plain.pending.codeVerifier?.reveal());
    const none = await query(profileWith({ grant: { ...grant, pkce: 'none' } }));
    expect([...none.sent.keys()].filter((name) => name.startsWith('code_'))).toEqual([]);
    expect(none.pending.codeVerifier).toBeNull();
  });

  it.each<[ResolvedProfile['grant'], string, string | null, boolean, boolean]>([
    [redirected('implicit', 'token', 'default'), 'token', null, false, false],
    [redirected('implicit', 'id_token', 'form_post'), 'id_token', 'form_post', false, true],
    [redirected('implicit', 'id_token token', 'fragment'), 'id_token token', 'fragment', false, true],
    [redirected('authorization_code', 'code', 'query'), 'code', 'query', true, false],
    [redirected('authorization_code', 'code id_token', 'default'), 'code id_token', null, true, true],
    [redirected('authorization_code', 'code token', 'form_post'), 'code token', 'form_post', true, false],
  ])('asks for what the grant %o says', async (grant, type, mode, pkce, nonce) => {
    const { pending, sent } = await query(profileWith({ grant }));
    expect([sent.get('response_type'), sent.get('response_mode')]).toEqual([type, mode]);
    expect([sent.has('code_challenge'), sent.has('nonce')]).toEqual([pkce, nonce]);
    expect([pending.responseType, pending.responseMode]).toEqual([type, mode ?? 'default']);
    expect(pending.nonce?.reveal() ?? null).toBe(sent.get('nonce'));
  });

  it('wants no Token URL for the implicit grant', async () => {
    const server = { ...testProfile().server, authorizationUrl: 'https://login.example/auth' };
    const grant = redirected('implicit', 'token', 'default');
    expect((await query(testProfile({ server, grant }))).sent.get('response_type')).toBe('token');
    const error = await failureOf(() => query(testProfile({ server })));
    expect(error.details?.field).toBe('server.tokenUrl');
  });

  it("sends the profile's parameters in the query wherever they stand, as Google's refresh token needs them", async () => {
    const to = ['authorization'] as const;
    const parameters = [
      { name: 'access_type', value: 'offline', in: 'body', to: [...to] },
      { name: 'prompt', value: 'consent', in: 'query', to: [...to] },
      { name: 'login_hint', value: 'ada&bob=1', in: 'header', to: [...to, 'token'] },
      { name: 'resource', value: 'https://a.example/', in: 'query', to: [...to] },
      { name: 'resource', value: 'https://b.example/', in: 'query', to: [...to] },
      { name: 'audience', value: 'elsewhere', in: 'body', to: ['token'] },
    ] satisfies ResolvedProfile['parameters'];
    const { sent } = await query(profileWith({ parameters }));
    expect([sent.get('access_type'), sent.get('prompt'), sent.get('login_hint')]).toEqual([
      'offline',
      'consent',
      'ada&bob=1',
    ]);
    expect(sent.getAll('resource')).toEqual(['https://a.example/', 'https://b.example/']);
    expect(sent.has('audience')).toBe(false);
  });

  it("takes the person's own scope, nonce and what stands in the URL in place of the app's", async () => {
    const own = (name: string, value: string) =>
      ({ name, value, in: 'query', to: ['authorization'] }) satisfies ResolvedProfile['parameters'][number];
    const parameters = [own('scope', 'openid own'), own('nonce', 'n-0S6'), own('prompt', 'none')];
    const profile = profileWith(
      { parameters, scope: 'other' },
      'https://login.example/auth?prompt=login&x=1',
    );
    const { pending, sent } = await query(profile);
    expect(sent.getAll('scope')).toEqual(['openid own']);
    expect([sent.getAll('nonce'), pending.nonce?.reveal()]).toEqual([['n-0S6'], 'n-0S6']);
    expect([sent.getAll('prompt'), sent.get('x')]).toEqual([['none'], '1']);
    // An own scope with openid makes a nonce as the profile's would.
    const scoped = await query(profileWith({ parameters: [own('scope', 'openid')] }));
    expect(scoped.sent.get('nonce')).toBe(scoped.pending.nonce?.reveal());
    const empty = await query(profileWith({ parameters: [own('nonce', '')], scope: 'openid' }));
    expect([empty.sent.get('nonce'), empty.pending.nonce]).toEqual(['', null]);
  });

  it('binds the code to the key of its tokens, which no token of the redirect itself can be', async () => {
    const protection = { ...testProfile().protection, dpop: { kind: 'on', algorithm: 'ES256' } as const };
    const { pending, sent } = await query(profileWith({ protection }));
    expect(sent.get('dpop_jkt')).toBe(await dpopThumbprint(pending.dpopKey ?? new Secret('')));
    expect(pending.url).not.toContain(JSON.parse(pending.dpopKey?.reveal() ?? '{}').d);
    const implicit = await query(
      profileWith({ protection, grant: redirected('implicit', 'token', 'default') }),
    );
    expect([implicit.sent.has('dpop_jkt'), implicit.pending.dpopKey]).toEqual([false, null]);
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
