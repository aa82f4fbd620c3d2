import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Playground, startPlayground } from '../../../electron/playground/playground.ts';
import {
  obtainTokens,
  orders,
  type PlaygroundTokens,
  passwordClient,
  refresh,
  requestByPassword,
  requestToken,
  sendForm,
  tokensOf,
} from '../../fixtures/playground-tokens.ts';

let playground: Playground;
let clock = 0;
const app = { client_id: 'playground-app' };

beforeAll(async () => {
  playground = await startPlayground({ now: () => Date.now() + clock });
});
afterAll(() => playground.stop());

function obtain(): Promise<PlaygroundTokens> {
  return obtainTokens({ playgroundUrl: playground.url });
}

function revoke(fields: Record<string, string>, basic?: string): Promise<Response> {
  return sendForm(`${playground.url}/revoke`, fields, basic);
}

function introspect(fields: Record<string, string>, basic?: string): Promise<Response> {
  return sendForm(`${playground.url}/introspect`, fields, basic);
}

async function isActive(token: string | undefined): Promise<unknown> {
  return (await (await introspect({ ...app, token: token ?? '' })).json()).active;
}

async function expectRevoked(response: Response): Promise<void> {
  expect([response.status, await response.text()]).toEqual([200, '']);
}

async function statusOf({ access_token: accessToken }: PlaygroundTokens): Promise<number> {
  return (await orders(playground.url, accessToken)).status;
}

describe('revoking an access token', () => {
  it.each([{}, { token_type_hint: 'access_token' }, { token_type_hint: 'refresh_token' }])(
    'ends it at once for the API, whatever the hint: %j',
    async (hint) => {
      const tokens = await obtain();
      expect(await statusOf(tokens)).toBe(200);
      await expectRevoked(await revoke({ ...app, token: tokens.access_token, ...hint }));
      const refused = await orders(playground.url, tokens.access_token);
      expect([refused.status, refused.headers.get('www-authenticate')]).toEqual([
        401,
        expect.stringContaining('error="invalid_token"'),
      ]);
    },
  );

  it('takes the other tokens of its grant along', async () => {
    const tokens = await obtain();
    await revoke({ ...app, token: tokens.access_token });
    expect((await refresh(playground.url, tokens.refresh_token)).status).toBe(400);
  });
});

describe('revoking a refresh token', () => {
  it('ends it, and every access token of its grant', async () => {
    const first = await obtain();
    const second = await tokensOf(await refresh(playground.url, first.refresh_token));
    await expectRevoked(await revoke({ ...app, token: second.refresh_token ?? '' }));
    expect(await Promise.all([statusOf(first), statusOf(second)])).toEqual([401, 401]);
    const refused = await refresh(playground.url, second.refresh_token);
    expect([refused.status, await refused.json()]).toMatchObject([400, { error: 'invalid_grant' }]);
  });

  it('touches no other grant of the same user and client', async () => {
    const [one, other] = [await obtain(), await obtain()];
    await revoke({ ...app, token: one.refresh_token ?? '' });
    expect(await statusOf(other)).toBe(200);
  });

  it('wins against a refresh that was sent at the same moment, or loses, but leaves nothing alive', async () => {
    const tokens = await obtain();
    const [refreshed] = await Promise.all([
      refresh(playground.url, tokens.refresh_token),
      revoke({ ...app, token: tokens.refresh_token ?? '' }),
      revoke({ ...app, token: tokens.access_token }),
    ]);
    const outcome = refreshed.status === 200 ? await tokensOf(refreshed) : tokens;
    expect(await statusOf(outcome)).toBe(401);
    expect((await refresh(playground.url, outcome.refresh_token)).status).toBe(400);
  });
});

describe('revocation', () => {
  it('says yes to what is unknown, expired or revoked already', async () => {
    const tokens = await obtain();
    for (const _ of [1, 2]) await expectRevoked(await revoke({ ...app, token: tokens.access_token }));
    await expectRevoked(await revoke({ ...app, token: 'unknown' }));
  });

  it('works for each way of client authentication', async () => {
    const byPassword = await tokensOf(await requestByPassword(playground.url));
    await expectRevoked(await revoke({ token: byPassword.refresh_token ?? '' }, passwordClient));
    expect(await statusOf(byPassword)).toBe(401);
    const service = 'playground-service:playground-service-secret';
    const own = await tokensOf(
      await requestToken(playground.url, { grant_type: 'client_credentials', scope: 'orders.read' }, service),
    );
    expect(await (await introspect({ token: own.access_token }, service)).json()).toMatchObject({
      active: true,
      client_id: 'playground-service',
    });
    await expectRevoked(await revoke({ token: own.access_token }, service));
    expect(await statusOf(own)).toBe(401);
  });

  it('is for a client’s own tokens', async () => {
    const tokens = await obtain();
    for (const token of [tokens.access_token, tokens.refresh_token ?? '']) {
      const refused = await revoke({ token }, passwordClient);
      expect([refused.status, await refused.json()]).toEqual([
        400,
        { error: 'invalid_request', error_description: 'This token was issued to another client.' },
      ]);
    }
    expect(await statusOf(tokens)).toBe(200);
  });
});

describe('introspection', () => {
  it('tells who a token is for, what it may do and when it ends', async () => {
    const before = Math.floor(Date.now() / 1000);
    const tokens = await obtain();
    const answer = await introspect({ ...app, token: tokens.access_token });
    const told = await answer.json();
    expect(answer.headers.get('content-type')).toContain('application/json');
    expect(told).toMatchObject({
      active: true,
      client_id: 'playground-app',
      iss: playground.url,
      sub: 'alice',
      scope: 'openid offline_access orders.read',
      token_type: 'Bearer',
    });
    expect(told.iat).toBeGreaterThanOrEqual(before);
    expect(told.exp - told.iat).toBe(300);
    const refreshToken = await (await introspect({ ...app, token: tokens.refresh_token ?? '' })).json();
    expect(refreshToken).toMatchObject({ active: true, sub: 'alice' });
    expect(refreshToken.exp - refreshToken.iat).toBe(1_209_600);
  });

  it('says only that a token is not active when it is unknown, another client’s, replaced, revoked or expired', async () => {
    const first = await obtain();
    const second = await tokensOf(await refresh(playground.url, first.refresh_token));
    expect(await isActive(first.refresh_token)).toBe(false);
    const inactive = [
      await introspect({ ...app, token: 'unknown' }),
      await introspect({ token: second.access_token }, passwordClient),
      await introspect({ token: second.refresh_token ?? '' }, passwordClient),
    ];
    for (const answer of inactive) expect(await answer.json()).toEqual({ active: false });
    expect([await isActive(second.access_token), await isActive(second.refresh_token)]).toEqual([true, true]);
    clock += 300_000;
    expect([await isActive(second.access_token), await isActive(second.refresh_token)]).toEqual([
      false,
      true,
    ]);
    await revoke({ ...app, token: second.refresh_token ?? '' });
    expect(await isActive(second.refresh_token)).toBe(false);
  });

  it('neither uses a token up nor revokes anything', async () => {
    const first = await obtain();
    const second = await tokensOf(await refresh(playground.url, first.refresh_token));
    await isActive(first.refresh_token);
    expect(await statusOf(second)).toBe(200);
    await tokensOf(await refresh(playground.url, second.refresh_token));
  });
});

describe('the counters', () => {
  it('count each call of the two, whatever came of it', async () => {
    const before = playground.status().counters;
    await revoke({ ...app, token: 'x' });
    await revoke({});
    await introspect({ ...app, token: 'x' });
    const { revocation, introspection, refused } = playground.status().counters;
    expect([revocation - before.revocation, introspection - before.introspection]).toEqual([2, 1]);
    expect(refused).toBe(before.refused);
  });
});

describe.each(['/revoke', '/introspect'])('a hostile request to %s', (path) => {
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  const jwt = 'eyJhbGciOiJub25lIn0.e30.';

  it.each([
    ['GET', { method: 'GET' }, 405, 'method_not_allowed'],
    ['no client', { body: 'token=x', headers }, 400, 'invalid_request'],
    ['an unknown client', { body: 'token=x&client_id=<b>', headers }, 401, 'invalid_client'],
    [
      'a secret client without its secret',
      { body: 'token=x&client_id=playground-web', headers },
      401,
      'invalid_client',
    ],
    ['no token', { body: 'client_id=playground-app', headers }, 400, 'invalid_request'],
    ['an empty token', { body: 'client_id=playground-app&token=', headers }, 400, 'invalid_request'],
    ['two tokens', { body: 'client_id=playground-app&token=a&token=b', headers }, 400, 'invalid_request'],
    ['a JWT', { body: `client_id=playground-app&token=${jwt}`, headers }, 400, 'unsupported_token_type'],
    [
      'a JSON body',
      { body: '{"token":"x"}', headers: { 'content-type': 'application/json' } },
      400,
      'invalid_request',
    ],
    ['no content type', { body: new Uint8Array([0, 255]) }, 400, 'invalid_request'],
    ['broken escapes', { body: '%&%E0%A4=%ZZ&&&=&token=%', headers }, 400, 'invalid_request'],
    [
      'broken Basic',
      { body: 'token=x', headers: { ...headers, authorization: 'Basic %%%' } },
      400,
      'invalid_request',
    ],
    ['an own property', { body: 'client_id=__proto__&token=__proto__', headers }, 401, 'invalid_client'],
    ['a huge body', { body: 'x'.repeat(70_000), headers }, 413, 'request_too_large'],
  ])('is refused with JSON: %s', async (_what, init: RequestInit, status, error) => {
    const answer = await fetch(`${playground.url}${path}`, { method: 'POST', ...init });
    expect([answer.status, await answer.json()]).toMatchObject([status, { error }]);
  });

  it.each(['\u0000', '__proto__', 'x'.repeat(50_000), '💥 "<>&', 'AccessToken:x', '../x'])(
    'finds no such token, and says so as for any other: %s',
    async (token) => {
      const answer = await fetch(`${playground.url}${path}`, {
        method: 'POST',
        body: new URLSearchParams({ ...app, token, token_type_hint: 'nonsense' }),
      });
      expect([answer.status, await answer.text()]).toEqual([
        200,
        path === '/revoke' ? '' : '{"active":false}',
      ]);
    },
  );

  it('that never ends keeps nobody else waiting', async () => {
    const calls = () => {
      const { revocation, introspection } = playground.status().counters;
      return revocation + introspection;
    };
    const before = calls();
    const socket = connect(playground.port, '127.0.0.1', () => {
      const host = `127.0.0.1:${playground.port}`;
      socket.write(`POST ${path} HTTP/1.1\r\nHost: ${host}\r\nContent-Length: 100\r\n\r\ntoken=x`);
    });
    await expect.poll(calls).toBe(before + 1);
    expect((await obtain()).access_token).toEqual(expect.any(String));
    socket.destroy();
  });
});
