import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { createSystemBrowser } from '../../../electron/consent/browsers/system.ts';
import { openInBrowser } from '../../../electron/hosts/web/open-in-browser.ts';
import { temporaryFolder } from '../../fixtures/temporary-folder.ts';
import { profile, startMarkedEngine } from './marked-project.ts';
import { startMarkedServer } from './marked-server.ts';
import { search, stem } from './markers.ts';
import { startRecorder } from './recorder.ts';

const personPresent = () => true;

test.each([true, false])(
  'logging out in the person’s own browser (opened: %s) hands the id token to no other program and no window',
  async (opens) => {
    const server = await startMarkedServer();
    const recorder = startRecorder();
    const opened: string[] = [];
    const browser = createSystemBrowser({
      async openExternally(url) {
        opened.push(url);
        // Whoever may list the processes of this machine can read what they are started with.
        recorder.record('the parameter of another program', url);
        return opens;
      },
    });
    const engine = await startMarkedEngine(server, {
      profile: { grant: { kind: 'password' }, postLogoutRedirectUri: '' },
      ...{ recorder, personPresent, consentBrowsers: [browser] },
    });
    await engine.call('tokens.get', { profile });
    expect(await engine.call('tokens.logout', { profile })).toMatchObject({ end: 'page' });
    expect(opened).toEqual([`${server.url}/end-session?client_id=orders-app`]);
    engine.expectNoSecret(`logging out in the person's own browser, ${opens ? '' : 'not '}opened from here`);
  },
);

test('signing in there tells the window where to go, and nothing of what comes back', async () => {
  const server = await startMarkedServer();
  const redirectUri = 'http://127.0.0.1/callback';
  const engine = await startMarkedEngine(server, {
    profile: { grant: { kind: 'authorization_code', redirectUri }, scope: 'orders' },
    script: null,
    ...{ personPresent, consentBrowsers: [createSystemBrowser({ openExternally: async () => false })] },
  });
  const getting = engine.call('tokens.get', { profile });
  const openUrl = () =>
    engine.events
      .flatMap((event) => (event.kind === 'token_status' ? [event.status.activity] : []))
      .flatMap((activity) => (activity.kind === 'consent' ? (activity.openUrl ?? []) : []))
      .at(-1);
  await vi.waitUntil(() => openUrl() !== undefined, { timeout: 20_000 });
  // As the contract says, the window is given `state`, and nothing that could be used without the verifier.
  const { searchParams } = new URL(openUrl() ?? '');
  await fetch(openUrl() ?? '');
  const body = new URLSearchParams({ user: 'u', password: 'p', seed: 's' });
  const answered = await fetch(`${server.url}/login`, { method: 'POST', body });
  expect(answered.status).toBe(200);
  await getting;
  expect(server.seen.delete(searchParams.get('state') ?? '')).toBe(true);
  engine.expectNoSecret("signing in in the person's own browser");
});

test.skipIf(process.platform !== 'linux')(
  'the person’s own browser is started without what is ours',
  async () => {
    const folder = await temporaryFolder();
    const told = join(folder, 'told');
    await writeFile(join(folder, 'xdg-open'), `#!/bin/sh\nenv > ${told}.part && mv ${told}.part ${told}\n`, {
      mode: 0o755,
    });
    vi.stubEnv('PATH', `${folder}:${process.env.PATH}`);
    vi.stubEnv('DISPLAY', ':99');
    vi.stubEnv('GRANTWRIGHT_VAULT_KEY', stem);
    vi.stubEnv('GRANTWRIGHT_VAR_orders_secret', stem);
    onTestFinished(() => void vi.unstubAllEnvs());
    expect(await openInBrowser('http://127.0.0.1:1/')).toBe(true);
    const environment = () => readFile(told, 'utf8').catch(() => '');
    await vi.waitUntil(async () => (await environment()) !== '', { timeout: 20_000 });
    expect(await environment()).toContain(`PATH=${folder}`);
    expect(search([{ name: 'its environment', text: await environment() }], [])).toEqual([]);
  },
);
