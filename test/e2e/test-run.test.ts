import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hosts, type RunningHost } from '../fixtures/hosts.ts';
import { type App, loginScript, openSample } from './app.ts';

describe.each(hosts)('a test run in $title', ({ missing, start }) => {
  describe.skipIf(missing)('', () => {
    let host: RunningHost;
    let app: App;
    beforeAll(async () => {
      app = await openSample(start);
      host = app.host;
      await app.tab('Automation');
    });
    afterAll(() => host?.close());

    const section = () => app.page.getByRole('region', { name: 'Test run' });
    const steps = () => section().getByRole('list', { name: 'Steps' }).getByRole('button');
    const script = (source: string) => host.client('scripts.save', { profile: 'orders-api', source });

    it('shows each step with its picture, and that the token was obtained', async () => {
      await script(loginScript);
      await app.button('Test run', section()).click();
      await section().getByText('Token obtained').waitFor();
      expect(await steps().count()).toBe(4);
      await steps().first().click();
      await app.button('Enlarge the page after step 1', section()).click();
      await app.page.getByRole('dialog', { name: 'The page after step 1' }).getByRole('img').waitFor();
      await app.page.keyboard.press('Escape');
      await section()
        .getByText(/^http:\/\/127\.0\.0\.1:\d+\//)
        .waitFor();
    });

    it('is stepped through, runs on, and is stopped', async () => {
      await app.button('Step through', section()).click();
      await section().getByText('Step 1 is next.').waitFor();
      await app.button('Next step', section()).click();
      await section().getByText('Step 2 is next.').waitFor();
      await app.button('Run on', section()).click();
      await section().getByText('Token obtained').waitFor();
      await app.button('Step through', section()).click();
      await section().getByText('Step 1 is next.').waitFor();
      await app.button('Stop', section()).click();
      await section().getByText('Stopped', { exact: true }).waitFor();
    });

    it('says which step failed and why', async () => {
      await script("await page.getByRole('button', { name: 'Log on' }).click({ timeout: 500 });");
      await app.page.getByText('Log on').first().waitFor();
      await app.button('Run again', section()).click();
      await section().getByText('Step 1 failed').waitFor();
      await section().getByText('nothing like it appeared within 0.5 s').first().waitFor();
    });
  });
});
