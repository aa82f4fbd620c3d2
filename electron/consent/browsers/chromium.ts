import type { Browser, BrowserContext, BrowserContextOptions } from 'playwright-core';
import { gatewayIdentity } from '../../network/gateway-identity.ts';
import type { RedirectCapture } from '../../oauth/redirect-capture.ts';
import type { StoredCookie } from '../browser-state.ts';
import { createDeferred } from '../deferred.ts';
import { createChallenges } from './challenges.ts';
import type { ConsentBrowser, ConsentSession, ConsentSessionOptions } from './consent-browser.ts';
import { type ChromiumCandidate, chromiumCandidates } from './find-chromium.ts';
import { glanceAt } from './glance.ts';
import { launchFirst } from './launch-chromium.ts';
import { noticeCode } from './notice.ts';
import { openAddress } from './open-address.ts';
import { createRedirectNet, type RedirectNet } from './redirect-net.ts';
import { cancelled } from './session-ends.ts';
import { createWarmBrowser } from './warm-browser.ts';
import { watchEnds } from './watch-ends.ts';
import { watchStatus } from './watch-status.ts';

export interface ChromiumOptions {
  /** Whether a window could be shown here and now, for example because there is a display. */
  headedPossible: () => boolean;
  /** The Chromiums to try, best first; by default every one that can be found here. */
  candidates?: () => ChromiumCandidate[];
  /** Starts Chromium without its process sandbox, also when not root. */
  noSandbox?: boolean;
  /** How long an unused browser stays; 5 minutes by default. */
  idleMs?: number;
}

/** A context of its own for each flow, with the kept session in it. */
async function openContext(
  browser: Browser,
  { visible, state, reach }: ConsentSessionOptions,
): Promise<BrowserContext> {
  const fresh: BrowserContextOptions = {
    acceptDownloads: false,
    serviceWorkers: 'block',
    permissions: [],
    viewport: visible ? null : { width: 1280, height: 800 },
    ignoreHTTPSErrors: reach?.verifyTls === false,
    ...(reach?.gateway ? { proxy: { server: `http://${reach.gateway.address}` } } : {}),
  };
  if (state === null) return browser.newContext(fresh);
  return browser.newContext({ ...fresh, storageState: state }).catch(async () => {
    // Chromium refuses all for one thing that it does not take: so it gets the cookies that it does.
    const context = await browser.newContext(fresh);
    await Promise.allSettled(state.cookies.map((cookie) => context.addCookies([cookie])));
    return context;
  });
}

async function cookiesOf(context: BrowserContext): Promise<StoredCookie[]> {
  return (await context.cookies()).filter(({ partitionKey }) => partitionKey === undefined);
}

async function openSession(
  browser: Browser,
  net: RedirectNet,
  options: ConsentSessionOptions,
): Promise<ConsentSession> {
  const context = await openContext(browser, options);
  const redirect = createDeferred<RedirectCapture>();
  const challenges = createChallenges({
    ...{
      purpose: options.purpose,
      attended: options.worker !== 'script',
      waitMs: options.credentialsWaitMs ?? 0,
    },
    fail: redirect.reject,
  });
  const close = async (): Promise<void> => {
    options.signal.removeEventListener('abort', onAbort);
    challenges.end();
    await context.close();
  };
  const onAbort = (): void => {
    redirect.reject(cancelled(options.purpose));
    // A browser that ended meanwhile has closed it already.
    close().catch(() => undefined);
  };
  try {
    if (options.notice) await context.addInitScript(noticeCode(options.notice));
    const page = await context.newPage();
    await net.watch(page, { ...options, challenges }, redirect.resolve);
    watchEnds(page, options, redirect);
    // Playwright dismisses what a page asks, unless somebody listens: a person answers for themselves.
    if (options.worker !== 'script') context.on('dialog', () => undefined);
    options.signal.addEventListener('abort', onAbort);
    if (options.signal.aborted) onAbort();
    return {
      redirectUri: options.redirectUri,
      page,
      openUrl: null,
      redirect: redirect.promise,
      start: (url) => openAddress(page, url, options.purpose, challenges.orAsked(redirect.promise)),
      authenticate: challenges.authenticate,
      challenge: challenges.open,
      status: watchStatus(page),
      glance: () => glanceAt(context),
      cookies: () => cookiesOf(context),
      localStorage: async () => (await context.storageState()).origins,
      close,
    };
  } catch (thrown) {
    await context.close();
    throw thrown;
  }
}

/**
 * A Chromium that Playwright starts: an installed Chrome, Edge or Chromium, or the bundled one. One for flows that
 * nobody sees and one with windows, each kept warm, a new browser context for each flow; flows through a gateway have their own. While one is warm the
 * process does not end by itself: `dispose`.
 */
export function createChromiumBrowser(options: ChromiumOptions): ConsentBrowser {
  const candidates = options.candidates ?? (() => chromiumCandidates());
  /** `gated`: it takes this process's gateways for any server, and is for flows through one alone. */
  const create = (headless: boolean, gated: boolean) =>
    createWarmBrowser(
      async () =>
        launchFirst({
          ...{ candidates: candidates(), headless, noSandbox: options.noSandbox ?? false },
          trustedKeyHash: gated ? (await gatewayIdentity()).publicKeyHash : undefined,
        }),
      createRedirectNet,
      options.idleMs ?? 5 * 60_000,
    );
  const plain = { hidden: create(true, false), shown: create(false, false) };
  const gated = { hidden: create(true, true), shown: create(false, true) };

  function of({ visible, reach }: ConsentSessionOptions) {
    const { hidden, shown } = reach?.gateway ? gated : plain;
    return visible ? shown : hidden;
  }

  return {
    kind: 'chromium',
    scriptable: true,
    keepsSessions: true,
    showable: () => options.headedPossible() && candidates().some((one) => one.headedPossible),
    async open(session) {
      const { browser, extra: net, done } = await of(session).borrow();
      try {
        const opened = await openSession(browser, net, session);
        return { ...opened, close: () => opened.close().finally(done) };
      } catch (thrown) {
        done();
        throw thrown;
      }
    },
    async dispose() {
      const all = [plain.hidden, plain.shown, gated.hidden, gated.shown];
      await Promise.all(all.map((browser) => browser.dispose()));
    },
  };
}
