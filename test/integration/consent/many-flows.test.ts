import { afterAll, expect, test } from 'vitest';
import { createChromiumBrowser } from '../../../electron/consent/browsers/chromium.ts';
import type { ConsentBrowser } from '../../../electron/consent/browsers/consent-browser.ts';
import { createSystemBrowser } from '../../../electron/consent/browsers/system.ts';
import type { ConsentFlow } from '../../../electron/consent/consent-flow.ts';
import { createConsentService } from '../../../electron/consent/consent-service.ts';
import { until } from '../../fixtures/until.ts';
import { failureOf } from './failure-of.ts';
import { loginForm, startLoginServer } from './login-server.ts';

const redirectUri = 'http://127.0.0.1:1/callback';
const chromium = createChromiumBrowser({ headedPossible: () => false });
afterAll(() => chromium.dispose());

/** The browser, with what was open in it: its pages at each moment a flow began. */
function counted() {
  const seen = { opened: 0, pages: 0, most: 0 };
  const browser: ConsentBrowser = {
    ...chromium,
    async open(options) {
      const session = await chromium.open(options);
      seen.opened += 1;
      const contexts = session.page?.context().browser()?.contexts() ?? [];
      seen.pages = contexts.flatMap((context) => context.pages()).length;
      seen.most = Math.max(seen.most, seen.pages);
      return session;
    },
  };
  return { browser, seen };
}

const signIn = `await page.getByLabel('User name').fill(vars.user);
  await page.getByLabel('Password').fill('x');
  await page.getByRole('button', { name: 'Sign in' }).click();`;

function flow(url: string, user: string, more: Partial<ConsentFlow> = {}): ConsentFlow {
  return {
    ...{ profileName: user, redirectUri, vars: { user }, session: null, attended: false },
    script: { kind: 'script' as const, source: signIn, fileName: 'orders.js' },
    begin: async () => `${url}/authorize`,
    ...more,
  };
}

/** A server that sends each user back with their name, once `held` is over. */
function startServer(held: Promise<void> = Promise.resolve()) {
  let sessions = 0;
  return startLoginServer({
    '/authorize': () => ({ html: loginForm('/login'), cookies: [`sid=${++sessions}`] }),
    '/login': async ({ body }) => {
      await held;
      return { location: `${redirectUri}?code=${new URLSearchParams(body).get('user')}` };
    },
  });
}

function gate() {
  let open = (): void => undefined;
  const held = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { held, open };
}

const never = () => new AbortController().signal;

test('twenty flows at once have six pages at a time, and each its own cookies and redirect', async () => {
  const server = await startServer();
  const { browser, seen } = counted();
  const service = createConsentService({ browsers: [browser], now: Date.now });
  const users = Array.from({ length: 20 }, (_, index) => `user-${index}`);
  const outcomes = await Promise.all(users.map((user) => service.run(flow(server.url, user), never())));
  expect(outcomes.map(({ url }) => new URL(url).searchParams.get('code'))).toEqual(users);
  const cookies = (of: string) => server.visits.filter(({ path }) => path === of).map(({ cookie }) => cookie);
  expect(new Set(cookies('/authorize'))).toEqual(new Set(['']));
  expect(new Set(cookies('/login')).size).toBe(20);
  expect(seen.opened).toBe(20);
  expect(seen.most).toBe(6);
});

test('waiting takes none of a flow’s own time', async () => {
  const server = await startServer();
  const timeouts = { unattended: 11_000 };
  const service = createConsentService({
    browsers: [chromium],
    now: Date.now,
    timeouts,
    unattendedAtOnce: 1,
  });
  // Four of them take longer than one may.
  const slow = `await page.waitForTimeout(3000); ${signIn}`;
  const script = { kind: 'script' as const, source: slow, fileName: 'orders.js' };
  const users = ['first', 'second', 'third', 'fourth'];
  const all = users.map((user) => service.run(flow(server.url, user, { script }), never()));
  expect((await Promise.all(all)).map(({ url }) => url)).toEqual(
    users.map((user) => `${redirectUri}?code=${user}`),
  );
});

test('one that waits can be cancelled, fails nobody else, and a person waits for none of them', async () => {
  const { held, open } = gate();
  const server = await startServer(held);
  const { browser, seen } = counted();
  const own = createSystemBrowser({ openExternally: async () => true });
  const service = createConsentService({ browsers: [browser, own], now: Date.now, unattendedAtOnce: 1 });
  const first = service.run(flow(server.url, 'first'), never());
  await until(() => seen.opened === 1);
  const cancel = new AbortController();
  const waiting = failureOf(service.run(flow(server.url, 'second'), cancel.signal));
  const third = service.run(flow(server.url, 'third'), never());
  const begun: string[] = [];
  const person = new AbortController();
  const attended = flow(server.url, 'person', {
    ...{
      attended: true,
      script: null,
      consentBrowser: 'system' as const,
      redirectUri: 'http://127.0.0.1/cb',
    },
    begin: async (uri) => {
      begun.push(uri);
      return `${server.url}/authorize`;
    },
  });
  const byHand = failureOf(service.run(attended, person.signal));
  await until(() => begun.length === 1);
  person.abort();
  cancel.abort();
  expect((await waiting).code).toBe('consent_cancelled');
  expect((await byHand).code).toBe('consent_cancelled');
  expect(seen.opened).toBe(1);
  open();
  expect((await first).url).toBe(`${redirectUri}?code=first`);
  expect((await third).url).toBe(`${redirectUri}?code=third`);
  expect(seen.opened).toBe(2);
  await own.dispose();
});
