import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Playground, startPlayground } from '../../../electron/playground/playground.ts';
import { obtainTokens } from '../../fixtures/playground-tokens.ts';

let playground: Playground;
let accessToken: string;

beforeAll(async () => {
  playground = await startPlayground();
  accessToken = await tokenFor('openid orders.read orders.write');
});
afterAll(() => playground.stop());

async function tokenFor(scope: string): Promise<string> {
  return (await obtainTokens({ playgroundUrl: playground.url, scope })).access_token;
}

function call(path: string, init: RequestInit = {}, token = accessToken): Promise<Response> {
  const headers = new Headers(init.headers);
  headers.set('authorization', `Bearer ${token}`);
  return fetch(`${playground.url}${path}`, { ...init, headers });
}

function post(body: string, type = 'application/json', token = accessToken): Promise<Response> {
  return call('/api/orders', { method: 'POST', body, headers: { 'content-type': type } }, token);
}

describe('the orders', () => {
  it('are listed', async () => {
    const answer = await call('/api/orders');
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toContain('application/json');
    const first = { id: '1001', item: 'Green tea', quantity: 2 };
    expect(await answer.json()).toEqual({ orders: expect.arrayContaining([first]) });
  });

  it('are told one by one', async () => {
    expect(await (await call('/api/orders/1002')).json()).toEqual({
      id: '1002',
      item: 'Teapot',
      quantity: 1,
    });
    expect((await call('/api/orders/9999')).status).toBe(404);
  });

  it('are created, and found at their Location', async () => {
    const created = await post('{"item":"Kettle","quantity":3}', 'application/json; charset=utf-8');
    expect(created.status).toBe(201);
    const order = await created.json();
    expect(order).toEqual({ id: expect.any(String), item: 'Kettle', quantity: 3 });
    expect(await (await call(created.headers.get('location') ?? '')).json()).toEqual(order);
  });

  it.each([
    ['no JSON', '{"item":', 'application/json', 400],
    ['another type', 'item=Kettle', 'application/x-www-form-urlencoded', 400],
    ['an empty body', '', 'application/json', 400],
    ['null', 'null', 'application/json', 400],
    ['no quantity', '{"item":"Kettle"}', 'application/json', 400],
    ['a quantity in text', '{"item":"Kettle","quantity":"3"}', 'application/json', 400],
    ['half a kettle', '{"item":"Kettle","quantity":0.5}', 'application/json', 400],
    ['an empty item', '{"item":" ","quantity":1}', 'application/json', 400],
    ['more than asked', '{"item":"Kettle","quantity":1,"id":"1"}', 'application/json', 400],
    ['a polluted prototype', '{"item":"K","quantity":1,"__proto__":{"id":1}}', 'application/json', 400],
    ['a huge body', `"${'x'.repeat(70_000)}"`, 'application/json', 413],
  ])('are not created from %s', async (_what, body, type, status) => {
    const answer = await post(body, type);
    expect(answer.status).toBe(status);
    expect(await answer.json()).toEqual({
      error: expect.any(String),
      error_description: expect.any(String),
    });
  });

  it('say which field was wrong', async () => {
    const answer = await post('{"item":"Kettle","quantity":0}');
    expect(await answer.json()).toMatchObject({ error_description: expect.stringMatching(/^quantity: /) });
  });

  it.each([
    ['DELETE', '/api/orders', 405, 'GET, HEAD, POST'],
    ['PUT', '/api/orders/1001', 405, 'GET, HEAD'],
    ['GET', '/api', 404, null],
    ['GET', '/api/orders/', 404, null],
    ['GET', '/api/orders/1001/lines', 404, null],
    ['GET', '/api/Orders', 404, null],
    ['GET', '/api/orders/__proto__', 404, null],
    ['GET', '/api/orders/%2e%2e', 404, null],
  ])('answer %s %s with %i', async (method, path, status, allow) => {
    const answer = await call(path, { method });
    expect([answer.status, answer.headers.get('allow')]).toEqual([status, allow]);
  });
});

describe('access', () => {
  it.each([
    ['nothing', undefined],
    ['another scheme', 'Basic YWxpY2U6YWxpY2UtcHc='],
  ])('is challenged without an error for %s', async (_what, authorization) => {
    const headers = authorization === undefined ? {} : { authorization };
    const answer = await fetch(`${playground.url}/api/orders`, { headers });
    expect([answer.status, answer.headers.get('www-authenticate')]).toEqual([
      401,
      'Bearer realm="playground"',
    ]);
    expect(await answer.json()).toMatchObject({ error: 'unauthorized' });
  });

  it.each(['unknown', '', 'a b', '"quoted"', '../..', '__proto__'])(
    'is refused to the token %j',
    async (token) => {
      const answer = await call('/api/orders', {}, token);
      expect([answer.status, answer.headers.get('www-authenticate')]).toEqual([
        401,
        token === ''
          ? 'Bearer realm="playground"'
          : 'Bearer realm="playground", error="invalid_token", error_description="The access token is unknown, expired or revoked."',
      ]);
    },
  );

  it('is refused to a refresh token and an id token', async () => {
    const tokens = await obtainTokens({ playgroundUrl: playground.url });
    for (const token of [tokens.refresh_token, tokens.id_token]) {
      expect((await call('/api/orders', {}, token)).status).toBe(401);
    }
  });

  it('takes the scope that the call needs', async () => {
    const reader = await tokenFor('openid orders.read');
    const refused = await post('{"item":"Kettle","quantity":1}', 'application/json', reader);
    expect([refused.status, refused.headers.get('www-authenticate')]).toEqual([
      403,
      'Bearer realm="playground", error="insufficient_scope", error_description="This needs the scope orders.write.", scope="orders.write"',
    ]);
    const writer = await tokenFor('openid orders.write');
    expect((await call('/api/orders', {}, writer)).status).toBe(403);
    expect((await call('/api/orders/1001', {}, writer)).status).toBe(403);
  });

  it('takes the scheme in any case', async () => {
    const headers = { authorization: `bearer ${accessToken}` };
    expect((await fetch(`${playground.url}/api/orders`, { headers })).status).toBe(200);
  });

  it('is counted, and so is each 401', async () => {
    const before = playground.status().counters;
    await call('/api/orders');
    await call('/api/nothing');
    await call('/api/orders', {}, 'unknown');
    await fetch(`${playground.url}/api/orders`);
    const { api, apiUnauthorized } = playground.status().counters;
    expect([api - before.api, apiUnauthorized - before.apiUnauthorized]).toEqual([4, 2]);
  });
});
