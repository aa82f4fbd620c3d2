import type { ServerResponse } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startAuthorization } from '../../../electron/oauth/authorization.ts';
import { exchangeCode, passwordGrant, refreshTokens } from '../../../electron/oauth/grants/index.ts';
import { introspectToken } from '../../../electron/oauth/introspection.ts';
import type { ResolvedClient } from '../../../electron/oauth/resolved-profile.ts';
import { revokeToken } from '../../../electron/oauth/revocation.ts';
import { Secret } from '../../../shared/secret.ts';
import { failureOf, testContext, testProfile } from '../../fixtures/oauth-profile.ts';
import {
  followToRedirect,
  type OidcServer,
  oidcRedirectUri,
  oidcSecret,
  startOidcServer,
} from '../../fixtures/oidc-server.ts';
import {
  closedPort,
  type SeenRequest,
  sendJson,
  startWebServer,
  type WebServer,
} from '../../fixtures/web-server.ts';

const nowMs = Date.UTC(2030, 0, 1);
const held = { token: new Secret('token-marker+1'), kind: 'refresh_token' } as const;

describe('revokeToken at a real server', () => {
  let oidc: OidcServer;
  beforeAll(async () => {
    oidc = await startOidcServer();
  });
  afterAll(() => oidc.close());

  it.each(['none', 'client_secret_basic', 'client_secret_post'] as const)(
    'revokes an access token as a client with %s, and again',
    async (kind) => {
      const secret = new Secret(oidcSecret);
      const client: ResolvedClient = kind === 'none' ? { kind, id: kind } : { kind, id: kind, secret };
      const profile = testProfile({
        grant: {
          kind: 'password',
          username: 'ada',
          password: secret,
          userValue: 'user',
          passwordValue: 'password',
        },
        server: { issuer: oidc.url },
        client,
        scope: 'orders',
      });
      const context = testContext();
      const token = {
        token: (await passwordGrant(profile, context)).accessToken,
        kind: 'access_token',
      } as const;
      expect((await introspectToken(profile, token, context)).active).toBe(true);
      await revokeToken(profile, token, context);
      expect(await introspectToken(profile, token, context)).toEqual({
        token: 'access_token',
        active: false,
        claims: [],
      });
      await revokeToken(profile, token, context);
    },
  );

  it('revokes a refresh token, and with it its access token', async () => {
    const redirectUri = oidcRedirectUri.replace('127.0.0.1', '127.0.0.1:4711');
    const profile = testProfile({
      server: { issuer: oidc.url },
      client: { kind: 'none', id: 'none' },
      scope: 'openid offline_access',
    });
    const context = testContext();
    const pending = await startAuthorization(profile, redirectUri, context);
    const url = await followToRedirect(`${pending.url}&prompt=consent`, redirectUri);
    const answer = await exchangeCode(profile, pending, { url, formBody: null }, context);
    const token = answer.refreshToken ?? new Secret('there is none');
    const asked = { token, kind: 'refresh_token' } as const;
    expect((await introspectToken(profile, asked, context)).active).toBe(true);
    await revokeToken(profile, asked, context);
    const error = await failureOf(() => refreshTokens(profile, token, context));
    expect([error.code, error.server?.error]).toEqual(['token_request_refused', 'invalid_grant']);
    const access = { token: answer.accessToken, kind: 'access_token' } as const;
    expect((await introspectToken(profile, access, context)).active).toBe(false);
  });

  it('stops at a wrong secret', async () => {
    const client = {
      kind: 'client_secret_basic',
      id: 'client_secret_basic',
      secret: new Secret('wrong'),
    } as const;
    const profile = testProfile({ server: { issuer: oidc.url }, client });
    const error = await failureOf(() => revokeToken(profile, held, testContext()));
    expect([error.code, error.server?.status]).toEqual(['invalid_client', 401]);
    expect(error.action).toContain('client secret');
  });
});

describe('revokeToken', () => {
  let server: WebServer;
  let answer: (response: ServerResponse, request: SeenRequest) => void;
  beforeAll(async () => {
    server = await startWebServer((request, response) => answer(response, request));
  });
  afterAll(() => server.close());

  const client = { kind: 'client_secret_basic', id: 'app', secret: new Secret('client marker') } as const;
  function revoke(by: typeof answer, revocationUrl = `${server.url}/revoke?tenant=a`) {
    answer = by;
    const profile = testProfile({ server: { revocationUrl }, client });
    return revokeToken(
      profile,
      held,
      testContext(() => nowMs, 200),
    );
  }

  it('posts token, hint and client as the token endpoint is told them', async () => {
    await revoke((response) => response.end());
    expect(server.requests.at(-1)).toMatchObject({
      method: 'POST',
      path: '/revoke?tenant=a',
      headers: {
        authorization: `Basic ${Buffer.from('app:client+marker').toString('base64')}`,
        'user-agent': 'Grantwright',
      },
    });
    expect(Object.fromEntries(server.requests.at(-1)?.form ?? [])).toEqual({
      token: 'token-marker+1',
      token_type_hint: 'refresh_token',
    });
  });

  it.each<[string, typeof answer]>([
    ['an empty 200', (r) => r.end()],
    ['200 with JSON', (r) => sendJson(r, { revoked: true })],
    ['200 with an error in it', (r) => sendJson(r, { error: 'invalid_token' })],
    ['200 with HTML', (r) => r.end('<html>')],
    ['204', (r) => r.writeHead(204).end()],
  ])('succeeds with %s', async (_, by) => {
    await expect(revoke(by)).resolves.toBeUndefined();
  });

  const json = (status: number, body: unknown) => (response: ServerResponse) =>
    sendJson(response, body, status);
  it.each<[string, typeof answer, string, string]>([
    [
      'unsupported_token_type',
      json(400, { error: 'unsupported_token_type' }),
      'revocation_failed',
      'forgetting',
    ],
    ['invalid_token', json(400, { error: 'invalid_token' }), 'revocation_failed', 'Compare the profile'],
    ['invalid_client', json(401, { error: 'invalid_client' }), 'invalid_client', 'client secret'],
    [
      'an error as a form',
      (r) => r.writeHead(401, { 'content-type': 'text/plain' }).end('error=invalid_client'),
      'invalid_client',
      'client secret',
    ],
    ['an empty 401', (r) => r.writeHead(401).end(), 'revocation_failed', 'client secret'],
    ['an empty 403', (r) => r.writeHead(403).end(), 'revocation_failed', 'client secret'],
    ['404', (r) => r.writeHead(404).end('<html>'), 'revocation_failed', 'Check the Revocation URL'],
    ['405', (r) => r.writeHead(405).end(), 'revocation_failed', 'does not take the revocation'],
    ['503', json(503, { error: 'invalid_client' }), 'revocation_failed', 'Try again later'],
    [
      'a redirect',
      (r) => r.writeHead(302, { location: '/x' }).end(),
      'revocation_failed',
      'a redirect to it',
    ],
    ['a reset', (r) => r.destroy(), 'server_unreachable', 'Check that the server is running'],
    ['silence', () => {}, 'request_timeout', 'Try again'],
  ])('fails with %s', async (_, by, code, words) => {
    const error = await failureOf(() => revoke(by));
    expect([error.code, error.action]).toEqual([code, expect.stringContaining(words)]);
    expect(error.message).toContain(new URL(server.url).host);
  });

  it('fails with nobody there, and can be cancelled', async () => {
    const dead = `http://127.0.0.1:${await closedPort()}/`;
    expect((await failureOf(() => revoke(() => {}, dead))).code).toBe('server_unreachable');
    const controller = new AbortController();
    answer = () => controller.abort();
    const profile = testProfile({ server: { revocationUrl: server.url } });
    const error = await failureOf(() => revokeToken(profile, held, testContext(), controller.signal));
    expect(error.code).toBe('cancelled');
  });

  it("keeps the server's words, without a secret, and how long to wait", async () => {
    const error = await failureOf(() =>
      revoke((response, { form, headers }) => {
        const words = `\u202eno ${form.get('token')} of ${headers.authorization}, client marker, ${form}`;
        sendJson(response, { error: 'slow_down', error_description: words }, 429, { 'retry-after': '7' });
      }),
    );
    expect([error.code, error.server?.error, error.details?.retryAfterSeconds]).toEqual([
      'revocation_failed',
      'slow_down',
      7,
    ]);
    expect(error.message).toContain(
      'could not answer the revocation with slow_down (HTTP 429). It says: no [secret]',
    );
    const wire = JSON.stringify(error.toWire());
    expect(wire).not.toMatch(/marker|\u202e/);
    expect(wire).not.toContain(Buffer.from('app:client+marker').toString('base64'));
  });

  it('says where to fill in the endpoint', async () => {
    const error = await failureOf(() => revokeToken(testProfile(), held, testContext()));
    expect([error.code, error.details?.field]).toEqual(['endpoint_missing', 'server.revocationUrl']);
  });
});
