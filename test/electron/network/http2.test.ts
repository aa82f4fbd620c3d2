import { createSecureServer, type ServerHttp2Session, type ServerHttp2Stream } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createOAuthFetch } from '../../../electron/oauth/fetch.ts';
import { createSender } from '../../../electron/requests/send.ts';
import { startConnections } from '../../fixtures/connections.ts';
import { trusting } from '../../fixtures/networks.ts';
import { failureOf } from '../../fixtures/oauth-profile.ts';
import { pem } from '../../fixtures/tls-server.ts';

/** A server of HTTP/2 that does with each request as a test says. */
async function startHttp2(
  take: (stream: ServerHttp2Stream, session: ServerHttp2Session, path: string) => void,
): Promise<string> {
  const server = createSecureServer({ key: pem('key'), cert: pem('server') });
  const sessions = new Set<ServerHttp2Session>();
  server.on('session', (session) => {
    sessions.add(session);
    session.on('error', () => undefined);
  });
  server.on('stream', (stream, headers) => {
    stream.on('error', () => undefined);
    if (stream.session !== undefined)
      take(stream, stream.session as ServerHttp2Session, String(headers[':path']));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.close();
    for (const session of sessions) session.destroy();
  });
  return `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function rig(timeoutMs = 30_000) {
  const network = { ...trusting, tokenTimeoutMs: timeoutMs, requestTimeoutMs: timeoutMs };
  const connections = startConnections();
  const sender = createSender({ now: () => performance.now(), connections });
  const fetchOAuth = createOAuthFetch({ network, connections });
  return {
    connections,
    token: (url: string, signal?: AbortSignal) =>
      fetchOAuth(url, { method: 'POST', headers: {}, body: 'a=b', ...(signal && { signal }) }).then(
        ({ status }) => status,
      ),
    api: (url: string, signal = new AbortController().signal) =>
      sender
        .send({ method: 'POST', url, headers: [], body: 'a=b' }, network, signal)
        .then(({ response }) => response.status),
  };
}

const answer = (stream: ServerHttp2Stream) => {
  stream.respond({ ':status': 200 });
  stream.end('ok');
};

describe.each(['token', 'api'] as const)('over HTTP/2, a request of the kind %s', (kind) => {
  it.each<[string, Parameters<typeof startHttp2>[0], string]>([
    ['an answer that does not begin', () => undefined, 'request_timeout'],
    ['an answer that does not end', (stream) => stream.respond({ ':status': 200 }), 'request_timeout'],
    ['a stream that is reset', (stream) => stream.close(2), 'server_unreachable'],
    ['a session that ends', (_, session) => session.destroy(), 'server_unreachable'],
    ['a session that is told to go away', (_, session) => session.goaway(1), 'server_unreachable'],
    [
      'a session that ends amid the answer',
      (stream, session) => {
        stream.respond({ ':status': 200 });
        stream.write('half', () => session.destroy());
      },
      'server_unreachable',
    ],
  ])('fails in words after %s, and the next succeeds', async (_name, misbehave, code) => {
    const url = await startHttp2((stream, session, path) =>
      path === '/good' ? answer(stream) : misbehave(stream, session, path),
    );
    const { [kind]: send } = rig(code === 'request_timeout' ? 1_000 : 30_000);
    const error = await failureOf(() => send(`${url}/bad`));
    expect(error.code).toBe(code);
    expect(await send(`${url}/good`)).toBe(200);
  });

  it('is cancelled while it is under way', async () => {
    const controller = new AbortController();
    const url = await startHttp2((stream, _session, path) =>
      path === '/good' ? answer(stream) : controller.abort(),
    );
    const { [kind]: send } = rig();
    expect((await failureOf(() => send(`${url}/bad`, controller.signal))).code).toBe('cancelled');
    expect(await send(`${url}/good`)).toBe(200);
  });

  it('goes on beside many others, of which some fail', async () => {
    const url = await startHttp2((stream, _session, path) =>
      path.endsWith('7') ? stream.close(2) : answer(stream),
    );
    const { [kind]: send } = rig();
    const all = Array.from({ length: 40 }, (_, index) =>
      send(`${url}/${index}`).catch((error) => error.code),
    );
    const results = await Promise.all(all);
    expect(results.filter((result) => result === 200)).toHaveLength(36);
    expect(results.filter((result) => result === 'server_unreachable')).toHaveLength(4);
  });
});

it.each([
  ['token', 2],
  ['api', 1],
] as const)('two requests of the kind %s take connections over HTTP/2: %i', async (kind, count) => {
  const sessions = new Set<ServerHttp2Session>();
  const url = await startHttp2((stream, session) => {
    sessions.add(session);
    answer(stream);
  });
  const { [kind]: send } = rig();
  for (const path of ['/one', '/two']) expect(await send(url + path)).toBe(200);
  expect(sessions.size).toBe(count);
});

it('ends API requests under way with the connections, however many and however far they are', async () => {
  const { api, connections } = rig();
  let come = 0;
  let open = (): void => undefined;
  const some = new Promise<void>((resolve) => {
    open = resolve;
  });
  const url = await startHttp2((stream) => {
    come += 1;
    if (come % 3 === 0) stream.respond({ ':status': 200 });
    if (come === 10) open();
  });
  const sends = Array.from({ length: 30 }, (_, index) => failureOf(() => api(`${url}/${index}`)));
  await some;
  const late = Array.from({ length: 10 }, (_, index) => failureOf(() => api(`${url}/late-${index}`)));
  await connections.close();
  const codes = (await Promise.all([...sends, ...late])).map(({ code }) => code);
  expect(new Set(codes)).toEqual(new Set(['server_unreachable', 'cancelled']));
});
