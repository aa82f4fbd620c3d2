import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import {
  rejectionOf,
  resultOf,
  sendTo,
  statusOf,
  type TestEngine,
  tokenEvents,
} from '../../fixtures/engine.ts';
import { untilPasses } from '../../fixtures/until.ts';
import { sendJson } from '../../fixtures/web-server.ts';
import { gate, openProject, profile, saveProfile, startServer } from './orders-server.ts';

async function addEnvironments(
  engine: TestEngine & { project: string },
  environments: Record<string, { variables: object; secrets: string[] }>,
): Promise<void> {
  const folder = join(engine.project, 'environments');
  await mkdir(folder, { recursive: true });
  for (const [name, given] of Object.entries(environments)) {
    await writeFile(join(folder, `${name}.json`), JSON.stringify({ name, ...given }));
  }
  await untilPasses(async () => {
    const state = await engine.call('project.current', {});
    expect(state.kind === 'open' && state.project.environments.length).toBe(Object.keys(environments).length);
  });
}

const shownAccess = (engine: TestEngine) =>
  engine.events.flatMap((event) => (event.kind === 'token_status' ? [event.status] : [])).at(-1)?.access.kind;

test('the last status that a window is told is of the environment that it shows', async () => {
  const server = await startServer();
  const engine = await openProject(server, {
    personas: [
      {
        name: 'alice',
        values: ['user', 'password'].map((name) => ({ name, kind: 'plain', value: '{{user}}' })),
      },
    ],
  });
  await addEnvironments(engine, {
    // The value of one is in the vault, of the other it is not.
    slow: { variables: {}, secrets: ['user'] },
    fast: { variables: { user: 'alice' }, secrets: [] },
  });
  await engine.call('settings.setEnvironment', { environment: 'slow' });
  await engine.call('secrets.save', { name: 'user', value: 'alice' });
  await engine.call('tokens.get', { profile });
  for (let round = 0; round < 20; round += 1) {
    const first = engine.call('settings.setEnvironment', { environment: 'slow' });
    await Promise.all([first, engine.call('settings.setEnvironment', { environment: 'fast' })]);
    expect(shownAccess(engine), `round ${round}: the token of the other environment`).toBe('none');
  }
});

test('what fails in another process is told to the windows of this one', async () => {
  const server = await startServer();
  const passphrase = 'one key';
  const one = await openProject(server, {}, { passphrase });
  await one.call('tokens.get', { profile });
  const other = await openProject(server, {}, { passphrase, folder: one.folder });
  await tokenEvents(other);
  server.refresh = (_, response) => sendJson(response, { error: 'invalid_client' }, 401);
  await rejectionOf(one.call('tokens.refresh', { profile }));
  await vi.waitUntil(
    () => other.events.some((event) => event.kind === 'token_event' && event.event.kind === 'refresh_failed'),
    { timeout: 10_000 },
  );
});

test('requests that waited for a renewal are named by it', async () => {
  const server = await startServer();
  server.extra = { expires_in: 2 };
  const engine = await openProject(server);
  await engine.call('tokens.get', { profile });
  const hold = gate();
  server.refresh = (_, response) => void hold.opened.then(() => server.giveToken(response));
  await saveProfile(engine, server, { renewAhead: { kind: 'on', seconds: 3600 } });
  await vi.waitUntil(() => server.count('/token', 'refresh_token') === 1, { timeout: 5_000 });
  engine.clock.aheadMs = 5_000;
  const sending = sendTo(engine, `${server.url}/api`, profile);
  await statusOf(engine, profile);
  hold.open();
  const exchange = await sending;
  expect(resultOf(exchange)).toBe(200);
  const renewed = (await tokenEvents(engine)).filter(({ title }) => title === 'Renewed ahead of its expiry');
  expect(renewed[0]).toMatchObject({ waited: ['GET'], waitedCount: 1 });
});

test('a timeline file that is a folder, gone, or read again costs no token', async () => {
  const server = await startServer();
  const engine = await openProject(server);
  const complaints = vi.spyOn(console, 'error').mockImplementation(() => undefined);
  onTestFinished(() => complaints.mockRestore());
  const file = join(engine.dataFolder, 'timeline.jsonl');
  await engine.call('tokens.get', { profile });
  await tokenEvents(engine);
  await rm(file);
  await mkdir(file);
  await engine.call('tokens.get', { profile });
  expect((await tokenEvents(engine)).map(({ kind }) => kind)).toEqual(['obtained', 'obtained']);
  await rm(file, { recursive: true });
  await engine.call('tokens.get', { profile });
  await engine.dispose();
  const again = await openProject(server, {}, { folder: engine.folder });
  expect(await tokenEvents(again)).toHaveLength(2);
});

test('a failure of one persona is not shown for another', async () => {
  const server = await startServer();
  const engine = await openProject(server);
  await engine.call('tokens.get', { profile });
  await engine.call('tokens.get', { profile, persona: 'bob' });
  server.refresh = (_, response) => sendJson(response, { error: 'invalid_client' }, 401);
  await rejectionOf(engine.call('tokens.refresh', { profile }));
  expect((await statusOf(engine, profile, 'alice')).failure).toMatchObject({ code: 'invalid_client' });
  expect((await statusOf(engine, profile, 'bob')).failure).toBeNull();
});
