import { connect } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { createGatewayWays } from '../../../electron/network/gateway-ways.ts';
import { startConnections } from '../../fixtures/connections.ts';
import { trusting } from '../../fixtures/networks.ts';
import { type RawServer, startRawServer } from '../../fixtures/raw-server.ts';
import { startTlsServer } from '../../fixtures/tls-server.ts';

type Habit = 'resets' | 'keeps silent' | 'passes on';

/** A server before another one, which treats its connections one after another as `habits` says, and passes on the rest. */
function startBefore(port: number, habits: Habit[]): Promise<RawServer> {
  const left = [...habits];
  return startRawServer((socket) => {
    const habit = left.shift() ?? 'passes on';
    if (habit === 'resets') socket.once('data', () => socket.resetAndDestroy());
    if (habit === 'keeps silent') socket.resume();
    if (habit !== 'passes on') return;
    const beyond = connect({ host: '127.0.0.1', port }).on('error', () => socket.destroy());
    socket.pipe(beyond).pipe(socket);
    socket.on('close', () => beyond.destroy());
  });
}

/** How ways to a server go, one after another; with `certificate` it is another than the test CA's. */
async function start(habits: Habit[], { certificate = 'server', asks = false, timeoutMs = 10_000 } = {}) {
  const { port } = await startTlsServer({ certificate });
  const { host, sockets } = await startBefore(port, habits);
  const ways = createGatewayWays(startConnections(), { ...trusting, connectTimeoutMs: timeoutMs }, asks);
  return {
    sockets,
    async open() {
      const { kind, socket } = await ways.open(new URL(`https://${host}/`));
      socket.on('error', () => undefined);
      onTestFinished(() => void socket.destroy());
      return kind;
    },
  };
}

it('ends TLS at a server of the project’s own CA though a first handshake broke', async () => {
  const { open, sockets } = await start(['resets']);
  expect(await open()).toBe('ended');
  expect(sockets).toHaveLength(2);
});

it('lets the browser see for itself where handshakes break, and takes the server for no stranger', async () => {
  const { open } = await start(['resets', 'resets']);
  expect(await open()).toBe('passed');
  expect(await open()).toBe('ended');
});

it('says that a handshake took too long, and takes the server for no stranger', async () => {
  const { open, sockets } = await start(['keeps silent'], { timeoutMs: 2_000 });
  await expect(open()).rejects.toMatchObject({ code: 'UND_ERR_CONNECT_TIMEOUT' });
  await expect.poll(() => sockets[0]?.closed).toBe(true);
  expect(await open()).toBe('ended');
});

it.each(['self-signed', 'expired', 'other-host'])(
  'passes a server whose certificate is %s, and tries it no second time',
  async (certificate) => {
    const { open, sockets } = await start([], { certificate });
    expect(await open()).toBe('passed');
    // The one that was tried is ended.
    await expect.poll(() => sockets.map((socket) => socket.closed)).toEqual([true, false]);
    expect(await open()).toBe('passed');
    await expect.poll(() => sockets.length).toBe(3);
  },
);

it('passes a server that it vouches for where the browser asks, and ends the connection that it tried', async () => {
  const { open, sockets } = await start([], { asks: true });
  expect(await open()).toBe('passed');
  await expect.poll(() => sockets.map((socket) => socket.closed)).toEqual([true, false]);
});
