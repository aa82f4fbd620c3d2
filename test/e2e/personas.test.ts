import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hosts, type RunningHost } from '../fixtures/hosts.ts';
import { type App, openSample } from './app.ts';

describe.each(hosts)('personas and what ends a token in $title', ({ missing, start }) => {
  describe.skipIf(missing)('', () => {
    let host: RunningHost;
    let app: App;
    beforeAll(async () => {
      app = await openSample(start);
      host = app.host;
    });
    afterAll(() => host?.close());

    const persona = (name: string, group = 'Persona') =>
      app.page
        .getByRole('radiogroup', { name: group, exact: true })
        .getByRole('radio', { name, exact: true });
    const toAll = () => app.page.getByRole('combobox', { name: 'Persona of every profile', exact: true });
    const subject = (name: string) =>
      app.page.getByRole('complementary', { name: 'Token' }).getByText(name, { exact: true }).waitFor();
    const active = async () => (await host.client('settings.read', {})).personas['orders-api'];
    const confirm = (name: string) => app.button(name, app.page.getByRole('dialog')).click();
    const result = (name: string | RegExp) => app.page.getByRole('status').getByText(name).waitFor();

    it('have a token each, and one click shows and uses the other', async () => {
      await app.button('Get Access Token').click();
      await app.untilState('Valid');
      await subject('alice');
      await persona('reader').click();
      await app.untilState('No token');
      await app.button('Get Access Token').click();
      await app.untilState('Valid');
      await subject('bob');
      expect(await active()).toBe('reader');
    });

    it('are chosen for every profile at once, by keyboard too', async () => {
      await toAll().focus();
      await app.page.keyboard.press('Enter');
      await app.untilKeysGoTo(app.page.getByRole('option', { name: 'reader', exact: true }));
      await app.page.keyboard.press('ArrowUp');
      await app.untilKeysGoTo(app.page.getByRole('option', { name: 'admin', exact: true }));
      await app.page.keyboard.press('Enter');
      await expect.poll(active).toBe('admin');
      await app.page.getByRole('option', { name: 'admin', exact: true }).waitFor({ state: 'detached' });
      await persona('admin').focus();
      await app.page.keyboard.press('ArrowRight');
      await expect.poll(active).toBe('reader');
    });

    it('show what the server says of a token, until another one is chosen', async () => {
      await app.page.getByRole('tab', { name: 'Token', exact: true }).click();
      await app.button('Introspect access token').click();
      const claims = app.page.getByRole('table', { name: 'Claims of the access token' });
      await claims.getByRole('row', { name: /^sub bob/ }).waitFor();
      await claims.getByRole('row', { name: /^exp \d+.*in \d minutes/ }).waitFor();
      await persona('admin').click();
      await claims.waitFor({ state: 'detached' });
      await persona('reader').click();
      await app.untilState('Valid');
      expect(await claims.count()).toBe(0);
    });

    it('are revoked alone, after a question', async () => {
      await app.button('Revoke at the server').click();
      await confirm('Cancel');
      await app.untilState('Valid');
      await app.button('Revoke at the server').click();
      await confirm('Revoke');
      await result('Revoked: the refresh token and the access token.');
      await app.untilState('No token');
      expect(await app.button('Revoke at the server').isDisabled()).toBe(true);
      await persona('admin').click();
      await app.untilState('Valid');
    });

    it('are added with the same value names, and each of them signs in as itself', async () => {
      await app.tab('Automation');
      await app.button('Add persona').click();
      await app.page.getByRole('dialog').getByRole('textbox', { name: 'Name' }).fill('guest');
      await app.page.keyboard.press('Enter');
      await persona('guest', 'Persona to edit').and(app.page.locator('[data-checked]')).waitFor();
      expect(await app.field('Value 1').inputValue()).toBe('');
      await app.fill('Value 1', 'carol');
      await app.fill('Value 2', 'carol-pw');
      await persona('guest').click();
      await app.button('Get Access Token').click();
      await app.untilState('Valid');
      await subject('carol');
    });

    it('take their token and the choice of them along when they are renamed', async () => {
      // A list that was open once would choose another one by itself when the chosen one has gone.
      await toAll().click();
      await app.page.keyboard.press('Escape');
      await app.button('Rename persona').click();
      await app.page.getByRole('dialog').getByRole('textbox', { name: 'Name' }).fill('<b>visitor</b> 👩‍🚀');
      await confirm('Rename');
      await persona('<b>visitor</b> 👩‍🚀').and(app.page.locator('[data-checked]')).waitFor();
      await app.untilState('Valid');
      await subject('carol');
      expect(await active()).toBe('<b>visitor</b> 👩‍🚀');
    });

    it('give way to another when they are removed', async () => {
      await app.button('Remove persona').click();
      await confirm('Remove persona');
      await persona('<b>visitor</b> 👩‍🚀').waitFor({ state: 'detached' });
      await app.untilState('Valid');
      await subject('alice');
      expect(await active()).toBe('admin');
    });

    it('are what a request may name, whoever is the active one', async () => {
      await app.goTo('Requests');
      await app.button('GET List orders').click();
      await app.choose('Auth', 'Orders API');
      await app.choose('Persona', 'reader');
      await app.untilState('No token');
      await app.send();
      await app.untilStatus('200');
      await app.untilState('Valid');
      const { requests } = await project();
      const saved = requests.find(({ id }) => id === 'orders/list');
      expect(saved?.effectiveAuth).toMatchObject({ persona: 'reader' });
      expect(await active()).toBe('admin');
    });

    it('sign in without a screen where the grant takes their password', async () => {
      await app.createProfile('Kiosk');
      await app.page.getByRole('radio', { name: 'Password' }).click();
      await app.fill('Issuer', '{{playground_url}}');
      await app.fill('Client ID', 'playground-password');
      await app.choose('Client authentication', 'Basic header');
      await app.page.getByLabel('Client secret').fill('playground-password-secret');
      await app.page.keyboard.press('Enter');
      await app.fill('Scope', 'openid offline_access orders.read');
      await app.fill('Value 1', 'alice');
      await app.page.getByLabel('Value 2').fill('alice-pw');
      await app.page.keyboard.press('Enter');
      await app.button('Get Access Token').click();
      await app.untilState('Valid');
    });

    async function project() {
      const state = await host.client('project.current', {});
      if (state.kind === 'closed') throw new Error('no project is open');
      return state.project;
    }
  });
});
