import type { BrowserWindow } from 'electron';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hosts, type RunningHost } from '../fixtures/hosts.ts';
import { htmlPage, type LoginPages } from '../fixtures/login-pages/code-server.ts';
import { popupLogin, popupUser, popupScript as recordedScript } from '../fixtures/login-pages/popup.ts';
import { type App, openOrders } from './app.ts';
import { setCodeServer } from './code-profile.ts';
import { differingPixels } from './differing-pixels.ts';

const profile = 'orders';

const popupScript = `const opening = page.waitForEvent('popup');
await page.getByRole('button', { name: 'Sign in with Example' }).click();
const popup = await opening;
log('the popup is at', (await popup.url()).split('?')[0]);
await expect(popup).toHaveTitle('Example');
await popup.getByLabel('User').fill(vars.user);
await popup.getByLabel('Password').fill(vars.password);
await popup.getByRole('button', { name: 'Log in' }).click();
`;

describe.each(hosts)('a login in a second window in $title', ({ kind, missing, start }) => {
  describe.skipIf(missing)('', () => {
    let host: RunningHost;
    let app: App;
    beforeAll(async () => {
      app = await openOrders(start);
      host = app.host;
    });
    afterAll(() => host?.close());

    const at = (pages: LoginPages, script: string | null, redirectUri?: string): Promise<void> =>
      setCodeServer(app, pages, { script, user: popupUser, ...(redirectUri && { redirectUri }) });
    const get = () => app.button('Get Access Token').click();

    const button = (onclick: string) => `<h1>Shop</h1><button onclick="${onclick}">Go on</button>`;
    /** Pages of which the first is this one, and `/back` leads back. */
    const opening =
      (body: (flow: string) => string): LoginPages =>
      ({ path, flow, issue }) =>
        path === '/back' ? { location: issue() } : htmlPage('Shop', path === '/login' ? body(flow) : 'More');

    it('is worked by a script', async () => {
      await at(popupLogin, popupScript);
      await get();
      await app.untilState('Valid');
      const { events } = await host.client('tokens.events', {});
      expect(JSON.stringify(events)).toMatch(/the popup is at http:\/\/localhost:\d+\/example/);
    });

    it('is shown in the pictures of a test run', async () => {
      await at(popupLogin, null);
      const run = await host.client('testRuns.start', {
        ...{ profile, trial: { kind: 'script', source: popupScript }, visible: false, stepping: false },
      });
      expect(run.outcome).toEqual({ kind: 'token_obtained' });
      /** What the step that begins with these words has left to see. */
      async function pictureAfter(words: string): Promise<string> {
        const step = run.steps.find((each) => each.words.startsWith(words));
        expect(step).toMatchObject({ state: 'passed', pictured: true });
        const { jpeg } = await host.client('testRuns.picture', { id: run.id, index: step?.index ?? 0 });
        return jpeg ?? '';
      }
      const first = await pictureAfter('page.getByRole("button"');
      const typed = await pictureAfter('popup.getByLabel("User")');
      // Far more than a caret that blinks.
      expect(await differingPixels(app.page, first, typed)).toBeGreaterThan(1_000);
    });

    it('may come to the redirect there, also when the first address leads there at once', async () => {
      const press = "await page.getByRole('button').click(); await page.waitForTimeout(9000);";
      await at(
        opening((flow) => button(`window.open('/back?flow=${flow}')`)),
        press,
      );
      await get();
      await app.untilState('Valid');
    });

    it('goes on when the script has looked at it and closed it, a link without an opener too', async () => {
      await at(
        opening(
          (flow) =>
            `<a href="/terms" target="_blank" rel="noopener">Terms</a><a href="/back?flow=${flow}">On</a>`,
        ),
        `for (const round of [1, 2]) {
          const [terms] = await Promise.all([page.waitForEvent('popup'), page.getByText('Terms').click()]);
          await expect(terms.getByText('More')).toBeVisible();
          await terms.bringToFront();
          await terms.close();
        }
        await page.getByText('On').click();`,
      );
      await get();
      await app.untilState('Valid');
    });

    it('survives a page that opens a hundred', async () => {
      const many = "let got = 0; for (let i = 0; i < 100; i += 1) if (window.open('/more?' + i)) got += 1;";
      await at(
        opening((flow) => button(`${many} location.assign('/back?flow=${flow}')`)),
        "await page.getByRole('button').click();",
      );
      await get();
      await app.untilState('Valid');
    });

    if (kind === 'web') return;

    /** The second window that a person gets when they click. */
    async function second(click: () => Promise<void>): Promise<Page> {
      const opened = app.page.context().waitForEvent('page');
      await click();
      return opened;
    }

    const windowCount = () =>
      host.electron?.evaluate(({ BrowserWindow: windows }) => windows.getAllWindows().length);

    /** What the system shows around a page. */
    async function frameOf(page: Page): Promise<{ title: string; onTop: boolean }> {
      const window = await host.electron?.browserWindow(page);
      if (window === undefined) throw new Error('the page has no window');
      return window.evaluate((shown: BrowserWindow) => ({
        title: shown.getTitle(),
        onTop: shown.isAlwaysOnTop() || shown.isKiosk() || shown.isFullScreen(),
      }));
    }

    it('is worked by hand, in a window as safe as the first', async () => {
      await at(popupLogin, null);
      const page = await host.consentPage(get);
      const press = () => page.getByRole('button', { name: 'Sign in with Example' }).click();
      const closed = await second(press);
      await closed.getByLabel('User').waitFor();
      await host.closeWindow(closed);
      await app.untilState('Waiting for you');
      const popup = await second(press);
      await popup.getByLabel('User').fill(popupUser.user);
      await expect.poll(async () => (await frameOf(popup)).title).toContain('Sign in · Orders · localhost:');
      expect(await frameOf(popup)).toMatchObject({ onTop: false });
      expect(await popup.evaluate('[typeof require, typeof process, typeof grantwright]')).toEqual(
        Array(3).fill('undefined'),
      );
      expect(await popup.evaluate('Notification.requestPermission()')).toBe('denied');
      await popup.getByLabel('Password').fill(popupUser.password);
      await popup.getByRole('button', { name: 'Log in' }).click();
      await app.untilState('Valid');
      await expect.poll(windowCount).toBe(1);
    });

    it('is recorded, and the script gets a token', async () => {
      await at(popupLogin, null);
      await app.tab('Automation');
      const page = await host.consentPage(() => app.button('Record').click());
      const popup = await second(() => page.getByRole('button', { name: 'Sign in with Example' }).click());
      await popup.getByLabel('User').click();
      await popup.keyboard.type(popupUser.user);
      await popup.keyboard.press('Tab');
      await popup.keyboard.type(popupUser.password);
      await popup.getByRole('button', { name: 'Log in' }).click();
      await app.page.getByRole('status', { name: 'Recorded script' }).waitFor();
      const text = (await app.field('Automation script').textContent()) ?? '';
      for (const line of recordedScript) expect(text).toContain(line);
      await app.button('Save script').click();
      await app.page.getByText('The recorded script is saved.').waitFor();
      await app.button('Get Access Token').first().click();
      await app.untilState('Valid');
    });

    it('ends when the person has closed both, and gives nobody a window as it likes', async () => {
      const like =
        'kiosk=yes,fullscreen=yes,alwaysOnTop=yes,frame=no,nodeIntegration=yes,preload=/etc/hostname';
      await at(
        opening(() => button(`window.open('/more', '', '${like}')`)),
        null,
      );
      const page = await host.consentPage(get);
      const popup = await second(() => page.getByRole('button').click());
      await popup.getByText('More').waitFor();
      expect(await frameOf(popup)).toMatchObject({ onTop: false });
      expect(await popup.evaluate('typeof require')).toBe('undefined');
      await host.closeWindow(page);
      await app.untilState('Waiting for you');
      await host.closeWindow(popup);
      await app.untilFailure('consent_window_closed');
    });

    /** Ends the process that shows a page. */
    async function crash(page: Page): Promise<void> {
      const window = await host.electron?.browserWindow(page);
      await window?.evaluate((shown: BrowserWindow) => shown.webContents.forcefullyCrashRenderer());
    }
    /** A page that opens one of a process of its own, which leads back. */
    const apart = opening((flow) => `<a href="/next?flow=${flow}" target="_blank" rel="noopener">On</a>`);
    const thenBack: LoginPages = (visit) =>
      visit.path === '/next' ? htmlPage('Next', `<a href="/back?flow=${visit.flow}">Back</a>`) : apart(visit);

    /** By hand, with that second page. */
    async function openedTwo(): Promise<{ page: Page; popup: Page }> {
      await at(thenBack, null);
      const page = await host.consentPage(get);
      const popup = await second(() => page.getByText('On').click());
      await popup.getByText('Back').waitFor();
      return { page, popup };
    }
    /** Ends the process of a page, and waits for that. */
    async function crashed(page: Page): Promise<void> {
      const gone = page.waitForEvent('crash');
      await crash(page);
      await gone;
    }

    it('goes on when one of two pages crashes', async () => {
      const { page, popup } = await openedTwo();
      await crashed(page);
      await popup.getByText('Back').click();
      await app.untilState('Valid');
    });

    it('ends when the last page that is left crashes, be it the second', async () => {
      const { page, popup } = await openedTwo();
      await host.closeWindow(page);
      await app.untilState('Waiting for you');
      await crash(popup);
      await app.untilFailure('consent_page_failed');
    });

    it('ends when of two pages one has crashed and the other is closed', async () => {
      const { page, popup } = await openedTwo();
      await crashed(page);
      await host.closeWindow(popup);
      await app.untilFailure('consent_page_failed');
    });

    it('is given ten windows at most', async () => {
      const many =
        "let got = 1; for (let i = 0; i < 100; i += 1) if (window.open('/more?' + i)) got += 1; document.title = got;";
      await at(
        opening(() => button(many)),
        null,
      );
      const page = await host.consentPage(get);
      await page.getByRole('button').click();
      await expect.poll(() => page.title()).toBe('10');
      await app.button('Cancel').click();
      await app.untilFailure('consent_cancelled');
      await expect.poll(windowCount).toBe(1);
    });

    it('may come to a redirect of a scheme of its own there', async () => {
      const back = 'com.example.orders:/callback';
      await at(
        ({ path, flow, issue }) =>
          htmlPage(
            'Shop',
            path === '/login'
              ? button(`window.open('/x?flow=${flow}')`)
              : button(`window.open('${issue()}')`),
          ),
        `const [popup] = await Promise.all([page.waitForEvent('popup'), page.getByRole('button').click()]);
        await popup.getByRole('button').click(); await page.waitForTimeout(9000);`,
        back,
      );
      await get();
      await app.untilState('Valid');
    });
  });
});
