import { describe, expect, it } from 'vitest';
import { namesOn, scriptApi } from '../../../shared/script-api/script-api.ts';
import { scriptEditorConfig, scriptTypes } from '../../../shared/script-api/script-types.ts';
import { typeCheck } from './type-check.ts';

const vars = ['user', 'password', 'totp_seed', 'odd.name-1'];

const check = (scripts: Record<string, string>) =>
  typeCheck({
    'grantwright.d.ts': scriptTypes(vars),
    'jsconfig.json': scriptEditorConfig,
    ...scripts,
  });

const sample = `
page.on('dialog', (dialog) => dialog.accept(dialog.defaultValue()));
page.once('dialog', async (dialog) => {
  log(dialog.type(), dialog.message());
  await dialog.dismiss();
});
const greeting = await step('Sign in', async () => {
  await page.getByLabel('User name', { exact: true }).fill(vars.user, { timeout: 1000 });
  await page.getByLabel(/pass/i).fill(vars.password);
  await page.getByRole('button', { name: 'Sign in' }).click({ force: true });
  return page.getByText('Hello').innerText();
});
console.log(greeting.toUpperCase(), vars['odd.name-1'], vars.persona, vars.environment, vars.profile);
await page.fill('#code', await totp(vars.totp_seed));
await page.press('#code', 'Enter');
await page.locator('li').filter({ has: page.getByText('x'), hasNot: page.getByRole('link'), visible: true })
  .or(page.getByTestId('y')).and(page.locator('b')).nth(-1).scrollIntoViewIfNeeded();
const frame = page.frameLocator('iframe').first();
await frame.getByPlaceholder('Code').pressSequentially('1', { delay: 5 });
await frame.owner().getAttribute('src');
await page.locator('iframe').contentFrame().getByTitle('x').blur();
await page.getByLabel('Tenant').selectOption({ label: 'Staging' });
await page.selectOption('select', ['a', 'b']);
const popupPromise = page.waitForEvent('popup');
const popup = await popupPromise;
await popup.keyboard.press('Tab');
await popup.keyboard.insertText(vars.user);
await popup.bringToFront();
await popup.close();
await page.waitForURL('**/consent', { waitUntil: 'domcontentloaded' });
await page.waitForLoadState('networkidle');
await expect(page.getByText('Welcome')).not.toBeVisible({ timeout: 100 });
await expect(page).toHaveURL(/consent/);
await expect(page).not.toHaveTitle('Error');
expect(await page.locator('li').count()).not.toBe(0);
expect(await page.title()).toContain('Sign in');
`;

const recorded = `
import { test, expect } from '@playwright/test';
test('test', async ({ page }) => {
  await page.getByRole('textbox', { name: 'User' }).fill('x');
  await expect(page.getByRole('heading', { name: 'Hi' })).toBeVisible();
});
`;

describe('the type file', () => {
  it('takes scripts that stay within the API, side by side', async () => {
    expect(await check({ 'sample.js': sample, 'recorded.js': recorded, 'other.js': sample })).toEqual([]);
  });

  it('complains of what is outside', async () => {
    const misuses = [
      "await page.evaluate('1');",
      'vars.usr;',
      "page.getByRole('buton');",
      "await page.getByLabel('x').fill(1);",
      "await page.getByLabel('x').click({ timeOut: 1 });",
      'document.title;',
      "await fetch('https://x.example');",
      'setTimeout(() => {}, 1);',
      "page.on('popup', () => {});",
      'await expect(page).toBeVisible();',
      "import fs from 'node:fs';",
      'await totp(vars.totp_seed).length;',
    ];
    const complaints = await check({ 'sample.js': misuses.join('\n') });
    const lines = complaints.map((text) => Number(/^sample\.js\((\d+),/.exec(text)?.[1]));
    expect([...new Set(lines)].sort((a, b) => a - b)).toEqual(misuses.map((_, index) => index + 1));
  });

  it('is the same text for the same names, and survives names that look like code', async () => {
    expect(scriptTypes(['b', 'a', 'b'])).toBe(scriptTypes(['a', 'b']));
    const hostile = ['"; */ } const x: number = "', '`$' + '{1}`', 'a\nb'];
    expect(
      await typeCheck({
        'grantwright.d.ts': scriptTypes(hostile),
        'jsconfig.json': scriptEditorConfig,
        'sample.js': 'log(vars["a\\nb"]);',
      }),
    ).toEqual([]);
  });
});

describe('the table', () => {
  it('has each name once, with words to it', () => {
    const names = scriptApi.map(({ on, name }) => `${on}.${name}`);
    expect(new Set(names).size).toBe(names.length);
    for (const { name, docs, signatures } of scriptApi) {
      expect(docs, name).toMatch(/^[^a-z].{4,}\.$/);
      for (const signature of signatures) expect(signature, name).toMatch(/^(<T>)?\(.*\): \S|^: [A-Z]/);
    }
    expect(namesOn('Page').length).toBeGreaterThan(40);
  });
});
