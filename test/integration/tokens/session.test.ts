import { afterAll, expect, test } from 'vitest';
import { profileSchema } from '../../../shared/model/profile.ts';
import {
  endChromium,
  openSample,
  rejectionOf,
  startEngine,
  statusOf,
  type TestEngine,
  tokenEvents,
} from '../../fixtures/engine.ts';
import { temporaryFolder } from '../../fixtures/temporary-folder.ts';

afterAll(endChromium);

const profile = 'orders-api';
const allow = `await page.getByRole('button', { name: 'Allow' }).click({ timeout: 2000 });`;
const signIn = `await page.getByLabel('User name').fill(vars.user);
await page.getByLabel('Password').fill(vars.password);
await page.getByRole('button', { name: 'Sign in' }).click();
${allow}`;

/** The sample on a playground that keeps sessions, its profile with changes. */
async function startSample(changes: object): Promise<TestEngine> {
  const engine = await startEngine({ folder: await temporaryFolder() });
  await openSample(engine);
  await engine.call('playground.configure', { settings: { keepsSessions: true } });
  const state = await engine.call('project.current', {});
  const saved = state.kind === 'open' ? state.project.profiles.find(({ id }) => id === profile) : undefined;
  const changed = profileSchema.parse({ ...saved?.profile, ...changes });
  await engine.call('profiles.save', { id: profile, profile: changed });
  return engine;
}

const save = (engine: TestEngine, source: string) => engine.call('scripts.save', { profile, source });
const get = (engine: TestEngine, persona: string | null = null) =>
  engine.call('tokens.get', { profile, persona });

test('a kept session skips the login page from the second consent on, for its own persona alone', async () => {
  const engine = await startSample({ session: 'kept' });
  await save(engine, signIn);
  expect(await get(engine)).toMatchObject({ sessionKept: true, access: { subject: 'alice' } });
  await save(engine, allow);
  expect(await get(engine)).toMatchObject({ access: { subject: 'alice' } });
  expect(await statusOf(engine, profile, 'reader')).toMatchObject({ sessionKept: false });
  expect(await rejectionOf(get(engine, 'reader'))).toMatchObject({ code: 'script_step_failed' });
  await save(engine, signIn);
  expect(await get(engine, 'reader')).toMatchObject({ sessionKept: true, access: { subject: 'bob' } });
});

test('clearing the session brings the login page back', async () => {
  const engine = await startSample({ session: 'kept' });
  await save(engine, signIn);
  await get(engine);
  expect(await engine.call('tokens.clearSession', { profile })).toMatchObject({ sessionKept: false });
  await save(engine, allow);
  expect(await rejectionOf(get(engine))).toMatchObject({ code: 'script_step_failed' });
  expect((await tokenEvents(engine)).map(({ kind }) => kind)).toContain('session_cleared');
});

test('each consent begins at the login page by default, whatever the server would keep', async () => {
  const engine = await startSample({});
  await save(engine, signIn);
  expect(await get(engine)).toMatchObject({ sessionKept: false });
  await save(engine, allow);
  expect(await rejectionOf(get(engine))).toMatchObject({ code: 'script_step_failed' });
});

test('logging out ends the session at the provider, and keeps the tokens', async () => {
  const engine = await startSample({ session: 'kept' });
  await save(engine, signIn);
  await get(engine);
  const { end, status } = await engine.call('tokens.logout', { profile });
  expect([end, status.access.kind, status.activity.kind]).toEqual(['returned', 'held', 'idle']);
  expect((await tokenEvents(engine)).at(-1)).toMatchObject({
    kind: 'logged_out',
    title: 'Session ended at the provider',
    error: null,
  });
  await save(engine, allow);
  expect(await rejectionOf(get(engine))).toMatchObject({ code: 'script_step_failed' });
});

test('a provider that asks, with nobody here to answer, is told of with what to do', async () => {
  const engine = await startSample({ session: 'kept', scope: 'offline_access orders.read' });
  await save(engine, signIn);
  expect(await get(engine)).toMatchObject({ idTokenHeld: false });
  expect(await rejectionOf(engine.call('tokens.logout', { profile }))).toMatchObject({
    code: 'logout_unconfirmed',
    action: expect.any(String),
  });
  expect((await tokenEvents(engine)).at(-1)).toMatchObject({
    kind: 'end_failed',
    title: 'Not logged out at the provider',
  });
  await save(engine, allow);
  expect(await get(engine)).toMatchObject({ access: { kind: 'held' } });
});
