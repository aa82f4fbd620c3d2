import { afterAll, expect, test } from 'vitest';
import { createChromiumBrowser } from '../../../electron/consent/browsers/chromium.ts';
import type { ConsentBrowser, ConsentSession } from '../../../electron/consent/browsers/consent-browser.ts';
import { chromiumCandidates } from '../../../electron/consent/browsers/find-chromium.ts';
import { createSystemBrowser } from '../../../electron/consent/browsers/system.ts';
import type { ConsentFlow } from '../../../electron/consent/consent-flow.ts';
import { createConsentService } from '../../../electron/consent/consent-service.ts';
import { launchChromium } from '../../fixtures/chromium.ts';
import { loginForm, startLoginServer } from './login-server.ts';
import { keepInMemory, startSessionServer } from './session-server.ts';

const redirectUri = 'http://127.0.0.1:1/callback';
const answer = `${redirectUri}?code=c0de&state=s`;

// Where no installed Chromium is, the bundled one stands in: it takes the same way, but draws no window.
const chromium = createChromiumBrowser({
  headedPossible: () => true,
  candidates: () => chromiumCandidates().map((one) => ({ ...one, headedPossible: true })),
});
afterAll(() => chromium.dispose());

/** The browser, and each of its sessions as it is opened: what a person has before them. */
function watched(browser: ConsentBrowser): { browser: ConsentBrowser; opened: Promise<ConsentSession> } {
  let tell: (session: ConsentSession) => void = () => undefined;
  const opened = new Promise<ConsentSession>((resolve) => {
    tell = resolve;
  });
  const open: ConsentBrowser['open'] = async (options) => {
    const session = await browser.open(options);
    tell(session);
    return session;
  };
  return { browser: { ...browser, open }, opened };
}

function flow(url: string, more: Partial<ConsentFlow> = {}): ConsentFlow {
  const begin = async () => `${url}/authorize`;
  const fresh = { script: null, vars: {}, session: null, attended: true };
  return { profileName: 'Orders', redirectUri, ...fresh, begin, ...more };
}

const pages = {
  '/authorize': () => loginForm('/login'),
  '/login': () => ({ location: answer }),
};

test('a person signs in by hand, in their own time', async () => {
  const server = await startLoginServer(pages);
  const { browser, opened } = watched(chromium);
  const service = createConsentService({ browsers: [browser], now: Date.now });
  const work = service.run(flow(server.url), new AbortController().signal);
  const { page } = await opened;
  await page?.getByLabel('User name').fill('alice');
  await page?.getByRole('button').click();
  expect(await work).toEqual({ url: answer, formBody: null, steps: 0, hidden: [] });
});

test('a closed window ends the flow, and the next one opens again', async () => {
  const server = await startLoginServer(pages);
  for (let time = 0; time < 2; time += 1) {
    const { browser, opened } = watched(chromium);
    const service = createConsentService({ browsers: [browser], now: Date.now });
    const work = service.run(flow(server.url), new AbortController().signal);
    const failed = expect(work).rejects.toMatchObject({ code: 'consent_window_closed' });
    await (await opened).page?.close();
    await failed;
  }
});

test("a person's session is kept, but not when they close the window", async () => {
  const server = await startSessionServer();
  const session = keepInMemory();
  for (const closes of [true, false]) {
    const { browser, opened } = watched(chromium);
    const service = createConsentService({ browsers: [browser], now: Date.now });
    const work = service.run(flow(server.url, { session }), new AbortController().signal);
    const { page } = await opened;
    const outcome = closes ? expect(work).rejects.toMatchObject({ code: 'consent_window_closed' }) : work;
    await page?.getByRole('button').waitFor();
    await (closes ? page?.close() : page?.getByRole('button').click());
    await outcome;
    expect(session.texts).toHaveLength(closes ? 0 : 1);
  }
  const service = createConsentService({ browsers: [chromium], now: Date.now });
  expect((await service.run(flow(server.url, { session }), new AbortController().signal)).url).toBe(answer);
  expect(server.signIns()).toBe(1);
});

test('a closed popup alone does not end the flow', async () => {
  const server = await startLoginServer({ ...pages, '/popup': () => '<title>Terms</title>' });
  const { browser, opened } = watched(chromium);
  const service = createConsentService({ browsers: [browser], now: Date.now });
  const work = service.run(flow(server.url), new AbortController().signal);
  const { page } = await opened;
  await page?.getByLabel('User name').waitFor();
  const popup = page?.waitForEvent('popup');
  await page?.evaluate('void window.open("/popup")');
  await (await popup)?.close();
  await page?.getByRole('button').click();
  expect((await work).url).toBe(answer);
});

test('a page that opens window after window has ten of them at most', async () => {
  const server = await startLoginServer({ ...pages, '/popup': () => '<title>More</title>' });
  const { browser, opened } = watched(chromium);
  const service = createConsentService({ browsers: [browser], now: Date.now });
  const work = service.run(flow(server.url), new AbortController().signal);
  const { page } = await opened;
  await page?.getByLabel('User name').waitFor();
  let openedAlready = 0;
  page?.context().on('page', () => {
    openedAlready += 1;
  });
  await page?.evaluate('for (let i = 0; i < 15; i += 1) void window.open("/popup?" + i)');
  await expect.poll(() => openedAlready).toBe(15);
  await expect.poll(() => page?.context().pages().length).toBe(10);
  await page?.getByRole('button').click();
  expect((await work).url).toBe(answer);
});

test('a cancelled flow ends at once', async () => {
  const server = await startLoginServer(pages);
  const { browser, opened } = watched(chromium);
  const cancel = new AbortController();
  const service = createConsentService({ browsers: [browser], now: Date.now });
  const work = service.run(flow(server.url), cancel.signal);
  const failed = expect(work).rejects.toMatchObject({ code: 'consent_cancelled' });
  await opened;
  cancel.abort();
  await failed;
});

test('the first browser that can be shown is taken, and one that is missing gives way to the next', async () => {
  const server = await startLoginServer(pages);
  const hidden = createChromiumBrowser({ headedPossible: () => false });
  const none = createChromiumBrowser({
    headedPossible: () => true,
    candidates: () => [
      {
        name: 'nowhere',
        headedPossible: true,
        prepare: async () => ({ executablePath: '/nowhere/chrome', args: [], env: {}, headedPossible: true }),
      },
    ],
  });
  const addresses: string[] = [];
  const cancel = new AbortController();
  const system = createSystemBrowser({
    openExternally: async (url) => {
      addresses.push(url);
      cancel.abort();
      return true;
    },
  });
  const service = createConsentService({ browsers: [hidden, none, system], now: Date.now });
  const work = service.run(flow(server.url, { redirectUri: 'http://127.0.0.1/callback' }), cancel.signal);
  await expect(work).rejects.toMatchObject({ code: 'consent_cancelled' });
  expect(addresses).toEqual([`${server.url}/authorize`]);
});

test('a browser that will not start is named with the reason and what to do', async () => {
  const server = await startLoginServer(pages);
  const none = createChromiumBrowser({
    headedPossible: () => true,
    candidates: () =>
      ['/nowhere/chrome', '/etc/hostname'].map((executablePath) => ({
        name: executablePath,
        headedPossible: true,
        prepare: async () => ({ executablePath, args: [], env: {}, headedPossible: true }),
      })),
  });
  const service = createConsentService({ browsers: [none], now: Date.now });
  const work = service.run(flow(server.url), new AbortController().signal);
  await expect(work).rejects.toMatchObject({
    code: 'consent_browser_missing',
    message: expect.stringContaining('/nowhere/chrome'),
    action: expect.stringContaining('GRANTWRIGHT_CHROMIUM'),
  });
});

test.each(['', '&response_mode=fragment', '&response_mode=form_post'])(
  'the system browser brings the redirect back to its own listener %s',
  async (mode) => {
    const person = await launchChromium();
    try {
      const server = await startLoginServer({
        '/authorize': (_visit, query) => {
          const back = query.get('redirect_uri');
          if (mode.endsWith('fragment')) return { location: `${back}#code=1&state=s` };
          if (mode.endsWith('form_post')) {
            return `<form method="post" action="${back}"><input name="code" value="1"></form>
              <script>document.forms[0].submit()</script>`;
          }
          return { location: `${back}?code=1&state=s` };
        },
      });
      const page = await person.newPage();
      const system = createSystemBrowser({ openExternally: async () => false });
      const service = createConsentService({ browsers: [system], now: Date.now });
      const begin = async (uri: string) =>
        `${server.url}/authorize?redirect_uri=${encodeURIComponent(uri)}${mode}`;
      let shown: Promise<unknown> | undefined;
      const onOpenUrl = (url: string) => {
        shown = page.goto(url);
      };
      const outcome = await service.run(
        flow(server.url, { redirectUri: 'http://localhost/callback', begin, onOpenUrl }),
        new AbortController().signal,
      );
      await shown;
      await page.getByRole('heading', { name: 'Signed in' }).waitFor();
      expect(page.url()).not.toContain('access_token');
      const sent = new URL(outcome.url);
      expect(sent.hostname).toBe('localhost');
      expect(sent.search + sent.hash + (outcome.formBody ?? '')).toMatch(/^[?#]?code=1/);
    } finally {
      await person.close();
    }
  },
);

test('a recording takes the first of the ports that its redirect may have', async () => {
  const server = await startLoginServer({
    '/authorize': (_visit, query) => `<a href="${query.get('redirect_uri')}?code=c0de">Go on</a>`,
  });
  const { browser, opened } = watched(chromium);
  const service = createConsentService({ browsers: [browser], now: Date.now });
  const recording = service.record(
    {
      ...{ profileName: 'Orders', redirectUri: 'http://127.0.0.1/callback', redirectPorts: [2, 3] },
      ...{ vars: {}, scriptHosts: [], hidden: [] },
      begin: async (uri) => `${server.url}/authorize?redirect_uri=${encodeURIComponent(uri)}`,
    },
    new AbortController().signal,
  );
  await (await opened).page?.getByRole('link', { name: 'Go on' }).click();
  expect((await recording).capture.url).toBe('http://127.0.0.1:2/callback?code=c0de');
});
