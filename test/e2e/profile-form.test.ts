import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hosts, type RunningHost } from '../fixtures/hosts.ts';
import { type App, openSample } from './app.ts';
import { ProfileForm } from './profile-form.ts';
import { stateOf } from './renderer-state.ts';

const grants = [
  ...['Authorization code', 'Client credentials', 'Password'],
  ...['Refresh token', 'Device code', 'JWT bearer', 'Token exchange', 'CIBA', 'Implicit'],
];

describe.each(hosts)('the form of a profile in $title', ({ missing, start }) => {
  describe.skipIf(missing)('', () => {
    let host: RunningHost;
    let app: App;
    let form: ProfileForm;
    beforeAll(async () => {
      app = await openSample(start);
      host = app.host;
      form = new ProfileForm(app);
    });
    afterAll(() => host?.close());

    it('has a name for every control, whatever the grant', async () => {
      for (const grant of grants) {
        await form.chooseGrant(grant);
        await form.openAll();
        const nameless = await form.form.evaluate((element) =>
          [
            ...element.querySelectorAll<HTMLInputElement>(
              'input, textarea, button, [role=radio], [role=checkbox]',
            ),
          ]
            .filter((control) => control.getAttribute('aria-hidden') !== 'true' && control.type !== 'hidden')
            .filter((control) => {
              const labelled = ['aria-label', 'aria-labelledby'].some((name) => control.hasAttribute(name));
              return (
                !labelled && (control.labels?.length ?? 0) === 0 && (control.textContent ?? '').trim() === ''
              );
            })
            .map((control) => control.outerHTML),
        );
        expect(nameless, grant).toEqual([]);
      }
      await form.chooseGrant('Authorization code');
    });

    it('explains every field in a sentence, whatever the grant', async () => {
      for (const grant of grants) {
        await form.chooseGrant(grant);
        await form.openAll();
        const unexplained = await form.form.evaluate((element) =>
          [
            ...element.querySelectorAll(
              'input:not([type=file]):not([aria-hidden=true]), textarea, [role=combobox]',
            ),
          ]
            .filter((control) => control.closest('fieldset') === null)
            .filter((control) => (control.getAttribute('aria-describedby') ?? '').trim() === '')
            .map((control) => control.getAttribute('aria-labelledby') ?? control.id)
            .map((id) => document.getElementById(id)?.textContent ?? id),
        );
        // What is chosen in that list is explained by the line below it.
        expect(
          unexplained.filter((label) => label !== 'More grants'),
          grant,
        ).toEqual([]);
      }
      await form.chooseGrant('Authorization code');
    });

    it('keeps what was typed while another grant was chosen and saved', async () => {
      await app.fill('Redirect URI', 'http://127.0.0.1/elsewhere');
      await form.chooseGrant('Token exchange');
      await expect.poll(async () => (await form.saved('Orders API'))?.grant.kind).toBe('token_exchange');
      await app.field('Redirect URI').waitFor({ state: 'detached' });
      await form.chooseGrant('Authorization code');
      expect(await app.field('Redirect URI').inputValue()).toBe('http://127.0.0.1/elsewhere');
      await expect
        .poll(async () => (await form.saved('Orders API'))?.grant)
        .toMatchObject({ kind: 'authorization_code', redirectUri: 'http://127.0.0.1/elsewhere' });
      await app.fill('Redirect URI', 'http://127.0.0.1/callback');
    });

    it('is worked by keyboard: a grant by arrows, a further one from its list', async () => {
      await app.page.getByRole('radio', { name: 'Authorization code', exact: true }).focus();
      await app.page.keyboard.press('ArrowRight');
      await expect.poll(async () => (await form.saved('Orders API'))?.grant.kind).toBe('client_credentials');
      await app.page.getByRole('combobox', { name: 'More grants' }).focus();
      await app.page.keyboard.press('Enter');
      await app.untilKeysGoTo(app.page.getByRole('option', { name: 'Refresh token', exact: true }));
      await app.page.keyboard.press('Enter');
      await expect.poll(async () => (await form.saved('Orders API'))?.grant.kind).toBe('refresh_token');
      await app.page.keyboard.press('Escape');
      await form.chooseGrant('Authorization code');
    });

    it('shows what goes out with a request', async () => {
      const out = app.page.getByRole('status', { name: 'What goes out' });
      expect(await out.textContent()).toContain('Authorization: Bearer ');
      await form.openAll();
      await app.choose('Before the token', 'Another word…');
      await app.fill('Word before the token', 'Token');
      expect(await out.textContent()).toContain('Authorization: Token ');
      await app.choose('Send the token', 'In the query');
      expect(await out.textContent()).toContain('?access_token=');
      await expect
        .poll(async () => (await form.saved('Orders API'))?.placement)
        .toEqual({ kind: 'query', name: 'access_token' });
      await app.choose('Send the token', 'In a header');
      expect(await app.field('Word before the token').inputValue()).toBe('Token');
    });

    it('suggests parameters, and refuses those that have a field of their own', async () => {
      await app.button('Add parameter').click();
      const name = app.page.getByRole('combobox', { name: 'Parameter name 1' });
      await name.fill('resour');
      await app.page.getByRole('option', { name: 'resource', exact: true }).click();
      await app.page.getByText('as its URL (RFC 8707)').waitFor();
      await app.fill('Parameter value 1', 'https://api.example.com');
      await expect
        .poll(async () => (await form.saved('Orders API'))?.parameters)
        .toEqual([
          {
            name: 'resource',
            value: 'https://api.example.com',
            in: 'body',
            to: ['authorization', 'token', 'refresh'],
          },
        ]);
      await name.fill('client_id');
      await app.page.keyboard.press('Tab');
      await app.page.getByText('client_id has its own field: Client ID').waitFor();
      expect(await form.described(name)).toContain('client_id has its own field');
      expect((await form.saved('Orders API'))?.parameters).toMatchObject([{ name: 'resource' }]);
      await app.button('Remove client_id').click();
      await expect.poll(async () => (await form.saved('Orders API'))?.parameters).toEqual([]);
    });

    it('shows the whole name in a narrow window while something is not saved', async () => {
      await app.page.setViewportSize({ width: 900, height: 800 });
      const title = app.page.getByRole('heading', { level: 1, name: 'Orders API' });
      // A name that lacks a part of a pixel is cut already.
      const width = () => title.evaluate((element) => element.getBoundingClientRect().width);
      const whole = await title.evaluate((element) => {
        const text = document.createRange();
        text.selectNodeContents(element);
        return text.getBoundingClientRect().width;
      });
      await app.button('Add parameter').click();
      await app.page.getByRole('combobox', { name: 'Parameter name 1' }).fill('client_id');
      await app.page.keyboard.press('Tab');
      await app.page.getByText('Not saved', { exact: true }).waitFor();
      expect(await width()).toBeGreaterThanOrEqual(whole);
      await app.button('Remove client_id').click();
      await app.page.setViewportSize({ width: 1360, height: 860 });
    });

    it('leads to the certificates and proxies of the project', async () => {
      await app.choose('Client authentication', 'Client certificate (mutual TLS)');
      await app.button('Client certificates of the project…').click();
      const network = app.page.getByRole('dialog', { name: 'Network' });
      await network.waitFor();
      await app.page.keyboard.press('Escape');
      await network.waitFor({ state: 'detached' });
      await app.choose('Client authentication', 'None (public client)');
    });

    it('warns, at the setting and beside the name, while certificates are not verified', async () => {
      await form.toggle('Verify TLS certificates').click();
      await app.page.getByText('TLS not verified').waitFor();
      expect(await form.described(form.toggle('Verify TLS certificates'))).toContain(
        'For test servers only.',
      );
      await expect.poll(async () => (await form.saved('Orders API'))?.verifyTls).toBe(false);
      await form.toggle('Verify TLS certificates').press('Space');
      await app.page.getByText('TLS not verified').waitFor({ state: 'detached' });
    });

    it('is filled in by a preset, found by a word, with the secret in the vault alone', async () => {
      await app.button('New profile').first().click();
      const dialog = app.page.getByRole('dialog', { name: 'New profile' });
      await dialog.getByRole('searchbox', { name: 'Search presets' }).fill('red hat');
      await dialog.getByRole('radio', { name: 'Keycloak', exact: true }).click();
      await app.button('Create profile', dialog).click();
      expect(await dialog.getByText('Fill this in.').count()).toBe(3);
      await dialog.getByRole('textbox', { name: 'Server' }).fill('id.example.com');
      await dialog.getByRole('textbox', { name: 'Realm' }).fill('orders');
      await dialog.getByRole('textbox', { name: 'Client ID' }).fill('tests');
      await dialog.getByLabel('Client secret').fill('MARKER-of-a-preset');
      await dialog.getByRole('textbox', { name: 'Name' }).fill('Staff login');
      await app.button('Create profile', dialog).click();
      await app.page.getByRole('heading', { level: 1, name: 'Staff login' }).waitFor();
      expect(await app.field('Issuer').inputValue()).toBe('https://id.example.com/realms/orders');
      expect(await form.saved('Staff login')).toMatchObject({
        client: { kind: 'client_secret_basic', id: 'tests', secret: '{{staff_login_client_secret}}' },
      });
      const { secrets } = await host.client('secrets.list', {});
      expect(secrets).toContainEqual({ name: 'staff_login_client_secret', stored: true });
    });

    it('leaves nothing of that secret in the window', async () => {
      for (const { name, text } of await stateOf(app.page)) {
        expect(text.includes('MARKER-of-a-preset'), `the preset's secret in ${name}`).toBe(false);
      }
    });
  });
});
