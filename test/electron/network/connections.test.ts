import { createServer } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createConnections } from '../../../electron/network/connections.ts';
import { plainNetwork, type ResolvedNetwork } from '../../../electron/network/resolved-network.ts';
import { readProxyUrl } from '../../../electron/network/system-proxy.ts';
import { createOAuthFetch } from '../../../electron/oauth/fetch.ts';
import { readClientCertificate } from '../../../electron/oauth/keys/client-certificate.ts';
import { createSender } from '../../../electron/requests/send.ts';
import { AppError } from '../../../shared/errors.ts';
import { Secret } from '../../../shared/secret.ts';
import { startHttpProxy } from '../../fixtures/http-proxy.ts';
import { failureOf } from '../../fixtures/oauth-profile.ts';
import { startSocksServer } from '../../fixtures/socks-server.ts';
import { pem, startTlsServer, tlsFile } from '../../fixtures/tls-server.ts';
import { untilPasses } from '../../fixtures/until.ts';
import { closedPort, startWebServer } from '../../fixtures/web-server.ts';

const trusting: ResolvedNetwork = {
  ...plainNetwork,
  trusted: { kind: 'ready', value: [pem('ca')] },
};

function through(proxy: string, login = '', network = trusting): ResolvedNetwork {
  const server = readProxyUrl(proxy);
  if (server === null) throw new Error('no proxy');
  const [user = '', password = ''] = login.split(':');
  const value = { ...server, user, password: new Secret(password) };
  return { ...network, proxy: { kind: 'custom', server: { kind: 'ready', value }, bypass: [] } };
}

function withCertificate(
  certificate: string,
  key = '',
  passphrase = '',
  host = '127.0.0.1',
): ResolvedNetwork {
  const value = {
    certificate: new Secret(certificate),
    key: new Secret(key),
    passphrase: new Secret(passphrase),
  };
  return { ...trusting, clientCertificates: [{ host, source: { kind: 'ready', value } }] };
}

function connections(env: NodeJS.ProcessEnv = {}) {
  const made = createConnections({ readIdentity: readClientCertificate, env });
  onTestFinished(() => made.close());
  return made;
}

/** The same URL by a request of the protocol, and by an API request: status and HTTP's words, or the error. */
const kinds = {
  'a token request': async (network: ResolvedNetwork, url: string, env: NodeJS.ProcessEnv = {}) => {
    const send = createOAuthFetch({ network, connections: connections(env) });
    const response = await send(url, { method: 'POST', headers: {}, body: 'grant_type=x' });
    return { status: response.status, body: await response.text() };
  },
  'an API request': async (network: ResolvedNetwork, url: string, env: NodeJS.ProcessEnv = {}) => {
    const sender = createSender({ now: () => performance.now(), connections: connections(env) });
    const request = { method: 'POST' as const, url, headers: [{ name: 'x-a', value: 'b' }], body: 'order=1' };
    const { response } = await sender.send(request, network, new AbortController().signal);
    return { status: response.status, body: response.body.kind === 'text' ? response.body.text : '' };
  },
};
type Send = (typeof kinds)['a token request'];

describe.each(Object.entries(kinds))('%s', (_name, send: Send) => {
  it('trusts the CA of the project, and nobody else for it', async () => {
    const { port } = await startTlsServer();
    expect(await send(trusting, `https://127.0.0.1:${port}/a`)).toEqual({ status: 200, body: 'hello' });
    expect((await failureOf(() => send(plainNetwork, `https://127.0.0.1:${port}/a`))).code).toBe('tls_error');
  });

  it.each([
    ['expired', 'it has expired'],
    ['early', 'it is not valid yet'],
    ['other-host', 'it was issued for another host name'],
  ])('does not take a certificate that is %s from a CA that it trusts', async (certificate, problem) => {
    const { port } = await startTlsServer({ certificate });
    const error = await failureOf(() => send(trusting, `https://127.0.0.1:${port}/`));
    expect([error.code, error.message]).toEqual(['tls_error', expect.stringContaining(problem)]);
  });

  it('checks no certificate where that is off', async () => {
    const { port } = await startTlsServer({ certificate: 'expired' });
    const unchecked = { ...plainNetwork, verifyTls: false };
    expect((await send(unchecked, `https://127.0.0.1:${port}/`)).status).toBe(200);
  });

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
    const server = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.once('data', () => socket.end('SSH-2.0-x\r\n'));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    const address = server.address();
    const port = typeof address === 'object' ? address?.port : 0;
    for (const kind of ['http', 'socks5']) {
      const error = await failureOf(() =>
        send(through(`${kind}://127.0.0.1:${port}`), 'https://orders.test/'),
      );
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

  const certificates = {
    PEM: withCertificate(pem('client'), pem('client-key')),
    'PEM in one text': withCertificate(`${pem('client')}${pem('client-key')}`),
    'PKCS#12': withCertificate(tlsFile('client.p12').toString('base64'), '', 'open-sesame'),
    'PKCS#12 of an old program': withCertificate(
      tlsFile('client-old.p12').toString('base64'),
      '',
      'open-sesame',
    ),
  };
  it.each(Object.entries(certificates))(
    'shows the client certificate for the host, from %s',
    async (_kind, network) => {
      const { port, visits } = await startTlsServer({ asksForCertificate: true });
      expect((await send(network, `https://127.0.0.1:${port}/`)).status).toBe(200);
      expect(visits.map(({ client }) => client)).toEqual(['orders-client']);
    },
  );

  it('shows it to no other host', async () => {
    const { port } = await startTlsServer({ asksForCertificate: true });
    const network = withCertificate(pem('client'), pem('client-key'), '', 'other.example');
    // The server closes at once, and now and then that overtakes what it says.
    await untilPasses(async () => {
      const error = await failureOf(() => send(network, `https://127.0.0.1:${port}/`));
      expect([error.code, error.message]).toEqual([
        'client_certificate_required',
        `127.0.0.1:${port} asks for a client certificate, and was shown none.`,
      ]);
      expect(error.details?.delivery).toBe('not_sent');
    });
  });

  it('takes the entry that fits best', async () => {
    const { port, visits } = await startTlsServer({ asksForCertificate: true });
    const exact = withCertificate(pem('client'), pem('client-key'), '', `127.0.0.1:${port}`);
    const loose = withCertificate(pem('other-client'), pem('other-client-key'), '', '127.0.0.1');
    const clientCertificates = [...loose.clientCertificates, ...exact.clientCertificates];
    expect((await send({ ...trusting, clientCertificates }, `https://127.0.0.1:${port}/`)).status).toBe(200);
    expect(visits.map(({ client }) => client)).toEqual(['orders-client']);
  });

  it.each([undefined, 'TLSv1.2' as const])(
    'says that the server does not take it (%s)',
    async (maxVersion) => {
      const { port } = await startTlsServer({ asksForCertificate: true, ...(maxVersion && { maxVersion }) });
      const error = await failureOf(() =>
        send(withCertificate(pem('self-signed'), pem('key')), `https://127.0.0.1:${port}/`),
      );
      // Node.js as a server closes the connection without an alert.
      expect(['client_certificate_refused', 'server_unreachable']).toContain(error.code);
    },
  );

  it('says what is wrong with a client certificate', async () => {
    const { port } = await startTlsServer({ asksForCertificate: true });
    const broken: [ResolvedNetwork, string][] = [
      [
        withCertificate(tlsFile('client.p12').toString('base64'), '', 'wrong'),
        'does not open with its passphrase',
      ],
      [withCertificate(pem('client'), pem('other-client-key')), 'does not belong to its private key'],
      [withCertificate(pem('client')), 'is a certificate without its private key'],
      [withCertificate('rubbish'), 'is not a private key'],
      [withCertificate(''), 'is not there'],
    ];
    for (const [network, words] of broken) {
      const error = await failureOf(() => send(network, `https://127.0.0.1:${port}/`));
      expect([error.code, error.message]).toEqual([
        'network_invalid',
        `The client certificate for 127.0.0.1 ${words}.`,
      ]);
    }
  });

  it('tells of settings that cannot be used to whoever needs them, and to nobody else', async () => {
    const { port } = await startTlsServer();
    const plain = await startWebServer((_, response) => response.end('plain'));
    onTestFinished(() => plain.close());
    const error = new AppError('network_invalid', 'ca.pem is not there.');
    const unusable = { kind: 'unusable' as const, error };
    const untrusting: ResolvedNetwork = { ...plainNetwork, trusted: unusable };
    expect(await failureOf(() => send(untrusting, `https://127.0.0.1:${port}/`))).toBe(error);
    expect((await send(untrusting, plain.url)).body).toBe('plain');
    const lost: ResolvedNetwork = {
      ...trusting,
      proxy: { kind: 'custom', server: unusable, bypass: ['shop.test'] },
    };
    expect(await failureOf(() => send(lost, `https://orders.test:${port}/`))).toBe(error);
    expect((await failureOf(() => send(lost, 'http://shop.test/'))).code).toBe('server_unreachable');
  });

  it('speaks HTTP/2 to who does, and HTTP/1.1 to all others or where that is off', async () => {
    const both = await startTlsServer({ http2: true });
    const old = await startTlsServer();
    expect((await send(trusting, `https://127.0.0.1:${both.port}/a`)).status).toBe(200);
    expect((await send(trusting, `https://127.0.0.1:${old.port}/a`)).status).toBe(200);
    expect((await send({ ...trusting, http2: false }, `https://127.0.0.1:${both.port}/b`)).status).toBe(200);
    expect(both.visits.map(({ httpVersion, method, path }) => [httpVersion, method, path])).toEqual([
      ['2.0', 'POST', '/a'],
      ['1.1', 'POST', '/b'],
    ]);
    expect(old.visits[0]?.httpVersion).toBe('1.1');
    expect(both.visits[0]?.body).toMatch(/grant_type=x|order=1/);
  });

  it('speaks HTTP/2 through a proxy', async () => {
    const proxy = await startHttpProxy();
    const { port, visits } = await startTlsServer({ http2: true });
    expect(
      (await send(through(`http://127.0.0.1:${proxy.port}`), `https://orders.test:${port}/`)).status,
    ).toBe(200);
    expect(visits[0]?.httpVersion).toBe('2.0');
  });
});

it('sends by HTTP/1.1 what HTTP/2 has no words for', async () => {
  const { port, visits } = await startTlsServer({ http2: true });
  const sender = createSender({ now: () => performance.now(), connections: connections() });
  const send = (request: Partial<Parameters<typeof sender.send>[0]>) =>
    sender.send(
      { method: 'GET', url: `https://127.0.0.1:${port}/`, headers: [], body: null, ...request },
      trusting,
      new AbortController().signal,
    );
  await send({ body: 'a body' });
  await send({ headers: [{ name: 'TE', value: 'trailers' }] });
  await send({
    headers: [
      { name: 'X-Two', value: '1' },
      { name: 'X-Two', value: '2' },
    ],
  });
  await send({ method: 'DELETE', body: 'gone' });
  expect(visits.map(({ httpVersion, method, body }) => [httpVersion, method, body])).toEqual([
    ['1.1', 'GET', 'a body'],
    ['1.1', 'GET', ''],
    ['2.0', 'GET', ''],
    ['1.1', 'DELETE', 'gone'],
  ]);
  expect(visits[2]?.headers['x-two']).toBe('1, 2');
});
