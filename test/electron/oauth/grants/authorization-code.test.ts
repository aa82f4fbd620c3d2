import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startAuthorization } from '../../../../electron/oauth/authorization.ts';
import { exchangeCode, refreshTokens } from '../../../../electron/oauth/grants/index.ts';
import type { ResolvedProfile } from '../../../../electron/oauth/resolved-profile.ts';
import { Secret } from '../../../../shared/secret.ts';
import {
  failureOf,
  type ProfileOverrides,
  testContext,
  testProfile,
} from '../../../fixtures/oauth-profile.ts';
import {
  followToRedirect,
  type OidcServer,
  oidcRedirectUri,
  oidcSecret,
  startOidcServer,
} from '../../../fixtures/oidc-server.ts';

let server: OidcServer;
beforeAll(async () => {
  server = await startOidcServer();
});
afterAll(() => server.close());

const redirectUri = oidcRedirectUri.replace('127.0.0.1', '127.0.0.1:4711');

function profileOf(
  kind: 'none' | 'client_secret_basic' | 'client_secret_post',
  overrides: ProfileOverrides = {},
): ResolvedProfile {
  const client = kind === 'none' ? { kind, id: kind } : { kind, id: kind, secret: new Secret(oidcSecret) };
  return testProfile({
    server: { issuer: server.url },
    client,
    scope: 'openid offline_access orders',
    ...overrides,
  });
}

/** The person's part: from the authorization URL to the redirect. `prompt=consent` is what gives a refresh token. */
async function consent(profile: ResolvedProfile, context = testContext(), extra = 'prompt=consent') {
  const pending = await startAuthorization(profile, redirectUri, context);
  const url = await followToRedirect(`${pending.url}&${extra}`, redirectUri);
  return { pending, capture: { url, formBody: null } };
}

describe('exchangeCode', () => {
  it.each(['none', 'client_secret_basic', 'client_secret_post'] as const)(
    'gets tokens from a real server as a client with %s, and refreshes them',
    async (kind) => {
      const context = testContext();
      const profile = profileOf(kind);
      const { pending, capture } = await consent(profile, context);
      expect(pending.announcesIssuer).toBe(true);
      const first = await exchangeCode(profile, pending, capture, context);
      expect(first).toMatchObject({
        tokenType: 'Bearer',
        scope: 'openid offline_access orders',
        subject: 'ada',
      });
      expect(first.accessExpiresAtMs).toBe(first.receivedAtMs + 300_000);
      if (first.refreshToken === null) throw new Error('There is no refresh token.');

      const second = await refreshTokens(profile, first.refreshToken, context);
      expect(second.accessToken.reveal()).not.toBe(first.accessToken.reveal());
      expect(second.refreshToken?.reveal()).not.toBe(first.refreshToken.reveal());

      const used = first.refreshToken;
      const error = await failureOf(() => refreshTokens(profile, used, context));
      expect([error.code, error.server?.error]).toEqual(['token_request_refused', 'invalid_grant']);
      expect(JSON.stringify(error.toWire())).not.toContain(used.reveal());
    },
  );

  it('works with endpoints given by hand, without and with the issuer', async () => {
    const places = { authorizationUrl: `${server.url}/auth`, tokenUrl: `${server.url}/token` };
    for (const issuer of ['', server.url, `${server.url}/`]) {
      const profile = profileOf('none', { server: { ...places, issuer } });
      const { pending, capture } = await consent(profile);
      expect((await exchangeCode(profile, pending, capture, testContext())).subject).toBe('ada');
    }
  });

  it('is refused with another verifier, and with a code used before', async () => {
    const profile = profileOf('none');
    const { pending, capture } = await consent(profile);
    const other = { ...pending, codeVerifier: new Secret('x'.repeat(43)) };
    expect((await failureOf(() => exchangeCode(profile, other, capture, testContext()))).server?.error).toBe(
      'invalid_grant',
    );

    const again = await consent(profile);
    await exchangeCode(profile, again.pending, again.capture, testContext());
    const error = await failureOf(() => exchangeCode(profile, again.pending, again.capture, testContext()));
    expect([error.code, error.server?.error]).toEqual(['token_request_refused', 'invalid_grant']);
  });

  it('stops at a wrong secret', async () => {
    const client = {
      kind: 'client_secret_basic',
      id: 'client_secret_basic',
      secret: new Secret('wrong-marker'),
    } as const;
    const profile = profileOf('none', { client });
    const { pending, capture } = await consent(profile);
    const error = await failureOf(() => exchangeCode(profile, pending, capture, testContext()));
    expect([error.code, error.server?.status]).toEqual(['invalid_client', 401]);
    expect(JSON.stringify(error.toWire())).not.toContain('wrong-marker');
  });

  it('ends when consent is denied, with the words of the server', async () => {
    const profile = profileOf('none');
    const { pending, capture } = await consent(profile, testContext(), 'login_hint=nobody');
    const error = await failureOf(() => exchangeCode(profile, pending, capture, testContext()));
    expect([error.code, error.server]).toEqual([
      'consent_denied',
      { error: 'access_denied', errorDescription: 'ada said no' },
    ]);
  });

  it('sends nothing when the redirect belongs to another consent', async () => {
    const profile = profileOf('none');
    const first = await consent(profile);
    const second = await consent(profile);
    const error = await failureOf(() => exchangeCode(profile, first.pending, second.capture, testContext()));
    expect(error.code).toBe('redirect_state_mismatch');
    expect((await exchangeCode(profile, second.pending, second.capture, testContext())).subject).toBe('ada');
  });
});
