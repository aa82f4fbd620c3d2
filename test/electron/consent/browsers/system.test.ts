import { createServer } from 'node:net';
import { afterAll, expect, onTestFinished, test } from 'vitest';
import type { ConsentSession } from '../../../../electron/consent/browsers/consent-browser.ts';
import { createSystemBrowser } from '../../../../electron/consent/browsers/system.ts';
import type { AfterConsent } from '../../../../shared/model/profile.ts';

type OpenExternally = (url: string) => Promise<boolean>;
const never = new AbortController().signal;

const address = 'https://auth.example.com/authorize?state=s';
const browser = createSystemBrowser({ openExternally: async () => true });
afterAll(() => browser.dispose());

interface Opening {
  signal?: AbortSignal;
  openExternally?: OpenExternally;
  ports?: number[];
  title?: string;
  afterConsent?: AfterConsent;
}

/** A flow that has not begun. */
async function openOnly(redirectUri: string, opening: Opening = {}) {
  const { signal = never, openExternally, ports = [], title = 'Orders', afterConsent } = opening;
  const own = openExternally === undefined ? browser : createSystemBrowser({ openExternally });
  const session = await own.open({
    ...{ purpose: 'sign-in', redirectUri, isRedirect: () => false, state: null },
    ...{ visible: true, worker: 'person', title, signal, redirectPorts: ports, afterConsent },
  });
  onTestFinished(() => session.close());
  return session;
}

async function open(redirectUri: string, opening: Opening = {}) {
  const session = await openOnly(redirectUri, opening);
  await session.start(address);
  return session;
}

async function takenPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}

const code = (session: ConsentSession, more = '') => `${session.redirectUri}?code=c0de&state=s${more}`;

test('answers the redirect with a clean page that is not kept, and tells of it', async () => {
  const session = await open('http://127.0.0.1/callback');
  const response = await fetch(code(session));
  expect(await response.text()).toContain('Signed in');
  expect(response.headers.get('cache-control')).toBe('no-store');
  expect(response.headers.get('referrer-policy')).toBe('no-referrer');
  expect(await session.redirect).toEqual({ url: code(session), formBody: null });
});

test.each(['http://127.0.0.1/callback', 'http://127.0.0.1:/callback', 'http://localhost/cb?tenant=1'])(
  'listens on a free port for %s and puts it into the redirect URI',
  async (redirectUri) => {
    const session = await open(redirectUri);
    expect(Number(new URL(session.redirectUri).port)).toBeGreaterThan(1023);
    const url = `${session.redirectUri}${session.redirectUri.includes('?') ? '&' : '?'}code=1&state=s`;
    expect((await fetch(url)).status).toBe(200);
    expect((await session.redirect).url).toBe(url);
  },
);

test('takes the port that the redirect URI names', async () => {
  const port = await takenPort();
  const named = `http://127.0.0.1:${port}/callback`;
  await expect(open(named)).rejects.toMatchObject({
    code: 'consent_redirect_unusable',
    message: expect.stringContaining(`Port ${port}`),
    details: { port },
  });
});

test.each(['https://app.example.com/callback', 'http://example.com/cb', 'com.example:/cb', 'nonsense', ''])(
  'refuses the redirect URI %s and says which to register',
  async (redirectUri) => {
    await expect(open(redirectUri)).rejects.toMatchObject({
      code: 'consent_redirect_unusable',
      action: expect.stringContaining('http://127.0.0.1/callback'),
    });
  },
);

test("refuses an app's own scheme where the system cannot hand it over, and names who can", async () => {
  await expect(open('com.example.app:/callback')).rejects.toMatchObject({
    code: 'consent_redirect_unusable',
    message: expect.stringContaining('desktop app'),
    action: expect.stringContaining('automation script'),
  });
});

/** A system that hands addresses over, as the desktop's does. */
function schemes() {
  const takes: ((url: string) => boolean)[] = [];
  const receive = (_scheme: string, take: (url: string) => boolean) => {
    takes.push(take);
    return () => void takes.splice(takes.indexOf(take), 1);
  };
  return { takes, receive, deliver: (url: string) => takes.some((take) => take(url)) };
}

test('gives an address of its own scheme to the flow with its state, and to no other', async () => {
  const system = schemes();
  const own = createSystemBrowser({ openExternally: async () => true, schemes: system });
  const redirectUri = 'com.example.app:/callback';
  const openOwn = () =>
    own.open({
      ...{ purpose: 'sign-in', redirectUri, isRedirect: (url: string) => url.startsWith(redirectUri) },
      ...{ state: null, visible: true, worker: 'person', title: '', signal: never },
    });
  const [waiting, first, second] = [await openOwn(), await openOwn(), await openOwn()];
  await first.start('https://auth.example.com/authorize?state=1');
  await second.start('https://auth.example.com/authorize?state=2');
  for (const other of ['state=3&code=x', 'code=x', 'state=3&error=x']) {
    expect(system.deliver(`${redirectUri}?${other}`), other).toBe(false);
  }
  expect(system.deliver('com.example.app:/elsewhere?state=1&code=x')).toBe(false);
  expect(system.deliver(`${redirectUri}?state=2&code=b`)).toBe(true);
  expect(system.deliver(`${redirectUri}#state=1&code=a`)).toBe(true);
  expect((await first.redirect).url).toBe(`${redirectUri}#state=1&code=a`);
  expect((await second.redirect).url).toBe(`${redirectUri}?state=2&code=b`);
  for (const session of [waiting, first, second]) await session.close();
  expect(system.takes).toEqual([]);
});

test('answers nothing but the exact path, and goes on waiting', async () => {
  const session = await open('http://127.0.0.1/callback');
  const { origin } = new URL(session.redirectUri);
  for (const path of ['/', '/favicon.ico', '/callback/?code=1', '/callbac?code=1', '//callback?code=1']) {
    expect((await fetch(`${origin}${path}`)).status, path).toBe(404);
  }
  expect((await fetch(code(session), { method: 'PUT' })).status).toBe(405);
  expect((await fetch(code(session), { headers: { host: 'evil.example' } })).status).toBeLessThan(500);
  await fetch(code(session));
  expect((await session.redirect).url).toBe(code(session));
});

test('does not take a page without an answer for the redirect', async () => {
  const session = await open('http://127.0.0.1/callback');
  expect(await (await fetch(session.redirectUri)).text()).toContain('One moment');
  expect((await fetch(session.redirectUri, { method: 'POST', body: '' })).status).toBe(400);
  await fetch(session.redirectUri, { method: 'POST', body: 'code=1&state=s' });
  expect((await session.redirect).url).toBe(`${session.redirectUri}#code=1&state=s`);
});

test('reads a form_post, and refuses one without end', async () => {
  const session = await open('http://127.0.0.1/callback');
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  const send = (body: string) => fetch(session.redirectUri, { method: 'POST', headers, body });
  const refused = await send(`code=${'x'.repeat(2_000_000)}`).then(
    (response) => response.status,
    () => 'cut off',
  );
  expect([413, 'cut off']).toContain(refused);
  await send('code=%C3%A4&state=s');
  expect(await session.redirect).toEqual({ url: session.redirectUri, formBody: 'code=%C3%A4&state=s' });
});

test('keeps two flows at once apart', async () => {
  const [first, second] = await Promise.all([
    open('http://127.0.0.1/callback'),
    open('http://127.0.0.1/callback'),
  ]);
  await Promise.all([fetch(code(second, '&n=2')), fetch(code(first, '&n=1'))]);
  expect((await first.redirect).url).toBe(code(first, '&n=1'));
  expect((await second.redirect).url).toBe(code(second, '&n=2'));
});

test('takes the first of its ports that is free, its own before the others', async () => {
  const [first, second, third] = [await takenPort(), await takenPort(), await freePort()];
  const named = await open(`http://127.0.0.1:${first}/callback`, { ports: [second, third] });
  expect(named.redirectUri).toBe(`http://127.0.0.1:${third}/callback`);
  await fetch(code(named));
  expect((await named.redirect).url).toBe(code(named));
  await named.close();
  const unnamed = await open('http://localhost/callback', { ports: [second, third] });
  expect(unnamed.redirectUri).toBe(`http://localhost:${third}/callback`);
});

test('names every port when none is free', async () => {
  const ports = [await takenPort(), await takenPort()];
  await expect(open('http://127.0.0.1/callback', { ports })).rejects.toMatchObject({
    code: 'consent_redirect_unusable',
    message: expect.stringMatching(new RegExp(ports.join('.*'))),
    details: { ports: ports.join(', ') },
  });
});

test('tells of two flows at one port the second which is the first, however close they are', async () => {
  const named = `http://127.0.0.1:${await freePort()}/callback`;
  const both = ['Orders', 'Invoices'].map((title) => open(named, { title }));
  const [first, second] = await Promise.allSettled(both);
  expect(first?.status).toBe('fulfilled');
  expect(second).toMatchObject({
    reason: { code: 'consent_redirect_unusable', message: expect.stringContaining('“Orders”') },
  });
});

test('does not take the answer to another flow, and goes on waiting', async () => {
  const session = await openOnly('http://127.0.0.1/callback');
  expect((await fetch(code(session))).status, 'before it has begun').toBe(409);
  await session.start(address);
  for (const query of ['code=1&state=other', 'code=1', 'error=x&state=other']) {
    const response = await fetch(`${session.redirectUri}?${query}`);
    expect(response.status, query).toBe(409);
    expect(await response.text()).toContain('belongs to another sign-in');
  }
  const posted = await fetch(session.redirectUri, { method: 'POST', body: 'code=1&state=other' });
  expect(posted.status).toBe(409);
  await fetch(code(session));
  expect((await session.redirect).url).toBe(code(session));
});

test('says so when the server refused', async () => {
  const session = await open('http://127.0.0.1/callback');
  const url = `${session.redirectUri}?error=${encodeURIComponent('<b>access_denied')}`;
  const page = await (await fetch(url)).text();
  expect(page).toContain('Not signed in');
  expect(page).toContain('&lt;b&gt;access_denied');
  expect((await session.redirect).url).toBe(url);
});

test("shows the profile's own text as text", async () => {
  const afterConsent = { kind: 'message' as const, text: 'Back to <script>work</script> & "on"' };
  const session = await open('http://127.0.0.1/callback', { afterConsent });
  const page = await (await fetch(code(session))).text();
  expect(page).toContain('Back to &lt;script&gt;work&lt;/script&gt; &amp; &quot;on&quot;');
  expect(page).not.toContain('<script>');
});

test('gives the port free at once when the redirect has come', async () => {
  const session = await open('http://127.0.0.1/callback');
  await fetch(code(session));
  await session.redirect;
  await session.close();
  await expect(fetch(session.redirectUri)).rejects.toThrow();
});

test('tells late comers that it is over, and gives its port to the next flow', async () => {
  const cancel = new AbortController();
  const session = await open('http://127.0.0.1/callback', { signal: cancel.signal });
  cancel.abort();
  await expect(session.redirect).rejects.toMatchObject({ code: 'consent_cancelled' });
  await session.close();
  const late = await fetch(code(session));
  expect(late.status).toBe(410);
  expect(await late.text()).toContain('This sign-in is over');
  const again = await open(session.redirectUri);
  expect(again.redirectUri).toBe(session.redirectUri);
  await fetch(code(again));
  expect((await again.redirect).url).toBe(code(again));
});

test('tells where to send the person when no browser could be opened', async () => {
  const session = await openOnly('http://127.0.0.1/cb', { openExternally: async () => false });
  expect(session.openUrl).toBeNull();
  await session.start('https://auth.example.com/authorize');
  expect(session.openUrl).toBe('https://auth.example.com/authorize');
});

test.each(['file:///etc/passwd', 'javascript:alert(1)', 'x'])('never hands %s to the system', async (url) => {
  const opened: string[] = [];
  const openExternally = async (given: string) => opened.push(given) > 0;
  const session = await openOnly('http://127.0.0.1/cb', { openExternally });
  await expect(session.start(url)).rejects.toMatchObject({ code: 'consent_page_failed' });
  expect(opened).toEqual([]);
});
