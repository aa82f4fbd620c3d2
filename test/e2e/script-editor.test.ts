import { readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type RunningHost, startWebHost } from '../fixtures/hosts.ts';
import { until } from '../fixtures/until.ts';
import { App } from './app.ts';

describe('the script editor', () => {
  let host: RunningHost;
  let app: App;
  let file: string;

  const editor = () => app.field('Automation script');
  const options = () => app.page.getByRole('listbox').getByRole('option');
  /** Goes down to an option and takes it; in its first instant a list takes no keys, so that nobody accepts by accident. */
  const accept = async (label: string) => {
    const selected = app.page.getByRole('option', { selected: true });
    const first = await selected.textContent();
    const down = async () => {
      await app.page.keyboard.press('ArrowDown');
      return selected.textContent();
    };
    await until(async () => (await down()) !== first);
    await until(async () => (await selected.textContent()) === label || (await down()) === label);
    await app.page.keyboard.press('Enter');
    await options().first().waitFor({ state: 'detached' });
  };
  /** Whether the focus is in the editor. */
  const inEditor = () =>
    app.page.evaluate(
      () => document.activeElement?.shadowRoot?.activeElement?.classList.contains('cm-content') === true,
    );
  const onDisk = () => readFile(file, 'utf8');
  const typed = async (page: Page = app.page) =>
    (
      await page.getByRole('textbox', { name: 'Automation script' }).locator('.cm-line').allTextContents()
    ).join('\n');
  const untilTyped = (text: string, page: Page = app.page) => expect.poll(() => typed(page)).toBe(text);
  const open = async (page: Page) => {
    await page
      .getByRole('navigation', { name: 'Places' })
      .getByRole('button', { name: 'Auth Manager' })
      .click();
    await page.getByRole('tab', { name: 'Automation' }).click();
    await page.getByRole('textbox', { name: 'Automation script' }).waitFor();
  };

  beforeAll(async () => {
    host = await startWebHost();
    app = new App(host);
    await app.page.evaluate(() => {
      document.addEventListener('securitypolicyviolation', ({ sourceFile, violatedDirective }) => {
        // Chromium's own, without a source: Playwright's `fill` copies the styles of what it replaces.
        if (sourceFile !== '') document.body.dataset.refused = violatedDirective;
      });
    });
    await host.client('project.openSample', {});
    const folder = await realpath(join(host.folder, 'projects', 'playground-sample'));
    file = join(folder, 'scripts', 'orders-api.js');
    await open(app.page);
  });
  afterAll(() => host?.close());

  beforeEach(async () => {
    await editor().fill('');
    await app.page.keyboard.press('Escape');
  });

  it('completes the API, roles and vars by keyboard', async () => {
    await app.page.keyboard.type('await page.getByR');
    await app.page.getByText('Finds by role and accessible name').waitFor();
    await accept('getByRole');
    await app.page.keyboard.type("('but");
    await accept('button');
    await app.page.keyboard.press('End');
    await app.page.keyboard.type("').fil");
    await accept('fill');
    await app.page.keyboard.type('(vars.');
    await accept('user');
    await untilTyped("await page.getByRole('button').fill(vars.user");
  });

  it('tells what a name does, by mouse and by F1', async () => {
    await app.page.keyboard.insertText("await page.getByLabel('User name').fill(vars.user);");
    await editor().getByText('getByLabel').hover();
    await app.page.getByText('Finds a form field by its label').waitFor();
    await app.page.mouse.move(0, 0);
    await app.page.getByText('Finds a form field by its label').waitFor({ state: 'detached' });
    for (let step = 0; step < 4; step += 1) await app.page.keyboard.press('ArrowLeft');
    await app.page.keyboard.press('F1');
    await app.page.getByText('A value of the persona.').waitFor();
    await app.page.keyboard.press('Escape');
    await app.page.getByText('A value of the persona.').waitFor({ state: 'detached' });
  });

  it('marks syntax errors and names that vars does not have', async () => {
    await app.page.keyboard.insertText('await page.fill("#user", vars.usr);\nawait page.click(;');
    await app.page.locator('.cm-lintRange-error').waitFor();
    await app.page.locator('.cm-lint-marker-error').waitFor();
    const warning = app.page.locator('.cm-lintRange-warning');
    expect(await warning.textContent()).toBe('usr');
    await warning.hover();
    await app.page.getByText('vars has no “usr”. It has: user, password, environment, persona').waitFor();
    await app.page.mouse.move(0, 0);
    await editor().fill('await page.fill("#user", vars.user);');
    await app.page.locator('.cm-lintRange-error').waitFor({ state: 'detached' });
    await warning.waitFor({ state: 'detached' });
  });

  it('inserts snippets, with fields to fill in', async () => {
    await app.button('Snippets').click();
    await app.page.getByRole('menuitem', { name: 'One-time code (TOTP)' }).click();
    await expect.poll(inEditor).toBe(true);
    await app.page.keyboard.type('Your code');
    await until(async () =>
      (await typed()).startsWith("await page.getByLabel('Your code').fill(await totp(vars.totp_seed));\n"),
    );
  });

  it('follows the file while nothing is unsaved, and keeps cursor and undo', async () => {
    await app.writeScript('log(1);\nlog(2);\nlog(3);');
    await until(async () => (await onDisk()) === 'log(1);\nlog(2);\nlog(3);');
    await editor().focus();
    await app.page.keyboard.press('Control+End');
    await writeFile(file, '// new\nlog(1);\nlog(2);\nlog(3);');
    await untilTyped('// new\nlog(1);\nlog(2);\nlog(3);');
    await app.page.keyboard.type('!');
    expect(await typed()).toBe('// new\nlog(1);\nlog(2);\nlog(3);!');
    await app.page.keyboard.press('Control+z');
    await app.page.keyboard.press('Control+z');
    await untilTyped('log(1);\nlog(2);\nlog(3);');
  });

  it('loses neither text when the file changes under unsaved ones', async () => {
    await app.writeScript('log(1);\nlog(2);');
    await until(async () => (await onDisk()) === 'log(1);\nlog(2);');
    await editor().fill('log(1);\nlog("mine");');
    await writeFile(file, 'log(1);\nlog("theirs");');
    const bar = app.page.getByRole('alert').filter({ hasText: 'The file was changed outside.' });
    await bar.waitFor();
    expect(await app.button('Save script').isDisabled()).toBe(true);

    await app.button('Compare', bar).click();
    const dialog = app.page.getByRole('dialog', { name: 'Your script and the file' });
    const changed = dialog.getByRole('row').filter({ hasText: 'Changed: ' });
    // The file may have been seen while it was being written.
    await expect
      .poll(() => changed.allTextContents())
      .toEqual(['2Changed: log("mine");2Changed: log("theirs");']);
    await app.button('Take the file’s', dialog).click();
    await untilTyped('log(1);\nlog("theirs");');
    await bar.waitFor({ state: 'detached' });
    await dialog.waitFor({ state: 'detached' });
    await expect.poll(inEditor).toBe(true);

    await editor().focus();
    await app.page.keyboard.press('Control+z');
    await untilTyped('log(1);\nlog("mine");');
    expect(await onDisk()).toBe('log(1);\nlog("theirs");');
    await app.page.keyboard.press('Control+s');
    await until(async () => (await onDisk()) === 'log(1);\nlog("mine");');
  });

  it('tells that the file was deleted, and writes it anew', async () => {
    await app.writeScript('log(1);');
    await until(async () => (await onDisk()) === 'log(1);');
    await editor().fill('log("mine");');
    await rm(file);
    await app.page.getByRole('alert').filter({ hasText: 'The file was deleted outside.' }).waitFor();
    await app.button('Keep mine').click();
    // The choice takes its button away.
    await expect.poll(inEditor).toBe(true);
    await app.button('Save script').click();
    await until(async () => (await onDisk().catch(() => '')) === 'log("mine");');
  });

  it('lets two windows meet', async () => {
    await app.writeScript('log(1);');
    await until(async () => (await onDisk()) === 'log(1);');
    const other = await app.page.context().newPage();
    await other.goto(host.url);
    await open(other);
    await untilTyped('log(1);', other);
    await other.getByRole('textbox', { name: 'Automation script' }).fill('log("other");');
    await app.writeScript('log("this");');
    await other.getByRole('alert').filter({ hasText: 'The file was changed outside.' }).waitFor();
    expect(await onDisk()).toBe('log("this");');
    await other.getByRole('button', { name: 'Keep mine' }).click();
    await other.getByRole('button', { name: 'Save script' }).click();
    await untilTyped('log("other");');
    expect(await onDisk()).toBe('log("other");');
    await other.close();
  });

  it('keeps the page’s CSP', async () => {
    expect(await app.page.evaluate(() => document.body.dataset.refused)).toBeUndefined();
  });
});
