import { expect, test, vi } from 'vitest';
import { startBareWebHost } from '../fixtures/bare-web-host.ts';
import { startCli } from '../fixtures/cli.ts';
import { until } from '../fixtures/until.ts';
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
  expect((await ended).code).toBe(130);
  expect(await presentedNext()).toBe('refresh-2');
});

test('SIGTERM to the web host while a refresh is on the wire loses no refresh token', async () => {
  const { engine, onWire, answer, presentedNext } = await heldRefresh();
  const { call, child, ended } = await startBareWebHost({ folder: engine.folder, env });
  await call('project.open', { folder: engine.project });
  void call('tokens.refresh', { profile }).catch(() => undefined);
  await onWire();
  child.kill('SIGTERM');
  setTimeout(answer, 300);
  expect(await ended).toEqual([0, null]);
  expect(await presentedNext()).toBe('refresh-2');
});

test('closing does not wait for a server that asks to be left alone', async () => {
  const server = await startServer();
  const engine = await openProject(server);
  await engine.call('tokens.get', { profile });
  server.refresh = (_, response) => response.writeHead(503, { 'retry-after': '20' }).end();
  const refreshing = engine.call('tokens.refresh', { profile }).catch(() => undefined);
  await until(() => server.count('/token', 'refresh_token') === 1);
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
  await until(() => server.count('/token', 'refresh_token') === 1);
  await engine.call('tokens.cancel', { profile });
  await refreshing;
  const startedMs = Date.now();
  await engine.call('tokens.get', { profile });
  expect(Date.now() - startedMs).toBeLessThan(10_000);
});
