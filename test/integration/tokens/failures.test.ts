import type { ServerResponse } from 'node:http';
import { expect, onTestFinished, test } from 'vitest';
import {
  failureIn,
  rejectionOf,
  resultOf,
  sendTo,
  startEngine,
  statusOf,
  type TestEngine,
  tokenEvents,
} from '../../fixtures/engine.ts';
import { temporaryFolder } from '../../fixtures/temporary-folder.ts';
import { closedPort, type SeenRequest, sendJson, startWebServer } from '../../fixtures/web-server.ts';
import { createProject, profileId, saveProfile } from '../bad-input/projects.ts';

type Misbehaviour = (response: ServerResponse) => void;

/** An authorization server and API; the former answers refreshes as it is told to, and notes what it was sent. */
async function startMoodyServer() {
  const state = {
    refresh: null as Misbehaviour | null,
    api: null as Misbehaviour | null,
    /** Refresh tokens presented, and requests by grant, and of the API. */
    presented: [] as string[],
    counts: { password: 0, refresh_token: 0, api: 0 },
  };
  let serial = 0;

  function token({ form }: SeenRequest, response: ServerResponse): void {
    const grant = form.get('grant_type') === 'refresh_token' ? 'refresh_token' : 'password';
    state.counts[grant] += 1;
    if (grant === 'refresh_token') {
      state.presented.push(form.get('refresh_token') ?? '');
      if (state.refresh !== null) {
        state.refresh(response);
        return;
      }
    }
    serial += 1;
    const [access_token, refresh_token] = [`access-${serial}`, `refresh-${serial}`];
    sendJson(response, { access_token, refresh_token, token_type: 'Bearer', expires_in: 300 });
  }

  const server = await startWebServer((request, response) => {
    if (request.path === '/token') return token(request, response);
    state.counts.api += 1;
    if (state.api === null) sendJson(response, { orders: [] });
    else state.api(response);
  });
  onTestFinished(() => server.close());
  return { ...server, state };
}

const values = [
  { name: 'user', kind: 'plain' as const, value: 'alice' },
  { name: 'password', kind: 'plain' as const, value: 'alice-pw' },
];

/** An engine that holds an access token, which has expired, and the refresh token `refresh-1`. */
async function withExpiredToken(refreshMode: 'automatic' | 'manual') {
  const server = await startMoodyServer();
  const engine = await startEngine({ folder: await temporaryFolder() });
  await createProject(engine, {
    profile: {
      grant: { kind: 'password' },
      server: { tokenUrl: `${server.url}/token` },
      refreshMode,
      personas: [{ name: 'default', values }],
    },
  });
  await engine.call('tokens.get', { profile: profileId });
  engine.clock.aheadMs = 301_000;
  return { server, engine, send: () => sendTo(engine, `${server.url}/orders`, profileId) };
}

const json =
  (status: number, body: object): Misbehaviour =>
  (response) =>
    sendJson(response, body, status);
const empty =
  (status: number): Misbehaviour =>
  (response) => {
    response.writeHead(status).end();
  };
const html =
  (status: number): Misbehaviour =>
  (response) => {
    response.writeHead(status, { 'content-type': 'text/html' }).end('<!doctype html><h1>Gateway</h1>');
  };
const retryAfter =
  (value: () => string): Misbehaviour =>
  (response) => {
    response.writeHead(429, { 'retry-after': value() }).end();
  };

/** The server says no: `left` is what becomes of the refresh token. */
const refusals: [name: string, misbehaviour: Misbehaviour, left: 'none' | 'refused'][] = [
  ['invalid_grant', json(400, { error: 'invalid_grant' }), 'none'],
  ['invalid_grant with status 403', json(403, { error: 'invalid_grant' }), 'none'],
  ['invalid_request', json(400, { error: 'invalid_request' }), 'refused'],
  ['unauthorized_client', json(400, { error: 'unauthorized_client' }), 'refused'],
  ['invalid_scope', json(400, { error: 'invalid_scope' }), 'refused'],
  ['interaction_required', json(400, { error: 'interaction_required' }), 'refused'],
  ['login_required', json(400, { error: 'login_required' }), 'refused'],
  ['a code of its own', json(400, { error: 'E-4711' }), 'refused'],
  ['400 with an empty body and no content type', empty(400), 'refused'],
  ['403 with an empty body', empty(403), 'refused'],
  ['a page with status 400', html(400), 'refused'],
];

/** The server cannot, or what it says is of no use: nothing is lost. `asked`: how often it is asked in one update. */
const failures: [name: string, misbehaviour: Misbehaviour, code: string, asked: number][] = [
  ['invalid_client with 401', json(401, { error: 'invalid_client' }), 'invalid_client', 1],
  ['invalid_client with 400', json(400, { error: 'invalid_client' }), 'invalid_client', 1],
  ['429 with a Retry-After of an hour', retryAfter(() => '3600'), 'token_server_failed', 1],
  [
    '429 with a Retry-After as a date',
    retryAfter(() => new Date(Date.now() + 7_200_000).toUTCString()),
    'token_server_failed',
    1,
  ],
  ['429 without Retry-After', empty(429), 'token_server_failed', 3],
  ['408', empty(408), 'token_server_failed', 2],
  ['500', empty(500), 'token_server_failed', 2],
  ['503', empty(503), 'token_server_failed', 3],
  ['a page with status 502', html(502), 'token_server_failed', 2],
  ['a page with status 200', html(200), 'token_response_invalid', 1],
  [
    'JSON that ends early',
    (response) => void response.end('{"access_token":"x","ref'),
    'token_response_invalid',
    1,
  ],
  ['nothing with status 200', empty(200), 'token_response_invalid', 1],
  [
    'a token that is no text',
    json(200, { access_token: 1, token_type: 'Bearer' }),
    'token_response_invalid',
    1,
  ],
  ['a connection that breaks off', (response) => void response.destroy(), 'server_unreachable', 2],
];

const events = async (engine: TestEngine) => (await tokenEvents(engine)).map(({ kind }) => kind);

test.each(refusals)('%s is a refusal: the Refresh button ends with it', async (_, misbehaviour, left) => {
  const { server, engine } = await withExpiredToken('manual');
  server.state.refresh = misbehaviour;
  const failure = await rejectionOf(engine.call('tokens.refresh', { profile: profileId }));
  expect(failure).toMatchObject({ code: 'refresh_refused', action: 'Press Get Access Token.' });
  const status = await statusOf(engine, profileId);
  expect(status).toMatchObject({ access: { kind: 'held' }, refresh: { kind: left } });
  // One that the server did not call dead may be tried again, by hand.
  expect(status.refreshShown).toBe(left === 'refused');
  expect(server.state.counts).toMatchObject({ password: 1, refresh_token: 1 });
});

test.each(refusals)(
  '%s is a refusal: in Automatic mode the silent grant follows',
  async (_, misbehaviour) => {
    const { server, engine, send } = await withExpiredToken('automatic');
    server.state.refresh = misbehaviour;
    expect(resultOf(await send())).toBe(200);
    expect(server.state.counts).toEqual({ password: 2, refresh_token: 1, api: 1 });
    expect((await events(engine)).slice(-2)).toEqual(['refresh_refused', 'obtained']);
    expect(await statusOf(engine, profileId)).toMatchObject({ refresh: { kind: 'usable' }, failure: null });
  },
);

test.each(failures)(
  '%s is no refusal: nothing is lost, nothing follows',
  async (_, misbehaviour, code, asked) => {
    const { server, engine, send } = await withExpiredToken('automatic');
    server.state.refresh = misbehaviour;
    expect(failureIn(await send())).toMatchObject({ code, action: expect.any(String) });
    expect(server.state.counts).toEqual({ password: 1, refresh_token: asked, api: 0 });
    expect((await tokenEvents(engine)).at(-1)).toMatchObject({
      kind: 'refresh_failed',
      detail: expect.stringContaining('Nothing that is stored was lost.'),
      error: { code },
    });
    expect(await statusOf(engine, profileId)).toMatchObject({
      access: { kind: 'held' },
      refresh: { kind: 'usable' },
      failure: { code },
    });
    server.state.refresh = null;
    expect(resultOf(await send())).toBe(200);
    expect(new Set(server.state.presented)).toEqual(new Set(['refresh-1']));
    expect(server.state.counts.password).toBe(1);
    expect((await statusOf(engine, profileId)).failure).toBeNull();
  },
);

test('a server that asks for a short wait is asked again after it', async () => {
  const { server, send } = await withExpiredToken('automatic');
  server.state.refresh = (response) => {
    server.state.refresh = null;
    response.writeHead(429, { 'retry-after': '1' }).end();
  };
  expect(resultOf(await send())).toBe(200);
  expect(server.state.counts).toEqual({ password: 1, refresh_token: 2, api: 1 });
});

test('a server that is down or gone from the DNS loses nothing', async () => {
  const { server, engine, send } = await withExpiredToken('automatic');
  const tokenUrl = `${server.url}/token`;
  const bad = [
    `http://127.0.0.1:${await closedPort()}/token`,
    'http://no-such-host.invalid/token',
    tokenUrl.replace('http:', 'https:'),
  ];
  const personas = [{ name: 'default', values }];
  for (const url of bad) {
    await saveProfile(engine, { grant: { kind: 'password' }, server: { tokenUrl: url }, personas });
    const failure = await rejectionOf(engine.call('tokens.get', { profile: profileId }));
    expect(['server_unreachable', 'tls_error'], url).toContain(failure.code);
  }
  await saveProfile(engine, { grant: { kind: 'password' }, server: { tokenUrl }, personas });
  expect(resultOf(await send())).toBe(200);
  expect(server.state.presented).toEqual(['refresh-1']);
});

test('an API that always says invalid_token gets one update and one repeat, and never a loop', async () => {
  const { server, engine, send } = await withExpiredToken('automatic');
  engine.clock.aheadMs = 0;
  server.state.api = (response) => {
    response.writeHead(401, { 'www-authenticate': 'Bearer error="invalid_token"' }).end();
  };
  expect(resultOf(await send())).toBe(401);
  expect(server.state.counts).toEqual({ password: 1, refresh_token: 1, api: 2 });
  const many = await Promise.all(Array.from({ length: 30 }, send));
  expect(many.map(resultOf)).toEqual(Array(30).fill(401));
  expect(server.state.counts.api).toBe(2 + 60);
  expect(server.state.counts.refresh_token).toBeLessThanOrEqual(1 + 30);
});

test('an API that says invalid_token in Manual mode gets neither', async () => {
  const { server, engine, send } = await withExpiredToken('manual');
  engine.clock.aheadMs = 0;
  server.state.api = (response) => {
    response.writeHead(401, { 'www-authenticate': 'Bearer error="invalid_token"' }).end();
  };
  expect(resultOf(await send())).toBe(401);
  expect(server.state.counts).toEqual({ password: 1, refresh_token: 0, api: 1 });
});
