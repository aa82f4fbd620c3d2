import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newProfile, type Profile } from '../../shared/model/profile.ts';
import { findElectron, root } from '../fixtures/electron-runtime.ts';
import { type RunningHost, startDesktopHost } from '../fixtures/hosts.ts';
import { untilPasses } from '../fixtures/until.ts';
import { type App, openOrders } from './app.ts';

const runtime = findElectron();
const profile = 'orders';
const redirectUri = 'com.example.orders:/callback';

/** The login page is behind HTTP authentication; whoever knows the password is sent back at once. */
async function startServer() {
  const logins: string[] = [];
  let open = (): void => undefined;
  const held = new Promise<void>((resolve) => {
    open = resolve;
  });
  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://server');
    if (url.pathname === '/token') {
      response.setHeader('content-type', 'application/json');
      response.end('{"access_token":"t0ken","token_type":"Bearer","expires_in":300}');
      return;
    }
    await held;
    const login = /^Basic (.*)$/.exec(request.headers.authorization ?? '')?.[1];
    if (login !== undefined) logins.push(Buffer.from(login, 'base64').toString('utf8'));
    if (login !== undefined && logins.at(-1) === 'alice:alice-pw') {
      const back = `${url.searchParams.get('redirect_uri')}?code=c0de&state=${url.searchParams.get('state')}`;
      response.writeHead(302, { location: back }).end();
    } else response.writeHead(401, { 'www-authenticate': 'Basic realm="Staff only"' }).end('no entry');
  }
  const server = createServer((request, response) => void answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const close = () => {
    server.close();
    server.closeAllConnections();
  };
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, logins, open, close };
}

/** The system's own programs, which here only note what they were asked. */
async function startSystem() {
  const folder = await mkdtemp(join(tmpdir(), 'grantwright-system-'));
  const log = join(folder, 'log');
  await writeFile(log, '');
  for (const program of ['xdg-open', 'xdg-settings', 'xdg-mime']) {
    const file = join(folder, program);
    await writeFile(file, `#!/bin/sh\necho ${program} "$@" >> "${log}"\n`);
    await chmod(file, 0o755);
  }
  return { folder, asked: () => readFile(log, 'utf8') };
}

// What stands for the system's programs here are those of Linux.
describe.skipIf(runtime.kind === 'missing' || process.platform !== 'linux')('consent on the desktop', () => {
  let server: Awaited<ReturnType<typeof startServer>>;
  let system: Awaited<ReturnType<typeof startSystem>>;
  let host: RunningHost;
  let app: App;
  let env: Record<string, string>;

  beforeAll(async () => {
    [server, system] = await Promise.all([startServer(), startSystem()]);
    env = { PATH: `${system.folder}${delimiter}${process.env.PATH}` };
    app = await openOrders(() => startDesktopHost({ env }));
    host = app.host;
  });
  afterAll(async () => {
    await host?.close();
    server?.close();
    if (system !== undefined) await rm(system.folder, { recursive: true, force: true });
  });

  async function save(more: Partial<Profile>, script: string | null = null): Promise<void> {
    const urls = { authorizationUrl: `${server.url}/authorize`, tokenUrl: `${server.url}/token` };
    const base = newProfile('Orders');
    await host.client('profiles.save', {
      id: profile,
      profile: {
        ...base,
        grant: { kind: 'authorization_code', redirectUri },
        server: { ...base.server, ...urls },
        client: { kind: 'none', id: 'app' },
        ...more,
      },
    });
    await host.client('scripts.save', { profile, source: script });
    await host.client('tokens.forget', { profile });
    await app.untilState('No token');
  }

  const get = () => app.button('Get Access Token').click();

  /** What a system does with an address of the app's scheme. */
  async function startAgainWith(url: string): Promise<number | null> {
    if (runtime.kind === 'missing') throw new Error(runtime.reason);
    const asRoot = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
    const child = spawn(runtime.path, [...asRoot, root, url], {
      stdio: 'ignore',
      env: {
        ...process.env,
        ...env,
        GRANTWRIGHT_DATA_DIR: join(host.folder, 'data'),
        GRANTWRIGHT_PROJECTS_DIR: join(host.folder, 'projects'),
      },
    });
    const [code] = await once(child, 'exit');
    return code;
  }

  it("gets a custom-scheme redirect from the person's own browser by a second start, which ends", async () => {
    await save({ consentBrowser: 'system' });
    await get();
    const opened = await untilPasses(async () => {
      const url = /xdg-open (http\S+)/.exec(await system.asked())?.[1];
      if (url === undefined) throw new Error('no browser was opened');
      return new URL(url);
    });
    expect(await system.asked()).toContain('default-url-scheme-handler com.example.orders');
    const state = opened.searchParams.get('state');
    expect(opened.searchParams.get('redirect_uri')).toBe(redirectUri);
    // One that is not its own changes nothing.
    expect(await startAgainWith('com.example.other:/callback?code=c0de&state=x')).toBe(0);
    await app.untilState('Waiting for you');
    expect(await startAgainWith(`${redirectUri}?code=c0de&state=${state}`)).toBe(0);
    await app.untilState('Valid');
    // A late one is told of and dropped.
    expect(await startAgainWith(`${redirectUri}?code=late&state=${state}`)).toBe(0);
    await app.untilState('Valid');
  });

  /** The window that asks for a page's password. */
  const prompt = () =>
    untilPasses(() => {
      const pages = app.page.context().pages();
      const found = pages.find((page) => page.url().startsWith('data:text/html'));
      if (found === undefined) throw new Error('nobody was asked');
      return found;
    });

  it('leaves the person a page that asks an unseen flow for a password', async () => {
    server.open();
    await save({}, "await page.getByLabel('User').fill('alice');");
    await get();
    const asking = await prompt();
    await asking.getByText('Staff only').waitFor();
    const closed = asking.waitForEvent('close');
    await app.button('Cancel').click();
    await closed;
    await app.untilFailure('consent_cancelled');
    const { events } = await host.client('tokens.events', {});
    const reason = events.findLast(({ error }) => error?.code === 'consent_credentials_missing')?.error;
    expect(reason?.message).toContain(new URL(server.url).host);
    expect(server.logins).toEqual([]);
  });

  it('asks the person where a page wants a password, and again when it was wrong', async () => {
    await save({});
    await host.consentPage(get);
    for (const password of ['wr0ng', 'alice-pw']) {
      const asking = await prompt();
      await asking.getByText('Staff only').waitFor();
      await asking.getByLabel('User name').fill('alice');
      await asking.getByLabel('Password').fill(password);
      const closed = asking.waitForEvent('close');
      // The window may go before the click has come back.
      const clicked = asking.getByRole('button', { name: 'Sign in' }).click();
      await Promise.all([closed, clicked.catch(() => undefined)]);
    }
    await app.untilState('Valid');
    expect(server.logins).toEqual(['alice:wr0ng', 'alice:alice-pw']);
  });
});
