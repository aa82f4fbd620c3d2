import { describe, expect, test } from 'vitest';
import { createSystemBrowser } from '../../../electron/consent/browsers/system.ts';
import { isRedirect } from '../../../electron/oauth/redirect.ts';
import { AppError } from '../../../shared/errors.ts';
import { failureOf } from './failure-of.ts';
import {
  asking,
  endingIn,
  idToken,
  logOut,
  paths,
  returnUri,
  signedIn,
  signIn,
  watched,
} from './logout-flow.ts';
import { keepInMemory, startSessionServer } from './session-server.ts';

describe('a logout', () => {
  test('returns to the post-logout redirect URI, which is never sent on, and the login page comes next', async () => {
    const server = await startSessionServer({
      '/ended': () => ({ location: '/signed-out?state=s' }),
      '/signed-out': () => 'reached',
    });
    const session = await signedIn(server);
    const back = `${server.url}/signed-out`;
    const isReturn = (url: string) => isRedirect(url, back);
    expect(await logOut(server, { session, returnUri: back, isReturn })).toEqual({ end: 'returned' });
    expect(paths(server)).not.toContain('/signed-out');
    expect(server.sessions.size).toBe(0);
    expect(session.texts.at(-1)).not.toContain('sid');
    await signIn(server, session);
    expect(server.signIns()).toBe(2);
  });

  test('without a way back ends at the page of the server', async () => {
    const server = await startSessionServer();
    const session = await signedIn(server);
    expect(await logOut(server, { session, returnUri: null })).toEqual({ end: 'page' });
    await signIn(server, session);
    expect(server.signIns()).toBe(2);
  });

  test('without a kept session begins with none', async () => {
    const server = await startSessionServer();
    await signedIn(server);
    expect(await logOut(server)).toEqual({ end: 'page' });
    expect(server.visits.find(({ path }) => path === '/end-session')?.cookie).toBe('');
  });

  test('does not take an address for the way back that is not, such as one with the state of another', async () => {
    const server = await endingIn(() => ({ location: '/signed-out?state=other' }), {
      '/signed-out': () => 'reached',
    });
    const isReturn = (url: string) => isRedirect(url, `${server.url}/signed-out`) && url.endsWith('state=s');
    expect(await logOut(server, { returnUri: `${server.url}/signed-out`, isReturn })).toEqual({
      end: 'page',
    });
    expect(paths(server)).toContain('/signed-out');
  });

  test.each([
    ['a script', `<script>location = ${JSON.stringify(returnUri)}</script>`],
    ['a refresh', `<meta http-equiv="refresh" content="0;url=${returnUri}">`],
    [
      'a form that sends itself',
      `<form action="${returnUri}"><button>Go on</button></form><script>document.forms[0].submit()</script>`,
    ],
    ['a scheme of its own', `<script>location = 'com.example.app:/signed-out'</script>`],
  ])('returns by %s', async (name, page) => {
    const server = await endingIn(() => `<title>Wait</title>${page}`);
    const own = name.startsWith('a scheme') ? 'com.example.app:/signed-out' : returnUri;
    const isReturn = (url: string) => isRedirect(url, own);
    expect(await logOut(server, { returnUri: own, isReturn })).toEqual({ end: 'returned' });
  });

  test.each([
    ['a link', '<a href="/">Log in again</a>'],
    ['a form that does not show', '<div style="display: none"><form><button>Yes</button></form></div>'],
    ['a menu', '<button>Language</button><form><button type="reset">Clear</button></form>'],
    ['frames of other sites', `<iframe srcdoc="<form><button>Sign in</button></form>"></iframe>`],
    ['a way to a scheme that nobody knows', `<script>location = 'unknown.app:/signed-out'</script>`],
    ['a picture that never comes', `<img src="/never">`],
    ['requests without end', `<script>setInterval(() => fetch('/ping'), 50)</script>`],
    ['nothing', ''],
  ])('ends at a page with %s', async (_name, html) => {
    const server = await endingIn(() => html, {
      '/ping': () => '',
      '/never': () => new Promise(() => undefined),
    });
    expect(await logOut(server, { timeouts: { redirect: 1500 } })).toEqual({ end: 'page' });
  });

  test('ends at an answer without a page', async () => {
    const server = await endingIn(() => ({ status: 204 }));
    expect(await logOut(server)).toEqual({ end: 'page' });
  });

  test('waits for the page that a form which sends itself leads to', async () => {
    const server = await endingIn(() => `${asking}<script>document.forms[0].submit()</script>`);
    expect(await logOut(server)).toEqual({ end: 'page' });
    expect(paths(server)).toContain('/ended');
  });

  test('of a session that cannot be read again is kept as an empty one', async () => {
    const server = await startSessionServer({
      '/ended': () => `<script>localStorage.setItem('big', 'x'.repeat(1_200_000))</script>`,
    });
    const session = await signedIn(server);
    const log: string[] = [];
    expect(await logOut(server, { session, onLog: (line) => log.push(line) })).toEqual({ end: 'page' });
    expect(session.texts.at(-1)).toBe('{"version":1,"cookies":[],"origins":[]}');
    expect(log).toEqual(['The browser session is larger than 1 MB, so it was not kept.']);
  });

  test('fails where its end cannot be kept, since the old session would come again', async () => {
    const server = await startSessionServer();
    const write = () => Promise.reject(new AppError('disk_full', 'The disk is full.'));
    const session = { ...(await signedIn(server)), write };
    expect((await failureOf(logOut(server, { session }))).code).toBe('disk_full');
  });
});

describe('a logout that is not through', () => {
  test.each([
    ['a button', asking],
    ['an input', '<title>Log out?</title><form><input type="submit" value="Yes"></form>'],
    ['a button beside the form', '<title>Log out?</title><form id="f"></form><button form="f">Yes</button>'],
    [
      'a button of scripts',
      '<title>Log out?</title><form><button type="button" onclick="go()">Yes</button></form>',
    ],
    [
      'a form that comes later',
      `<title>Log out?</title><script>setTimeout(() => {
      document.body.innerHTML = '<form><button>Yes</button></form>'; }, 100)</script><body>`,
    ],
  ])('says what the server asks with %s, and keeps the session', async (_name, html) => {
    const server = await endingIn(() => html);
    const session = await signedIn(server);
    const error = await failureOf(logOut(server, { session }));
    expect(error.code).toBe('logout_unconfirmed');
    expect(error.message).toContain('"Log out?"');
    expect(error.action).toBe('Press End session where a person can answer, or clear the kept session here.');
    expect(error.details).toMatchObject({ title: 'Log out?', url: `${server.url}/end-session` });
    expect(session.texts).toHaveLength(1);
  });

  test.each([400, 500])('says what the server showed with status %i', async (status) => {
    const html = `<title>No logout</title><form><button>Back</button></form>Your token ${idToken} is odd`;
    const server = await endingIn(() => ({ status, html }));
    const session = await signedIn(server);
    const error = await failureOf(logOut(server, { session }));
    expect(error.code).toBe('consent_page_failed');
    expect(error.message).toContain(`HTTP ${status}, "No logout"`);
    expect(error.details).toMatchObject({ status, title: 'No logout', url: `${server.url}/end-session` });
    expect(error.details?.text).toContain('Your token [id_token_hint] is odd');
    expect(session.texts).toHaveLength(1);
  });

  test('names the status of an error without a page', async () => {
    const server = await endingIn(() => ({ status: 500 }));
    const error = await failureOf(logOut(server));
    expect(error).toMatchObject({ code: 'consent_page_failed', details: { status: 500 } });
    expect(error.message).toContain('HTTP 500');
    expect(error.message).not.toContain('chrome-error');
  });

  test('names the server that cannot be reached, and nothing of the address behind it', async () => {
    const server = await startSessionServer();
    const url = `http://127.0.0.1:1/end-session?id_token_hint=${idToken}`;
    const error = await failureOf(logOut(server, { url }));
    expect(error.code).toBe('consent_page_failed');
    expect(error.message).toContain('The logout page of 127.0.0.1:1 could not be opened');
    expect(error.action).toContain('end-session URL');
    expect(`${JSON.stringify(error.toWire())}${String(error.cause)}${error.stack}`).not.toContain('marker');
  });

  test('says so when the page goes on to where nobody is', async () => {
    const server = await endingIn(
      () => `<script>location = 'http://127.0.0.1:1/elsewhere?id=${idToken}'</script>`,
    );
    const error = await failureOf(logOut(server));
    expect(error.code).toBe('consent_page_failed');
    expect(error.message).toContain('The logout page of 127.0.0.1:1 could not be opened');
    expect(JSON.stringify(error.toWire())).not.toContain('marker');
  });

  test.each(['file:///etc/passwd', 'javascript:alert(1)', 'nonsense'])('never opens %s', async (url) => {
    const server = await startSessionServer();
    expect((await failureOf(logOut(server, { url }))).code).toBe('consent_page_failed');
  });

  test('is over in time', async () => {
    const server = await endingIn(() => new Promise(() => undefined));
    const error = await failureOf(logOut(server, { timeouts: { unattended: 500 } }));
    expect(error).toMatchObject({
      code: 'consent_timeout',
      message: expect.stringContaining('The logout was not'),
    });
  });

  test('ends at once when it is cancelled', async () => {
    const cancel = new AbortController();
    const server = await endingIn(() => {
      cancel.abort();
      return new Promise(() => undefined);
    });
    const session = keepInMemory();
    const error = await failureOf(logOut(server, { session, signal: cancel.signal }));
    expect(error).toMatchObject({ code: 'consent_cancelled', message: 'The logout was cancelled.' });
    expect(session.texts).toEqual([]);
  });

  test('says so when the browser crashes', async () => {
    const server = await endingIn(() => `<script>setInterval(() => fetch('/ping'), 50)</script>`, {
      '/ping': () => '',
    });
    const { browser: seen, page } = watched();
    const work = failureOf(logOut(server, { browsers: [seen] }));
    const shown = await page;
    await shown.waitForURL('**/end-session**');
    shown.goto('chrome://crash').catch(() => undefined);
    expect((await work).code).toBe('consent_page_failed');
  });

  test('says what can be done where there is no browser', async () => {
    const server = await startSessionServer();
    const system = createSystemBrowser({ openExternally: async () => true });
    expect(await failureOf(logOut(server, { browsers: [system] }))).toMatchObject({
      code: 'consent_browser_missing',
      message: 'There is no browser here for the logout page.',
    });
  });
});
