import { expect, it, onTestFinished, vi } from 'vitest';
import { dial } from '../../../electron/network/dial.ts';
import { readProxyUrl } from '../../../electron/network/system-proxy.ts';
import { startRawServer } from '../../fixtures/raw-server.ts';

/** Starts a server that takes connections and says nothing. */
const startSilence = () => startRawServer((socket) => void socket.resume());

it.each(['http', 'socks5', 'socks4'])(
  'gives the whole way through a proxy that keeps silent (%s) no more than its time',
  async (kind) => {
    const { port, sockets } = await startSilence();
    const server = readProxyUrl(`${kind}://127.0.0.1:${port}`);
    if (server === null) throw new Error('no proxy');
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
    onTestFinished(() => void vi.useRealTimers());
    let failed: unknown = null;
    const target = { host: 'orders.test', port: 443 };
    const dialled = dial({ kind: 'proxy', server }, target, { timeoutMs: 1_000 }).catch((thrown: unknown) => {
      failed = thrown;
    });
    // As much as it takes until the proxy has the connection.
    vi.advanceTimersByTime(600);
    while (sockets[0]?.bytesRead === undefined || sockets[0].bytesRead === 0) await new Promise(setImmediate);
    vi.advanceTimersByTime(399);
    await new Promise(setImmediate);
    expect(failed).toBeNull();
    vi.advanceTimersByTime(2);
    await dialled;
    expect(failed).toMatchObject({
      code: 'proxy_unreachable',
      message: expect.stringContaining('did not answer in time'),
    });
  },
);
