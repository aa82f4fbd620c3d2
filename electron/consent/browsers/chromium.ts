import type { Browser, Page } from 'playwright-core';
import { AppError } from '../../../shared/errors.ts';
import type { RedirectCapture } from '../../oauth/redirect-capture.ts';
import { createDeferred, type Deferred } from '../deferred.ts';
import type { ConsentBrowser, ConsentSession, ConsentSessionOptions } from './consent-browser.ts';
import { type ChromiumCandidate, chromiumCandidates } from './find-chromium.ts';
import { glanceAt } from './glance.ts';
import { launchFirst } from './launch-chromium.ts';
import { openAddress } from './open-address.ts';
import { createRedirectNet, type RedirectNet } from './redirect-net.ts';
import { createWarmBrowser } from './warm-browser.ts';

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

function endedError(visible: boolean): AppError {
  return visible
    ? new AppError('consent_window_closed', 'The sign-in window was closed before the sign-in was through.', {
        action: 'Get the access token again, and leave the window open until it says that you are signed in.',
      })
    : new AppError('consent_page_failed', 'The browser of the sign-in page ended by itself.', {
        action: 'Get the access token again.',
      });
}

/** What ends a flow other than the redirect or the caller: the last window closed, the browser gone, a crash. */
function watchEnds(page: Page, visible: boolean, redirect: Deferred<RedirectCapture>): void {
  const context = page.context();
  const ended = (): void => redirect.reject(endedError(visible));
  const watchPage = (one: Page): void => {
    one.on('close', () => {
      if (context.pages().length === 0) ended();
    });
  };
  watchPage(page);
  context.on('page', watchPage);
  context.on('close', ended);
  page.on('crash', () => {
    const action = 'Get the access token again.';
    redirect.reject(new AppError('consent_page_failed', 'The sign-in page crashed.', { action }));
  });
}

async function openSession(
  browser: Browser,
  net: RedirectNet,
  options: ConsentSessionOptions,
): Promise<ConsentSession> {
  const context = await browser.newContext({
    acceptDownloads: false,
    serviceWorkers: 'block',
    permissions: [],
    viewport: options.visible ? null : { width: 1280, height: 800 },
  });
  const redirect = createDeferred<RedirectCapture>();
  const close = async (): Promise<void> => {
    options.signal.removeEventListener('abort', onAbort);
    await context.close();
  };
  const onAbort = (): void => {
    redirect.reject(new AppError('consent_cancelled', 'The sign-in was cancelled.'));
    // A browser that ended meanwhile has closed it already.
    close().catch(() => undefined);
  };
  try {
    const page = await context.newPage();
    await net.watch(page, options.redirectUri, redirect.resolve);
    watchEnds(page, options.visible, redirect);
    // Playwright dismisses what a page asks, unless somebody listens: a person answers for themselves.
    if (options.visible) context.on('dialog', () => undefined);
    options.signal.addEventListener('abort', onAbort);
    if (options.signal.aborted) onAbort();
    return {
      redirectUri: options.redirectUri,
      page,
      openUrl: null,
      redirect: redirect.promise,
      start: (url) => openAddress(page, url, redirect.promise),
      glance: () => glanceAt(context),
      close,
    };
  } catch (thrown) {
    await context.close();
    throw thrown;
  }
}

/**
 * A Chromium that Playwright starts: an installed Chrome, Edge or Chromium, or the bundled one. One for flows that
 * nobody sees and one with windows, each kept warm, a new browser context for each flow. While one is warm the
 * process does not end by itself: `dispose`.
 */
export function createChromiumBrowser(options: ChromiumOptions): ConsentBrowser {
  const candidates = options.candidates ?? (() => chromiumCandidates());
  const create = (headless: boolean) =>
    createWarmBrowser(
      () => launchFirst({ candidates: candidates(), headless, noSandbox: options.noSandbox ?? false }),
      createRedirectNet,
      options.idleMs ?? 5 * 60_000,
    );
  const hidden = create(true);
  const shown = create(false);

  return {
    kind: 'chromium',
    scriptable: true,
    showable: () => options.headedPossible() && candidates().some((one) => one.headedPossible),
    async open(session) {
      const { browser, extra: net, done } = await (session.visible ? shown : hidden).borrow();
      try {
        const opened = await openSession(browser, net, session);
        return { ...opened, close: () => opened.close().finally(done) };
      } catch (thrown) {
        done();
        throw thrown;
      }
    },
    async dispose() {
      await Promise.all([hidden.dispose(), shown.dispose()]);
    },
  };
}
