import { decodeJwt } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Playground, startPlayground } from '../../../electron/playground/playground.ts';
import {
  type PlaygroundFailure,
  type PlaygroundSettings,
  playgroundSettingsSchema,
} from '../../../shared/model/playground.ts';
import { authorize, newPkce } from '../../fixtures/playground-browserless.ts';
import { obtainTokens, refresh, requestToken, tokensOf } from '../../fixtures/playground-tokens.ts';

let playground: Playground;
let clock = 0;
const redirectUri = 'http://127.0.0.1:9/callback';

beforeAll(async () => {
  playground = await startPlayground({ now: () => Date.now() + clock });
});
afterAll(() => playground.stop());
beforeEach(() => configure({}));

function configure(settings: Partial<PlaygroundSettings>): void {
  playground.configure(playgroundSettingsSchema.parse(settings));
}

function fail(failure: PlaygroundFailure): void {
  configure({ failure });
}

function obtain(flow: { scope?: string; username?: string; params?: Record<string, string> } = {}) {
  return obtainTokens({ playgroundUrl: playground.url, ...flow });
}

function orders(accessToken: string): Promise<Response> {
  return fetch(`${playground.url}/api/orders`, { headers: { authorization: `Bearer ${accessToken}` } });
}

async function expectInvalidGrant(response: Response): Promise<void> {
  expect([response.status, await response.json()]).toEqual([
    400,
    { error: 'invalid_grant', error_description: expect.any(String) },
  ]);
}

describe('an authorization code', () => {
  it('becomes an access token, a refresh token and an id token with the user’s names', async () => {
    const tokens = await obtain({
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
    expect((await obtain({ params: { prompt: 'consent' } })).refresh_token).toEqual(expect.any(String));
    expect((await obtain({ params: { prompt: 'login' } })).refresh_token).toEqual(expect.any(String));
    expect((await obtain({ scope: 'openid orders.read' })).refresh_token).toBeUndefined();
  });

  it('works without openid, and then gives no id token', async () => {
    const tokens = await obtain({ scope: 'orders.read offline_access' });
    expect(tokens.id_token).toBeUndefined();
    expect((await orders(tokens.access_token)).status).toBe(200);
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
    expect((await orders(tokens.access_token)).status).toBe(200);
  });
});

describe('a refresh', () => {
  it('rotates the refresh token, and revokes all of the grant when an old one comes back', async () => {
    const first = await obtain();
    const second = await tokensOf(await refresh(playground.url, first.refresh_token));
    expect(second.refresh_token).not.toBe(first.refresh_token);
    expect((await orders(second.access_token)).status).toBe(200);
    await expectInvalidGrant(await refresh(playground.url, first.refresh_token));
    expect((await orders(second.access_token)).status).toBe(401);
    await expectInvalidGrant(await refresh(playground.url, second.refresh_token));
  });

  it('sees reuse in requests that come at the same moment as well', async () => {
    const { refresh_token: refreshToken } = await obtain();
    const answers = await Promise.all([1, 2, 3, 4].map(() => refresh(playground.url, refreshToken)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 400, 400, 400]);
  });

  it('touches no other grant of the same user and client when it revokes one', async () => {
    const [one, other] = [await obtain(), await obtain()];
    await tokensOf(await refresh(playground.url, one.refresh_token));
    await expectInvalidGrant(await refresh(playground.url, one.refresh_token));
    expect((await orders(other.access_token)).status).toBe(200);
    await tokensOf(await refresh(playground.url, other.refresh_token));
  });

  it('keeps the refresh token with rotation off, from the next refresh on', async () => {
    const first = await obtain();
    configure({ rotation: false });
    for (const _ of [1, 2]) {
      const next = await tokensOf(await refresh(playground.url, first.refresh_token));
      expect(next.refresh_token).toBe(first.refresh_token);
    }
    configure({ rotation: true });
    const rotated = await tokensOf(await refresh(playground.url, first.refresh_token));
    expect(rotated.refresh_token).not.toBe(first.refresh_token);
  });

  it('may ask for less than was granted, and not for more', async () => {
    const { refresh_token: refreshToken } = await obtain();
    const fields = { grant_type: 'refresh_token', client_id: 'playground-app' };
    const more = await requestToken(playground.url, {
      ...fields,
      refresh_token: refreshToken ?? '',
      scope: 'orders.write',
    });
    expect(await more.json()).toMatchObject({ error: 'invalid_scope' });
    const less = await requestToken(playground.url, {
      ...fields,
      refresh_token: refreshToken ?? '',
      scope: 'orders.read',
    });
    expect((await tokensOf(less)).scope).toBe('orders.read');
  });

  it('is refused for an access token, an unknown token, and another client’s', async () => {
    const { access_token: accessToken, refresh_token: refreshToken } = await obtain();
    await expectInvalidGrant(await refresh(playground.url, accessToken));
    await expectInvalidGrant(await refresh(playground.url, 'unknown'));
    await expectInvalidGrant(
      await requestToken(
        playground.url,
        { grant_type: 'refresh_token', refresh_token: refreshToken ?? '' },
        'playground-web:playground-web-secret',
      ),
    );
  });
});

describe('a lifetime', () => {
  it('is what the settings say at the moment of issue, and kept to the millisecond', async () => {
    configure({ accessLifetimeSeconds: 60 });
    const { access_token: accessToken, expires_in: expiresIn } = await obtain();
    expect(expiresIn).toBe(60);
    configure({ accessLifetimeSeconds: 900 });
    expect((await orders(accessToken)).status).toBe(200);
    clock += 60_000;
    expect((await orders(accessToken)).status).toBe(401);
    expect((await obtain()).expires_in).toBe(900);
  });

  it('of one second lasts one second on the system’s clock', async () => {
    const real = await startPlayground({ settings: { accessLifetimeSeconds: 1 } });
    const before = performance.now();
    const { access_token: accessToken } = await obtainTokens({ playgroundUrl: real.url });
    const status = async () =>
      (await fetch(`${real.url}/api/orders`, { headers: { authorization: `Bearer ${accessToken}` } })).status;
    await expect.poll(status, { interval: 20, timeout: 10_000 }).toBe(401);
    expect(performance.now() - before).toBeGreaterThan(990);
    await real.stop();
  });

  it('ends a refresh token too', async () => {
    configure({ refreshLifetimeSeconds: 600 });
    const { refresh_token: refreshToken } = await obtain();
    clock += 500_000;
    const next = await tokensOf(await refresh(playground.url, refreshToken));
    clock += 600_000;
    await expectInvalidGrant(await refresh(playground.url, next.refresh_token));
  });

  it('of a year survives the year', async () => {
    configure({ refreshLifetimeSeconds: 31_536_000, rotation: false });
    const { refresh_token: refreshToken } = await obtain();
    clock += 31_535_000_000;
    await tokensOf(await refresh(playground.url, refreshToken));
  });
});

describe('a failure on purpose', () => {
  it('refuses refreshes alone, and the refresh token is good again afterwards', async () => {
    fail({ kind: 'refuse_refresh' });
    const { refresh_token: refreshToken } = await obtain();
    await expectInvalidGrant(await refresh(playground.url, refreshToken));
    fail({ kind: 'none' });
    await tokensOf(await refresh(playground.url, refreshToken));
  });

  it('is a 500 with text', async () => {
    fail({ kind: 'server_error' });
    const answer = await refresh(playground.url, 'x');
    expect([answer.status, await answer.text()]).toEqual([500, 'Internal Server Error']);
    expect(answer.headers.get('content-type')).toContain('text/plain');
  });

  it('is a 429 with Retry-After', async () => {
    fail({ kind: 'too_many_requests', retryAfterSeconds: 7 });
    const answer = await refresh(playground.url, 'x');
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([429, '7']);
  });

  it('is JSON that breaks off', async () => {
    fail({ kind: 'malformed_json' });
    const answer = await refresh(playground.url, 'x');
    expect([answer.status, answer.headers.get('content-type')]).toEqual([
      200,
      expect.stringContaining('application/json'),
    ]);
    await expect(answer.json()).rejects.toThrow(SyntaxError);
  });

  it('is a normal answer, late', async () => {
    const { refresh_token: refreshToken } = await obtain();
    fail({ kind: 'slow', delayMs: 300 });
    const started = performance.now();
    await tokensOf(await refresh(playground.url, refreshToken));
    expect(performance.now() - started).toBeGreaterThan(290);
  });

  it('keeps nobody else waiting, and issues nothing to a client that gave up', async () => {
    const { access_token: accessToken, refresh_token: refreshToken } = await obtain();
    fail({ kind: 'slow', delayMs: 60_000 });
    const gaveUp = new AbortController();
    const { refresh_token: before } = playground.status().counters;
    const waiting = fetch(`${playground.url}/token`, {
      method: 'POST',
      signal: gaveUp.signal,
      body: new URLSearchParams({
        grant_type: 'refresh_token',
        client_id: 'playground-app',
        refresh_token: refreshToken ?? '',
      }),
    });
    waiting.catch(() => 'aborted');
    await expect.poll(() => playground.status().counters.refresh_token).toBe(before + 1);
    expect((await orders(accessToken)).status).toBe(200);
    gaveUp.abort();
    await expect(waiting).rejects.toThrow();
    fail({ kind: 'none' });
    await tokensOf(await refresh(playground.url, refreshToken));
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
