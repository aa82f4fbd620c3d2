import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, test, vi } from 'vitest';
import { createClient } from '../../shared/contract/router.ts';
import { startCli } from '../fixtures/cli.ts';
import { root } from '../fixtures/electron-runtime.ts';
import { httpTransport } from '../fixtures/hosts.ts';
import { gate, openProject, profile, startServer } from '../integration/tokens/orders-server.ts';

const passphrase = 'one key for all';
const env = { GRANTWRIGHT_VAULT_KEY: passphrase };

/** A project that holds `refresh-1`, and a server that answers a refresh only when told to. */
async function heldRefresh() {
  const server = await startServer();
  const engine = await openProject(server, {}, { passphrase });
  await engine.call('tokens.get', { profile });
  await engine.dispose();
  const hold = gate();
  server.refresh = (_, response) => void hold.opened.then(() => server.giveToken(response));
  const onWire = () => vi.waitUntil(() => server.count('/token', 'refresh_token') === 1, { timeout: 20_000 });
  /** The refresh token that the next process presents. */
  async function presentedNext(): Promise<string | null | undefined> {
    const again = await openProject(server, {}, { passphrase, folder: engine.folder });
    const before = server.count('/token');
    await again.call('tokens.refresh', { profile });
    expect(server.count('/token')).toBe(before + 1);
    return server.requests.at(-1)?.form.get('refresh_token');
  }
  return { server, engine, onWire, answer: hold.open, presentedNext };
}

test('Ctrl+C on the command line while a refresh is on the wire loses no refresh token', async () => {
  const { engine, onWire, answer, presentedNext } = await heldRefresh();
  const { child, ended } = startCli(engine.folder, ['token', 'refresh', profile, '-p', engine.project], env);
  await onWire();
  child.kill('SIGINT');
  // The server has taken the request, and the old refresh token is dead from here on.
  setTimeout(answer, 300);
  await ended;
  expect(await presentedNext()).toBe('refresh-2');
});

test('SIGTERM to the web host while a refresh is on the wire loses no refresh token', async () => {
  const { engine, onWire, answer, presentedNext } = await heldRefresh();
  const child = spawn(process.execPath, [join(root, 'dist', 'engine', 'web.js')], {
    env: {
      ...{ ...process.env, ...env, GRANTWRIGHT_OPEN: 'no', DISPLAY: '', WAYLAND_DISPLAY: '' },
      GRANTWRIGHT_DATA_DIR: join(engine.folder, 'data'),
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit');
  let url = '';
  for await (const line of createInterface({ input: child.stdout })) {
    url = /http:\/\/127\.0\.0\.1:\d+\/#token=\w+/.exec(line)?.[0] ?? url;
    if (url !== '') break;
  }
  const call = createClient(httpTransport(url));
  await call('project.open', { folder: engine.project });
  void call('tokens.refresh', { profile }).catch(() => undefined);
  await onWire();
  child.kill('SIGTERM');
  setTimeout(answer, 300);
  await ended;
  expect(await presentedNext()).toBe('refresh-2');
});

test('closing does not wait for a server that asks to be left alone', async () => {
  const server = await startServer();
  const engine = await openProject(server);
  await engine.call('tokens.get', { profile });
  server.refresh = (_, response) => response.writeHead(503, { 'retry-after': '20' }).end();
  const refreshing = engine.call('tokens.refresh', { profile }).catch(() => undefined);
  await vi.waitUntil(() => server.count('/token', 'refresh_token') === 1);
  const startedMs = Date.now();
  await engine.dispose();
  await refreshing;
  expect(Date.now() - startedMs).toBeLessThan(10_000);
});

test('Get Access Token after Cancel does not wait for a server that asks to be left alone', async () => {
  const server = await startServer();
  const engine = await openProject(server);
  await engine.call('tokens.get', { profile });
  server.refresh = (_, response) => response.writeHead(503, { 'retry-after': '20' }).end();
  const refreshing = engine.call('tokens.refresh', { profile }).catch(() => undefined);
  await vi.waitUntil(() => server.count('/token', 'refresh_token') === 1);
  await engine.call('tokens.cancel', { profile });
  await refreshing;
  const startedMs = Date.now();
  await engine.call('tokens.get', { profile });
  expect(Date.now() - startedMs).toBeLessThan(10_000);
});
