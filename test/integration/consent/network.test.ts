import { afterAll, describe, expect, onTestFinished, test } from 'vitest';
import { createChromiumBrowser } from '../../../electron/consent/browsers/chromium.ts';
import type { ConsentSession } from '../../../electron/consent/browsers/consent-browser.ts';
import { throughNetwork } from '../../../electron/consent/browsers/through-network.ts';
import { needsGateway, openGateway } from '../../../electron/network/gateway.ts';
import { plainNetwork, type ResolvedNetwork } from '../../../electron/network/resolved-network.ts';
import { createOAuthFetch } from '../../../electron/oauth/fetch.ts';
import { startConnections } from '../../fixtures/connections.ts';
import { startHttpProxy } from '../../fixtures/http-proxy.ts';
import { through, trusting, withCertificate } from '../../fixtures/networks.ts';
import { startSocksServer } from '../../fixtures/socks-server.ts';
import { pem, startTlsServer, type TlsAnswer, type TlsVisit, tlsFile } from '../../fixtures/tls-server.ts';
import { untilPasses } from '../../fixtures/until.ts';
import { closedPort, startWebServer, type WebServer } from '../../fixtures/web-server.ts';

const redirectUri = 'http://127.0.0.1:1/callback';
const redirect = `${redirectUri}?code=c0de&state=s`;
const browser = createChromiumBrowser({ headedPossible: () => false });
afterAll(() => browser.dispose());

async function open(
  network: ResolvedNetwork,
  env: NodeJS.ProcessEnv = {},
  signal = new AbortController().signal,
): Promise<ConsentSession> {
  const connections = startConnections({ env });
  const own = throughNetwork(browser, network, async (wanted) =>
    needsGateway(wanted, connections) ? openGateway(connections, wanted) : null,
  );
  const session = await own.open({
    ...{ purpose: 'sign-in', redirectUri, isRedirect: (url: string) => url.startsWith(redirectUri) },
    ...{ state: null, visible: false, worker: 'script', title: '' },
    ...{ signal, credentialsWaitMs: 0 },
  });
  onTestFinished(() => session.close());
  return session;
}

const html = (body: string): TlsAnswer => ({ headers: { 'content-type': 'text/html' }, body });

/** A login page with a picture and a form, and then the way back. */
function login({ method, path }: TlsVisit): TlsAnswer {
  if (path === '/mark.svg')
    return {
      headers: { 'content-type': 'image/svg+xml' },
      body: '<svg xmlns="http://www.w3.org/2000/svg"/>',
    };
  if (method === 'POST') return { status: 303, headers: { location: redirect }, body: '' };
  return html(`<title>Sign in</title><img src="/mark.svg"><form method="post">
    <label>User name <input name="user"></label><button>Sign in</button></form>`);
}

/** The same pages over plain HTTP. */
async function startPlain(): Promise<WebServer> {
  const server = await startWebServer((request, response) => {
    const visit = { ...request, body: '', httpVersion: '1.1', client: null };
    const { status = 200, headers, body } = login(visit);
    response.writeHead(status, headers).end(body);
  });
  onTestFinished(() => server.close());
  return server;
}

/** Signs in as a script does. */
async function signIn(session: ConsentSession, url: string): Promise<void> {
  await session.start(url);
  await session.page?.getByLabel('User name').fill('alice');
  await session.page?.getByRole('button', { name: 'Sign in' }).click();
  expect((await session.redirect).url).toBe(redirect);
}

describe('a sign-in in Chromium', () => {
  test('at a server whose CA the project trusts', async () => {
    const { port, visits } = await startTlsServer({ answer: login });
    await signIn(await open(trusting), `https://127.0.0.1:${port}/authorize`);
    expect(visits.map(({ method, path }) => `${method} ${path}`)).toContain('GET /mark.svg');
    expect(visits.find(({ method }) => method === 'POST')?.body).toBe('user=alice');
  });

  test.each(['expired', 'other-host'])(
    'fails where the certificate of such a server is %s',
    async (certificate) => {
      const { port, visits } = await startTlsServer({ certificate, answer: login });
      const session = await open(trusting);
      await expect(session.start(`https://127.0.0.1:${port}/`)).rejects.toMatchObject({
        code: 'consent_page_failed',
        message: expect.stringContaining('certificate'),
        action: expect.stringContaining('Network'),
      });
      expect(visits).toEqual([]);
    },
  );

  test('fails at a server that nobody trusts, in the browser that trusts the project’s CA for others', async () => {
    const { port } = await startTlsServer({ certificate: 'self-signed', answer: login });
    for (const network of [trusting, plainNetwork]) {
      const session = await open(network);
      await expect(session.start(`https://127.0.0.1:${port}/`)).rejects.toMatchObject({
        code: 'consent_page_failed',
        message: expect.stringContaining('its certificate is signed by nobody that this machine trusts'),
      });
    }
  });

  test('at any server where certificates are not checked', async () => {
    const { port } = await startTlsServer({ certificate: 'expired', answer: login });
    await signIn(
      await open({ ...plainNetwork, proxy: { kind: 'system' }, verifyTls: false }),
      `https://127.0.0.1:${port}/`,
    );
    await signIn(await open({ ...plainNetwork, verifyTls: false }), `https://127.0.0.1:${port}/`);
  });

  test('through an HTTP proxy with a password, over http and https', async () => {
    const proxy = await startHttpProxy({ login: 'me:open-sesame' });
    const { port, visits } = await startTlsServer({ answer: login });
    const plain = await startPlain();
    const network = through(`http://127.0.0.1:${proxy.port}`, 'me:open-sesame');
    await signIn(await open(network), `https://login.orders.test:${port}/`);
    await signIn(await open(network), `http://shop.test:${new URL(plain.url).port}/`);
    expect(new Set(proxy.asked.map(({ to, http }) => `${to} ${http}`))).toEqual(
      new Set([`login.orders.test:${port} false`, `shop.test:${new URL(plain.url).port} true`]),
    );
    expect(plain.requests.at(-1)?.form.get('user')).toBe('alice');
    for (const { headers } of [...visits, ...plain.requests])
      expect(headers['proxy-authorization']).toBeUndefined();
  });

  test('through a proxy that is itself spoken to over TLS', async () => {
    const proxy = await startHttpProxy({ secure: true });
    const { port } = await startTlsServer({ answer: login });
    const plain = await startPlain();
    const known = {
      ...trusting,
      trusted: { kind: 'ready' as const, value: [pem('ca'), pem('self-signed')] },
    };
    const network = through(`https://localhost:${proxy.port}`, '', known);
    await signIn(await open(network), `https://login.orders.test:${port}/`);
    await signIn(await open(network), `http://shop.test:${new URL(plain.url).port}/`);
    expect(proxy.asked.map(({ http }) => http)).toEqual(expect.arrayContaining([true, false]));
  });

  test('through a SOCKS proxy with a password, over http and https', async () => {
    const proxy = await startSocksServer({ login: 'me:open-sesame' });
    const { port } = await startTlsServer({ answer: login });
    const plain = await startPlain();
    const network = through(`socks5://127.0.0.1:${proxy.port}`, 'me:open-sesame');
    await signIn(await open(network), `https://login.orders.test:${port}/`);
    await signIn(await open(network), `http://shop.test:${new URL(plain.url).port}/`);
    expect(plain.requests.at(-1)?.form.get('user')).toBe('alice');
    expect(new Set(proxy.asked)).toEqual(
      new Set([`login.orders.test:${port}`, `shop.test:${new URL(plain.url).port}`]),
    );
  });

  test('at a server over http, where the gateway is there for others', async () => {
    const plain = await startPlain();
    await signIn(await open(trusting), `${plain.url}/authorize?a=b`);
    expect(plain.requests[0]).toMatchObject({ path: '/authorize?a=b' });
    expect(plain.requests.at(-1)?.form.get('user')).toBe('alice');
  });

  test('through the proxy of the environment', async () => {
    const proxy = await startHttpProxy({ login: 'me:open-sesame' });
    const { port } = await startTlsServer({ answer: login });
    const env = { https_proxy: `http://me:open-sesame@127.0.0.1:${proxy.port}` };
    await signIn(
      await open({ ...trusting, proxy: { kind: 'system' } }, env),
      `https://login.orders.test:${port}/`,
    );
    expect(proxy.asked.length).toBeGreaterThan(0);
  });

  test('says that the proxy is not there, or wants a password', async () => {
    const proxy = await startHttpProxy({ login: 'me:right' });
    const wrong = through(`http://127.0.0.1:${proxy.port}`, 'me:marker-secret');
    const gone = through(`socks5://127.0.0.1:${await closedPort()}`);
    for (const url of ['https://login.orders.test/', 'http://login.orders.test/']) {
      const session = await open(wrong);
      await expect(session.start(url)).rejects.toMatchObject({ code: 'proxy_login_required' });
      const other = await open(gone);
      await expect(other.start(url)).rejects.toMatchObject({ code: 'proxy_unreachable' });
    }
  });

  test('says of each page why it could not be opened, and not of one before', async () => {
    const dead = await closedPort();
    const silent = await startWebServer(() => undefined);
    onTestFinished(() => silent.close());
    const { port } = await startTlsServer({
      answer: () => ({ status: 302, headers: { location: `https://127.0.0.1:${dead}/` }, body: '' }),
    });
    const controller = new AbortController();
    const session = await open(trusting, {}, controller.signal);
    const unreachable = { code: 'server_unreachable', details: { host: `127.0.0.1:${dead}` } };
    await expect(session.start(`https://127.0.0.1:${dead}/`)).rejects.toMatchObject(unreachable);
    await expect(session.start('ftp://127.0.0.1/')).rejects.toMatchObject({
      code: 'consent_page_failed',
      message: expect.stringContaining('is no http or https URL'),
    });
    // A server that sends on to one that is not there.
    await expect(session.start(`https://127.0.0.1:${port}/`)).rejects.toMatchObject(unreachable);
    const waiting = session.start(silent.url).catch((thrown: unknown) => thrown);
    await expect.poll(() => silent.requests.length).toBe(1);
    controller.abort();
    expect(await waiting).toMatchObject({ code: 'consent_cancelled' });
  });

  test('with the client certificate for the host', async () => {
    const { port, visits } = await startTlsServer({ asksForCertificate: true, answer: login });
    const certificate = {
      certificate: tlsFile('client-old.p12').toString('base64'),
      passphrase: 'open-sesame',
    };
    await signIn(await open(withCertificate(certificate)), `https://127.0.0.1:${port}/`);
    expect(new Set(visits.map(({ client }) => client))).toEqual(new Set(['orders-client']));
  });

  test('with the client certificate for the host, through a proxy', async () => {
    const proxy = await startHttpProxy();
    const { port, visits } = await startTlsServer({ asksForCertificate: true, answer: login });
    const network = through(`http://127.0.0.1:${proxy.port}`);
    const certificate = { certificate: pem('client'), key: pem('client-key') };
    await signIn(
      await open(withCertificate(certificate, '*.orders.test', network)),
      `https://login.orders.test:${port}/`,
    );
    expect(visits[0]?.client).toBe('orders-client');
  });

  test('with the client certificate for the host, at a server that is not checked', async () => {
    const { port, visits } = await startTlsServer({
      ...{ asksForCertificate: true, certificate: 'expired', answer: login },
    });
    const certificate = { certificate: pem('client'), key: pem('client-key') };
    const network = withCertificate(certificate, '127.0.0.1', { ...plainNetwork, verifyTls: false });
    await signIn(await open(network), `https://127.0.0.1:${port}/`);
    expect(visits[0]?.client).toBe('orders-client');
    const checked = await open({ ...network, verifyTls: true });
    await expect(checked.start(`https://127.0.0.1:${port}/`)).rejects.toMatchObject({ code: 'tls_error' });
  });

  test('says that the server asks for a client certificate', async () => {
    const { port } = await startTlsServer({ asksForCertificate: true, answer: login });
    const other = withCertificate({ certificate: pem('client'), key: pem('client-key') }, 'other.example');
    for (const network of [other, { ...plainNetwork, verifyTls: false }]) {
      // The server closes at once, and now and then that overtakes what it says.
      await untilPasses(async () => {
        const session = await open(network);
        await expect(session.start(`https://127.0.0.1:${port}/`)).rejects.toMatchObject({
          code: 'client_certificate_required',
        });
      });
    }
  });

  test('shows the server’s own answer where it is there, after one that could not be had', async () => {
    const { port } = await startTlsServer({
      answer: () => ({ status: 503, ...html('<title>Closed</title>') }),
    });
    const session = await open(trusting);
    await session.start(`https://127.0.0.1:${port}/`);
    expect(session.status()).toBe(503);
  });
});

test('a gateway does nothing for whoever has not its password', async () => {
  const connections = startConnections();
  const gateway = await openGateway(connections, trusting);
  onTestFinished(() => gateway.close());
  const { port, visits } = await startTlsServer();
  const stranger = through(`http://${gateway.address}`, 'grantwright:guess');
  const way = { ...stranger, proxy: { ...stranger.proxy, bypass: ['<-loopback>'] } } as ResolvedNetwork;
  const send = createOAuthFetch({ network: way, connections });
  for (const url of [`https://127.0.0.1:${port}/`, `http://127.0.0.1:${port}/`]) {
    await expect(send(url, { method: 'GET', headers: {} })).rejects.toMatchObject({
      code: 'proxy_login_required',
    });
  }
  expect(visits).toEqual([]);
});
