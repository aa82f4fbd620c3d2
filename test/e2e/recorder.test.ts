import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hosts, type RunningHost } from '../fixtures/hosts.ts';
import { type App, openSample } from './app.ts';

// The web host of these tests has no display, and nothing to watch a person in.
const desktop = hosts.filter(({ kind }) => kind === 'desktop');

describe.each(desktop)('the recorder in $title', ({ missing, start }) => {
  describe.skipIf(missing)('', () => {
    let host: RunningHost;
    let app: App;
    beforeAll(async () => {
      app = await openSample(start);
      host = app.host;
      await app.tab('Automation');
    });
    afterAll(() => host?.close());

    const recorded = () => app.page.getByRole('status', { name: 'Recorded script' });
    const text = async () => (await app.field('Automation script').textContent()) ?? '';

    it('writes the script while somebody signs in, who may be unknown, and gets a token with it', async () => {
      const page = await host.consentPage(() => app.button('Record').click());
      await page.getByLabel('User name').click();
      await page.keyboard.type('bob');
      await page.keyboard.press('Tab');
      await page.keyboard.type('bob-pw');
      await app.page.getByText('2 steps so far.').waitFor();
      await page.getByRole('button', { name: 'Sign in' }).click();
      await page.getByRole('button', { name: 'Allow' }).click();
      await recorded().waitFor();
      await recorded().getByText('“admin” has something else than was typed for user, password.').waitFor();
      expect(await text()).toContain(`await page.getByRole('button', { name: 'Allow' }).click();`);
      expect(await text()).not.toContain('bob');
      await recorded().getByText('The recorded script is in the editor, not saved yet.').waitFor();
      await app.button('Save script').click();
      await recorded().getByText('The recorded script is saved.').waitFor();
      await app.button('Get Access Token').first().click();
      await app.untilState('Valid');
    });

    it('ends when the window is closed, and leaves the script as it was', async () => {
      const before = await text();
      const page = await host.consentPage(() => app.button('Record').click());
      await page.getByLabel('User name').fill('bob');
      await app.page.getByText('1 step so far.').waitFor();
      await host.closeWindow(page);
      await app.button('Record').waitFor();
      await app.page.getByRole('status', { name: 'Recording' }).waitFor({ state: 'detached' });
      expect(await text()).toBe(before);
      expect(before).toContain('Allow');
    });
  });
});
