import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hosts, type RunningHost } from '../fixtures/hosts.ts';
import { type App, openSample } from './app.ts';

const login = `document.getElementsByName('username')[0].value = vars.user;
document.getElementsByName('password')[0].value = '\${#Project#password}';
document.forms[0].querySelector('button').click();`;
const allow = `document.querySelector('button[value=allow]').click();`;

describe.each(hosts)('page scripts in $title', ({ kind, missing, start }) => {
  describe.skipIf(missing)('', () => {
    let host: RunningHost;
    let app: App;
    beforeAll(async () => {
      app = await openSample(start);
      host = app.host;
      await app.tab('Automation');
    });
    afterAll(() => host?.close());

    const card = (number: number) =>
      app.page.getByRole('listitem', { name: `Page script ${number}`, exact: true });
    const names = () =>
      app.page
        .getByRole('textbox', { name: /^Name of page script/ })
        .evaluateAll((all) => all.map((each) => (each as HTMLInputElement).value));

    const focused = () =>
      app.page.evaluate(() => {
        const { activeElement } = document;
        return activeElement?.getAttribute('aria-label') ?? activeElement?.textContent;
      });

    async function write(number: number, name: string, url: string, selector: string, source: string) {
      await app.button('Add page script').click();
      await app.field(`Name of page script ${number}`).fill(name);
      await card(number).getByRole('textbox', { name: 'Runs at URL' }).fill(url);
      await card(number).getByRole('textbox', { name: 'When this is visible' }).fill(selector);
      await app.field(`Code of page script ${number}`).fill(source);
    }

    const file = async (): Promise<string> => {
      const state = await host.client('project.current', {});
      if (state.kind !== 'open') throw new Error('no project is open');
      return readFile(join(state.project.folder, 'scripts', 'orders-api.pages.json'), 'utf8');
    };

    it('are written in the Automation tab, and work a consent', async () => {
      await app.page.getByRole('radio', { name: 'Page scripts' }).click();
      await write(1, 'Consent', '', 'button[value=allow]', allow);
      await write(2, 'Login', '**/interaction/**', '', login);
      await app.button('Move Login up').click();
      await expect.poll(names).toEqual(['Login', 'Consent']);
      await app.button('Save page scripts').click();
      await app.page.getByText('Saved. They end by themselves').waitFor();
      expect(JSON.parse(await file()).pages.map(({ name }: { name: string }) => name)).toEqual([
        'Login',
        'Consent',
      ]);
      await app.button('Get Access Token').click();
      await app.untilState('Valid');
    });

    it('tell which of them failed, and where', async () => {
      await host.client('tokens.forget', { profile: 'orders-api' });
      const { pages } = await host.client('pageScripts.read', { profile: 'orders-api' });
      const broken = pages.map((page) =>
        page.name === 'Login' ? { ...page, source: `\nnothing.click()` } : page,
      );
      await host.client('pageScripts.save', { profile: 'orders-api', pages: broken });
      await app.button('Get Access Token').click();
      // On the desktop the window is handed over to the person.
      if (kind === 'desktop') {
        await host.handedOver();
        await app.button('Cancel').click();
        await app.untilFailure('consent_cancelled');
      }
      const { events } = await host.client('tokens.events', {});
      const failed = events.findLast(({ error }) => error?.code === 'script_step_failed')?.error;
      const panel = kind === 'desktop' ? failed?.message : await app.untilFailure('script_step_failed');
      expect(panel).toContain('page script 1 “Login”');
      expect(panel).toContain('nothing is not defined');
      expect(panel).toContain('line 2');
      await host.client('pageScripts.save', { profile: 'orders-api', pages });
    });

    if (kind === 'desktop') return;

    it('are put into order by dragging and by the arrow keys, and tell where they are now', async () => {
      await expect.poll(names).toEqual(['Login', 'Consent']);
      await app.button('Move Login').dragTo(app.field('Code of page script 2'));
      await expect.poll(names).toEqual(['Consent', 'Login']);
      await app.page.getByText('Login is now 2 of 2.').waitFor();
      await app.button('Move Login').press('ArrowUp');
      await expect.poll(names).toEqual(['Login', 'Consent']);
      await app.button('Move Login').press('ArrowUp');
      expect(await names()).toEqual(['Login', 'Consent']);
      await app.button('Move Login').press('ArrowDown');
      await app.button('Delete Login').click();
      await expect.poll(names).toEqual(['Consent']);
      // It was the last of the list, so the focus is where one is added.
      await expect.poll(focused).toBe('Add page script');
    });

    it('keep what can be undone in their editors when they move, and the focus when one before them is deleted', async () => {
      await app.button('Add page script').click();
      await app.field('Code of page script 2').focus();
      await app.page.keyboard.insertText('typed();');
      await app.button('Move Page 2 up').click();
      await app.field('Code of page script 1').focus();
      await app.page.keyboard.press('Control+z');
      await app.field('Code of page script 1').locator('.cm-placeholder').waitFor();
      await app.button('Delete Page 2').click();
      await expect.poll(names).toEqual(['Consent']);
      await expect.poll(focused).toBe('Move Consent');
    });

    it('take over a change from outside without losing either', async () => {
      const { pages } = await host.client('pageScripts.read', { profile: 'orders-api' });
      const changed = pages.map((page) => ({ ...page, url: '**' }));
      await host.client('pageScripts.save', { profile: 'orders-api', pages: changed });
      const bar = app.page.getByRole('alert').filter({ hasText: 'The file was changed outside.' });
      await bar.waitFor();
      expect(await names()).toEqual(['Consent']);
      expect(await app.button('Save page scripts').isDisabled()).toBe(true);
      await app.button('Compare', bar).click();
      const dialog = app.page.getByRole('dialog', { name: 'Your page scripts and the file' });
      await dialog.getByRole('row').filter({ hasText: '// 1. Login' }).waitFor();
      await app.button('Take the file’s', dialog).click();
      await expect.poll(names).toEqual(['Login', 'Consent']);
      await dialog.waitFor({ state: 'detached' });
      await expect.poll(focused).toBe('Add page script');
      await host.client('pageScripts.save', { profile: 'orders-api', pages });
      await expect.poll(() => card(2).getByRole('textbox', { name: 'Runs at URL' }).inputValue()).toBe('');
    });

    it('name the line of a syntax error', async () => {
      await app.field('Code of page script 2').fill('let a;\nlet = ;');
      await card(2).getByText('Line 2:').waitFor();
      await card(2).locator('.cm-lint-marker-error').waitFor();
      await app.field('Code of page script 2').fill(allow);
      await card(2).getByText('Line 2:').waitFor({ state: 'detached' });
    });

    it('are converted to a script that works the same consent', async () => {
      await app.button('Convert to a Playwright script').click();
      await app.button('Replace').click();
      await app.page.getByRole('region', { name: 'Conversion' }).waitFor();
      await app.button('Save script').click();
      await app.page.getByText('Saved. It ends by itself').waitFor();
      const { source } = await host.client('scripts.read', { profile: 'orders-api' });
      expect(source).toContain(`await page.locator('[name="password"]').first().fill(vars.password);`);
      await host.client('tokens.forget', { profile: 'orders-api' });
      await app.untilState('No token');
      await app.button('Get Access Token').click();
      await app.untilState('Valid');
      expect(await file()).toContain('Consent');
    });
  });
});
