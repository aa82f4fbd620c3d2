import { describe, expect, it, onTestFinished } from 'vitest';
import { createFindProxy } from '../../../electron/network/find-proxy.ts';
import { createOAuthFetch } from '../../../electron/oauth/fetch.ts';
import { startConnections } from '../../fixtures/connections.ts';
import { startHttpProxy } from '../../fixtures/http-proxy.ts';
import { trusting } from '../../fixtures/networks.ts';
import { failureOf } from '../../fixtures/oauth-profile.ts';
import { startRawServer } from '../../fixtures/raw-server.ts';
import { startTlsServer } from '../../fixtures/tls-server.ts';
import { closedPort, startWebServer } from '../../fixtures/web-server.ts';

const url = 'https://orders.test/';

/** Finds among what a PAC file says, by which of the hosts answer; `tried`: those that were asked, with the time that each got. */
function among(answer: string, alive: string[], now = () => 0) {
  const tried: [string, number][] = [];
  const find = createFindProxy(async () => answer, {
    now,
    async answers({ host }, timeoutMs) {
      tried.push([host, timeoutMs]);
      return alive.includes(host);
    },
  });
  return { tried, host: async (timeoutMs = 30_000) => (await find(url, timeoutMs))?.host ?? null };
}

describe('of the proxies that the system names', () => {
  it('the first that answers is taken', async () => {
    const { host, tried } = among('PROXY a:1; PROXY b:1; PROXY c:1', ['b', 'c']);
    expect(await host()).toBe('b');
    expect(tried).toEqual([
      ['a', 5_000],
      ['b', 5_000],
    ]);
  });

  it('none is taken where it may go straight and those before do not answer', async () => {
    const { host } = among('PROXY a:1; DIRECT; PROXY b:1', ['b']);
    expect(await host()).toBeNull();
  });

  it('the first is taken where none answers, and a single one is not tried', async () => {
    expect(await among('PROXY a:1; PROXY b:1', []).host()).toBe('a');
    const single = among('PROXY a:1', []);
    expect(await single.host()).toBe('a');
    expect(single.tried).toEqual([]);
  });

  it('each gets its share of the time', async () => {
    const { host, tried } = among('PROXY a:1; PROXY b:1', []);
    await host(1_000);
    expect(tried.map(([, timeoutMs]) => timeoutMs)).toEqual([500, 500]);
  });

  it('one that did not answer comes last for five minutes', async () => {
    let nowMs = 0;
    const alive = ['b'];
    const { host, tried } = among('PROXY a:1; PROXY b:1', alive, () => nowMs);
    expect(await host()).toBe('b');
    alive.unshift('a');
    nowMs = 5 * 60_000 - 1;
    expect(await host()).toBe('b');
    expect(tried.map(([name]) => name)).toEqual(['a', 'b', 'b']);
    nowMs += 1;
    expect(await host()).toBe('a');
  });
});

describe('a request by the system’s proxies', () => {
  function send(answer: string, to: string): Promise<Response> {
    const connections = startConnections({ systemProxy: async () => answer });
    const network = { ...trusting, proxy: { kind: 'system' as const } };
    return createOAuthFetch({ network, connections })(to, { method: 'GET', headers: {} });
  }

  it('goes through the next where nobody is at the first, in a tunnel for https and without one for http', async () => {
    const proxy = await startHttpProxy();
    const { port } = await startTlsServer();
    const plain = await startWebServer((_, response) => response.end('plain'));
    onTestFinished(() => plain.close());
    const answer = `PROXY 127.0.0.1:${await closedPort()}; PROXY 127.0.0.1:${proxy.port}`;
    expect((await send(answer, `https://orders.test:${port}/`)).status).toBe(200);
    const response = await send(answer, `http://shop.test:${new URL(plain.url).port}/`);
    expect(await response.text()).toBe('plain');
    expect(proxy.asked.map(({ http }) => http)).toEqual([false, true]);
  });

  it('goes straight where that comes next, and leaves no connection at a proxy that it only tried', async () => {
    const error = await failureOf(async () =>
      send(`PROXY 127.0.0.1:${await closedPort()}; DIRECT`, 'https://nowhere.invalid/'),
    );
    // Straight there the name is looked up here.
    expect([error.code, error.message]).toEqual(['server_unreachable', expect.stringContaining('not found')]);

    const { host, sockets } = await startRawServer((socket) => void socket.resume());
    const find = createFindProxy(async () => `PROXY ${host}; DIRECT`);
    expect(await find(url, 1_000)).toMatchObject({ host: '127.0.0.1' });
    await expect.poll(() => sockets.map((socket) => socket.closed)).toEqual([true]);
  });

  it('says that the proxy does not answer where none does', async () => {
    const answer = `PROXY 127.0.0.1:${await closedPort()}; SOCKS5 127.0.0.1:${await closedPort()}`;
    expect((await failureOf(() => send(answer, url))).code).toBe('proxy_unreachable');
  });
});
