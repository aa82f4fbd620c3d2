import { readFileSync } from 'node:fs';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo, createServer as createTcpServer, type Server } from 'node:net';
import { connect } from 'node:tls';
import { inspect } from 'node:util';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { createOAuthFetch, wireError } from '../../../electron/oauth/fetch.ts';
import { failureOf } from '../../fixtures/oauth-profile.ts';
import { closedPort, startWebServer, type WebServer } from '../../fixtures/web-server.ts';

const post = { method: 'POST', headers: {}, body: 'refresh_token=marker-secret' };
const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  await Promise.all(closers.splice(0).map((close) => close()));
});

async function web(answer: Parameters<typeof startWebServer>[0]): Promise<WebServer> {
  const server = await startWebServer(answer);
  closers.push(server.close);
  return server;
}

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(() => new Promise((resolve) => server.close(resolve)));
  return (server.address() as AddressInfo).port;
}

/** What a raw TCP server says, or does, to whoever connects. */
function tcp(answer: string | 'reset'): Promise<number> {
  const server = createTcpServer((socket) => {
    socket.on('error', () => {});
    socket.once('data', () => (answer === 'reset' ? socket.resetAndDestroy() : socket.end(answer)));
  });
  return listen(server);
}

function pem(name: string): string {
  return readFileSync(new URL(`../../fixtures/tls/${name}.pem`, import.meta.url), 'utf8');
}

function tls(certificate: string): Promise<number> {
  const server = createTlsServer({ key: pem('key'), cert: pem(certificate) }, (_, response) =>
    response.end(),
  );
  server.on('tlsClientError', () => {});
  return listen(server);
}

/** The error that Node.js itself gives for a certificate of the test CA. */
async function certificateError(certificate: string): Promise<unknown> {
  const port = await tls(certificate);
  return new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port, servername: 'localhost', ca: pem('ca') });
    socket.once('error', resolve);
    socket.once('secureConnect', () => reject(new Error('The certificate was accepted.')));
  });
}

describe('createOAuthFetch', () => {
  it('gives status, headers and body, and sends what it was given', async () => {
    const server = await web((_, response) => response.writeHead(201, { 'x-a': 'b' }).end('hello'));
    const response = await createOAuthFetch()(`${server.url}/token?x=1`, post);
    expect([response.status, response.headers.get('x-a'), await response.text()]).toEqual([
      201,
      'b',
      'hello',
    ]);
    expect(server.requests[0]).toMatchObject({ method: 'POST', path: '/token?x=1' });
    expect(server.requests[0]?.form.get('refresh_token')).toBe('marker-secret');
  });

  it('follows no redirect', async () => {
    const server = await web((_, response) => response.writeHead(307, { location: '/elsewhere' }).end());
    const response = await createOAuthFetch()(server.url, post);
    expect(response.status).toBe(307);
    expect(server.requests).toHaveLength(1);
  });

  it('reads compressed bodies, and bodies that cannot be', async () => {
    const server = await web((_, response) =>
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync('hello')),
    );
    expect(await (await createOAuthFetch()(server.url, post)).text()).toBe('hello');
    const empty = await web((_, response) => response.writeHead(204).end());
    expect((await createOAuthFetch()(empty.url, post)).status).toBe(204);
  });

  it('keeps no connection open, so that none can be stale', async () => {
    const server = await web((_, response) => response.end());
    await createOAuthFetch()(server.url, post);
    expect(server.requests[0]?.headers.connection).toBe('close');
  });

  const unreachable = [
    ['a refused connection', async () => `http://127.0.0.1:${await closedPort()}/t`, 'not_sent', 'refused'],
    ['an unknown host', async () => 'http://nobody.invalid/t', 'not_sent', 'not found'],
    ['a reset', async () => `http://127.0.0.1:${await tcp('reset')}/t`, 'unknown', 'closed the connection'],
    [
      'an empty answer',
      async () => `http://127.0.0.1:${await tcp('')}/t`,
      'unknown',
      'closed the connection',
    ],
    [
      'another protocol',
      async () => `http://127.0.0.1:${await tcp('SSH-2.0-x\r\n')}/t`,
      'unknown',
      'not in valid HTTP',
    ],
    [
      'a body that breaks off',
      async () => `http://127.0.0.1:${await tcp('HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\n{"acc')}/t`,
      'unknown',
      'closed the connection',
    ],
    [
      'a damaged compression',
      async () => (await web((_, r) => r.writeHead(200, { 'content-encoding': 'gzip' }).end('no gzip'))).url,
      'unknown',
      'failed',
    ],
    [
      'a body without end',
      async () => (await web((_, r) => r.end(Buffer.alloc(3_000_000)))).url,
      'unknown',
      'more data',
    ],
    [
      'a compressed body without end',
      async () =>
        (
          await web((_, r) =>
            r.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(Buffer.alloc(9_000_000))),
          )
        ).url,
      'unknown',
      'more data',
    ],
  ] as const;
  it.each(unreachable)('says that the server is unreachable after %s', async (_, url, delivery, words) => {
    const error = await failureOf(async () => createOAuthFetch()(await url(), post));
    expect(error.code).toBe('server_unreachable');
    expect(error.details?.delivery).toBe(delivery);
    expect(error.message).toContain(words);
    expect(error.action).toBeTruthy();
  });

  it('gives up after its time, on an answer that does not begin and on one that does not end', async () => {
    const silent = await web(() => {});
    const endless = await web((_, response) => response.writeHead(200).write('{'));
    for (const server of [silent, endless]) {
      const error = await failureOf(() => createOAuthFetch({ timeoutMs: 100 })(server.url, post));
      expect([error.code, error.details?.delivery]).toEqual(['request_timeout', 'unknown']);
    }
  });

  it('is cancelled by the signal, before and during the request', async () => {
    const before = await failureOf(() =>
      createOAuthFetch()('http://127.0.0.1:9/', { ...post, signal: AbortSignal.abort() }),
    );
    expect(before.code).toBe('cancelled');
    const controller = new AbortController();
    const server = await web(() => controller.abort(new Error('any reason')));
    const during = await failureOf(() =>
      createOAuthFetch()(server.url, { ...post, signal: controller.signal }),
    );
    expect(during.code).toBe('cancelled');
  });

  it.each([
    ['not a url', 'url_invalid'],
    ['ftp://127.0.0.1/', 'url_invalid'],
    ['http://127.0.0.1:6000/', 'url_invalid'],
  ])('refuses %s with %s', async (url, code) => {
    expect((await failureOf(() => createOAuthFetch()(url, post))).code).toBe(code);
  });

  it('names the problem of a self-signed certificate', async () => {
    const port = await tls('self-signed');
    const error = await failureOf(() =>
      createOAuthFetch()(`https://127.0.0.1:${port}/t?code=marker-secret`, post),
    );
    expect(error.code).toBe('tls_error');
    expect(error.message).toBe(
      `The certificate of 127.0.0.1:${port} is not accepted: it is self-signed, or signed by a CA that is not known here.`,
    );
    expect(error.details?.delivery).toBe('not_sent');
  });

  it('names a certificate whose CA is not known', async () => {
    const port = await tls('other-host');
    const error = await failureOf(() => createOAuthFetch()(`https://127.0.0.1:${port}/`, post));
    expect([error.code, error.message]).toEqual([
      'tls_error',
      expect.stringContaining('a CA that is not known here'),
    ]);
  });

  it('says that a server does not speak TLS', async () => {
    const server = await web((_, response) => response.end());
    const error = await failureOf(() => createOAuthFetch()(server.url.replace('http:', 'https:'), post));
    expect([error.code, error.message]).toEqual(['tls_error', expect.stringContaining('does not speak TLS')]);
  });
});

describe('wireError', () => {
  it.each([
    ['expired', 'it has expired'],
    ['early', 'it is not valid yet'],
    ['other-host', 'it was issued for another host name'],
  ])('names the problem of the certificate "%s"', async (certificate, problem) => {
    const error = wireError(await certificateError(certificate), 'https://login.example/token?secret=1');
    expect(error.code).toBe('tls_error');
    expect(error.message).toBe(`The certificate of login.example is not accepted: ${problem}.`);
  });

  it('never names query, path, body or credentials', () => {
    const error = wireError(
      new Error('marker-secret'),
      'https://u:marker-secret@h.example/marker-secret?marker-secret',
    );
    expect(JSON.stringify(error.toWire())).not.toContain('marker-secret');
  });

  it('keeps of its causes only their names, for they may hold the URL or the answer', async () => {
    const url = 'https://:marker-secret';
    const invalid = await failureOf(() => createOAuthFetch()(url, post));
    const port = await tcp('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nmarker-secret');
    const damaged = await failureOf(() => createOAuthFetch()(`http://127.0.0.1:${port}/`, post));
    for (const error of [invalid, damaged])
      expect(inspect(error, { depth: 9 })).not.toContain('marker-secret');
    expect(damaged.message).toContain('not in valid HTTP');
  });

  it('keeps an AppError, and takes anything else that can be thrown', () => {
    const own = wireError(new Error('x'), 'http://h/');
    expect(wireError(own, 'http://other/')).toBe(own);
    const loop = new Error('a');
    loop.cause = loop;
    const odd = new Error('x');
    odd.name = 'toString';
    for (const thrown of [undefined, null, 'text', 3, {}, loop, odd, new AggregateError([])]) {
      expect(wireError(thrown, 'not a url').code).toBe('server_unreachable');
    }
  });

  it('takes the first of several failed addresses', () => {
    const refused = Object.assign(new Error('refused'), { code: 'ECONNREFUSED' });
    const error = wireError(
      new TypeError('fetch failed', { cause: new AggregateError([refused]) }),
      'http://h:1/',
    );
    expect(error.message).toContain('refused');
  });
});
