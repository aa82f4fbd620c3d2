import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hosts, type RunningHost } from '../fixtures/hosts.ts';
import { App } from './app.ts';

// The web host of these tests has no display, and nothing to watch a person in.
const desktop = hosts.filter(({ kind }) => kind === 'desktop');

describe.each(desktop)('the recorder in $title', ({ missing, start }) => {
  describe.skipIf(missing)('', () => {
    let host: RunningHost;
    let app: App;
    beforeAll(async () => {
      host = await start();
      app = new App(host);
      await app.answerVaultQuestion();
      await app.button('Try the sample project').click();
      await app.goTo('Auth Manager');
      await app.page.getByRole('heading', { level: 1, name: 'Orders API' }).waitFor();
      await app.tab('Automation');
    });
    afterAll(() => host?.close());

    const recorded = () => app.page.getByRole('status', { name: 'Recorded script' });
    const picture = async (name: string) => {
      const folder = process.env.RECORDER_PICTURES;
      if (folder === undefined) return;
      for (const theme of ['light', 'dark'] as const) {
        await host.client('settings.setTheme', { theme });
        await app.page.locator(`[data-theme=${theme}]`).first().waitFor();
        await app.page.screenshot({ path: `${folder}/${name}-${theme}.png` });
      }
    };

    it('writes the script while somebody signs in, who may be unknown, and gets a token with it', async () => {
      const page = await host.consentPage(() => app.button('Record').click());
      await page.getByLabel('User name').click();
      await page.keyboard.type('bob');
      await page.keyboard.press('Tab');
      await page.keyboard.type('bob-pw');
      await app.page.getByText('2 steps so far.').waitFor();
      await picture('under-way');
      await page.getByRole('button', { name: 'Sign in' }).click();
      await page.getByRole('button', { name: 'Allow' }).click();
      await recorded().waitFor();
      await picture('done');
      await recorded().getByText('“admin” has something else than was typed for user, password.').waitFor();
      const text = (await app.field('Automation script').textContent()) ?? '';
      expect(text).toContain(`await page.getByRole('button', { name: 'Allow' }).click();`);
      expect(text).not.toContain('bob');
      await app.button('Save script').click();
      await app.button('Get Access Token').first().click();
      await app.untilState('Valid');
    });

    it('ends when the window is closed, and leaves the script as it was', async () => {
      const page = await host.consentPage(() => app.button('Record').click());
      await host.closeWindow(page);
      await app.button('Record').waitFor();
      await app.page.getByRole('status', { name: 'Recording' }).waitFor({ state: 'detached' });
    });
  });
});
