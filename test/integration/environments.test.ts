import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { profileSchema } from '../../shared/model/profile.ts';
import {
  endChromium,
  openSample,
  resultOf,
  sendSaved,
  startEngine,
  statusOf,
  type TestEngine,
} from '../fixtures/engine.ts';
import { temporaryFolder } from '../fixtures/temporary-folder.ts';

afterAll(endChromium);

/** The sample with two environments, whose scripts sign in as different people. */
async function twoEnvironments(engine: TestEngine): Promise<void> {
  const folder = await openSample(engine);
  for (const [id, user] of [
    ['dev', 'alice'],
    ['prod', 'bob'],
  ]) {
    const variables = { orders_url: '{{playground_url}}/api', user, password: `${user}-pw` };
    await writeFile(join(folder, 'environments', `${id}.json`), JSON.stringify({ name: id, variables }));
  }
  const saved: unknown = JSON.parse(await readFile(join(folder, 'profiles', 'orders-api.json'), 'utf8'));
  const profile = profileSchema.parse(saved);
  const values = ['user', 'password'].map((name) => ({ name, kind: 'plain' as const, value: `{{${name}}}` }));
  await engine.call('profiles.save', {
    id: 'orders-api',
    profile: { ...profile, personas: [{ name: 'default', values }] },
  });
  await engine.call('project.open', { folder });
}

async function fail(
  engine: TestEngine,
  failure: { kind: 'none' } | { kind: 'refuse_refresh' } | { kind: 'slow'; delayMs: number },
) {
  const playground = await engine.call('playground.start', {});
  if (playground.kind !== 'running') throw new Error('the playground does not run');
  await engine.call('playground.configure', { settings: { ...playground.settings, failure } });
}

const subjectOf = async (engine: TestEngine) => {
  const { access } = await statusOf(engine, 'orders-api');
  return access.kind === 'held' ? access.subject : null;
};

test('an update goes on with the values of the environment in which it began, and shows in no other', async () => {
  const engine = await startEngine({ folder: await temporaryFolder() });
  await twoEnvironments(engine);
  await engine.call('settings.setEnvironment', { environment: 'dev' });
  await engine.call('tokens.get', { profile: 'orders-api' });
  expect(await subjectOf(engine)).toBe('alice');

  // The refresh is on its way when the person switches; refused, it goes on to consent.
  await engine.call('playground.revokeAll', {});
  engine.clock.aheadMs = 400_000;
  await fail(engine, { kind: 'slow', delayMs: 1500 });
  const sending = sendSaved(engine, 'orders/list');
  await expect.poll(async () => (await statusOf(engine, 'orders-api')).activity.kind).toBe('refreshing');
  await engine.call('settings.setEnvironment', { environment: 'prod' });
  const told = engine.events.length;
  await fail(engine, { kind: 'none' });
  expect(resultOf(await sending)).toBe(200);

  const shown = engine.events.slice(told).filter((event) => event.kind === 'token_status');
  expect(
    shown.filter(({ status }) => status.profile === 'orders-api' && status.access.kind === 'held'),
  ).toEqual([]);
  expect(await subjectOf(engine)).toBeNull();
  await engine.call('settings.setEnvironment', { environment: 'dev' });
  expect(await subjectOf(engine)).toBe('alice');
});
