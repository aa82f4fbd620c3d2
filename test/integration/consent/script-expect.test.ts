import { describe, expect, test } from 'vitest';
import { hostsOfLogin } from '../../../electron/consent/automation/allowed-hosts.ts';
import { AppError } from '../../../shared/errors.ts';
import { Secret } from '../../../shared/secret.ts';
import { failureOf } from './failure-of.ts';
import { startLoginServer } from './login-server.ts';
import { home, pageWith, run } from './script-page.ts';

const input = '<title>A form</title><label>User <input id="user"></label>';

describe('expect', () => {
  const states = `<title>States</title><p id=a>Hello   <b>there</b></p><input id=i value=secret><input id=c type=checkbox checked>
    <button disabled>Wait</button><p id=h hidden>x</p><script>setTimeout(() => { document.querySelector('#a').append('!') }, 300)</script>`;

  test('waits until what is expected holds, and may be turned round', async () => {
    const page = await pageWith(states);
    await run(
      page,
      `await expect(page.locator('#a')).toHaveText('Hello there!'); await expect(page.locator('#a')).toContainText(/there/);
      await expect(page.locator('#a')).toBeVisible(); await expect(page.locator('#h')).toBeHidden(); await expect(page.locator('#none')).toBeHidden();
      await expect(page.locator('#none')).not.toBeVisible(); await expect(page.locator('#i')).toBeEnabled(); await expect(page.getByRole('button')).toBeDisabled();
      await expect(page.locator('#c')).toBeChecked(); await expect(page.locator('#i')).toHaveValue('secret'); await expect(page.locator('#i')).not.toHaveValue('other');
      await expect(page.locator('input')).toHaveCount(2); await expect(page).toHaveTitle(/stat/i); await expect(page).not.toHaveURL('**/x');
      await expect(page).toHaveURL('${home}');
      expect(1).toBe(1); expect({ a: [1, { b: 2 }] }).toEqual({ a: [1, { b: 2 }], c: undefined }); expect([1, 2]).toContain(2); expect('abc').toContain('b');
      expect('abc').toMatch(/^a/); expect(1).toBeTruthy(); expect('').toBeFalsy(); expect(1).not.toBe(2); expect({ a: 1 }).not.toEqual({ b: 1 });`,
    );
  });

  const soon = '{ timeout: 200 }';
  test.each([
    [
      `await expect(page.locator('#a')).toHaveText('Bye', ${soon})`,
      'expect(page.locator("#a")).toHaveText("Bye", { timeout: 200 }) failed',
      'after 0.2 s it should have the text "Bye", and its text was "Hello there',
    ],
    [
      `await expect(page.locator('#none')).toBeVisible(${soon})`,
      'it should be visible, and it was not there',
      '',
    ],
    [
      `await expect(page.locator('#a')).not.toBeVisible(${soon})`,
      '.not.toBeVisible',
      'it should not be visible, and it was visible',
    ],
    [`await expect(page.locator('input')).toBeVisible(${soon})`, '2 things on the page match it', ''],
    [`await expect(page.locator('li')).toHaveCount(2, ${soon})`, 'it was there 0 times', ''],
    [`await expect(page).toHaveURL('https://x.example/', ${soon})`, `it was at ${home}`, ''],
    [`await expect(page).toHaveTitle('x', ${soon})`, 'its title was "States"', ''],
    [`expect('a').toBe('b')`, 'expected the value to be "b", but it was "a"', ''],
    [`expect(page.title()).toBe('x')`, 'write "await"', ''],
    [
      `await expect(page.locator('#a')).toHaveCSS('color', 'red')`,
      'expect(page.locator(…)).toHaveCSS is not in',
      'toBeVisible',
    ],
    [`await expect(page.locator('#a')).toBeVisible({ timeout: 60000 })`, 'timeout', ''],
    [`await expect(page.locator('#a')).toHaveText(/(a+)+$/g)`, 'flags i, m, s, u', ''],
    [`expect(1).toBeCloseTo(1)`, 'expect(value).toBeCloseTo is not in', ''],
    [`await expect(page.frameLocator('x')).toBeVisible()`, 'of this there is nothing', ''],
  ])('says what was expected and what was there: %s', async (source, words, more) => {
    const error = await failureOf(run(await pageWith(states), source));
    expect(error.message).toContain(words);
    expect(error.message).toContain(more);
    expect(error.details).toMatchObject({ line: 1 });
  });

  test.each([
    `await expect(page.locator('#none')).not.toHaveText('x', ${soon})`,
    `await expect(page.locator('#none')).not.toBeChecked(${soon})`,
    `await expect(page.locator('#none')).not.toBeEnabled(${soon})`,
    `await expect(page.locator('#none')).not.toHaveValue('x', ${soon})`,
  ])('does not hold of what is not there, turned round or not: %s', async (source) => {
    const error = await failureOf(run(await pageWith(states), source));
    expect(error.message).toContain('it was not there');
  });

  test('never says what an input holds, or a value of vars', async () => {
    const vars = { password: new Secret('hunter22') };
    for (const source of [
      `await expect(page.locator('#i')).toHaveValue('x', ${soon})`,
      `await expect(page.locator('#a')).toHaveText(vars.password, ${soon})`,
      `expect(vars.password).toBe('x')`,
    ]) {
      const error = await failureOf(run(await pageWith(states), source, { vars }));
      expect(JSON.stringify(error.toWire())).not.toMatch(/hunter22|secret"/);
    }
  });
});

describe('what is pasted from a recorder', () => {
  test('runs its tests in order on the page that is there', async () => {
    const server = await startLoginServer({
      '/': () => '<title>One</title><a href="/two">Next</a>',
      '/two': () => '<title>Two</title><button onclick="document.title = 3">Go</button>',
    });
    const page = await pageWith('');
    const { log } = await run(
      page,
      `import { test, expect } from '@playwright/test';

test('first', async ({ page }) => {
  await page.goto('${server.url}/');
  await page.getByRole('link', { name: 'Next' }).click();
  await expect(page).toHaveTitle('Two');
  console.log('one');
});
test('second', async ({ page }) => {
  await page.getByRole('button', { name: 'Go' }).click();
  console.log(await page.title());
});`,
      { hosts: hostsOfLogin(server.url, []) },
    );
    expect(log).toEqual(['one', '3']);
  });

  const imported = `import { test, expect } from '@playwright/test';\n`;
  test.each([
    [`${imported}test('x', async ({ page }) => { await page.click('#none', { timeout: 50 }) })`, 'in “x”'],
    [`${imported}test('x', async ({ context }) => {})`, 'The fixture context is not in'],
    [
      `${imported}test.use({ viewport: null })`,
      "test.use is not in Grantwright's script API: settings belong to the profile",
    ],
    [`${imported}test('x')`, 'needs a name and a function'],
    [
      `${imported}test('x', async () => { await new Promise(() => {}) })`,
      'waits for something that can never come',
    ],
    [`const { chromium } = require('playwright');`, "paste what Playwright's recorder writes"],
    [`import { chromium } from 'playwright';`, "paste what Playwright's recorder writes"],
    [`import { chromium } from '@playwright/test';`, 'only { test, expect }'],
    [`import fs from 'node:fs';`, "import of 'node:fs' is not in"],
    [`await import('node:fs')`, "import of 'node:fs' is not in"],
    [`const b = await chromium.launch();`, 'chromium is not in'],
    [`await fetch('https://x.example')`, 'fetch is not in'],
    [`setTimeout(() => {}, 1)`, 'use page.waitForTimeout'],
    [`await page.evaluate('1')`, 'read with innerText'],
    [`await page.$('x')`, 'use locator(…)'],
    [`await page.waitForNavigation()`, 'use waitForURL(…)'],
    [`await page.getByLabel('x').setInputFiles('y')`, 'neither uploads nor downloads'],
    [`await page.screenshot()`, 'takes its own pictures'],
    [`log(process.env)`, 'process is not in'],
  ])('and stands outside is named with the alternative: %s', async (source, words) => {
    const error = await failureOf(run(await pageWith(input), source));
    expect(error).toBeInstanceOf(AppError);
    expect(error.message).toContain(words);
  });
});
