import type { Page } from 'playwright-core';
import type { RedirectCapture } from '../../oauth/redirect-capture.ts';
import type { Deferred } from '../deferred.ts';
import { type ConsentSessionOptions, maximumWindows } from './consent-browser.ts';
import { pageEnded, windowClosed } from './session-ends.ts';

/**
 * Rejects `redirect` with what ends a flow other than the redirect or the caller: the last page closed, none left but
 * crashed ones, the browser gone. `page` is the first; from here on pages may open more, up to `maximumWindows` at a time.
 */
export function watchEnds(
  page: Page,
  { purpose, visible }: Pick<ConsentSessionOptions, 'purpose' | 'visible'>,
  redirect: Pick<Deferred<RedirectCapture>, 'reject'>,
): void {
  const context = page.context();
  /** Until they show a page again: a person may load one anew. */
  const crashed = new Set<Page>();
  const ended = (): void => {
    const message = `The browser of the ${purpose} page ended by itself.`;
    redirect.reject(visible ? windowClosed(purpose) : pageEnded(purpose, message));
  };
  const lookWhatIsLeft = (): void => {
    const left = context.pages();
    if (left.length === 0) ended();
    else if (left.every((each) => crashed.has(each)))
      redirect.reject(pageEnded(purpose, `The ${purpose} page crashed.`));
  };
  const watchPage = (one: Page): void => {
    one.on('close', lookWhatIsLeft);
    one.on('crash', () => {
      crashed.add(one);
      lookWhatIsLeft();
    });
    one.on('framenavigated', (frame) => {
      if (frame === one.mainFrame()) crashed.delete(one);
    });
  };
  watchPage(page);
  context.on('page', (opened) => {
    watchPage(opened);
    // It fails only for a page that is gone already.
    if (context.pages().length > maximumWindows) opened.close().catch(() => undefined);
  });
  context.on('close', ended);
}
