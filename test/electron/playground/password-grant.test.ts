import { decodeJwt } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Playground, startPlayground } from '../../../electron/playground/playground.ts';
import {
  orders,
  passwordClient,
  requestByPassword,
  requestToken,
  tokensOf,
} from '../../fixtures/playground-tokens.ts';

let playground: Playground;

beforeAll(async () => {
  playground = await startPlayground();
});
afterAll(() => playground.stop());

async function obtain(fields: Record<string, string> = {}) {
  return tokensOf(await requestByPassword(playground.url, fields));
}

async function errorOf(response: Response): Promise<[number, unknown]> {
  return [response.status, await response.json()];
}

function refreshed(refreshToken: string | undefined): Promise<Response> {
  const fields = { grant_type: 'refresh_token', refresh_token: refreshToken ?? '' };
  return requestToken(playground.url, fields, passwordClient);
}

describe('the password grant', () => {
  it('gives the user’s tokens, and an id token that says who it is', async () => {
    const tokens = await obtain({ scope: 'openid profile offline_access orders.read' });
    expect(tokens).toMatchObject({
      token_type: 'Bearer',
      expires_in: 300,
      scope: 'openid profile offline_access orders.read',
      refresh_token: expect.any(String),
    });
    expect(decodeJwt(tokens.id_token ?? '')).toMatchObject({
      iss: playground.url,
      aud: 'playground-password',
      sub: 'alice',
      name: 'Alice Admin',
      preferred_username: 'alice',
    });
    expect((await orders(playground.url, tokens.access_token)).status).toBe(200);
    const me = await fetch(`${playground.url}/me`, {
      headers: { authorization: `Bearer ${tokens.access_token}` },
    });
    expect(await me.json()).toMatchObject({ sub: 'alice', name: 'Alice Admin' });
  });

  it('gives no refresh token and no id token to who does not ask for them', async () => {
    const tokens = await obtain({ scope: 'orders.read' });
    expect([tokens.refresh_token, tokens.id_token]).toEqual([undefined, undefined]);
    expect(decodeJwt((await obtain({ scope: 'openid' })).id_token ?? '').name).toBeUndefined();
  });

  it('leaves out scopes that it does not know, and refuses those who ask for no other', async () => {
    expect((await obtain({ scope: 'orders.read unheard.of orders.read' })).scope).toBe('orders.read');
    for (const scope of ['', 'unheard.of', 'toString', '__proto__']) {
      expect(await errorOf(await requestByPassword(playground.url, { scope }))).toEqual([
        400,
        { error: 'invalid_scope', error_description: expect.stringContaining('orders.read') },
      ]);
    }
  });

  it.each([
    ['a wrong password', { password: 'bob-pw' }],
    ['an unknown user', { username: 'mallory' }],
    ['the name of a built-in property', { username: '__proto__', password: 'constructor' }],
    ['a user name in another case', { username: 'Alice' }],
  ])('refuses %s with invalid_grant', async (_what, fields: Record<string, string>) => {
    expect(await errorOf(await requestByPassword(playground.url, fields))).toEqual([
      400,
      { error: 'invalid_grant', error_description: 'The user name or password is wrong.' },
    ]);
  });

  it.each([
    ['no user name', { username: '' }, 'invalid_request'],
    ['no password', { password: '' }, 'invalid_request'],
    ['a scope of forbidden characters', { scope: 'orders.read "x"\u0000' }, 'invalid_scope'],
  ])('refuses %s', async (_what, fields: Record<string, string>, error) => {
    const [status, body] = await errorOf(await requestByPassword(playground.url, fields));
    expect([status, body]).toMatchObject([400, { error }]);
  });

  it('refuses a parameter given twice', async () => {
    const answer = await fetch(`${playground.url}/token`, {
      method: 'POST',
      headers: {
        authorization: `Basic ${btoa(passwordClient)}`,
        'content-type': 'application/x-www-form-urlencoded',
      },
      body: 'grant_type=password&username=alice&username=bob&password=alice-pw&scope=openid',
    });
    expect(await errorOf(answer)).toMatchObject([400, { error: 'invalid_request' }]);
  });

  it('is for its own client alone, and the client for no other grant', async () => {
    const fields = { grant_type: 'password', username: 'alice', password: 'alice-pw', scope: 'openid' };
    const nobody = await requestToken(playground.url, { ...fields, client_id: 'playground-password' });
    const wrong = await requestToken(playground.url, fields, 'playground-password:wrong');
    const web = await requestToken(playground.url, fields, 'playground-web:playground-web-secret');
    const service = await requestToken(playground.url, { grant_type: 'client_credentials' }, passwordClient);
    expect(await errorOf(nobody)).toMatchObject([401, { error: 'invalid_client' }]);
    expect(await errorOf(wrong)).toMatchObject([401, { error: 'invalid_client' }]);
    expect(await errorOf(web)).toMatchObject([400, { error: expect.any(String) }]);
    expect(await errorOf(service)).toMatchObject([400, { error: expect.any(String) }]);
  });

  it('refreshes, rotates, and revokes the chain when an old refresh token comes back', async () => {
    const first = await obtain();
    const second = await tokensOf(await refreshed(first.refresh_token));
    expect(second.refresh_token).not.toBe(first.refresh_token);
    expect(decodeJwt(second.id_token ?? '').sub).toBe('alice');
    expect(await errorOf(await refreshed(first.refresh_token))).toMatchObject([
      400,
      { error: 'invalid_grant' },
    ]);
    expect((await orders(playground.url, second.access_token)).status).toBe(401);
  });

  it('keeps the refresh token with rotation off', async () => {
    const first = await obtain();
    const { settings } = playground.status();
    playground.configure({ ...settings, rotation: false });
    expect((await tokensOf(await refreshed(first.refresh_token))).refresh_token).toBe(first.refresh_token);
    playground.configure(settings);
  });

  it('is counted, whatever came of it', async () => {
    const before = playground.status().counters;
    await obtain();
    await requestByPassword(playground.url, { password: 'wrong' });
    const { password, refused } = playground.status().counters;
    expect([password - before.password, refused - before.refused]).toEqual([2, 1]);
  });
});
