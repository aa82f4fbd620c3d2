import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { profileSchema } from '../../shared/model/profile.ts';
import { type ApprovalServer, startApprovalServer } from '../fixtures/approval-server.ts';
import { hosts, type RunningHost } from '../fixtures/hosts.ts';
import { type App, openOrders } from './app.ts';

/** Either host would open the person's own browser: what the link says is enough. */
describe.each(hosts)('approval on another device in $title', ({ kind, missing, start }) => {
  describe.skipIf(missing)('', () => {
    let server: ApprovalServer;
    let host: RunningHost;
    let app: App;

    beforeAll(async () => {
      [server, app] = await Promise.all([startApprovalServer(), openOrders(start)]);
      host = app.host;
    });
    afterAll(async () => {
      await host?.close();
      await server?.close();
    });

    async function save(grant: Record<string, unknown>): Promise<void> {
      const profile = profileSchema.parse({
        ...{ name: 'Orders', grant, server: { issuer: server.url } },
        ...{ client: { kind: 'none', id: 'asking' }, scope: 'openid orders' },
      });
      await host.client('profiles.save', { id: 'orders', profile });
    }

    it('shows the code until it is entered', async () => {
      await save({ kind: 'device_code' });
      await app.button('Get Access Token').click();
      await app.untilState('Waiting for you');
      const prompt = app.page.getByRole('region', { name: 'Device code' });
      const code = (await prompt.getByRole('status').textContent()) ?? '';
      expect(code).toMatch(/^[A-Z]{4}-[A-Z]{4}$/);
      await prompt.getByRole('button', { name: 'Copy code' }).click();
      await prompt.getByText('Copied').waitFor();
      const filter = app.page.getByRole('searchbox', { name: 'Filter profiles' });
      await filter.press('ControlOrMeta+V');
      expect(await filter.inputValue()).toBe(code);
      await filter.clear();
      const link = prompt.getByRole('link', { name: 'Open the page' });
      expect(await link.getAttribute('href')).toBe(`${server.url}/device?user_code=${code}`);
      await server.answerCode(code, 'allow');
      await app.untilState('Valid');
      expect(await prompt.count()).toBe(0);
    });

    if (kind === 'desktop') {
      it('hands the page over when the script fails, and shows the code', async () => {
        await save({ kind: 'device_code' });
        const source = "await page.getByRole('button', { name: 'Nowhere' }).click({ timeout: 100 });";
        await host.client('scripts.save', { profile: 'orders', source });
        onTestFinished(async () => {
          await host.client('scripts.save', { profile: 'orders', source: null });
        });
        await app.button('Get Access Token').click();
        const page = await host.handedOver();
        const prompt = app.page.getByRole('region', { name: 'Device code' });
        const code = await prompt.getByRole('status').textContent();
        await page.getByText(code ?? 'none').waitFor();
        await page.getByRole('button', { name: 'Continue' }).click();
        await page.getByPlaceholder('Enter any login').fill('ada');
        await page.getByPlaceholder('and password').fill('any');
        await page.getByRole('button', { name: 'Sign-in' }).click();
        await page.getByRole('button', { name: 'Continue' }).click();
        await app.untilState('Valid');
      });
    }

    it('says who is asked, and what came of it', async () => {
      await save({ kind: 'ciba', hintValue: 'ada', bindingMessage: 'W4' });
      await app.button('Get Access Token').click();
      await app.page.getByRole('region', { name: 'Approval' }).getByText('W4').waitFor();
      await app.page.getByText('Waiting for ada to approve on their device').first().waitFor();
      await server.answerQuestion('deny');
      await app.untilFailure('consent_denied');
    });
  });
});
