import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { requestSchema } from '../../../shared/model/request.ts';
import {
  endChromium,
  failureIn,
  rejectionOf,
  resultOf,
  sendTo,
  statusOf,
  type TestEngine,
  tokenEvents,
} from '../../fixtures/engine.ts';
import { untilPasses } from '../../fixtures/until.ts';
import { openProject, ownPlayground, persona, personas, profile, saveProfile } from './playground-project.ts';

afterAll(endChromium);

const reveal = async (engine: TestEngine, name: string | null = null) =>
  (await engine.call('tokens.reveal', { profile, persona: name })).accessToken;

test('each persona has its own token set, and a send carries that of the active one or of the one it names', async () => {
  const { engine, ordersUrl } = await openProject(await ownPlayground());
  expect((await sendTo(engine, ordersUrl, profile)).tokenUse).toMatchObject({ persona: 'admin' });
  expect((await sendTo(engine, ordersUrl, profile, 'reader')).tokenUse).toMatchObject({ persona: 'reader' });
  const [admin, reader] = [await reveal(engine, 'admin'), await reveal(engine, 'reader')];
  expect(admin).not.toBe(reader);
  expect((await statusOf(engine, profile, 'admin')).access).toMatchObject({ subject: 'alice' });
  expect((await statusOf(engine, profile, 'reader')).access).toMatchObject({ subject: 'bob' });

  expect(await reveal(engine)).toBe(admin);
  const settings = await engine.call('settings.setPersona', { profile, persona: 'reader' });
  expect(settings.personas).toEqual({ [profile]: 'reader' });
  expect(await reveal(engine)).toBe(reader);
  expect((await sendTo(engine, ordersUrl, profile)).tokenUse).toEqual({
    kind: 'valid',
    profile,
    persona: 'reader',
  });
  const obtained = (await tokenEvents(engine)).filter(({ kind }) => kind === 'obtained');
  expect(obtained).toMatchObject([{ persona: 'admin' }, { persona: 'reader' }]);
});

test('the choice is told to every window, and is there after a restart', async () => {
  const playground = await ownPlayground();
  const stored = new Map<string, unknown>();
  const settings = {
    get: (key: string) => stored.get(key),
    set: (k: string, v: unknown) => void stored.set(k, v),
  };
  const { engine } = await openProject(playground, { settings });
  await engine.call('settings.setPersona', { profile: null, persona: 'reader' });
  expect(engine.events.findLast(({ kind }) => kind === 'settings')).toMatchObject({
    settings: { personas: { [profile]: 'reader' } },
  });
  const folder = join(engine.dataFolder, '..');
  await engine.dispose();
  const again = await openProject(playground, { settings, folder });
  expect((await again.engine.call('settings.read', {})).personas).toEqual({ [profile]: 'reader' });
});

/** Edits the profile's file as another program does, and waits until the engine has read it. */
async function editOutside(engine: TestEngine, names: readonly string[]): Promise<void> {
  const file = join(engine.projectsFolder, 'orders', 'profiles', `${profile}.json`);
  const saved = JSON.parse(await readFile(file, 'utf8'));
  saved.personas = personas.filter(({ name }) => names.includes(name));
  await writeFile(file, JSON.stringify(saved));
  await untilPasses(async () => {
    const state = await engine.call('project.current', {});
    const found = state.kind === 'open' ? state.project.profiles[0]?.profile.personas : [];
    expect(found?.map(({ name }) => name)).toEqual(names);
  });
}

test('a persona that is gone gives way to none, and never to another one', async () => {
  const { engine, ordersUrl } = await openProject(await ownPlayground());
  await engine.call('settings.setPersona', { profile, persona: 'reader' });
  await sendTo(engine, ordersUrl, profile);
  await editOutside(engine, ['admin']);
  const failure = { code: 'persona_not_found', action: expect.stringContaining('“admin”') };
  expect(failureIn(await sendTo(engine, ordersUrl, profile))).toMatchObject(failure);
  expect(failureIn(await sendTo(engine, ordersUrl, profile, 'nobody'))).toMatchObject(failure);
  expect((await statusOf(engine, profile)).failure).toMatchObject(failure);
  for (const name of [profile, null]) {
    const chosen = engine.call('settings.setPersona', { profile: name, persona: 'nobody' });
    expect(await rejectionOf(chosen)).toMatchObject({ code: 'persona_not_found' });
  }
  // Back again, so are its tokens.
  await editOutside(engine, ['admin', 'reader']);
  expect((await sendTo(engine, ordersUrl, profile)).tokenUse).toMatchObject({
    kind: 'valid',
    persona: 'reader',
  });
});

test('editing client, scope, user or URLs makes the token stale: it is shown, told of, and not used', async () => {
  const playground = await ownPlayground();
  const { engine, ordersUrl } = await openProject(playground, { profile: { refreshMode: 'manual' } });
  await engine.call('tokens.get', { profile });
  const manual = { refreshMode: 'manual' } as const;
  const other = { name: 'admin', values: [{ name: 'user', kind: 'plain', value: 'carol' }] } as const;
  const changes: Parameters<typeof saveProfile>[2][] = [
    { client: { kind: 'none', id: 'playground-password' } },
    { client: { kind: 'client_secret_basic', id: 'another', secret: '{{orders_secret}}' } },
    { scope: 'openid' },
    { server: { issuer: playground.url, tokenUrl: `${playground.url}/token` } },
    { server: { issuer: `${playground.url}/` } },
    { personas: [{ ...other, values: [...other.values] }] },
    { grant: { kind: 'client_credentials' } },
  ];
  for (const change of changes) {
    await saveProfile(engine, playground, { ...manual, ...change });
    const status = await statusOf(engine, profile, 'admin');
    expect(status, JSON.stringify(change)).toMatchObject({
      access: { kind: 'held', stale: true },
      refresh: { kind: 'none' },
      refreshShown: false,
    });
    expect(failureIn(await sendTo(engine, ordersUrl, profile, 'admin'))).toMatchObject({
      code: 'token_missing',
    });
    await saveProfile(engine, playground, manual);
    expect(await statusOf(engine, profile, 'admin')).toMatchObject({ access: { stale: false } });
    expect(resultOf(await sendTo(engine, ordersUrl, profile, 'admin'))).toBe(200);
  }
  expect((await tokenEvents(engine)).filter(({ kind }) => kind === 'became_stale')).toHaveLength(
    changes.length,
  );
  expect(playground.status().counters.password).toBe(1);
});

test('taking a persona away deletes its tokens, and nobody else', async () => {
  const playground = await ownPlayground();
  const { engine, ordersUrl } = await openProject(playground);
  for (const { name } of personas) await sendTo(engine, ordersUrl, profile, name);
  await saveProfile(engine, playground, { personas: [persona('admin', 'alice')] });
  await saveProfile(engine, playground);
  expect((await statusOf(engine, profile, 'admin')).access.kind).toBe('held');
  expect((await statusOf(engine, profile, 'reader')).access.kind).toBe('none');
});

test("a persona's new name takes its tokens, the choice of it and the requests that name it along", async () => {
  const { engine, ordersUrl, playground } = await openProject(await ownPlayground());
  await engine.call('settings.setPersona', { profile, persona: 'reader' });
  const { id } = await engine.call('requests.create', { name: 'List' });
  const auth = { kind: 'profile' as const, profile, persona: 'reader' };
  const request = requestSchema.parse({ name: 'List', url: ordersUrl, auth });
  await engine.call('requests.save', { id, request });
  await engine.call('tokens.get', { profile });
  const token = await reveal(engine);

  await engine.call('profiles.renamePersona', { profile, from: 'reader', to: 'Prüfer 🧪' });
  expect((await engine.call('settings.read', {})).personas).toEqual({ [profile]: 'Prüfer 🧪' });
  expect(await reveal(engine)).toBe(token);
  const state = await engine.call('project.current', {});
  expect(state).toMatchObject({
    project: {
      profiles: [{ profile: { personas: [{ name: 'admin' }, { name: 'Prüfer 🧪' }] } }],
      requests: [{ request: { auth: { persona: 'Prüfer 🧪' } } }],
    },
  });
  expect(playground.status().counters.password).toBe(1);

  for (const [from, to, code] of [
    ['admin', 'Prüfer 🧪', 'name_taken'],
    ['nobody', 'x', 'persona_not_found'],
  ] as const) {
    const renamed = engine.call('profiles.renamePersona', { profile, from, to });
    expect(await rejectionOf(renamed)).toMatchObject({ code, action: expect.any(String) });
  }
});

test('deleting a profile deletes its tokens, of every persona, so that a new one of its name finds none', async () => {
  const playground = await ownPlayground();
  const { engine, ordersUrl } = await openProject(playground);
  for (const { name } of personas) await sendTo(engine, ordersUrl, profile, name);
  const vault = () => readFile(join(engine.dataFolder, 'vault.json'), 'utf8');
  const tokensIn = async () => (await vault()).match(/"token\//g)?.length ?? 0;
  expect(await tokensIn()).toBe(2);
  await engine.call('profiles.delete', { id: profile });
  expect(await tokensIn()).toBe(0);
  await engine.call('profiles.create', { name: 'Orders' });
  await saveProfile(engine, playground);
  expect((await statusOf(engine, profile)).access).toEqual({ kind: 'none' });
});

test('two personas that are updated at once do not wait for each other, and neither gets the token of the other', async () => {
  const playground = await ownPlayground();
  const { engine, ordersUrl } = await openProject(playground);
  const names = Array.from({ length: 60 }, (_, index) => (index % 2 === 0 ? 'admin' : 'reader'));
  const exchanges = await Promise.all(names.map((name) => sendTo(engine, ordersUrl, profile, name)));
  expect(exchanges.map(resultOf)).toEqual(names.map(() => 200));
  expect(exchanges.map(({ tokenUse }) => tokenUse)).toEqual(
    names.map((name) => ({ kind: 'updated', profile, persona: name, after401: false })),
  );
  expect(playground.status().counters.password).toBe(2);
  expect((await statusOf(engine, profile, 'admin')).access).toMatchObject({ subject: 'alice' });
  expect((await statusOf(engine, profile, 'reader')).access).toMatchObject({ subject: 'bob' });
});
