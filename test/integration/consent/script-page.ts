import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, onTestFinished } from 'vitest';
import { hostsOfLogin } from '../../../electron/consent/automation/allowed-hosts.ts';
import {
  runScript,
  type ScriptResult,
  type ScriptRun,
} from '../../../electron/consent/automation/run-script.ts';
import { launchChromium } from '../../fixtures/chromium.ts';

/** One for the tests of a file. */
let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser.close());

/** Where the page of a test stands, and to whose host its script may send values. */
export const home = 'https://page.example/';
export const hosts = hostsOfLogin(home, []);

/** A page with this content, at a host of its own. */
export async function pageWith(html: string): Promise<Page> {
  const page = await browser.newPage();
  onTestFinished(() => page.close());
  await page.route(home, (route) => route.fulfill({ contentType: 'text/html', body: html }));
  await page.goto(home);
  return page;
}

export function run(page: Page, source: string, more: Partial<ScriptRun> = {}): Promise<ScriptResult> {
  return runScript({ source, fileName: 'a.js', page, vars: {}, hosts, stepLimitMs: 3000, ...more });
}
