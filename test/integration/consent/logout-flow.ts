import type { Page } from 'playwright-core';
import { afterAll, expect } from 'vitest';
import { createChromiumBrowser } from '../../../electron/consent/browsers/chromium.ts';
import type { ConsentBrowser } from '../../../electron/consent/browsers/consent-browser.ts';
import { chromiumCandidates } from '../../../electron/consent/browsers/find-chromium.ts';
import type { ConsentTimeouts } from '../../../electron/consent/consent-flow.ts';
import { createConsentService } from '../../../electron/consent/consent-service.ts';
import { createDeferred } from '../../../electron/consent/deferred.ts';
import type { LogoutFlow } from '../../../electron/consent/logout.ts';
import { isRedirect } from '../../../electron/oauth/redirect.ts';
import type { LoginServer, Pages } from './login-server.ts';
import {
  answer,
  keepInMemory,
  redirectUri,
  type SessionServer,
  startSessionServer,
} from './session-server.ts';

/** Where no installed Chromium is, the bundled one stands in: it takes the same way, but draws no window. */
export const browser = createChromiumBrowser({
  headedPossible: () => true,
  candidates: () => chromiumCandidates().map((one) => ({ ...one, headedPossible: true })),
});
afterAll(() => browser.dispose());

/** Port 1 belongs to nobody on a test machine. */
export const returnUri = 'http://127.0.0.1:1/signed-out';
export const idToken = 'marker.id-token.0123456789';
const never = new AbortController().signal;

/** What a test wants otherwise. */
export interface LogoutGiven extends Partial<LogoutFlow> {
  browsers?: ConsentBrowser[];
  timeouts?: Partial<ConsentTimeouts>;
  signal?: AbortSignal;
}

const service = (browsers = [browser], timeouts: Partial<ConsentTimeouts> = {}) =>
  createConsentService({ browsers, now: Date.now, timeouts });

/** Logs out, by default unattended, with a way back and without a kept session. */
export function logOut(
  server: LoginServer,
  { browsers, timeouts, signal = never, ...more }: LogoutGiven = {},
) {
  const flow: LogoutFlow = {
    ...{ profileName: 'Orders', returnUri, isReturn: (url) => isRedirect(url, returnUri) },
    ...{ url: `${server.url}/end-session?id_token_hint=${idToken}`, session: null, attended: false },
    ...more,
  };
  return service(browsers, timeouts).logout(flow, signal);
}

/** A session that somebody has signed in with. */
export async function signedIn(server: SessionServer) {
  const session = keepInMemory();
  await signIn(server, session);
  return session;
}

/** Signs in, on the login page if that comes. */
export async function signIn(server: SessionServer, session: ReturnType<typeof keepInMemory>) {
  const source = `await page.getByRole('button', { name: 'Sign in' }).click();`;
  const outcome = await service().run(
    {
      ...{
        profileName: 'Orders',
        redirectUri,
        script: { kind: 'script' as const, source, fileName: 'a.js' },
        vars: {},
        session,
      },
      ...{ attended: false, begin: async () => `${server.url}/authorize` },
    },
    never,
  );
  expect(outcome.url).toBe(answer);
}

/** The server's logout is this page, and its session is not ended by it. */
export const endingIn = (page: Pages[string], more: Pages = {}) =>
  startSessionServer({ '/end-session': page, ...more });

/** A page that asks. */
export const asking = `<title>Log out?</title><form method="post" action="/ended"><button>Yes</button></form>`;
/** Everything that was asked for. */
export const paths = ({ visits }: LoginServer) => visits.map(({ path }) => path);

/** The browser, and the page of its first session: what a person has before them. */
export function watched(): { browser: ConsentBrowser; page: Promise<Page> } {
  const opened = createDeferred<Page>();
  const open: ConsentBrowser['open'] = async (options) => {
    const session = await browser.open(options);
    if (session.page !== null) opened.resolve(session.page);
    return session;
  };
  return { browser: { ...browser, open }, page: opened.promise };
}
