import { describe, expect, it, onTestFinished } from 'vitest';
import type { ResolvedNetwork } from '../../../electron/network/resolved-network.ts';
import { startHttpProxy } from '../../fixtures/http-proxy.ts';
import { through, trusting } from '../../fixtures/networks.ts';
import { failureOf } from '../../fixtures/oauth-profile.ts';
import { startRawServer } from '../../fixtures/raw-server.ts';
import { startSocksServer } from '../../fixtures/socks-server.ts';
import { pem, startTlsServer } from '../../fixtures/tls-server.ts';
import { closedPort, startWebServer } from '../../fixtures/web-server.ts';
import { kinds, type Send } from './both-kinds.ts';

describe.each(Object.entries(kinds))('%s', (_name, send: Send) => {
  it('goes through an HTTP proxy with its password, in a tunnel for https and without one for http', async () => {
    const proxy = await startHttpProxy({ login: 'me:open:sesame'.replace('open:', 'open-') });
    const { port } = await startTlsServer();
    const plain = await startWebServer((_, response) => response.end('plain'));
    onTestFinished(() => plain.close());
    const network = through(`http://127.0.0.1:${proxy.port}`, 'me:open-sesame');
    expect((await send(network, `https://api.orders.test:${port}/a?b=c`)).status).toBe(200);
    const plainPort = new URL(plain.url).port;
    expect((await send(network, `http://shop.test:${plainPort}/a?b=c`)).body).toBe('plain');
    expect(proxy.asked).toEqual([
      { to: `api.orders.test:${port}`, user: 'me', http: false },
      { to: `shop.test:${plainPort}`, user: 'me', http: true },
    ]);
    expect(plain.requests[0]).toMatchObject({ path: '/a?b=c', headers: { host: `shop.test:${plainPort}` } });
    expect(plain.requests[0]?.headers['proxy-authorization']).toBeUndefined();
  });

  it('goes through a proxy that is itself spoken to over TLS', async () => {
    const proxy = await startHttpProxy({ secure: true });
    const { port } = await startTlsServer();
    const known = {
      ...trusting,
      trusted: { kind: 'ready' as const, value: [pem('ca'), pem('self-signed')] },
    };
    const network = through(`https://localhost:${proxy.port}`, '', known);
    expect((await send(network, `https://orders.test:${port}/`)).status).toBe(200);
    const plain = await startWebServer((_, response) => response.end('plain'));
    onTestFinished(() => plain.close());
    expect((await send(network, `http://shop.test:${new URL(plain.url).port}/`)).body).toBe('plain');
    const stranger = { ...network, trusted: { kind: 'ready' as const, value: [] } };
    const error = await failureOf(() => send(stranger, `https://orders.test:${port}/`));
    expect([error.code, error.message]).toEqual([
      'proxy_unreachable',
      expect.stringContaining(`The certificate of the proxy localhost:${proxy.port} is not accepted`),
    ]);
  });

  it('goes through a SOCKS proxy, which looks up the name', async () => {
    const proxy = await startSocksServer({ login: 'me:open-sesame' });
    const { port } = await startTlsServer();
    const network = through(`socks5://127.0.0.1:${proxy.port}`, 'me:open-sesame');
    expect((await send(network, `https://api.orders.test:${port}/`)).status).toBe(200);
    const plain = await startWebServer((_, response) => response.end('plain'));
    onTestFinished(() => plain.close());
    expect((await send(network, `http://shop.test:${new URL(plain.url).port}/`)).body).toBe('plain');
    expect(proxy.asked).toEqual([`api.orders.test:${port}`, `shop.test:${new URL(plain.url).port}`]);
  });

  it('says of a proxy that it wants a password, or another one, and never what was given', async () => {
    const http = await startHttpProxy({ login: 'me:right' });
    const socks = await startSocksServer({ login: 'me:right' });
    for (const proxy of [`http://127.0.0.1:${http.port}`, `socks5://127.0.0.1:${socks.port}`]) {
      for (const url of ['https://orders.test/', 'http://orders.test/']) {
        const none = await failureOf(() => send(through(proxy), url));
        expect([none.code, none.message]).toEqual([
          'proxy_login_required',
          expect.stringContaining('none were given'),
        ]);
        const wrong = await failureOf(() => send(through(proxy, 'me:marker-secret'), url));
        expect([wrong.code, wrong.message]).toEqual([
          'proxy_login_required',
          expect.stringContaining('does not take the user name'),
        ]);
        expect(JSON.stringify(wrong.toWire())).not.toContain('marker-secret');
        expect(wrong.details).toMatchObject({
          host: expect.stringContaining('orders.test'),
          delivery: 'not_sent',
        });
      }
    }
  });

  it.each(['http', 'https', 'socks5', 'socks4'])('says that no %s proxy answers', async (kind) => {
    const proxy = `${kind}://127.0.0.1:${await closedPort()}`;
    for (const url of ['https://orders.test/', 'http://orders.test/']) {
      const error = await failureOf(() => send(through(proxy), url));
      expect([error.code, error.message]).toEqual([
        'proxy_unreachable',
        expect.stringContaining('refuses the connection'),
      ]);
    }
  });

  it('says that something else than a proxy answers', async () => {
    const { host } = await startRawServer((socket) => {
      socket.once('data', () => socket.end('SSH-2.0-x\r\n'));
    });
    for (const kind of ['http', 'socks5']) {
      const error = await failureOf(() => send(through(`${kind}://${host}`), 'https://orders.test/'));
      expect([error.code, error.message]).toEqual([
        'proxy_unreachable',
        expect.stringMatching(/does not answer as a (SOCKS )?proxy does/),
      ]);
    }
  });

  it('says that a proxy gives no way to a server', async () => {
    const socks = await startSocksServer({ reply: 2 });
    const refused = await failureOf(() =>
      send(through(`socks5://127.0.0.1:${socks.port}`), 'https://orders.test/'),
    );
    expect([refused.code, refused.message]).toEqual([
      'proxy_refused',
      expect.stringContaining('not allowed'),
    ]);
    const http = await startHttpProxy();
    const nobody = await failureOf(async () =>
      send(through(`http://127.0.0.1:${http.port}`), `https://orders.test:${await closedPort()}/`),
    );
    expect([nobody.code, nobody.message]).toEqual([
      'proxy_refused',
      expect.stringContaining('it closed the connection'),
    ]);
  });

  it('goes straight to loopback and to what is excluded', async () => {
    const { port } = await startTlsServer();
    const network = through(`http://127.0.0.1:${await closedPort()}`);
    expect((await send(network, `https://localhost:${port}/`)).status).toBe(200);
    expect((await send(network, `https://127.0.0.1:${port}/`)).status).toBe(200);
  });

  it('goes through a proxy to loopback where that is asked for', async () => {
    const proxy = await startHttpProxy();
    const { port } = await startTlsServer();
    const network = through(`http://127.0.0.1:${proxy.port}`);
    if (network.proxy.kind !== 'custom') throw new Error('no proxy');
    const all = { ...network, proxy: { ...network.proxy, bypass: ['<-loopback>'] } };
    expect((await send(all, `https://127.0.0.1:${port}/`)).status).toBe(200);
    expect(proxy.asked.map(({ to }) => to)).toEqual([`127.0.0.1:${port}`]);
  });

  it('goes through the proxy of the environment, which may want a password', async () => {
    const proxy = await startHttpProxy({ login: 'me:op&en' });
    const { port } = await startTlsServer();
    const env = { HTTPS_PROXY: `http://me:op%26en@127.0.0.1:${proxy.port}`, NO_PROXY: 'excluded.test' };
    const network: ResolvedNetwork = { ...trusting, proxy: { kind: 'system' } };
    expect((await send(network, `https://orders.test:${port}/`, env)).status).toBe(200);
    expect(proxy.asked).toHaveLength(1);
    const excluded = await failureOf(() => send(network, `https://a.excluded.test:${port}/`, env));
    expect(excluded.message).toContain('was not found');
    expect(
      (await send({ ...trusting, proxy: { kind: 'none' } }, `https://127.0.0.1:${port}/`, env)).status,
    ).toBe(200);
  });
});
