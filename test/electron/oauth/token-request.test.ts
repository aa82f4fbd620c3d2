import { afterEach, describe, expect, it } from 'vitest';
import { startAuthorization } from '../../../electron/oauth/authorization.ts';
import { clientCredentials, exchangeCode, refreshTokens } from '../../../electron/oauth/grants/index.ts';
import type { ResolvedProfile } from '../../../electron/oauth/resolved-profile.ts';
import { withRetries } from '../../../electron/oauth/retry.ts';
import { Secret } from '../../../shared/secret.ts';
import { failureOf, type ProfileOverrides, testContext, testProfile } from '../../fixtures/oauth-profile.ts';
import { closedPort, sendJson, startWebServer, type WebServer } from '../../fixtures/web-server.ts';

let server: WebServer | undefined;
afterEach(async () => {
  await server?.close();
  server = undefined;
});

async function serve(answer: Parameters<typeof startWebServer>[0]) {
  server = await startWebServer(answer);
  return server;
}

function profileAt(tokenUrl: string, overrides: ProfileOverrides = {}): ResolvedProfile {
  return testProfile({
    server: { issuer: '', authorizationUrl: 'https://login.example/auth', tokenUrl },
    ...overrides,
  });
}

describe('requestToken', () => {
  it('posts a form to the Token URL, its query kept', async () => {
    const { url, requests } = await serve((_, response) => sendJson(response, { access_token: 'at' }));
    await refreshTokens(
      profileAt(`${url}/token?tenant=a`, { scope: 'a b' }),
      new Secret('r&t='),
      testContext(),
    );
    expect(requests[0]).toMatchObject({
      method: 'POST',
      path: '/token?tenant=a',
      headers: {
        accept: 'application/json',
        'content-type': 'application/x-www-form-urlencoded;charset=UTF-8',
        'user-agent': 'Grantwright',
      },
    });
    // No scope: the server then keeps the one that was granted, which may be narrower than the profile's.
    expect(Object.fromEntries(requests[0]?.form ?? [])).toEqual({
      client_id: 'orders-app',
      grant_type: 'refresh_token',
      refresh_token: 'r&t=',
    });
  });

  it('sends the code with verifier and redirect URI, and the secret where the profile says', async () => {
    const { url, requests } = await serve((_, response) => sendJson(response, { access_token: 'at' }));
    const secret = new Secret('s');
    const profile = profileAt(url, { client: { kind: 'client_secret_post', id: 'app', secret } });
    const pending = await startAuthorization(profile, 'com.example.app:/callback', testContext());
    const redirect = `com.example.app:/callback?code=c1&state=${pending.state.reveal()}`;
    await exchangeCode(profile, pending, { url: redirect, formBody: null }, testContext());
    expect(Object.fromEntries(requests[0]?.form ?? [])).toEqual({
      grant_type: 'authorization_code',
      code: 'c1',
      redirect_uri: 'com.example.app:/callback',
      code_verifier: pending.codeVerifier?.reveal(),
      client_id: 'app',
      client_secret: 's',
    });
    expect(requests[0]?.headers.authorization).toBeUndefined();
  });

  it('sends no scope parameter when the profile has none', async () => {
    const { url, requests } = await serve((_, response) => sendJson(response, { access_token: 'at' }));
    await clientCredentials(profileAt(url), testContext());
    expect(requests[0]?.form.has('scope')).toBe(false);
  });

  it('is sent once, and not to where a redirect points', async () => {
    const { url, requests } = await serve((_, response) =>
      response.writeHead(307, { location: '/other' }).end(),
    );
    const error = await failureOf(() => refreshTokens(profileAt(url), new Secret('r'), testContext()));
    expect([error.code, requests.length]).toEqual(['token_response_invalid', 1]);
  });

  it('can be cancelled while the server thinks', async () => {
    const controller = new AbortController();
    const { url } = await serve(() => controller.abort());
    const error = await failureOf(() =>
      refreshTokens(profileAt(url), new Secret('r'), testContext(), controller.signal),
    );
    expect(error.code).toBe('cancelled');
  });

  it('sends nothing for a profile that is not complete', async () => {
    const { url, requests } = await serve((_, response) => sendJson(response, { access_token: 'at' }));
    const secret = new Secret('');
    for (const profile of [
      profileAt(''),
      profileAt(url, { client: { kind: 'none', id: '' } }),
      profileAt(url, { client: { kind: 'client_secret_basic', id: 'a', secret } }),
    ]) {
      expect((await failureOf(() => refreshTokens(profile, new Secret('r'), testContext()))).code).toBe(
        'profile_incomplete',
      );
    }
    expect(requests).toHaveLength(0);
  });

  it('comes through with retries when the server recovers', async () => {
    let calls = 0;
    const { url } = await serve((_, response) => {
      calls += 1;
      if (calls < 3) sendJson(response, {}, 503, { 'retry-after': '2' });
      else sendJson(response, { access_token: 'at' });
    });
    const waits: number[] = [];
    const settings = { sleep: async (ms: number) => void waits.push(ms) };
    const answer = await withRetries(
      () => refreshTokens(profileAt(url), new Secret('r'), testContext()),
      settings,
    );
    expect([answer.accessToken.reveal(), waits]).toEqual(['at', [2000, 2000]]);
  });

  it('waits until the date that the server asks for', async () => {
    const nowMs = Date.UTC(2030, 0, 1);
    let calls = 0;
    const { url } = await serve((_, response) => {
      calls += 1;
      const date = new Date(nowMs + 7_000).toUTCString();
      if (calls === 1) sendJson(response, {}, 429, { 'retry-after': date });
      else sendJson(response, { access_token: 'at' });
    });
    const waits: number[] = [];
    await withRetries(
      () =>
        refreshTokens(
          profileAt(url),
          new Secret('r'),
          testContext(() => nowMs),
        ),
      { sleep: async (ms) => void waits.push(ms) },
    );
    expect(waits).toEqual([7000]);
  });

  it('is repeated three times against a host that is down', async () => {
    const profile = profileAt(`http://127.0.0.1:${await closedPort()}/`);
    const settings = { sleep: async () => {} };
    const error = await failureOf(() =>
      withRetries(() => refreshTokens(profile, new Secret('r'), testContext()), settings),
    );
    expect([error.code, error.details?.attempts]).toEqual(['server_unreachable', 3]);
  });
});
