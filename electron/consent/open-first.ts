import { AppError } from '../../shared/errors.ts';
import type { ConsentBrowser, ConsentSession, ConsentSessionOptions } from './browsers/consent-browser.ts';

/** A consent browser that is open for one flow. */
export interface OpenedBrowser {
  browser: ConsentBrowser;
  session: ConsentSession;
}

const actions = {
  'sign-in': 'Install Chrome, Edge or Chromium, or give the profile an automation script.',
  logout: 'Install Chrome, Edge or Chromium, or clear the kept session here.',
};

/**
 * Opens the first browser that can be had; one that is missing gives way to the next. Throws `consent_browser_missing`.
 */
export async function openFirst(
  browsers: ConsentBrowser[],
  options: ConsentSessionOptions,
): Promise<OpenedBrowser> {
  const { purpose, visible, worker, signal } = options;
  let missing = new AppError('consent_browser_missing', `There is no browser here for the ${purpose} page.`, {
    action: actions[purpose],
  });
  for (const browser of browsers) {
    if ((visible && !browser.showable()) || (worker !== 'person' && !browser.scriptable)) continue;
    try {
      const session = await browser.open(options);
      if (!signal.aborted) return { browser, session };
      await session.close();
      signal.throwIfAborted();
    } catch (thrown) {
      if (!(thrown instanceof AppError) || thrown.code !== 'consent_browser_missing') throw thrown;
      missing = thrown;
    }
  }
  throw missing;
}
