import { createPrivateKey } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { networkSchema } from '../../shared/model/network.ts';
import { newProfile, type Profile } from '../../shared/model/profile.ts';
import { hosts, type RunningHost } from '../fixtures/hosts.ts';
import { startHttpProxy } from '../fixtures/http-proxy.ts';
import { secureLoginScript, startSecureLogin } from '../fixtures/secure-login.ts';
import { startSocksServer } from '../fixtures/socks-server.ts';
import { pem, tlsFile } from '../fixtures/tls-server.ts';
import { untilPasses } from '../fixtures/until.ts';
import { App } from './app.ts';

type Network = Parameters<typeof networkSchema.parse>[0] & object;
const profile = 'orders';
const path = (name: string) => fileURLToPath(new URL(`../fixtures/tls/${name}`, import.meta.url));

for (const { title, missing, start } of hosts) {
  describe.skipIf(missing)(`the way to servers in the ${title}`, () => {
    let host: RunningHost;
    let caPath = '';
    beforeAll(async () => {
      host = await start();
      const status = await host.client('vault.status', {});
      if (status.kind === 'choice_needed') await host.client('vault.choose', { choice: 'memory' });
      await host.client('project.create', { folder: `${host.folder}/orders`, name: 'Orders' });
      await host.client('profiles.create', { name: 'Orders' });
      const added = { name: 'Company CA.crt', pem: `my note\n${pem('ca')}` };
      caPath = (await host.client('project.addCertificates', added)).path;
      expect(caPath).toBe('certificates/company-ca.pem');
      await host.client('secrets.save', { name: 'cert', value: tlsFile('client.p12').toString('base64') });
      await host.client('secrets.save', { name: 'cert_pass', value: 'open-sesame' });
      await host.client('secrets.save', { name: 'proxy_pass', value: 'proxy-pw' });
    });
    afterAll(() => host?.close());

    const certificate = (at: string) => ({
      ...{ host: at, certificate: '{{cert}}', passphrase: '{{cert_pass}}' },
    });

    async function set(network: Network, server: string, more: Partial<Profile> = {}): Promise<void> {
      await host.client('project.saveNetwork', { network: networkSchema.parse(network) });
      const base = newProfile('Orders');
      const urls = { authorizationUrl: `${server}/authorize`, tokenUrl: `${server}/token` };
      await host.client('profiles.save', {
        id: profile,
        profile: {
          ...base,
          grant: { ...base.grant, redirectUri: 'http://127.0.0.1:1/callback' } as Profile['grant'],
          server: { ...base.server, ...urls },
          client: { kind: 'none', id: 'app' },
          ...more,
        },
      });
      await host.client('scripts.save', { profile, source: secureLoginScript });
    }

    function send(url: string, withToken = true) {
      const auth = withToken ? { kind: 'profile' as const, profile } : { kind: 'none' as const };
      return host.client('requests.send', { id: 'unsaved', request: { name: 'GET', url, auth } });
    }

    /** Signs in unattended, gets the token and calls the API with it. */
    async function through(server: string): Promise<void> {
      expect(await host.client('tokens.get', { profile })).toMatchObject({ access: { kind: 'held' } });
      expect(await send(`${server}/api`)).toMatchObject({
        outcome: { kind: 'response', response: { status: 200 } },
      });
    }

    it('is one for consent, token and API: a proxy with a password, a CA and a client certificate', async () => {
      const proxy = await startHttpProxy({ login: 'me:proxy-pw' });
      const { port, visits } = await startSecureLogin({ asksForCertificate: true, http2: true });
      const server = `https://login.orders.test:${port}`;
      await set(
        {
          proxy: {
            kind: 'custom',
            url: `http://127.0.0.1:${proxy.port}`,
            user: 'me',
            password: '{{proxy_pass}}',
          },
          trustedCertificates: [caPath],
          clientCertificates: [certificate('*.orders.test')],
        },
        server,
      );
      await through(server);
      expect(visits.map(({ path }) => path.replace(/\?.*/, ''))).toEqual(
        expect.arrayContaining(['/authorize', '/token', '/api']),
      );
      expect(new Set(visits.map(({ client }) => client))).toEqual(new Set(['orders-client']));
      expect(
        visits.filter(({ path }) => /token|api/.test(path)).map(({ httpVersion }) => httpVersion),
      ).toEqual(['2.0', '2.0']);
      expect(new Set(proxy.asked.map(({ to, user }) => `${user} ${to}`))).toEqual(
        new Set([`me login.orders.test:${port}`]),
      );
    });

    it('goes through SOCKS', async () => {
      const proxy = await startSocksServer();
      const { port } = await startSecureLogin();
      const server = `https://login.orders.test:${port}`;
      const socks = { kind: 'custom', url: `socks5://127.0.0.1:${proxy.port}` };
      await set({ proxy: socks, trustedCertificates: [caPath] }, server);
      await through(server);
      expect(new Set(proxy.asked)).toEqual(new Set([`login.orders.test:${port}`]));
    });

    it('checks no certificate where the profile says so, for its own requests alone', async () => {
      const { port } = await startSecureLogin({ certificate: 'expired' });
      const server = `https://127.0.0.1:${port}`;
      await set({}, server, { verifyTls: false });
      await through(server);
      expect(await send(`${server}/api`)).toMatchObject({ certificatesChecked: false });
      expect(await send(`${server}/api`, false)).toMatchObject({
        certificatesChecked: true,
        outcome: { kind: 'failed', error: { code: 'tls_error' } },
      });
    });

    it.each(['expired', 'other-host', 'self-signed'])(
      'takes no certificate that is %s, whoever the project trusts',
      async (certificate) => {
        const { port, visits } = await startSecureLogin({ certificate });
        await set({ trustedCertificates: [caPath] }, `https://127.0.0.1:${port}`);
        const failed = await host.client('tokens.get', { profile }).catch((thrown: unknown) => thrown);
        expect(failed).toMatchObject({
          code: 'consent_page_failed',
          message: expect.stringContaining('certificate'),
        });
        expect(visits).toEqual([]);
      },
    );

    it('is set in the window, secrets going to the vault and certificates to the project', async () => {
      const { page } = host;
      await host.client('project.saveNetwork', { network: networkSchema.parse({}) });
      await page.getByRole('button', { name: 'Project Orders' }).click();
      await page.getByRole('menuitem', { name: 'Network…' }).click();
      const dialog = page.getByRole('dialog', { name: 'Network' });
      await dialog.getByRole('radio', { name: 'This one' }).click();
      await dialog.getByRole('textbox', { name: 'Address' }).fill('proxy.example');
      await dialog.getByRole('button', { name: 'Save' }).click();
      await dialog.getByText('Kind, host and port, such as').waitFor();
      await dialog.getByRole('textbox', { name: 'Address' }).fill('http://proxy.example:8080');
      await dialog.getByLabel('Password').fill('typed-pw');
      await dialog.getByLabel('Password').press('Enter');
      // The project names it once it is saved: until then only this window knows whether it is there.
      await dialog.getByText('{{proxy_password}}').waitFor();
      await dialog.getByRole('button', { name: 'Forget' }).click();
      await dialog.getByText('not stored').waitFor();
      await dialog.getByRole('button', { name: 'Set value' }).click();
      await page.keyboard.type('typed-pw');
      await page.keyboard.press('Enter');
      await dialog.getByText('in vault').waitFor();
      await dialog.getByLabel('File of a trusted certificate').setInputFiles(path('ca.pem'));
      await dialog.getByText('certificates/ca.pem').waitFor();
      await dialog.getByRole('button', { name: 'Add client certificate' }).click();
      await dialog.getByRole('textbox', { name: 'Host' }).fill('api.example.com');
      await dialog.getByLabel('File of Certificate').setInputFiles(path('client.p12'));
      await dialog.getByText('{{client_certificate}}').waitFor();
      const buffer = createPrivateKey(pem('client-key')).export({ format: 'der', type: 'pkcs8' });
      const key = { name: 'client-key.der', mimeType: 'application/octet-stream', buffer };
      await dialog.getByLabel('File of Private key').setInputFiles(key);
      await dialog.getByText('{{client_certificate_key}}').waitFor();
      await dialog.getByLabel('Passphrase').fill('typed-pass');
      // Straight from the field, and held down for a while, as a person does it.
      await dialog.getByRole('button', { name: 'Save' }).click({ delay: 200 });
      await dialog.waitFor({ state: 'hidden' });
      const state = await host.client('project.current', {});
      expect(state).toMatchObject({
        project: {
          network: {
            proxy: { kind: 'custom', url: 'http://proxy.example:8080', password: '{{proxy_password}}' },
            trustedCertificates: ['certificates/ca.pem'],
            clientCertificates: [
              {
                host: 'api.example.com',
                certificate: '{{client_certificate}}',
                passphrase: '{{client_certificate_pass}}',
              },
            ],
          },
        },
      });
      expect(await readFile(join(host.folder, 'orders', 'certificates', 'ca.pem'), 'utf8')).toBe(pem('ca'));
      const file = await readFile(join(host.folder, 'orders', 'grantwright.json'), 'utf8');
      expect(file).not.toMatch(/typed-pw|typed-pass/);
      const { secrets } = await host.client('secrets.list', {});
      expect(secrets).toEqual(
        expect.arrayContaining([
          { name: 'proxy_password', stored: true },
          { name: 'client_certificate', stored: true },
          { name: 'client_certificate_pass', stored: true },
        ]),
      );
    });

    it('marks in the window an answer whose certificate was not checked', async () => {
      const { port } = await startSecureLogin({ certificate: 'expired' });
      await set({}, `https://127.0.0.1:${port}`, { verifyTls: false });
      const { id } = await host.client('requests.create', { name: 'Unchecked' });
      const auth = { kind: 'profile' as const, profile };
      const request = { name: 'Unchecked', url: `https://127.0.0.1:${port}/api`, auth };
      await host.client('requests.save', { id, request });
      const app = new App(host);
      await app.goTo('Requests');
      await host.page.getByRole('button', { name: /Unchecked/ }).click();
      await app.button('Send').click();
      await host.page.getByRole('region', { name: 'Response' }).getByText('TLS not verified').waitFor();
    });

    it('says in consent what is missing', async () => {
      const asking = await startSecureLogin({ asksForCertificate: true });
      await set({ trustedCertificates: [caPath] }, `https://127.0.0.1:${asking.port}`);
      // The server closes at once, and now and then that overtakes what it says.
      await untilPasses(async () => {
        const failed = await host.client('tokens.get', { profile }).catch((thrown: unknown) => thrown);
        expect(failed).toMatchObject({ code: 'client_certificate_required' });
      });
      await set({ trustedCertificates: ['certificates/gone.pem'] }, `https://127.0.0.1:${asking.port}`);
      const gone = await host.client('tokens.get', { profile }).catch((thrown: unknown) => thrown);
      expect(gone).toMatchObject({ code: 'network_invalid', message: expect.stringContaining('gone.pem') });
    });
  });
}
