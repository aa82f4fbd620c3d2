import type { Page } from 'playwright-core';
import type { PageScript } from '../../../shared/model/page-script.ts';
import { addressMatcher } from './address-match.ts';

/** What is known of a page while page scripts work it. */
export interface PageWatch {
  /** Resolves when a script may run; rejects when the signal is aborted, or as Playwright does. */
  untilFor(script: PageScript, limitMs: number, signal: AbortSignal): Promise<void>;
  /** Which document, at which address, is shown as far as is known. */
  shown(): string;
  /** Notes that a script begins in the document that is shown now. */
  ran(): void;
  close(): void;
}

/** Watches a page's main frame. Begin before the first script runs. */
export function watchPage(page: Page): PageWatch {
  const waiting = new Set<() => void>();
  let documents = 0;
  /** The document, and the address in it, in which a script ran last. */
  let last: { document: number; url: string } | null = null;

  const tell = (): void => {
    for (const check of waiting) check();
  };
  const onDocument = (): void => {
    documents += 1;
    tell();
  };
  page.on('domcontentloaded', onDocument);
  page.on('framenavigated', tell);

  /** Without a selector a script never runs twice in one screen: it wants another document, or with a URL another URL. */
  function isIts({ url, selector }: PageScript, matches: (url: URL) => boolean): boolean {
    const shown = page.url();
    if (url !== '' && !(URL.canParse(shown) && matches(new URL(shown)))) return false;
    if (selector !== '' || last === null || documents > last.document) return true;
    return url !== '' && shown !== last.url;
  }

  function untilIts(script: PageScript, matches: (url: URL) => boolean, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const end = (): void => {
        waiting.delete(check);
        signal.removeEventListener('abort', onAbort);
      };
      const check = (): void => {
        if (!isIts(script, matches)) return;
        end();
        resolve();
      };
      const onAbort = (): void => {
        end();
        reject(signal.reason);
      };
      waiting.add(check);
      signal.addEventListener('abort', onAbort);
      if (signal.aborted) onAbort();
      else check();
    });
  }

  return {
    async untilFor(script, limitMs, signal) {
      const matches = addressMatcher(script.url);
      const endsAtMs = Date.now() + limitMs;
      for (;;) {
        await untilIts(script, matches, signal);
        const timeout = Math.max(1, endsAtMs - Date.now());
        if (script.selector === '') await page.waitForLoadState('load', { timeout });
        else {
          await page.locator(`css=${script.selector}`).first().waitFor({ timeout });
          // Or what this document has still to tell would be taken for another one.
          await page.waitForLoadState('domcontentloaded', { timeout });
        }
        // The page may have gone on meanwhile.
        if (isIts(script, matches)) return;
      }
    },
    shown: () => `${documents} ${page.url()}`,
    ran() {
      last = { document: documents, url: page.url() };
    },
    close() {
      page.off('domcontentloaded', onDocument);
      page.off('framenavigated', tell);
    },
  };
}
