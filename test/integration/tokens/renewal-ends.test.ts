import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { sendTo, statusOf } from '../../fixtures/engine.ts';
import { untilPasses } from '../../fixtures/until.ts';
import { sendJson } from '../../fixtures/web-server.ts';
import { gate, openProject, profile, saveProfile, startServer } from './orders-server.ts';

const renewAhead = { kind: 'on', seconds: 3600 } as const;
const refreshes = (server: Awaited<ReturnType<typeof startServer>>) =>
  server.count('/token', 'refresh_token');

/** Lets so much time go by for the engine's timers. */
const pass = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

test('a profile that is deleted from outside is not renewed any more', async () => {
  const server = await startServer();
  server.extra = { expires_in: 2 };
  const engine = await openProject(server, { renewAhead });
  await engine.call('tokens.get', { profile });
  await rm(join(engine.project, 'profiles', `${profile}.json`));
  await untilPasses(async () => {
    const state = await engine.call('project.current', {});
    expect(state.kind === 'open' && state.project.profiles).toEqual([]);
  });
  const [before, told] = [refreshes(server), engine.events.length];
  await pass(4_000);
  const statuses = engine.events.slice(told).filter(({ kind }) => kind === 'token_status').length;
  expect({ asked: refreshes(server) - before, statuses }).toEqual({ asked: 0, statuses: 0 });
});

test('a renewal that came due while another environment was shown is made up for', async () => {
  const server = await startServer();
  const engine = await openProject(server, { renewAhead });
  const environments = join(engine.project, 'environments');
  await mkdir(environments, { recursive: true });
  for (const name of ['dev', 'prod']) {
    await writeFile(join(environments, `${name}.json`), JSON.stringify({ name, variables: {}, secrets: [] }));
  }
  await untilPasses(async () => {
    const state = await engine.call('project.current', {});
    expect(state.kind === 'open' && state.project.environments.length).toBe(2);
  });
  await engine.call('settings.setEnvironment', { environment: 'dev' });
  server.extra = { expires_in: 4 };
  await engine.call('tokens.get', { profile });
  await engine.call('settings.setEnvironment', { environment: 'prod' });
  // Due at half of its usable time.
  await pass(2_500);
  expect(refreshes(server)).toBe(0);
  const hold = gate();
  server.refresh = (_, response) => void hold.opened.then(() => server.giveToken(response));
  await engine.call('settings.setEnvironment', { environment: 'dev' });
  expect((await statusOf(engine, profile)).renewsAtMs).toBeLessThan(Date.now());
  await vi.waitUntil(() => refreshes(server) > 0, { timeout: 20_000 });
  hold.open();
});

test('a closed project is renewed again when it is opened again', async () => {
  const server = await startServer();
  const engine = await openProject(server, { renewAhead });
  server.extra = { expires_in: 4 };
  await engine.call('tokens.get', { profile });
  await engine.call('project.close', {});
  await pass(2_500);
  await engine.call('project.open', { folder: engine.project });
  await vi.waitUntil(() => refreshes(server) > 0, { timeout: 20_000 });
});

test('a mistake in the profile stops renewals: the server is not asked again and again', async () => {
  const server = await startServer();
  const engine = await openProject(server, { renewAhead });
  server.extra = { expires_in: 2 };
  await engine.call('tokens.get', { profile });
  server.refresh = (_, response) => sendJson(response, { error: 'invalid_client' }, 401);
  await vi.waitUntil(() => refreshes(server) === 1, { timeout: 5_000 });
  // Longer than the pause after which a failure in passing is tried again.
  await pass(6_500);
  expect(refreshes(server)).toBe(1);
});

test('a host without windows renews no tokens but those that its sends use', async () => {
  const server = await startServer();
  const engine = await openProject(server);
  server.extra = { expires_in: 2 };
  await engine.call('tokens.get', { profile });
  await engine.call('tokens.get', { profile, persona: 'bob' });
  await saveProfile(engine, server, { renewAhead });
  await engine.dispose();
  const before = server.count('/token');
  // As `grantwright send` does: opens, sends as alice to an API that takes its time, ends.
  server.extra = { expires_in: 3600 };
  server.api = (_, response) => void setTimeout(() => response.writeHead(200).end(), 1_000);
  const again = await openProject(
    server,
    {},
    { folder: engine.folder, clock: { aheadMs: 60_000 }, followsOthers: false },
  );
  await sendTo(again, `${server.url}/api`, profile, 'alice');
  await again.dispose();
  const asked = server.requests.filter(({ path }) => path === '/token').slice(before);
  expect(asked.map(({ form }) => form.get('refresh_token'))).toEqual(['refresh-1']);
});
