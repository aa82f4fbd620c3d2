import type { ServerResponse } from 'node:http';
import { expect, test } from 'vitest';
import { failureIn, resultOf, sendTo, statusOf } from '../../fixtures/engine.ts';
import { type SeenRequest, sendJson } from '../../fixtures/web-server.ts';
import { gate, openProject, personas, profile, startServer } from '../tokens/orders-server.ts';

/*
 * What running servers do with old tokens, against the RFCs: the old refresh token dies at once, lives until the new
 * access token is first used, or lives on, reuse kills the whole chain on some, and a refresh may kill the old access
 * token at once.
 */

const ways = ['dies at once', 'lives until the new access token is used', 'lives on'] as const;

function bearerOf({ headers }: SeenRequest): string {
  return String(headers.authorization).replace('Bearer ', '');
}

function unauthorized(response: ServerResponse): void {
  response.writeHead(401, { 'www-authenticate': 'Bearer error="invalid_token"' }).end();
}

/** A server that deals with old refresh tokens in one of the ways; a dead one that comes again kills the chain. */
async function startRotating(way: (typeof ways)[number]) {
  const server = await startServer();
  const state = { dead: new Set<string>(), reused: [] as string[], killed: false, waiting: '' };
  server.refresh = ({ form }, response) => {
    const presented = form.get('refresh_token') ?? '';
    if (state.dead.has(presented)) {
      state.reused.push(presented);
      state.killed = true;
    }
    if (state.killed) return sendJson(response, { error: 'invalid_grant' }, 400);
    if (way === 'dies at once') state.dead.add(presented);
    if (way === 'lives until the new access token is used') state.waiting = presented;
    server.giveToken(response);
  };
  server.api = (request, response) => {
    if (state.waiting !== '') state.dead.add(state.waiting);
    if (bearerOf(request) === `access-${server.serial}`) sendJson(response, { orders: [] });
    else unauthorized(response);
  };
  return { server, state };
}

test.each(ways)('an old refresh token that %s is never presented again', async (way) => {
  const { server, state } = await startRotating(way);
  const engine = await openProject(server);
  const send = () => sendTo(engine, `${server.url}/orders`, profile);
  await engine.call('tokens.get', { profile, persona: null });
  for (let round = 0; round < 5; round += 1) {
    engine.clock.aheadMs += 301_000;
    const all = await Promise.all(Array.from({ length: 5 }, send));
    expect(all.map(resultOf)).toEqual([200, 200, 200, 200, 200]);
  }
  const presented = server.requests.flatMap(({ form }) => form.get('refresh_token') ?? []);
  expect(presented).toEqual(['refresh-1', 'refresh-2', 'refresh-3', 'refresh-4', 'refresh-5']);
  expect([state.reused, state.killed]).toEqual([[], false]);
});

test('a chain that was killed by somebody else gives way to the grant, and a new chain begins', async () => {
  const { server, state } = await startRotating('dies at once');
  const engine = await openProject(server);
  await engine.call('tokens.get', { profile, persona: null });
  state.killed = true;
  engine.clock.aheadMs += 301_000;
  expect(resultOf(await sendTo(engine, `${server.url}/orders`, profile))).toBe(200);
  expect(server.count('/token', 'password')).toBe(2);
  expect((await statusOf(engine, profile, 'alice')).refresh.kind).toBe('usable');
});

test('a request that is on the wire while a refresh kills its token is repeated with the new one, and refreshes no more', async () => {
  const { server } = await startRotating('dies at once');
  const engine = await openProject(server, { personas });
  await engine.call('tokens.get', { profile, persona: null });
  const held = gate();
  const strict = server.api;
  server.api = (request, response) => {
    if (bearerOf(request) !== 'access-1') return strict?.(request, response);
    void held.opened.then(() => strict?.(request, response));
  };
  const slow = sendTo(engine, `${server.url}/orders`, profile);
  await expect.poll(() => server.count('/orders')).toBe(1);
  await engine.call('tokens.refresh', { profile, persona: null });
  held.open();
  expect(resultOf(await slow)).toBe(200);
  expect(server.count('/token', 'refresh_token')).toBe(1);
  expect(server.requests.filter(({ path }) => path === '/orders').map(bearerOf)).toEqual([
    'access-1',
    'access-2',
  ]);
});

test.each<[string, (response: ServerResponse) => void, number]>([
  ['401 with an empty body and no challenge', (response) => response.writeHead(401).end(), 401],
  ['403 with an empty body', (response) => response.writeHead(403).end(), 403],
  [
    '401 with JSON labelled text/html',
    (response) => response.writeHead(401, { 'content-type': 'text/html' }).end('{"error":"invalid_token"}'),
    401,
  ],
  [
    '403 with JSON and a challenge that says nothing',
    (response) => response.writeHead(403, { 'www-authenticate': 'Bearer' }).end('{"message":"dead"}'),
    403,
  ],
])('a dead token that the API answers with %s is shown as it is, once', async (_, by, status) => {
  const { server } = await startRotating('dies at once');
  const engine = await openProject(server);
  await engine.call('tokens.get', { profile, persona: null });
  server.api = (_request, response) => by(response);
  const exchange = await sendTo(engine, `${server.url}/orders`, profile);
  expect(resultOf(exchange)).toBe(status);
  expect([server.count('/orders'), server.count('/token', 'refresh_token')]).toEqual([1, 0]);
});

test('a dead token with a challenge that names no scheme is renewed, and the request repeated', async () => {
  const { server } = await startRotating('dies at once');
  const engine = await openProject(server);
  await engine.call('tokens.get', { profile, persona: null });
  server.api = (request, response) => {
    if (bearerOf(request) === 'access-2') return sendJson(response, { orders: [] });
    response.writeHead(401, { 'www-authenticate': 'error="invalid_token"' }).end();
  };
  const exchange = await sendTo(engine, `${server.url}/orders`, profile);
  expect(exchange.outcome.kind === 'failed' ? failureIn(exchange) : resultOf(exchange)).toBe(200);
  expect(server.count('/token', 'refresh_token')).toBe(1);
});
