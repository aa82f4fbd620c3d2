import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hosts, type RunningHost } from '../fixtures/hosts.ts';
import { App, loginScript } from './app.ts';

describe.each(hosts)('the main job in $title', ({ missing, start }) => {
  describe.skipIf(missing)('', () => {
    let host: RunningHost;
    let app: App;
    beforeAll(async () => {
      host = await start();
      app = new App(host);
      await app.answerVaultQuestion();
    });
    afterAll(() => host?.close());

    it('creates a project and a profile by hand', async () => {
      await app.createProject('Shop tests');
      await app.createProfile('Shop API');
      await app.fill('Issuer', '{{playground_url}}');
      await app.button('Discover').click();
      await expect
        .poll(() => app.field('Token URL').getAttribute('placeholder'))
        .toMatch(/^http:\/\/127\.0\.0\.1:\d+\/token$/);
      expect(await app.field('Token URL').inputValue()).toBe('');
      await app.fill('Client ID', 'playground-app');
      await app.fill('Scope', 'openid profile offline_access orders.read orders.write');
      await app.untilState('No token');
    });

    it('takes a script and its values', async () => {
      await app.tab('Automation');
      await app.writeScript(loginScript);
      await app.addValue(1, 'user', 'alice');
      await app.addValue(2, 'password', 'alice-pw');
      await app.choose('Kind 2', 'Secret');
      await app.page.getByText('in vault').waitFor();
      // What it is already: the password in the vault must stay for the login below.
      await app.choose('Kind 2', 'Secret');
      const onDisk = () =>
        readFile(join(host.folder, 'projects', 'Shop tests', 'profiles', 'shop-api.json'), 'utf8');
      await expect.poll(onDisk).toContain('{{shop_api.password}}');
      expect(await onDisk()).not.toContain('alice-pw');
    });

    it('gets a token unattended', async () => {
      await app.configurePlayground({ accessLifetimeSeconds: 300 });
      await app.button('Get Access Token').click();
      await app.untilState('Valid');
      await app.page.getByText('Obtained by consent, unattended').waitFor();
      await app.expectRefresh(false);
    });

    it('sends an authenticated request', async () => {
      await app.goTo('Requests');
      await app.button('New request').first().click();
      const dialog = app.page.getByRole('dialog', { name: 'New request' });
      await dialog.getByRole('textbox', { name: 'Name' }).fill('List orders');
      await app.button('Create request', dialog).click();
      await app.fill('URL', '{{playground_url}}/api/orders');
      await app.choose('Auth', 'Shop API');
      await app.send();
      await app.untilStatus('200');
      await app.page.getByRole('textbox', { name: 'Response body' }).getByText('orders').first().waitFor();
    });

    it('refreshes by itself when the token has expired', async () => {
      await app.configurePlayground({ accessLifetimeSeconds: 2 });
      await host.client('tokens.refresh', { profile: 'shop-api' });
      await app.untilState('Expired');
      const before = await app.counters();
      await app.configurePlayground({ accessLifetimeSeconds: 300 });
      await app.send();
      await app.untilStatus('200');
      await app.untilState('Valid');
      const after = await app.counters();
      expect(after.refresh_token - before.refresh_token).toBe(1);
      expect(after.authorization_code).toBe(before.authorization_code);
      await app.page.getByRole('tab', { name: /^Token/ }).click();
      await app.page.getByText('Refreshed in the background').first().waitFor();
    });

    it('shows Refresh in Manual mode, in both places, and leaves an expired token alone', async () => {
      await app.tab('Auth');
      await app.page.getByRole('radio', { name: 'Manual' }).click();
      await app.expectRefresh(true);
      await app.configurePlayground({ accessLifetimeSeconds: 2 });
      await app.button('Refresh').click();
      await app.untilState('Expired');
      const before = await app.counters();
      await app.send();
      await app.untilStatus('401');
      await app.page.getByRole('note', { name: 'Access token expired' }).waitFor();
      expect((await app.counters()).refresh_token).toBe(before.refresh_token);

      await app.goTo('Auth Manager');
      await app.tab('Settings');
      expect(await app.page.getByRole('radio', { name: 'Manual' }).isChecked()).toBe(true);
      await app.configurePlayground({ accessLifetimeSeconds: 300 });
      await app.button('Refresh').click();
      await app.untilState('Valid');
      await app.page.getByText('Refreshed by hand').first().waitFor();
    });

    it('takes Refresh away when the server has revoked the refresh token', async () => {
      await host.client('playground.revokeAll', {});
      await app.button('Refresh').click();
      expect(await app.untilFailure('refresh_refused')).toContain('invalid_grant');
      await app.expectRefresh(false);
      await app.button('Get Access Token').waitFor();
    });

    it('keeps everything over a restart', async () => {
      await app.button('Get Access Token').click();
      await app.untilState('Valid');
      const { accessToken } = await host.client('tokens.reveal', { profile: 'shop-api' });
      const { folder } = host;
      await host.close({ keepFolder: true });
      host = await start({ folder });
      app = new App(host);
      await app.goTo('Auth Manager');
      await app.untilState('Valid');
      expect((await host.client('tokens.reveal', { profile: 'shop-api' })).accessToken).toBe(accessToken);
    });
  });
});
