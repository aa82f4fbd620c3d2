import type { Page } from 'playwright-core';
import { afterAll, expect, onTestFinished, test } from 'vitest';
import { createChromiumBrowser } from '../../../electron/consent/browsers/chromium.ts';
import type { ConsentSession } from '../../../electron/consent/browsers/consent-browser.ts';
import { startLoginServer } from './login-server.ts';

const answer = 'http://127.0.0.1:1/callback?code=c0de';
const browser = createChromiumBrowser({ headedPossible: () => false });
afterAll(() => browser.dispose());

const crashed = { code: 'consent_page_failed', message: 'The sign-in page crashed.' };

/** Ends the process that shows a page. */
async function crash(page: Page): Promise<void> {
  const gone = page.waitForEvent('crash');
  page.goto('chrome://crash').catch(() => undefined);
  await gone;
}

async function opened(): Promise<{ session: ConsentSession; first: Page }> {
  const server = await startLoginServer({
    // Another host: a process of its own.
    '/authorize': () => {
      const next = `${server.url.replace('127.0.0.1', 'localhost')}/next`;
      return `<a href="${next}" target="_blank" rel="noopener">On</a> <a href="${answer}">Back</a>`;
    },
    '/next': () => `<a href="${answer}">Back</a>`,
  });
  const session = await browser.open({
    ...{
      purpose: 'sign-in',
      redirectUri: 'http://127.0.0.1:1/callback',
      isRedirect: (url) => url === answer,
    },
    ...{ state: null, visible: false, worker: 'script', title: '', signal: new AbortController().signal },
  });
  onTestFinished(() => session.close());
  await session.start(`${server.url}/authorize`);
  if (session.page === null) throw new Error('nothing can be driven');
  return { session, first: session.page };
}

/** With a second page, which the first has opened. */
async function openedTwo() {
  const { session, first } = await opened();
  const [second] = await Promise.all([first.context().waitForEvent('page'), first.getByText('On').click()]);
  await second.getByText('Back').waitFor();
  return { session, first, second };
}

test('the only page that crashes ends the flow', async () => {
  const { session, first } = await opened();
  await crash(first);
  await expect(session.redirect).rejects.toMatchObject(crashed);
});

test('one of two does not, be it the first', async () => {
  const { session, first, second } = await openedTwo();
  await crash(first);
  await second.getByText('Back').click();
  expect((await session.redirect).url).toBe(answer);
});

test('the last that is left does, be it the second', async () => {
  const { session, first, second } = await openedTwo();
  await first.close();
  await crash(second);
  await expect(session.redirect).rejects.toMatchObject(crashed);
});

test('one that has crashed is nothing to go on with when the other is closed', async () => {
  const { session, first, second } = await openedTwo();
  await crash(first);
  await second.close();
  await expect(session.redirect).rejects.toMatchObject(crashed);
});

test('but it is once it has been loaded anew', async () => {
  const { session, first, second } = await openedTwo();
  await crash(first);
  const shown = first.waitForEvent('framenavigated');
  // As a person does; Playwright's own command takes no crashed page.
  const devTools = await first.context().newCDPSession(first);
  await devTools.send('Page.reload');
  await shown;
  await second.close();
  await devTools.send('Runtime.evaluate', { expression: `location.assign(${JSON.stringify(answer)})` });
  expect((await session.redirect).url).toBe(answer);
});

test('the whole browser that ends takes the flow along, and the next has another', async () => {
  const { session, first } = await opened();
  await first.context().browser()?.close();
  await expect(session.redirect).rejects.toMatchObject({ code: 'consent_page_failed' });
  const again = await opened();
  await again.first.getByText('Back').click();
  expect((await again.session.redirect).url).toBe(answer);
});
