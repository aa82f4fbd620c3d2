import { afterAll, expect, onTestFinished, test } from 'vitest';
import { type Playground, startPlayground } from '../../../electron/playground/playground.ts';
import { recordRefreshes } from '../../fixtures/attempts.ts';
import {
  endChromium,
  openSample,
  resultOf,
  sendSaved,
  startEngine,
  statusOf,
  type TestEngine,
  tokenEvents,
} from '../../fixtures/engine.ts';
import { temporaryFolder } from '../../fixtures/temporary-folder.ts';

afterAll(endChromium);

const profile = 'orders-api';
const passphrase = 'one passphrase for both';

async function startSharedPlayground(): Promise<Playground> {
  const playground = await startPlayground();
  onTestFinished(() => playground.stop());
  return playground;
}

const sendMany = (engine: TestEngine, count: number) =>
  Promise.all(Array.from({ length: count }, () => sendSaved(engine, 'orders/list')));

test('1,000 sends at once on an expired token cause one refresh, and each knows of it', async () => {
  const engine = await startEngine({ folder: await temporaryFolder() });
  await openSample(engine);
  await engine.call('tokens.get', { profile });
  engine.clock.aheadMs = 301_000;
  const exchanges = await sendMany(engine, 1000);
  expect(exchanges.map(resultOf)).toEqual(Array(1000).fill(200));
  const refreshed = (await tokenEvents(engine)).filter(({ kind }) => kind === 'refreshed');
  expect(refreshed).toMatchObject([{ waitedCount: 1000, grant: 'refresh_token', answer: { status: 200 } }]);
  expect(refreshed[0]?.waited).toEqual(Array(20).fill('List orders'));
  for (const exchange of exchanges) expect(exchange.tokenEvents).toEqual(refreshed.map(({ id }) => id));
  const status = await engine.call('playground.status', {});
  if (status.kind !== 'running') throw new Error('The playground is not running.');
  recordRefreshes('1,000 sends at once in one process on an expired token', status.counters);
  expect(status.counters).toMatchObject({ refresh_token: 1, authorization_code: 1, reused: 0, refused: 0 });
});

test('200 sends at once with no token cause one consent', async () => {
  const engine = await startEngine({ folder: await temporaryFolder() });
  await openSample(engine);
  const exchanges = await sendMany(engine, 200);
  expect(exchanges.map(resultOf)).toEqual(Array(200).fill(200));
  expect(await engine.call('playground.status', {})).toMatchObject({ counters: { authorization_code: 1 } });
});

test('a token revoked at the server costs one update, however many sends it is rejected for', async () => {
  const engine = await startEngine({ folder: await temporaryFolder() });
  await openSample(engine);
  await engine.call('tokens.get', { profile });
  await engine.call('playground.revokeAll', {});
  const exchanges = await sendMany(engine, 50);
  expect(exchanges.map(resultOf)).toEqual(Array(50).fill(200));
  expect(await engine.call('playground.status', {})).toMatchObject({
    counters: { authorization_code: 2, refresh_token: 1 },
  });
});

test('a refused refresh goes on with consent, and the send names the events that it caused', async () => {
  const engine = await startEngine({ folder: await temporaryFolder() });
  await openSample(engine);
  await engine.call('tokens.get', { profile });
  await engine.call('playground.configure', { settings: { failure: { kind: 'refuse_refresh' } } });
  engine.clock.aheadMs = 301_000;
  const exchange = await sendSaved(engine, 'orders/list');
  expect([resultOf(exchange), exchange.tokenUse]).toEqual([
    200,
    { kind: 'updated', profile, persona: 'admin', after401: false },
  ]);
  const events = (await tokenEvents(engine)).filter(({ id }) => exchange.tokenEvents.includes(id));
  expect(events).toMatchObject([
    {
      kind: 'refresh_refused',
      title: 'Refresh refused: invalid_grant',
      detail: expect.stringContaining(
        'the refresh token was dropped · consent follows, worked by the script',
      ),
      error: { code: 'token_request_refused', server: { error: 'invalid_grant', status: 400 } },
    },
    { kind: 'consent_started', trigger: 'send' },
    { kind: 'obtained', trigger: 'send' },
  ]);
  expect(await statusOf(engine, profile)).toMatchObject({ refresh: { kind: 'usable' }, failure: null });
});

test('two engines on one data folder share the token set, and refresh it once', async () => {
  const { url, status } = await startSharedPlayground();
  const folder = await temporaryFolder();
  const variables = { playground_url: url };
  const desktop = await startEngine({ folder, variables, passphrase });
  await openSample(desktop);
  const web = await startEngine({ folder, variables, passphrase });
  await openSample(web);

  await desktop.call('tokens.get', { profile });
  const { accessToken } = await desktop.call('tokens.reveal', { profile });
  expect(await web.call('tokens.reveal', { profile })).toEqual({ accessToken });

  for (const engine of [desktop, web]) engine.clock.aheadMs = 301_000;
  const exchanges = (await Promise.all([sendMany(desktop, 20), sendMany(web, 20)])).flat();
  expect(exchanges.map(resultOf)).toEqual(Array(40).fill(200));
  expect(status().counters).toMatchObject({ authorization_code: 1, refresh_token: 1 });
  const held = await desktop.call('tokens.reveal', { profile });
  expect(await web.call('tokens.reveal', { profile })).toEqual(held);
  expect(held.accessToken).not.toBe(accessToken);

  // What one stores, the other finds: secrets too, and nothing of either is lost.
  await web.call('secrets.save', { name: 'orders_service_secret', value: 'playground-service-secret' });
  await Promise.all([
    desktop.call('tokens.get', { profile: 'orders-service' }),
    web.call('tokens.refresh', { profile }),
  ]);
  for (const engine of [desktop, web]) {
    expect(await statusOf(engine, profile)).toMatchObject({ access: { kind: 'held' }, failure: null });
    expect(await statusOf(engine, 'orders-service')).toMatchObject({
      access: { kind: 'held' },
      failure: null,
    });
  }
});

test('an engine with another passphrase opens the same project, and none of its secrets', async () => {
  const { url } = await startSharedPlayground();
  const folder = await temporaryFolder();
  const variables = { playground_url: url };
  const first = await startEngine({ folder, variables, passphrase });
  await openSample(first);
  await first.call('tokens.get', { profile });
  const stranger = await startEngine({ folder, variables, passphrase: 'another' });
  await openSample(stranger);
  expect((await statusOf(stranger, profile)).failure).toMatchObject({
    code: 'vault_key_invalid',
    action: expect.stringContaining('GRANTWRIGHT_VAULT_KEY'),
  });
  expect(resultOf(await sendSaved(first, 'orders/list'))).toBe(200);
});
