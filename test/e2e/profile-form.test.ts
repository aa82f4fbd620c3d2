import { createPublicKey, generateKeyPairSync, randomBytes } from 'node:crypto';
import forge from 'node-forge';
import type { Locator } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Profile } from '../../shared/model/profile.ts';
import { hosts, type RunningHost } from '../fixtures/hosts.ts';
import { type OidcServer, startOidcServer } from '../fixtures/oidc-server.ts';
import { type App, openSample } from './app.ts';
import { stateOf } from './renderer-state.ts';

const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });

/** An RSA key of its own in a file, as a maker of certificates gives it. */
const archive = (() => {
  const keys = forge.pki.rsa.generateKeyPair(2048);
  const certificate = forge.pki.createCertificate();
  certificate.publicKey = keys.publicKey;
  certificate.sign(keys.privateKey, forge.md.sha256.create());
  const asn1 = forge.pkcs12.toPkcs12Asn1(keys.privateKey, [certificate], 'pass of the file');
  return {
    buffer: Buffer.from(forge.asn1.toDer(asn1).getBytes(), 'binary'),
    jwk: createPublicKey(forge.pki.publicKeyToPem(keys.publicKey)).export({ format: 'jwk' }),
  };
})();

/** A server that knows clients by their keys alone. */
function keyServer(): Promise<OidcServer> {
  const machine = {
    token_endpoint_auth_method: 'private_key_jwt',
    grant_types: ['client_credentials'],
    response_types: [],
    redirect_uris: [],
    scope: 'orders',
    id_token_signed_response_alg: 'ES256',
  } as const;
  return startOidcServer({
    adjust: (configuration) => ({
      ...configuration,
      clients: [
        {
          ...machine,
          client_id: 'machine',
          jwks: { keys: [{ ...publicKey.export({ format: 'jwk' }), kty: 'EC', use: 'sig' }] },
        },
        { ...machine, client_id: 'archive', jwks: { keys: [{ ...archive.jwk, kty: 'RSA', use: 'sig' }] } },
      ],
      clientAuthMethods: ['private_key_jwt', 'none'],
      enabledJWA: { ...configuration.enabledJWA, clientAuthSigningAlgValues: ['ES256', 'RS256'] },
      features: { ...configuration.features, dPoP: { enabled: true, nonceSecret: randomBytes(32) } },
    }),
  });
}

const grants = [
  ...['Authorization code', 'Client credentials', 'Password'],
  ...['Refresh token', 'Device code', 'JWT bearer', 'Token exchange', 'CIBA', 'Implicit'],
];

describe.each(hosts)('the form of a profile in $title', ({ missing, start }) => {
  describe.skipIf(missing)('', () => {
    let host: RunningHost;
    let app: App;
    let server: OidcServer;
    beforeAll(async () => {
      server = await keyServer();
      app = await openSample(start);
      host = app.host;
    });
    afterAll(async () => {
      await host?.close();
      await server?.close();
    });

    async function choose(grant: string): Promise<void> {
      const segment = app.page.getByRole('radio', { name: grant, exact: true });
      if ((await segment.count()) > 0) await segment.click();
      else await app.choose('More grants', grant);
    }

    async function saved(name: string): Promise<Profile | undefined> {
      const state = await host.client('project.current', {});
      if (state.kind !== 'open') return undefined;
      return state.project.profiles.find(({ profile }) => profile.name === name)?.profile;
    }

    const form = () => app.page.getByRole('form', { name: 'Profile settings' });
    /** Opens all that is closed in the form, until nothing is. */
    async function openAll(): Promise<void> {
      const closed = form().locator('button[aria-expanded=false]:not([role=combobox])');
      while ((await closed.count()) > 0) await closed.first().click();
    }
    const toggle = (name: string) => app.page.getByRole('checkbox', { name, exact: true });
    /** What a screen reader says of a field beside its name. */
    const described = async (field: Locator) =>
      field.evaluate((input) =>
        (input.getAttribute('aria-describedby') ?? '')
          .split(' ')
          .map((id) => document.getElementById(id)?.textContent ?? '')
          .join(' '),
      );

    it('has a name for every control, whatever the grant', async () => {
      for (const grant of grants) {
        await choose(grant);
        await openAll();
        const nameless = await form().evaluate((element) =>
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
      await choose('Authorization code');
    });

    it('explains every field in a sentence, whatever the grant', async () => {
      for (const grant of grants) {
        await choose(grant);
        await openAll();
        const unexplained = await form().evaluate((element) =>
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
      await choose('Authorization code');
    });

    it('keeps what was typed while another grant was chosen and saved', async () => {
      await app.fill('Redirect URI', 'http://127.0.0.1/elsewhere');
      await choose('Token exchange');
      await expect.poll(async () => (await saved('Orders API'))?.grant.kind).toBe('token_exchange');
      await app.field('Redirect URI').waitFor({ state: 'detached' });
      await choose('Authorization code');
      expect(await app.field('Redirect URI').inputValue()).toBe('http://127.0.0.1/elsewhere');
      await expect
        .poll(async () => (await saved('Orders API'))?.grant)
        .toMatchObject({ kind: 'authorization_code', redirectUri: 'http://127.0.0.1/elsewhere' });
      await app.fill('Redirect URI', 'http://127.0.0.1/callback');
    });

    it('is worked by keyboard: a grant by arrows, a further one from its list', async () => {
      await app.page.getByRole('radio', { name: 'Authorization code', exact: true }).focus();
      await app.page.keyboard.press('ArrowRight');
      await expect.poll(async () => (await saved('Orders API'))?.grant.kind).toBe('client_credentials');
      await app.page.getByRole('combobox', { name: 'More grants' }).focus();
      await app.page.keyboard.press('Enter');
      await app.page.getByRole('option', { name: 'Refresh token', exact: true }).waitFor();
      await app.page.keyboard.press('Enter');
      await expect.poll(async () => (await saved('Orders API'))?.grant.kind).toBe('refresh_token');
      await app.page.keyboard.press('Escape');
      await choose('Authorization code');
    });

    it('gets a token with a key from a file, whose algorithm it chooses, at a server that it has asked', async () => {
      await app.createProfile('Machine');
      await choose('Client credentials');
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
      expect(await described(app.field('Private key'))).toContain('This is a public key.');
      await app.page.getByLabel('File of Private key').setInputFiles({
        name: 'machine.der',
        mimeType: 'application/octet-stream',
        buffer: privateKey.export({ format: 'der', type: 'pkcs8' }),
      });
      await app.page.getByText('PEM, P-256: signs with ES256.').waitFor();
      await expect
        .poll(async () => (await saved('Machine'))?.client)
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

    it('gets a token with PKCS#12 and its passphrase, bound to a key of the app’s own', async () => {
      await app.createProfile('Archive');
      await choose('Client credentials');
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
      await toggle('Bind tokens to a key (DPoP)').click();
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
      await app.page.getByRole('button', { name: /^Machine, / }).click();
      await app.page.getByRole('heading', { level: 1, name: 'Machine' }).waitFor();
      expect(await toggle('Bind tokens to a key (DPoP)').count()).toBe(0);
      await app.page.getByRole('button', { name: /^Archive, / }).click();
      await toggle('Bind tokens to a key (DPoP)').click();
      await expect.poll(async () => (await saved('Archive'))?.protection.dpop.kind).toBe('off');
      expect(await toggle('Bind tokens to a key (DPoP)').isVisible()).toBe(true);
      await app.page.getByRole('button', { name: /^Machine, / }).click();
    });

    it('shows what goes out with a request', async () => {
      const out = app.page.getByRole('status', { name: 'What goes out' });
      expect(await out.textContent()).toContain('Authorization: Bearer ');
      await app.button('Another place, word or token').click();
      await app.choose('Before the token', 'Another word…');
      await app.fill('Word before the token', 'Token');
      expect(await out.textContent()).toContain('Authorization: Token ');
      await app.choose('Send the token', 'In the query');
      expect(await out.textContent()).toContain('?access_token=');
      await expect
        .poll(async () => (await saved('Machine'))?.placement)
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
        .poll(async () => (await saved('Machine'))?.parameters)
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
      expect(await described(name)).toContain('client_id has its own field');
      expect((await saved('Machine'))?.parameters).toMatchObject([{ name: 'resource' }]);
      await app.button('Remove client_id').click();
      await expect.poll(async () => (await saved('Machine'))?.parameters).toEqual([]);
    });

    it('leads to the certificates and proxies of the project', async () => {
      await app.choose('Client authentication', 'Client certificate (mutual TLS)');
      await app.button('Client certificates of the project…').click();
      const network = app.page.getByRole('dialog', { name: 'Network' });
      await network.waitFor();
      await app.page.keyboard.press('Escape');
      await network.waitFor({ state: 'detached' });
      await app.choose('Client authentication', 'JWT signed with a key');
      // The key is still named: it was kept while another authentication was chosen.
      await app.page.getByText('{{machine_client_key}}').waitFor();
    });

    it('warns, at the setting and beside the name, while certificates are not verified', async () => {
      await toggle('Verify TLS certificates').click();
      await app.page.getByText('TLS not verified').waitFor();
      expect(await described(toggle('Verify TLS certificates'))).toContain('For test servers only.');
      await expect.poll(async () => (await saved('Machine'))?.verifyTls).toBe(false);
      await toggle('Verify TLS certificates').press('Space');
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
      expect(await saved('Staff login')).toMatchObject({
        client: { kind: 'client_secret_basic', id: 'tests', secret: '{{staff_login_client_secret}}' },
      });
      const { secrets } = await host.client('secrets.list', {});
      expect(secrets).toContainEqual({ name: 'staff_login_client_secret', stored: true });
    });

    it('leaves nothing of a key or a secret in the window', async () => {
      const key = String(privateKey.export({ format: 'pem', type: 'pkcs8' })).split('\n')[1] ?? '';
      expect(key.length).toBeGreaterThan(60);
      for (const { name, text } of await stateOf(app.page)) {
        expect(text.includes('MARKER-of-a-preset'), `the preset's secret in ${name}`).toBe(false);
        expect(text.includes(key), `the key in ${name}`).toBe(false);
      }
    });
  });
});
