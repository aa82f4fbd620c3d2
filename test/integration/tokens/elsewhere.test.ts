import { join } from 'node:path';
import { afterAll, expect, test, vi } from 'vitest';
import {
  endChromium,
  failureIn,
  resultOf,
  sendTo,
  statusOf,
  type TestEngine,
  tokenEvents,
} from '../../fixtures/engine.ts';
import { untilPasses } from '../../fixtures/until.ts';
import { openProject, ownPlayground, profile } from './playground-project.ts';

afterAll(endChromium);

const passphrase = 'one passphrase for both';

/** Two engines over one vault and one project, on a playground of their own. */
async function twoEngines(tokenWaitMs?: number) {
  const playground = await ownPlayground();
  const first = await openProject(playground, { passphrase });
  const folder = join(first.engine.dataFolder, '..');
  const options = { passphrase, folder, ...(tokenWaitMs === undefined ? {} : { tokenWaitMs }) };
  const second = await openProject(playground, options);
  return { playground, ordersUrl: first.ordersUrl, one: first.engine, other: second.engine };
}

async function untilStatus(engine: TestEngine, matches: object): Promise<void> {
  await vi.waitFor(async () => expect(await statusOf(engine, profile)).toMatchObject(matches), {
    timeout: 20_000,
    interval: 20,
  });
}

test('what one process does to a token the windows of another show by themselves', async () => {
  const { one, other, ordersUrl } = await twoEngines();
  // As a window does when it opens.
  await tokenEvents(other);
  await one.call('tokens.get', { profile });
  const shown = () =>
    other.events.flatMap((event) => (event.kind === 'token_status' ? [event.status.access.kind] : []));
  await vi.waitUntil(() => shown().at(-1) === 'held', { timeout: 20_000 });
  await vi.waitUntil(
    () => other.events.some((event) => event.kind === 'token_event' && event.event.kind === 'obtained'),
    { timeout: 20_000 },
  );
  await one.call('tokens.forget', { profile });
  await vi.waitUntil(() => shown().at(-1) === 'none', { timeout: 20_000 });
  expect(resultOf(await sendTo(other, ordersUrl, profile))).toBe(200);
  const kinds = async (engine: TestEngine) => (await tokenEvents(engine)).map(({ kind }) => kind);
  // Each finds the events of the other, as soon as those are in the file.
  for (const engine of [one, other]) {
    await untilPasses(async () => expect(await kinds(engine)).toEqual(['obtained', 'forgotten', 'obtained']));
  }
});

test('a send that waits for another process says for what, and its giving up harms nobody', async () => {
  const { playground, one, other, ordersUrl } = await twoEngines();
  await one.call('tokens.get', { profile });
  for (const engine of [one, other]) engine.clock.aheadMs = 301_000;
  playground.configure({ ...playground.status().settings, failure: { kind: 'slow', delayMs: 1_500 } });
  const refreshing = sendTo(one, ordersUrl, profile);
  await untilStatus(one, { activity: { kind: 'refreshing' } });
  const [stays, leaves] = ['stays', 'leaves'].map((id) =>
    other.call('requests.send', {
      id,
      request: { name: id, url: ordersUrl, auth: { kind: 'profile', profile } },
    }),
  );
  await untilStatus(other, {
    activity: {
      kind: 'elsewhere',
      what: expect.stringContaining('updating the token of “Orders” in the command line'),
    },
  });
  await other.call('requests.cancel', { id: 'leaves' });
  expect(await leaves).toMatchObject({ outcome: { kind: 'failed', error: { code: 'cancelled' } } });
  expect(resultOf(await refreshing)).toBe(200);
  const waited = await stays;
  expect(waited && resultOf(waited)).toBe(200);
  const events = (await tokenEvents(other)).filter(({ id }) => waited?.tokenEvents.includes(id));
  expect(events).toMatchObject([{ kind: 'updated_elsewhere', waited: ['stays'], waitedCount: 1 }]);
  expect(playground.status().counters).toMatchObject({ refresh_token: 1, reused: 0 });
  await untilStatus(other, { activity: { kind: 'idle' } });
});

test('whoever waits too long for another process fails with what that is doing, and nothing is lost', async () => {
  const { playground, one, other, ordersUrl } = await twoEngines(300);
  await one.call('tokens.get', { profile });
  for (const engine of [one, other]) engine.clock.aheadMs = 301_000;
  playground.configure({ ...playground.status().settings, failure: { kind: 'slow', delayMs: 3_000 } });
  const refreshing = sendTo(one, ordersUrl, profile);
  await untilStatus(one, { activity: { kind: 'refreshing' } });
  expect(failureIn(await sendTo(other, ordersUrl, profile))).toMatchObject({
    code: 'token_busy_elsewhere',
    message: expect.stringContaining('updating the token of “Orders”'),
    action: expect.any(String),
  });
  expect(resultOf(await refreshing)).toBe(200);
  expect(resultOf(await sendTo(other, ordersUrl, profile))).toBe(200);
  expect(playground.status().counters).toMatchObject({ refresh_token: 1, reused: 0 });
});

test('cancelling a refresh that is on the wire keeps the token that it brings', async () => {
  const playground = await ownPlayground();
  const { engine, ordersUrl } = await openProject(playground);
  await engine.call('tokens.get', { profile });
  const { accessToken } = await engine.call('tokens.reveal', { profile });
  engine.clock.aheadMs = 301_000;
  playground.configure({ ...playground.status().settings, failure: { kind: 'slow', delayMs: 500 } });
  const refreshing = engine.call('tokens.refresh', { profile }).catch((thrown: unknown) => thrown);
  await untilStatus(engine, { activity: { kind: 'refreshing' } });
  await engine.call('tokens.cancel', { profile });
  expect(await refreshing).toMatchObject({ code: 'consent_cancelled' });
  await untilStatus(engine, { activity: { kind: 'idle' } });
  expect((await engine.call('tokens.reveal', { profile })).accessToken).not.toBe(accessToken);
  expect((await sendTo(engine, ordersUrl, profile)).tokenUse.kind).toBe('valid');
  expect(playground.status().counters).toMatchObject({ refresh_token: 1, reused: 0 });
});
