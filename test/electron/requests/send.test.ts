import { readFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { plainNetwork } from '../../../electron/network/resolved-network.ts';
import type { OutgoingRequest } from '../../../electron/requests/prepare.ts';
import { createSender, type SenderOptions } from '../../../electron/requests/send.ts';
import { startConnections } from '../../fixtures/connections.ts';
import { startRawServer } from '../../fixtures/raw-server.ts';
import { failureOf, startServer } from './test-server.ts';

function sender({ timeoutMs = 60_000, ...options }: Partial<SenderOptions> & { timeoutMs?: number } = {}) {
  const connections = startConnections();
  const created = createSender({ now: () => performance.now(), connections, ...options });
  const network = { ...plainNetwork, requestTimeoutMs: timeoutMs };
  return (request: Partial<OutgoingRequest>, signal = new AbortController().signal) =>
    created.send({ method: 'GET', url: '', headers: [], body: null, ...request }, network, signal);
}

/** A server below HTTP, for answers that no HTTP server would give. */
async function startRaw(answer: (socket: Socket) => void): Promise<string> {
  const { host } = await startRawServer((socket) => void socket.once('data', () => answer(socket)));
  return `http://${host}`;
}

const tlsFile = (name: string) => readFileSync(join(import.meta.dirname, '../../fixtures/tls', name), 'utf8');

describe('a sender', () => {
  it('sends method, path, headers and body as given, and shows the answer as it came', async () => {
    const server = await startServer((_request, response) => {
      response.writeHead(201, 'Made It', [
        ['Content-Type', 'application/json'],
        ['X-Two', 'a'],
        ['X-Two', 'b'],
      ]);
      response.end('{"id":1}');
    });
    const { response, firstByteMs, downloadMs } = await sender()({
      method: 'POST',
      url: `${server.url}/orders?q=a%20b#part`,
      headers: [
        { name: 'X-Trace', value: 'é' },
        { name: 'X-Trace', value: '2' },
      ],
      body: 'ünï',
    });
    const [received] = server.received;
    expect([received?.method, received?.path, received?.body]).toEqual(['POST', '/orders?q=a%20b', 'ünï']);
    expect(received?.headers['x-trace']).toBe('é, 2');
    expect(received?.rawHeaders).toContain('X-Trace');
    expect([response.status, response.statusText, response.sizeBytes]).toEqual([201, 'Made It', 8]);
    expect(response.headers.slice(0, 3)).toEqual([
      { name: 'Content-Type', value: 'application/json' },
      { name: 'X-Two', value: 'a' },
      { name: 'X-Two', value: 'b' },
    ]);
    expect(response.body).toEqual({ kind: 'text', text: '{"id":1}', truncated: false });
    expect(firstByteMs).toBeGreaterThan(0);
    expect(downloadMs).toBeGreaterThanOrEqual(0);
  });

  it('shows a redirect instead of following it', async () => {
    const server = await startServer((_request, response) => {
      response.writeHead(302, { location: '/elsewhere' }).end();
    });
    const { response } = await sender()({ url: server.url });
    expect([response.status, response.body.kind, server.received.length]).toEqual([302, 'empty', 1]);
  });

  it.each([204, 304, 404, 500])('takes status %i as an answer', async (status) => {
    const server = await startServer((_request, response) => {
      response.writeHead(status).end();
    });
    expect((await sender()({ url: server.url })).response).toMatchObject({ status, body: { kind: 'empty' } });
  });

  it('reads no body after HEAD', async () => {
    const server = await startServer((_request, response) => {
      response.writeHead(200, { 'content-length': '500', 'content-encoding': 'gzip' }).end();
    });
    const { response } = await sender()({ method: 'HEAD', url: server.url });
    expect(response.body).toEqual({ kind: 'empty' });
  });

  it('reads a huge body up to the limit, then stops the server', async () => {
    let stopped = false;
    const server = await startServer((_request, response) => {
      response.on('close', () => {
        stopped = true;
      });
      response.writeHead(200, { 'content-type': 'text/plain' });
      const more = (): void => {
        while (!response.destroyed && response.write('x'.repeat(65_536)));
        response.once('drain', more);
      };
      more();
    });
    const { response } = await sender({ maximumBodyBytes: 100_000 })({ url: server.url });
    expect(response.sizeBytes).toBe(100_000);
    expect(response.body).toMatchObject({ kind: 'text', truncated: true });
    await expect.poll(() => stopped).toBe(true);
  });

  it('stops a compressed bomb at the limit', async () => {
    const bomb = gzipSync(Buffer.alloc(100_000_000, 'a'));
    const server = await startServer((_request, response) => {
      response.writeHead(200, { 'content-type': 'text/plain', 'content-encoding': 'gzip' }).end(bomb);
    });
    const { response } = await sender({ maximumBodyBytes: 1_000_000 })({ url: server.url });
    expect(response.sizeBytes).toBe(1_000_000);
    expect(response.body).toMatchObject({ kind: 'text', truncated: true });
  });

  it('marks nothing as truncated when the body is as long as the limit', async () => {
    const server = await startServer((_request, response) => {
      response.end('x'.repeat(1_000));
    });
    const { response } = await sender({ maximumBodyBytes: 1_000 })({ url: server.url });
    expect(response.body).toMatchObject({ truncated: false });
  });

  it('goes on after a server closed its idle connection', async () => {
    const server = await startServer((_request, response) => {
      response.end('ok');
      response.socket?.end();
    });
    const send = sender();
    for (let count = 0; count < 5; count += 1) {
      expect((await send({ url: server.url })).response.status).toBe(200);
    }
  });

  it('gives up after the timeout, with no answer or with one that never ends', async () => {
    const silent = await startServer(() => undefined);
    const dripping = await startServer((_request, response) => {
      response.write('x');
      const timer = setInterval(() => response.write('x'), 20);
      response.on('close', () => clearInterval(timer));
    });
    for (const { url } of [silent, dripping]) {
      const error = await failureOf(sender({ timeoutMs: 200 })({ url: `${url}/?key=MARKER` }));
      expect(error.code).toBe('request_timeout');
      expect(error.message).toContain(new URL(url).host);
      expect(JSON.stringify(error.toWire())).not.toContain('MARKER');
    }
  });

  it('is cancelled before sending, while waiting, and in the middle of the body', async () => {
    const silent = await startServer(() => undefined);
    const early = new AbortController();
    early.abort();
    expect((await failureOf(sender()({ url: silent.url }, early.signal))).code).toBe('cancelled');
    expect(silent.received).toHaveLength(0);

    const waiting = new AbortController();
    const sent = failureOf(sender()({ url: silent.url }, waiting.signal));
    await expect.poll(() => silent.received.length).toBe(1);
    waiting.abort();
    expect((await sent).code).toBe('cancelled');

    const middle = new AbortController();
    let closed = false;
    const endless = await startServer((_request, response) => {
      response.on('close', () => {
        closed = true;
      });
      response.write('the first part', () => middle.abort());
    });
    expect((await failureOf(sender()({ url: endless.url }, middle.signal))).code).toBe('cancelled');
    await expect.poll(() => closed).toBe(true);
  });

  it('says that the server is unreachable', async () => {
    const server = await startServer(() => undefined);
    await server.close();
    const error = await failureOf(sender()({ url: `${server.url}/?key=MARKER` }));
    expect(error.code).toBe('server_unreachable');
    expect(error.message).toContain(new URL(server.url).host);
    expect(error.action).toBeDefined();
    expect(JSON.stringify(error.toWire())).not.toContain('MARKER');
  });

  it.each<[string, (socket: Socket) => void]>([
    ['hangs up', (socket) => socket.destroy()],
    ['resets', (socket) => socket.resetAndDestroy()],
    ['speaks something else', (socket) => socket.end('220 mail.example ESMTP\r\n')],
    [
      'breaks off in the middle of the body',
      (socket) => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf'),
    ],
    [
      'breaks off in the middle of a chunk',
      (socket) => socket.end('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n64\r\nhalf'),
    ],
    ['breaks off in the headers', (socket) => socket.end('HTTP/1.1 200 OK\r\nContent-')],
    ['sends headers without end', (socket) => socket.write(`HTTP/1.1 200 OK\r\nX: ${'x'.repeat(200_000)}`)],
    [
      'changes the protocol',
      (socket) =>
        socket.write('HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n'),
    ],
  ])('fails with a code when the server %s', async (_what, answer) => {
    const error = await failureOf(sender({ timeoutMs: 5_000 })({ url: await startRaw(answer) }));
    expect(error.code).toBe('server_unreachable');
  });

  it.each(['self-signed.pem', 'expired.pem', 'other-host.pem'])(
    'refuses the certificate %s',
    async (cert) => {
      const server = await startServer((_request, response) => response.end('secret'), {
        key: tlsFile('key.pem'),
        cert: tlsFile(cert),
      });
      const error = await failureOf(sender()({ url: server.url }));
      expect(error.code).toBe('tls_error');
      expect(error.message).toContain(new URL(server.url).host);
      expect(server.received).toHaveLength(0);
    },
  );

  it('says so when the server does not speak TLS', async () => {
    const server = await startServer((_request, response) => response.end());
    expect((await failureOf(sender()({ url: server.url.replace('http:', 'https:') }))).code).toBe(
      'tls_error',
    );
  });

  it('refuses what the library itself refuses, without its words', async () => {
    const server = await startServer((_request, response) => response.end());
    const headers = [
      { name: 'host', value: 'MARKER-a' },
      { name: 'host', value: 'MARKER-b' },
    ];
    const error = await failureOf(sender()({ url: server.url, headers }));
    expect(error.code).toBe('request_invalid');
    expect(JSON.stringify(error.toWire())).not.toContain('MARKER');
  });

  it('gives no negative time when the clock is set back', async () => {
    let now = 1_000_000;
    const server = await startServer((_request, response) => response.end('x'));
    const { firstByteMs, downloadMs } = await sender({ now: () => (now -= 1_000) })({ url: server.url });
    expect([firstByteMs, downloadMs]).toEqual([0, 0]);
  });
});
