import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { AppError } from '../../shared/errors.ts';
import { networkSchema } from '../../shared/model/network.ts';
import { newProfile, type Profile } from '../../shared/model/profile.ts';
import { findElectron } from '../fixtures/electron-runtime.ts';
import { type HostOptions, type RunningHost, startDesktopHost } from '../fixtures/hosts.ts';
import { startHttpProxy } from '../fixtures/http-proxy.ts';
import { secureLoginScript, startPlainLogin, startSecureLogin } from '../fixtures/secure-login.ts';
import { pem } from '../fixtures/tls-server.ts';
import { untilPasses } from '../fixtures/until.ts';

const runtime = findElectron();
const profile = 'orders';

/** The desktop app with one project that trusts the test CA, or nobody but the system. */
async function start(
  server: string,
  options: HostOptions,
  { trusts = true, script = true } = {},
): Promise<RunningHost> {
  const host = await startDesktopHost(options);
  onTestFinished(() => host.close());
  const status = await host.client('vault.status', {});
  if (status.kind === 'choice_needed') await host.client('vault.choose', { choice: 'memory' });
  await host.client('project.create', { folder: `${host.folder}/orders`, name: 'Orders' });
  if (trusts) {
    const { path } = await host.client('project.addCertificates', { name: 'ca.pem', pem: pem('ca') });
    const network = networkSchema.parse({ trustedCertificates: [path] });
    await host.client('project.saveNetwork', { network });
  }
  await host.client('profiles.create', { name: 'Orders' });
  const base = newProfile('Orders');
  const urls = { authorizationUrl: `${server}/authorize`, tokenUrl: `${server}/token` };
  const saved: Profile = {
    ...base,
    grant: { ...base.grant, redirectUri: 'http://127.0.0.1:1/callback' } as Profile['grant'],
    server: { ...base.server, ...urls },
    client: { kind: 'none', id: 'app' },
    verifyTls: trusts,
  };
  await host.client('profiles.save', { id: profile, profile: saved });
  if (script) await host.client('scripts.save', { profile, source: secureLoginScript });
  return host;
}

/** The small window that asks the person something. */
function prompt({ page }: RunningHost) {
  return untilPasses(() => {
    const found = page
      .context()
      .pages()
      .find((each) => each.url().startsWith('data:text/html'));
    if (found === undefined) throw new Error('nobody was asked');
    return found;
  });
}

describe.skipIf(runtime.kind === 'missing')('the way to servers from the desktop', () => {
  it('is through the proxy of the system, for tokens, requests and sign-in pages', async () => {
    const proxy = await startHttpProxy();
    const plain = await startPlainLogin();
    const place = `login.orders.test:${new URL(plain.url).port}`;
    const args = [`--proxy-server=http://127.0.0.1:${proxy.port}`];
    const host = await start(`http://${place}`, { args });
    for (const trusts of [true, false]) {
      if (!trusts) await host.client('project.saveNetwork', { network: networkSchema.parse({}) });
      plain.requests.length = 0;
      proxy.asked.length = 0;
      expect(await host.client('tokens.get', { profile })).toMatchObject({ access: { kind: 'held' } });
      expect(plain.requests.map(({ path }) => path.replace(/\?.*/, ''))).toEqual(
        expect.arrayContaining(['/authorize', '/token']),
      );
      expect(new Set(proxy.asked.map(({ to }) => to))).toEqual(new Set([place]));
    }
    const secure = await startSecureLogin();
    const request = { name: 'GET', url: `https://api.orders.test:${secure.port}/api` };
    await host.client('requests.send', { id: 'x', request: { ...request, auth: { kind: 'none' } } });
    expect(proxy.asked.at(-1)?.to).toBe(`api.orders.test:${secure.port}`);
  });

  it('asks the person for the password of the system’s proxy at the sign-in page', async () => {
    const proxy = await startHttpProxy({ login: 'me:open-sesame' });
    const plain = await startPlainLogin();
    const place = `login.orders.test:${new URL(plain.url).port}`;
    const args = [`--proxy-server=http://127.0.0.1:${proxy.port}`];
    const host = await start(`http://${place}`, { args }, { trusts: false, script: false });
    const got = host.client('tokens.get', { profile }).catch((thrown: unknown) => thrown);
    const asking = await prompt(host);
    await asking.getByText(`The proxy 127.0.0.1:${proxy.port} wants you to sign in`).waitFor();
    await asking.getByLabel('User name').fill('me');
    await asking.getByLabel('Password').fill('open-sesame');
    const clicked = asking.getByRole('button', { name: 'Sign in' }).click();
    const login = await untilPasses(() => {
      const found = host.page
        .context()
        .pages()
        .find((each) => each.url().includes(place));
      if (found === undefined) throw new Error('the sign-in page is not there');
      return found;
    });
    await clicked.catch(() => undefined);
    await login.getByRole('button', { name: 'Sign in' }).click();
    // The person told it to the browser alone: the token call says what is missing.
    expect(await got).toMatchObject({ code: 'proxy_login_required' });
  });

  /** Puts a certificate into the system's own store, which is that of a home folder of its own here. */
  async function ownHome(): Promise<{ HOME: string }> {
    const home = await mkdtemp(join(tmpdir(), 'grantwright-home-'));
    onTestFinished(() => rm(home, { recursive: true, force: true, maxRetries: 5 }));
    return { HOME: home };
  }
  const p12 = fileURLToPath(new URL('../fixtures/tls/client-old.p12', import.meta.url));

  // Electron imports certificates on Linux alone.
  it.skipIf(process.platform !== 'linux').each([
    ['whose CA the project trusts', true],
    ['that is not checked', false],
  ])(
    'lets the person choose a certificate of the system where the project has none, at a server %s',
    async (_name, trusts) => {
      const { port, visits } = await startSecureLogin({ asksForCertificate: true });
      const server = `https://127.0.0.1:${port}`;
      const host = await start(server, { env: await ownHome() }, { trusts, script: false });
      const imported = await host.electron?.evaluate(
        ({ app }, certificate) =>
          new Promise<number>((resolve) =>
            app.importCertificate({ certificate, password: 'open-sesame' }, resolve),
          ),
        p12,
      );
      expect(imported).toBe(0);
      const got = host.client('tokens.get', { profile }).catch((thrown: unknown) => thrown);
      const asking = await prompt(host);
      await asking
        .getByRole('heading', { name: `127.0.0.1:${port} asks for a certificate of yours` })
        .waitFor();
      await asking.getByRole('radio', { name: /orders-client/ }).waitFor();
      const clicked = asking.getByRole('button', { name: 'Show this one' }).click();
      const login = await untilPasses(() => {
        const found = host.page
          .context()
          .pages()
          .find((each) => each.url().startsWith(server));
        if (found === undefined) throw new Error('the sign-in page is not there');
        return found;
      });
      await clicked.catch(() => undefined);
      await login.getByRole('button', { name: 'Sign in' }).click();
      // The token call cannot use a key of the system's store.
      const { code } = AppError.from(await got);
      // The server closes at once, and now and then that overtakes what it says.
      expect(['client_certificate_required', 'server_unreachable']).toContain(code);
      expect(visits.map(({ client }) => client)).toContain('orders-client');
    },
  );
});
