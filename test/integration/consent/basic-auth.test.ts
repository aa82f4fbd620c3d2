import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, expect, onTestFinished, test } from 'vitest';
import { createChromiumBrowser } from '../../../electron/consent/browsers/chromium.ts';
import type { ConsentSession } from '../../../electron/consent/browsers/consent-browser.ts';
import { createConsentService } from '../../../electron/consent/consent-service.ts';
import type { AppError } from '../../../shared/errors.ts';
import { Secret } from '../../../shared/secret.ts';
import { until } from '../../fixtures/until.ts';
import { failureOf } from './failure-of.ts';
import { startLoginServer } from './login-server.ts';

const redirectUri = 'http://127.0.0.1:1/callback';
const answer = `${redirectUri}?code=c0de&state=s`;
const browser = createChromiumBrowser({ headedPossible: () => false });
afterAll(() => browser.dispose());

/** A login page behind HTTP authentication, which tells which logins it was given. `next`: where it sends on to. */
async function startGuardedServer({ realm = 'Staff', next = answer, pages = '' } = {}) {
  const given: string[] = [];
  const server = createServer((request, response) => {
    const login = /^Basic (.*)$/.exec(request.headers.authorization ?? '')?.[1];
    if (login !== undefined) given.push(Buffer.from(login, 'base64').toString('utf8'));
    if (given.at(-1) !== 'alice:pa55' || login === undefined) {
      response.writeHead(401, { 'www-authenticate': `Basic realm="${realm}"`, 'content-type': 'text/html' });
      response.end('<title>No entry</title>');
    } else if (pages === '') response.writeHead(302, { location: next }).end();
    else response.writeHead(200, { 'content-type': 'text/html' }).end(pages);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, given };
}

/** A flow that nobody sees, which waits for credentials as one with a script that gives some. */
async function open(credentialsWaitMs: number): Promise<ConsentSession> {
  const session = await browser.open({
    ...{ purpose: 'sign-in', redirectUri, isRedirect: (url: string) => url.startsWith(redirectUri) },
    ...{ state: null, visible: false, worker: 'script', title: '' },
    ...{ signal: new AbortController().signal, credentialsWaitMs },
  });
  onTestFinished(() => session.close());
  return session;
}

const login = (origin: string, password = 'pa55') => ({
  origin,
  username: 'alice',
  password: new Secret(password),
});
const patience = 60_000;

test('gives the credentials to a page that asks, and goes on', async () => {
  const server = await startGuardedServer();
  const session = await open(0);
  session.authenticate(login(server.url));
  await session.start(`${server.url}/authorize`);
  expect((await session.redirect).url).toBe(answer);
  expect(server.given).toEqual(['alice:pa55']);
});

test('waits for credentials that come when the page has asked', async () => {
  const server = await startGuardedServer();
  const session = await open(patience);
  await session.start(`${server.url}/authorize`);
  expect(session.challenge()).toEqual({ origin: server.url, realm: 'Staff', mainFrame: true });
  session.authenticate(login(server.url));
  expect((await session.redirect).url).toBe(answer);
  expect(session.challenge()).toBeNull();
});

test.each([
  ['none come', null],
  ['those of another origin come', 'http://127.0.0.1:2'],
])('fails at once, naming the host, when %s', async (_name, origin) => {
  const server = await startGuardedServer({ realm: 'Staff <b>only' });
  const session = await open(0);
  if (origin !== null) session.authenticate(login(origin));
  const failure = { code: 'consent_credentials_missing', message: expect.stringContaining('127.0.0.1:') };
  await expect(session.start(`${server.url}/authorize`)).rejects.toMatchObject(failure);
  await expect(session.redirect).rejects.toMatchObject(failure);
  expect(server.given).toEqual([]);
});

test('sends a wrong password once', async () => {
  const server = await startGuardedServer();
  const session = await open(0);
  session.authenticate(login(server.url, 'wr0ng'));
  const failure = {
    code: 'consent_credentials_refused',
    details: { host: server.url.replace('http://', '') },
  };
  await expect(session.start(`${server.url}/authorize`)).rejects.toMatchObject(failure);
  await until(async () => (await session.page?.title()) === 'No entry');
  await session.page?.goto(`${server.url}/again`);
  expect(server.given).toEqual(['alice:wr0ng']);
});

test('gives a page that redirects elsewhere no credentials of its own', async () => {
  const other = await startGuardedServer({ realm: 'Phishing' });
  const server = await startGuardedServer({ next: `${other.url}/steal` });
  const session = await open(0);
  session.authenticate(login(server.url));
  await session.start(`${server.url}/authorize`).catch(() => undefined);
  await expect(session.redirect).rejects.toMatchObject({ code: 'consent_credentials_missing' });
  expect(other.given).toEqual([]);
});

test('leaves what a page loads from elsewhere alone', async () => {
  const other = await startGuardedServer();
  const image = `<img src="${other.url}/x.png"><script>document.images[0].onerror = () => { location = '${answer}' }</script>`;
  const server = await startGuardedServer({ pages: image });
  const session = await open(0);
  session.authenticate(login(server.url));
  session.authenticate(login(other.url, 'n0t for an image'));
  await session.start(`${server.url}/authorize`);
  expect((await session.redirect).url).toBe(answer);
  expect(other.given).toEqual([]);
});

test('tells in the flow that fails what to do, and no secret', async () => {
  const server = await startGuardedServer({ realm: 'hush-hush' });
  const service = createConsentService({ browsers: [browser], now: Date.now });
  const flow = {
    ...{ profileName: 'Orders', redirectUri, vars: { pin: new Secret('hush-hush') }, session: null },
    script: {
      kind: 'script' as const,
      source: `await page.getByLabel('User').fill('x');`,
      fileName: 'orders.js',
    },
    ...{ attended: false, begin: async () => `${server.url}/authorize` },
  };
  const error = await failureOf(service.run(flow, new AbortController().signal));
  expect(error.code).toBe('consent_credentials_missing');
  expect(error.action).toContain('automation script');
  expect(error.message).not.toContain('hush-hush');
});

test('goes on without a frame that asks', async () => {
  const other = await startGuardedServer();
  const pages = `<iframe src="${other.url}/frame" onload="location = '${answer}'"></iframe>`;
  const server = await startLoginServer({ '/authorize': () => pages });
  const session = await open(0);
  await session.start(`${server.url}/authorize`);
  expect((await session.redirect).url).toBe(answer);
  expect(other.given).toEqual([]);
});

test.each([
  ['consent_credentials_missing', 'await page.title();'],
  ['consent_credentials_refused', `await page.authenticate({ username: 'alice', password: vars.password });`],
])('hands a page that asks over to the person who is there: %s', async (code, source) => {
  const server = await startGuardedServer();
  const shown = { ...browser, showable: () => true };
  const service = createConsentService({ browsers: [shown], now: Date.now });
  const cancel = new AbortController();
  const told: string[] = [];
  const flow = {
    ...{ profileName: 'Orders', redirectUri, session: null, attended: false },
    vars: { password: new Secret('wr0ng') },
    script: { kind: 'script' as const, source, fileName: 'orders.js' },
    begin: async () => `${server.url}/authorize`,
    onHandOver(error: AppError) {
      told.push(error.code);
      cancel.abort();
    },
  };
  await failureOf(service.run(flow, cancel.signal));
  expect(told).toEqual([code]);
});

test('ends with the flow while it waits', async () => {
  const server = await startGuardedServer();
  const session = await open(patience);
  await session.start(`${server.url}/authorize`);
  await session.close();
  await until(() => session.challenge() === null);
});

test('a script gives them, and to no host that is not of its login', async () => {
  const service = createConsentService({ browsers: [browser], now: Date.now });
  const run = (url: string, scriptHosts: string[] = []) =>
    service.run(
      {
        ...{ profileName: 'Orders', redirectUri, session: null, attended: false, scriptHosts },
        vars: { user: 'alice', password: new Secret('pa55') },
        script: {
          ...{ kind: 'script', fileName: 'orders.js' },
          source: 'await page.authenticate({ username: vars.user, password: vars.password });',
        },
        begin: async () => url,
      },
      new AbortController().signal,
    );
  const server = await startGuardedServer();
  expect((await run(`${server.url}/authorize`)).url).toBe(answer);
  const elsewhere = server.url.replace('127.0.0.1', 'localhost');
  const first = await startLoginServer({ '/': () => ({ location: `${elsewhere}/authorize` }) });
  const failure = await failureOf(run(`${first.url}/`));
  expect([failure.code, failure.details?.host]).toEqual([
    'script_host_not_allowed',
    elsewhere.replace('http://', ''),
  ]);
  expect((await run(`${first.url}/`, [new URL(elsewhere).host])).url).toBe(answer);
});
