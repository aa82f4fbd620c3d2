import { connect, type Socket } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { createDeferred } from '../../../electron/consent/deferred.ts';
import { type Gateway, openGateway } from '../../../electron/network/gateway.ts';
import type { ResolvedNetwork } from '../../../electron/network/resolved-network.ts';
import { startConnections } from '../../fixtures/connections.ts';
import { through, trusting } from '../../fixtures/networks.ts';
import { startRawServer } from '../../fixtures/raw-server.ts';
import { startTlsServer } from '../../fixtures/tls-server.ts';
import { closedPort, startWebServer } from '../../fixtures/web-server.ts';

/** The bytes of one connection, as they come. */
function listenTo(socket: Socket) {
  let heard = Buffer.alloc(0);
  socket.on('error', () => undefined);
  socket.on('data', (bytes) => {
    heard = Buffer.concat([heard, bytes]);
  });
  return {
    socket,
    heard: () => heard.toString('latin1'),
    bytes: (count: number) => expect.poll(() => heard.length).toBeGreaterThanOrEqual(count),
    ended: () => expect.poll(() => socket.closed).toBe(true),
  };
}

/** A proxy that says what the test says. */
async function startProxy() {
  const first = createDeferred<ReturnType<typeof listenTo>>();
  const { port } = await startRawServer((socket) => first.resolve(listenTo(socket)));
  return { port, first: first.promise };
}

async function start(network: ResolvedNetwork): Promise<Gateway> {
  const gateway = await openGateway(startConnections(), network);
  onTestFinished(() => gateway.close());
  return gateway;
}

/** Asks the gateway as a browser does. */
function ask({ address, login }: Gateway, line: string, body = '') {
  const proof = Buffer.from(`${login.username}:${login.password.reveal()}`).toString('base64');
  const [host = '', port = ''] = address.split(':');
  const socket = connect({ host, port: Number(port) });
  onTestFinished(() => void socket.destroy());
  const length = body === '' ? '' : `Content-Length: ${body.length}\r\n`;
  socket.write(`${line} HTTP/1.1\r\nHost: a\r\n${length}Proxy-Authorization: Basic ${proof}\r\n\r\n${body}`);
  return listenTo(socket);
}

const plainTrust = { ...trusting, trusted: { kind: 'ready' as const, value: [] } };
const tunnelled = 'HTTP/1.1 200 Connection established\r\n\r\n';

it('ends a way that opens once it is closed', async () => {
  const proxy = await startProxy();
  const gateway = await start(through(`http://127.0.0.1:${proxy.port}`, '', plainTrust));
  ask(gateway, 'CONNECT orders.test:443');
  const way = await proxy.first;
  await way.bytes(1);
  await gateway.close();
  way.socket.write(tunnelled);
  await way.ended();
});

it('ends a way that opens once the browser has given up', async () => {
  const proxy = await startProxy();
  const gateway = await start(through(`http://127.0.0.1:${proxy.port}`, '', plainTrust));
  const browser = ask(gateway, 'CONNECT orders.test:443');
  const way = await proxy.first;
  await way.bytes(1);
  browser.socket.resetAndDestroy();
  // One round more, by which the gateway has heard of it.
  await ask(gateway, 'GET /').bytes(1);
  way.socket.write(tunnelled);
  await way.ended();
  expect(gateway.failure()).toBeNull();
});

it.each(['gateway closed', 'browser gone'])('sends nothing that was asked for (%s)', async (end) => {
  const proxy = await startProxy();
  const gateway = await start(through(`socks5://127.0.0.1:${proxy.port}`, '', plainTrust));
  const browser = ask(gateway, 'POST http://orders.test/pay', 'amount=1');
  const way = await proxy.first;
  // RFC 1928: the greeting, and then the request, of which the name is one part.
  await way.bytes(3);
  way.socket.write(Buffer.from([5, 0]));
  await expect.poll(way.heard).toContain('orders.test');
  const before = way.heard().length;
  if (end === 'gateway closed') await gateway.close();
  else {
    browser.socket.resetAndDestroy();
    await ask(gateway, 'GET /').bytes(1);
  }
  way.socket.write(Buffer.from([5, 0, 0, 1, 127, 0, 0, 1, 0, 80]));
  await way.ended();
  // The last two bytes of the request, its port, may have come after its name.
  expect(way.heard().slice(before + 2)).toBe('');
  expect(way.heard()).not.toContain('POST');
});

it('tells of a failure until it gets to a server again, over http and https', async () => {
  const gateway = await start(trusting);
  const { port } = await startTlsServer();
  const plain = await startWebServer((_, response) => response.end('plain'));
  onTestFinished(() => plain.close());
  const dead = await closedPort();
  for (const [lost, found] of [
    [`CONNECT 127.0.0.1:${dead}`, `CONNECT 127.0.0.1:${port}`],
    [`GET http://127.0.0.1:${dead}/`, `GET ${plain.url}/`],
  ] as const) {
    await ask(gateway, lost).ended();
    expect(gateway.failure()).toMatchObject({
      code: 'server_unreachable',
      details: { host: `127.0.0.1:${dead}` },
    });
    const browser = ask(gateway, found);
    await expect.poll(browser.heard).toContain('HTTP/1.1 200');
    expect(gateway.failure()).toBeNull();
  }
});

it('tells of a failure until a proxy answers again that plain HTTP is handed to', async () => {
  const proxy = await startWebServer((_, response) => {
    response.writeHead(proxy.requests.length === 1 ? 407 : 200).end();
  });
  onTestFinished(() => proxy.close());
  const gateway = await start(through(proxy.url));
  await ask(gateway, 'GET http://orders.test/').ended();
  expect(gateway.failure()?.code).toBe('proxy_login_required');
  await expect.poll(ask(gateway, 'GET http://orders.test/').heard).toContain('HTTP/1.1 200');
  expect(gateway.failure()).toBeNull();
});

it('tells of no failure where the browser itself gave up', async () => {
  const gateway = await start(trusting);
  const silent = await startWebServer(() => undefined);
  onTestFinished(() => silent.close());
  const browser = ask(gateway, `GET ${silent.url}/`);
  await expect.poll(() => silent.requests.length).toBe(1);
  browser.socket.resetAndDestroy();
  await ask(gateway, 'GET /').bytes(1);
  expect(gateway.failure()).toBeNull();
});
