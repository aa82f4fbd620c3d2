import { decodeJwt } from 'jose';
import { describe, expect, it } from 'vitest';
import { startPlayground } from '../../../electron/playground/playground.ts';
import { authorize, newPkce } from '../../fixtures/playground-browserless.ts';
import { obtainTokens, refresh, requestToken, tokensOf } from '../../fixtures/playground-tokens.ts';
import { expectInvalidGrant, sharedPlayground } from './shared-playground.ts';

const playground = sharedPlayground();
const redirectUri = 'http://127.0.0.1:9/callback';

describe('an authorization code', () => {
  it('becomes an access token, a refresh token and an id token with the user’s names', async () => {
    const tokens = await playground.obtain({
      scope: 'openid profile offline_access orders.read',
      username: 'bob',
      params: { nonce: 'n1' },
    });
    expect(tokens).toMatchObject({
      expires_in: 300,
      scope: 'openid profile offline_access orders.read',
      refresh_token: expect.any(String),
    });
    expect(decodeJwt(tokens.id_token ?? '')).toMatchObject({
      iss: playground.url,
      aud: 'playground-app',
      sub: 'bob',
      name: 'Bob Reader',
      preferred_username: 'bob',
      nonce: 'n1',
    });
  });

  it('gives a refresh token when offline_access is asked for, with prompt=consent or without', async () => {
    expect((await playground.obtain({ params: { prompt: 'consent' } })).refresh_token).toEqual(
      expect.any(String),
    );
    expect((await playground.obtain({ params: { prompt: 'login' } })).refresh_token).toEqual(
      expect.any(String),
    );
    expect((await playground.obtain({ scope: 'openid orders.read' })).refresh_token).toBeUndefined();
  });

  it('works without openid, and then gives no id token', async () => {
    const tokens = await playground.obtain({ scope: 'orders.read offline_access' });
    expect(tokens.id_token).toBeUndefined();
    expect((await playground.orders(tokens.access_token)).status).toBe(200);
  });

  it('is refused with another PKCE verifier, another redirect URI, another client, and the second time', async () => {
    const { verifier, challenge } = newPkce();
    const flow = { playgroundUrl: playground.url, redirectUri, codeChallenge: challenge };
    const code = new URL(await authorize(flow)).searchParams.get('code') ?? '';
    const right = {
      grant_type: 'authorization_code',
      client_id: 'playground-app',
      redirect_uri: redirectUri,
      code,
      code_verifier: verifier,
    };
    await expectInvalidGrant(
      await requestToken(playground.url, { ...right, code_verifier: newPkce().verifier }),
    );
    await expectInvalidGrant(
      await requestToken(playground.url, { ...right, redirect_uri: 'http://127.0.0.1:8/callback' }),
    );
    const { client_id: _, ...asWeb } = right;
    await expectInvalidGrant(
      await requestToken(playground.url, asWeb, 'playground-web:playground-web-secret'),
    );
    const both = await Promise.all([
      requestToken(playground.url, right),
      requestToken(playground.url, right),
    ]);
    expect(both.map(({ status }) => status).sort()).toEqual([200, 400]);
  });
});

describe('client authentication', () => {
  async function codeFor(clientId: string): Promise<Record<string, string>> {
    const redirect = await authorize({ playgroundUrl: playground.url, clientId, redirectUri });
    const code = new URL(redirect).searchParams.get('code') ?? '';
    return { grant_type: 'authorization_code', redirect_uri: redirectUri, code };
  }

  it('is by Basic for playground-web, and refused with a wrong secret or none', async () => {
    const fields = await codeFor('playground-web');
    const wrong = await requestToken(playground.url, fields, 'playground-web:wrong');
    expect([wrong.status, await wrong.json()]).toEqual([
      401,
      expect.objectContaining({ error: 'invalid_client' }),
    ]);
    expect((await requestToken(playground.url, { ...fields, client_id: 'playground-web' })).status).toBe(401);
    const tokens = await tokensOf(
      await requestToken(playground.url, fields, 'playground-web:playground-web-secret'),
    );
    expect(tokens.refresh_token).toEqual(expect.any(String));
  });

  it('is in the body for playground-post', async () => {
    const fields = await codeFor('playground-post');
    const credentials = { client_id: 'playground-post', client_secret: 'playground-post-secret' };
    expect((await tokensOf(await requestToken(playground.url, { ...fields, ...credentials }))).scope).toBe(
      'openid offline_access orders.read',
    );
  });

  it('gives playground-service a token of its own', async () => {
    const tokens = await tokensOf(
      await requestToken(
        playground.url,
        { grant_type: 'client_credentials', scope: 'orders.read' },
        'playground-service:playground-service-secret',
      ),
    );
    expect(tokens.refresh_token).toBeUndefined();
    expect((await playground.orders(tokens.access_token)).status).toBe(200);
  });
});

describe('the counters', () => {
  it('count each call by its grant, whatever came of it', async () => {
    const counted = await startPlayground();
    const { refresh_token: refreshToken } = await obtainTokens({ playgroundUrl: counted.url });
    await refresh(counted.url, refreshToken);
    await refresh(counted.url, 'unknown');
    counted.configure({ ...counted.status().settings, failure: { kind: 'server_error' } });
    await refresh(counted.url, refreshToken);
    await requestToken(counted.url, { grant_type: 'client_credentials' });
    await requestToken(counted.url, { grant_type: '__proto__' });
    await requestToken(counted.url, {});
    expect(counted.status().counters).toEqual({
      authorization_code: 1,
      refresh_token: 3,
      client_credentials: 1,
      password: 0,
      revocation: 0,
      introspection: 0,
      refused: 5,
      reused: 0,
      api: 0,
      apiUnauthorized: 0,
    });
    await counted.stop();
  });
});

describe('a hostile request to the token endpoint', () => {
  const form = { 'content-type': 'application/x-www-form-urlencoded' };

  it.each([
    ['GET', { method: 'GET' }, 405],
    ['a JSON body', { body: '{"grant_type":"refresh_token"}' }, 400],
    ['no grant', { body: '', headers: form }, 400],
    ['an unknown grant', { body: 'grant_type=coffee&client_id=playground-app', headers: form }, 400],
    ['two grants', { body: 'grant_type=a&grant_type=b&client_id=playground-app', headers: form }, 400],
    ['the password grant', { body: 'grant_type=password&client_id=playground-app', headers: form }, 400],
    ['broken escapes', { body: '%&%E0%A4=%ZZ&&&=', headers: form }, 400],
    [
      'broken Basic',
      { body: 'grant_type=refresh_token', headers: { ...form, authorization: 'Basic %%%' } },
      400,
    ],
    ['a huge body', { body: 'x'.repeat(70_000), headers: form }, 413],
  ])('is refused with JSON: %s', async (_what, init, status) => {
    const answer = await fetch(`${playground.url}/token`, { method: 'POST', ...init });
    expect(answer.status).toBe(status);
    expect(await answer.json()).toMatchObject({ error: expect.any(String) });
  });
});
