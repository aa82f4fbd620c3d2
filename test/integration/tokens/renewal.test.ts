import { afterAll, expect, test, vi } from 'vitest';
import {
  endChromium,
  resultOf,
  sendTo,
  statusOf,
  type TestEngine,
  tokenEvents,
} from '../../fixtures/engine.ts';
import { openProject, ownPlayground, profile, saveProfile } from './playground-project.ts';

afterAll(endChromium);

const renewAhead = { kind: 'on', seconds: 3600 } as const;

async function untilEvents(engine: TestEngine, title: string, count: number): Promise<void> {
  await vi.waitFor(
    async () => {
      const found = (await tokenEvents(engine)).filter((event) => event.title === title);
      if (found.length < count) throw new Error(`${found.length} of ${count}: ${title}`);
    },
    { timeout: 20_000, interval: 20 },
  );
}

test('a token about to expire is renewed in the background, again and again, so that no request waits', async () => {
  const playground = await ownPlayground({ accessLifetimeSeconds: 2 });
  const { engine, ordersUrl } = await openProject(playground, { profile: { renewAhead } });
  await engine.call('tokens.get', { profile });
  expect((await statusOf(engine, profile)).renewsAtMs).toBeGreaterThan(Date.now());
  await untilEvents(engine, 'Renewed ahead of its expiry', 3);
  const exchange = await sendTo(engine, ordersUrl, profile);
  expect([resultOf(exchange), exchange.tokenUse.kind, exchange.tokenEvents]).toEqual([200, 'valid', []]);
  const renewed = (await tokenEvents(engine)).filter(({ kind }) => kind === 'refreshed');
  for (const event of renewed)
    expect(event).toMatchObject({ trigger: 'renew', grant: 'refresh_token', waitedCount: 0 });
  expect(playground.status().counters).toMatchObject({ password: 1, reused: 0 });
});

test('a renewal that fails leaves the good token alone, is told of, and is tried again', async () => {
  const playground = await ownPlayground({ accessLifetimeSeconds: 60 });
  const { engine, ordersUrl } = await openProject(playground);
  await engine.call('tokens.get', { profile });
  playground.configure({ ...playground.status().settings, failure: { kind: 'malformed_json' } });
  // From now on it is due: half of its usable time is over.
  engine.clock.aheadMs = 30_000;
  await saveProfile(engine, playground, { renewAhead });
  await untilEvents(engine, 'Refresh failed', 1);
  expect(await statusOf(engine, profile)).toMatchObject({ failure: null, access: { kind: 'held' } });
  expect(resultOf(await sendTo(engine, ordersUrl, profile))).toBe(200);
  playground.configure({ ...playground.status().settings, failure: { kind: 'none' } });
  await untilEvents(engine, 'Renewed ahead of its expiry', 1);
});

test('a refused renewal puts the refresh token away, repeats a silent grant, and never opens consent', async () => {
  const playground = await ownPlayground({ accessLifetimeSeconds: 2, failure: { kind: 'refuse_refresh' } });
  const { engine } = await openProject(playground, { profile: { renewAhead } });
  await engine.call('tokens.get', { profile });
  await untilEvents(engine, 'Renewed ahead of its expiry', 2);
  expect(playground.status().counters.password).toBeGreaterThan(2);
  expect((await tokenEvents(engine)).map(({ kind }) => kind)).not.toContain('consent_started');
});

test('nothing is renewed in Manual mode, when it is switched off, or once the project is closed', async () => {
  const playground = await ownPlayground({ accessLifetimeSeconds: 2 });
  const { engine } = await openProject(playground, { profile: { renewAhead, refreshMode: 'manual' } });
  await engine.call('tokens.get', { profile });
  expect((await statusOf(engine, profile)).renewsAtMs).toBeNull();
  await saveProfile(engine, playground, { renewAhead });
  await untilEvents(engine, 'Renewed ahead of its expiry', 1);
  await engine.call('project.close', {});
  const { refresh_token: before } = playground.status().counters;
  // The server's own clock tells that the time of several renewals has gone by.
  const until = Date.now() + 5_000;
  await vi.waitUntil(() => Date.now() > until, { timeout: 10_000, interval: 100 });
  expect(playground.status().counters.refresh_token).toBeLessThanOrEqual(before + 1);
});
