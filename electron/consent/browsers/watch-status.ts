import type { Page } from 'playwright-core';

/** Begins to note with which HTTP status the page's own documents come; null while there has been none. */
export function watchStatus(page: Page): () => number | null {
  let status: number | null = null;
  page.on('response', (response) => {
    if (response.request().isNavigationRequest() && response.frame() === page.mainFrame()) {
      status = response.status();
    }
  });
  return () => status;
}
