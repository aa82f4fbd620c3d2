import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hosts, type RunningHost } from '../fixtures/hosts.ts';
import { archive, privateKey, publicKey, startKeyServer } from '../fixtures/key-server.ts';
import type { OidcServer } from '../fixtures/oidc-server.ts';
import { type App, openSample } from './app.ts';
import { ProfileForm } from './profile-form.ts';
import { stateOf } from './renderer-state.ts';

describe.each(hosts)('keys in the form of a profile in $title', ({ missing, start }) => {
  describe.skipIf(missing)('', () => {
    let host: RunningHost;
    let app: App;
    let form: ProfileForm;
    let server: OidcServer;
    beforeAll(async () => {
      server = await startKeyServer();
      app = await openSample(start);
      host = app.host;
      form = new ProfileForm(app);
    });
    afterAll(async () => {
      await host?.close();
      await server?.close();
    });

    it('gets a token with a key from a file, whose algorithm it chooses, at a server that it has asked', async () => {
      await app.createProfile('Machine');
      await form.chooseGrant('Client credentials');
      await app.field('Scope').fill(`${server.url}/.well-known/openid-configuration`);
      await app.page.keyboard.press('ControlOrMeta+a');
      await app.page.keyboard.press('ControlOrMeta+x');
      await app.field('Issuer').focus();
      await app.page.keyboard.press('ControlOrMeta+v');
      await app.page.getByText('Filled in from the server.').waitFor();
      await app.page.getByRole('combobox', { name: 'Client authentication', exact: true }).click();
      const basic = app.page.getByRole('option', { name: 'Basic header', exact: true });
      expect(await basic.getAttribute('aria-description')).toContain('not listed by the server');
      await app.page.getByRole('option', { name: 'JWT signed with a key', exact: true }).click();
      await app.fill('Client ID', 'machine');
      await app.fill('Scope', 'orders');
      await app.field('Private key').fill(String(publicKey.export({ format: 'pem', type: 'spki' })));
      await app.page.getByText('This is a public key.').waitFor();
      expect(await form.described(app.field('Private key'))).toContain('This is a public key.');
      await app.page.getByLabel('File of Private key').setInputFiles({
        name: 'machine.der',
        mimeType: 'application/octet-stream',
        buffer: privateKey.export({ format: 'der', type: 'pkcs8' }),
      });
      await app.page.getByText('PEM, P-256: signs with ES256.').waitFor();
      await expect
        .poll(async () => (await form.saved('Machine'))?.client)
        .toMatchObject({
          kind: 'private_key_jwt',
          key: { key: '{{machine_client_key}}', algorithm: 'ES256' },
        });
      expect(await app.field('Token URL').inputValue()).toBe(`${server.url}/token`);
      await app.button('Get Access Token').click();
      await app.untilState('Valid');
      await app.choose('Signing algorithm', 'RS256');
      await app.page.getByText('This is a key on P-256: choose ES256.').waitFor();
      await app.choose('Signing algorithm', 'ES256');
    });

    it('keeps a key that is named while another authentication is chosen and saved', async () => {
      await app.choose('Client authentication', 'None (public client)');
      await expect.poll(async () => (await form.saved('Machine'))?.client.kind).toBe('none');
      await app.choose('Client authentication', 'JWT signed with a key');
      await app.page.getByText('{{machine_client_key}}').waitFor();
      await expect
        .poll(async () => (await form.saved('Machine'))?.client)
        .toMatchObject({ key: { key: '{{machine_client_key}}', algorithm: 'ES256' } });
    });

    it('gets a token with PKCS#12 and its passphrase, bound to a key of the app’s own', async () => {
      await app.createProfile('Archive');
      await form.chooseGrant('Client credentials');
      await app.fill('Issuer', server.url);
      await app.fill('Client ID', 'archive');
      await app.fill('Scope', 'orders');
      await app.choose('Client authentication', 'JWT signed with a key');
      const name = 'archive.p12';
      const mimeType = 'application/x-pkcs12';
      await app.page
        .getByLabel('File of Private key')
        .setInputFiles({ name, mimeType, buffer: archive.buffer });
      await app.page.getByText('PKCS#12, encrypted: it needs its passphrase.').waitFor();
      await app.page.getByLabel('Key passphrase').fill('pass of the file');
      await app.page.keyboard.press('Enter');
      await app.page.getByText('{{archive_client_key_pass}}').waitFor();
      await app.button('Bound tokens').click();
      await form.toggle('Bind tokens to a key (DPoP)').click();
      await app.page.getByRole('combobox', { name: 'DPoP algorithm' }).waitFor();
      await app.button('Get Access Token').click();
      await app.untilState('Valid');
      const out = app.page.getByRole('status', { name: 'What goes out' });
      expect(await out.textContent()).toContain('Authorization: DPoP ');
      const { statuses } = await host.client('tokens.statuses', {});
      expect(statuses.find(({ profile }) => profile === 'archive')?.access).toMatchObject({
        tokenType: 'DPoP',
      });
    });

    it('opens what is in use, and does not close it under the hand', async () => {
      await form.show('Machine');
      expect(await form.toggle('Bind tokens to a key (DPoP)').count()).toBe(0);
      await form.show('Archive');
      await form.toggle('Bind tokens to a key (DPoP)').click();
      await expect.poll(async () => (await form.saved('Archive'))?.protection.dpop.kind).toBe('off');
      expect(await form.toggle('Bind tokens to a key (DPoP)').isVisible()).toBe(true);
      await form.show('Machine');
    });

    it('leaves nothing of a key in the window', async () => {
      const key = String(privateKey.export({ format: 'pem', type: 'pkcs8' })).split('\n')[1] ?? '';
      expect(key.length).toBeGreaterThan(60);
      for (const { name, text } of await stateOf(app.page)) {
        expect(text.includes(key), `the key in ${name}`).toBe(false);
      }
    });
  });
});
