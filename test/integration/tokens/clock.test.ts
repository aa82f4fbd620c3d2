import { afterAll, expect, onTestFinished, test } from 'vitest';
import { endChromium, resultOf, sendTo, startEngine, statusOf, tokenEvents } from '../../fixtures/engine.ts';
import { temporaryFolder } from '../../fixtures/temporary-folder.ts';
import { sendJson, startWebServer } from '../../fixtures/web-server.ts';
import { createProject, profileId } from '../bad-input/projects.ts';
import { openProject, ownPlayground, profile, saveProfile } from './playground-project.ts';

afterAll(endChromium);

test("a server's clock far from ours is noticed, told once, and shown; the token lives as long as it should", async () => {
  const playground = await ownPlayground({ clockAheadSeconds: 600 });
  const { engine, ordersUrl } = await openProject(playground);
  await engine.call('tokens.get', { profile });
  const status = await statusOf(engine, profile);
  expect(Math.abs((status.clockAheadMs ?? 0) - 600_000)).toBeLessThan(5_000);
  await engine.call('tokens.refresh', { profile });
  const told = (await tokenEvents(engine)).filter(({ kind }) => kind === 'clock_differs');
  expect(told).toMatchObject([{ title: "The server's clock is 10 min ahead of this machine's" }]);
  engine.clock.aheadMs = 200_000;
  expect((await sendTo(engine, ordersUrl, profile)).tokenUse.kind).toBe('valid');
  // Once the clocks agree again, nothing is shown any more.
  engine.clock.aheadMs = 0;
  playground.configure({ ...playground.status().settings, clockAheadSeconds: 0 });
  expect((await engine.call('tokens.refresh', { profile })).clockAheadMs).toBeNull();
});

test('a custom lifetime counts at once for a token that is held, whatever the server said', async () => {
  const playground = await ownPlayground({ accessLifetimeSeconds: 3600 });
  const { engine, ordersUrl } = await openProject(playground);
  await engine.call('tokens.get', { profile });
  const lifetimes = [
    [{ kind: 'custom', value: 20, unit: 'seconds' }, 20_000],
    [{ kind: 'custom', value: 3, unit: 'minutes' }, 180_000],
    [{ kind: 'custom', value: 2, unit: 'hours' }, 7_200_000],
  ] as const;
  for (const [accessLifetime, ms] of lifetimes) {
    await saveProfile(engine, playground, { accessLifetime });
    const { access } = await statusOf(engine, profile);
    expect(access).toMatchObject({ kind: 'held', stale: false });
    if (access.kind === 'held') expect((access.expiresAtMs ?? 0) - access.issuedAtMs).toBe(ms);
  }
  await saveProfile(engine, playground, { accessLifetime: { kind: 'custom', value: 20, unit: 'seconds' } });
  engine.clock.aheadMs = 21_000;
  expect((await sendTo(engine, ordersUrl, profile)).tokenUse.kind).toBe('updated');
  expect(playground.status().counters.refresh_token).toBe(1);
});

test('a custom lifetime of the refresh token ends it here, and the grant is repeated', async () => {
  const playground = await ownPlayground();
  const { engine, ordersUrl } = await openProject(playground, {
    profile: { refreshLifetime: { kind: 'custom', value: 1, unit: 'hours' } },
  });
  await engine.call('tokens.get', { profile });
  engine.clock.aheadMs = 3_601_000;
  expect((await statusOf(engine, profile)).refresh).toMatchObject({ kind: 'expired' });
  expect(resultOf(await sendTo(engine, ordersUrl, profile))).toBe(200);
  expect(playground.status().counters).toMatchObject({ password: 2, refresh_token: 0 });
});

test('the margin of a profile decides from when on its token counts as expired', async () => {
  const playground = await ownPlayground({ accessLifetimeSeconds: 3600 });
  const { engine } = await openProject(playground);
  await engine.call('tokens.get', { profile });
  for (const [marginSeconds, ms] of [
    [0, 0],
    [120, 120_000],
    // At most a tenth of the lifetime.
    [600, 360_000],
  ] as const) {
    await saveProfile(engine, playground, { marginSeconds });
    const { access } = await statusOf(engine, profile);
    if (access.kind !== 'held') throw new Error('No token.');
    expect((access.expiresAtMs ?? 0) - (access.usableUntilMs ?? 0)).toBe(ms);
  }
});

const nowSeconds = () => Math.floor(Date.now() / 1000);
const jwt = (exp: unknown) =>
  [{ alg: 'none' }, { exp }, '']
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.');

/** What servers send, and in how many seconds the token expires; null: unknown, so that it is used until the API says no. */
const answers: [name: string, answer: () => Record<string, unknown>, seconds: number | null][] = [
  ['a number', () => ({ expires_in: 300 }), 300],
  ['a text', () => ({ expires_in: '300' }), 300],
  ['a fraction', () => ({ expires_in: 300.5 }), 300.5],
  ['a fraction as text', () => ({ expires_in: '300.5' }), 300.5],
  ['nothing at all', () => ({}), null],
  ['null', () => ({ expires_in: null }), null],
  ['zero', () => ({ expires_in: 0 }), null],
  ['a negative number', () => ({ expires_in: -1 }), null],
  ['no number', () => ({ expires_in: 'soon' }), null],
  ['a list', () => ({ expires_in: [300] }), null],
  ['a timestamp in seconds', () => ({ expires_in: nowSeconds() + 300 }), 300],
  ['a timestamp in milliseconds', () => ({ expires_in: Date.now() + 300_000 }), 300],
  ['an absurd number', () => ({ expires_in: 1e15 }), null],
  ["nothing, but a JWT's exp", () => ({ access_token: jwt(nowSeconds() + 300) }), 300],
  ["zero, but a JWT's exp", () => ({ expires_in: 0, access_token: jwt(nowSeconds() + 300) }), 300],
  ["nothing, and a JWT's exp that is no number", () => ({ access_token: jwt('soon') }), null],
];

test.each(answers)('expires_in as %s', async (_, answer, seconds) => {
  const server = await startWebServer((request, response) => {
    if (request.path !== '/token') return void sendJson(response, {});
    sendJson(response, {
      access_token: 'opaque',
      refresh_token: 'refresh',
      token_type: 'Bearer',
      ...answer(),
    });
  });
  onTestFinished(() => server.close());
  const engine = await startEngine({ folder: await temporaryFolder() });
  const values = ['user', 'password'].map((name) => ({ name, kind: 'plain' as const, value: name }));
  await createProject(engine, {
    profile: {
      grant: { kind: 'password' },
      server: { tokenUrl: `${server.url}/token` },
      personas: [{ name: 'default', values }],
    },
  });
  const { access } = await engine.call('tokens.get', { profile: profileId });
  if (access.kind !== 'held') throw new Error('No token.');
  if (seconds === null) expect(access.expiresAtMs).toBeNull();
  else expect(Math.abs((access.expiresAtMs ?? 0) - access.issuedAtMs - seconds * 1000)).toBeLessThan(2_500);
  expect(resultOf(await sendTo(engine, `${server.url}/orders`, profileId))).toBe(200);
  if (seconds === null) {
    engine.clock.aheadMs = 365 * 24 * 3600 * 1000;
    expect((await sendTo(engine, `${server.url}/orders`, profileId)).tokenUse.kind).toBe('valid');
  }
});
