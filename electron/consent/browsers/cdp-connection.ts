import { chromium, type Page } from 'playwright-core';

/** A page of a browser that somebody else started, driven over CDP. */
export interface CdpConnection {
  page: Page;
  /** Ends the connection; the page itself stays. */
  close(): Promise<void>;
}

/** Connects Playwright to a CDP endpoint that announces one page at first: the relay of a consent window. */
export async function connectToPage(endpoint: string): Promise<CdpConnection> {
  const browser = await chromium.connectOverCDP(endpoint, { timeout: 15_000 });
  const page = browser.contexts()[0]?.pages()[0];
  if (page === undefined) {
    await browser.close();
    throw new Error('the CDP endpoint announced no page');
  }
  return { page, close: () => browser.close() };
}
