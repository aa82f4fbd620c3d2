import { createServer } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import type { ConsentSession } from '../../../../electron/consent/browsers/consent-browser.ts';
import { createSystemBrowser } from '../../../../electron/consent/browsers/system.ts';

type OpenExternally = (url: string) => Promise<boolean>;
const never = new AbortController().signal;

async function open(redirectUri: string, signal = never, openExternally: OpenExternally = async () => true) {
  const session = await createSystemBrowser({ openExternally }).open({
    ...{ purpose: 'sign-in', redirectUri, isRedirect: () => false, state: null },
    ...{ visible: true, title: '', signal },
  });
  onTestFinished(() => session.close());
  return session;
}

async function takenPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const address = server.address();
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
    const url = `${session.redirectUri}${session.redirectUri.includes('?') ? '&' : '?'}code=1`;
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
  await send('code=1&state=%C3%A4');
  expect(await session.redirect).toEqual({ url: session.redirectUri, formBody: 'code=1&state=%C3%A4' });
});

test('keeps two flows at once apart', async () => {
  const [first, second] = await Promise.all([
    open('http://127.0.0.1/callback'),
    open('http://127.0.0.1/callback'),
  ]);
  await Promise.all([fetch(code(second, '2')), fetch(code(first, '1'))]);
  expect((await first.redirect).url).toBe(code(first, '1'));
  expect((await second.redirect).url).toBe(code(second, '2'));
});

test('gives the port free again when the flow is closed or cancelled', async () => {
  const cancel = new AbortController();
  const session = await open('http://127.0.0.1/callback', cancel.signal);
  cancel.abort();
  await expect(session.redirect).rejects.toMatchObject({ code: 'consent_cancelled' });
  const again = await open(session.redirectUri);
  await again.close();
  await expect(fetch(again.redirectUri)).rejects.toThrow();
});

test('tells where to send the person when no browser could be opened', async () => {
  const session = await open('http://127.0.0.1/cb', never, async () => false);
  expect(session.openUrl).toBeNull();
  await session.start('https://auth.example.com/authorize');
  expect(session.openUrl).toBe('https://auth.example.com/authorize');
});

test.each(['file:///etc/passwd', 'javascript:alert(1)', 'x'])('never hands %s to the system', async (url) => {
  const opened: string[] = [];
  const session = await open('http://127.0.0.1/cb', never, async (given) => opened.push(given) > 0);
  await expect(session.start(url)).rejects.toMatchObject({ code: 'consent_page_failed' });
  expect(opened).toEqual([]);
});
