import { readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { rejectionOf, sendTo, startEngine, statusOf, type TestEngine } from '../../fixtures/engine.ts';
import { mountSmallDisk } from '../../fixtures/small-disk.ts';
import { temporaryFolder } from '../../fixtures/temporary-folder.ts';
import { until, untilPasses } from '../../fixtures/until.ts';
import { sendJson } from '../../fixtures/web-server.ts';
import { gate, openProject, personas, profile, saveProfile, startServer, values } from './orders-server.ts';

const jwt = (claims: object) =>
  [{ alg: 'RS256' }, claims, {}]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.');

/** Edits the profile's file as another program does, and waits until the engine has read it. */
async function editOutside(
  engine: TestEngine & { project: string },
  edit: (saved: { personas: object[] }) => void,
): Promise<void> {
  const file = join(engine.project, 'profiles', `${profile}.json`);
  const saved = JSON.parse(await readFile(file, 'utf8'));
  edit(saved);
  await writeFile(file, JSON.stringify(saved));
  await untilPasses(async () => {
    const state = await engine.call('project.current', {});
    const found = state.kind === 'open' ? state.project.profiles[0]?.profile.personas : [];
    expect(found?.length).toBe(saved.personas.length);
  });
}

test('a refresh whose answer names the same person by another claim keeps the refresh token', async () => {
  const server = await startServer();
  const now = Math.floor(Date.now() / 1000);
  const id_token = jwt({
    ...{ iss: 'https://issuer.example', aud: 'app', iat: now, exp: now + 300 },
    ...{ sub: 'u-1', email: 'alice@example.com' },
  });
  server.extra = { expires_in: 300, id_token };
  // Neither id token nor refresh token at a refresh, and an access token that has `sub` alone.
  server.refresh = (_, response) =>
    sendJson(response, {
      access_token: jwt({ sub: 'u-1', exp: now + 300 }),
      token_type: 'Bearer',
      expires_in: 300,
    });
  const engine = await openProject(server);
  await engine.call('tokens.get', { profile });
  expect((await engine.call('tokens.refresh', { profile })).refresh).toMatchObject({ kind: 'usable' });
});

test('saving a profile deletes no tokens of a persona that was gone before, by an edit from outside', async () => {
  const server = await startServer();
  const engine = await openProject(server);
  await engine.call('settings.setPersona', { profile, persona: 'bob' });
  await engine.call('tokens.get', { profile });
  // As a checkout of an older branch does.
  await editOutside(engine, (saved) => void saved.personas.pop());
  await saveProfile(engine, server, { personas: personas.slice(0, 1), refreshMode: 'manual' });
  await editOutside(engine, (saved) => void saved.personas.push(...personas.slice(1)));
  expect((await statusOf(engine, profile, 'bob')).access.kind).toBe('held');
});

test('renaming a persona while its update runs does not undo what was saved meanwhile', async () => {
  const server = await startServer();
  const engine = await openProject(server);
  await engine.call('tokens.get', { profile });
  const hold = gate();
  server.refresh = (_, response) => void hold.opened.then(() => server.giveToken(response));
  const refreshing = engine.call('tokens.refresh', { profile });
  await until(() => server.count('/token', 'refresh_token') === 1);
  const renaming = engine.call('profiles.renamePersona', { profile, from: 'alice', to: 'carol' });
  await saveProfile(engine, server, { refreshMode: 'manual' });
  hold.open();
  await Promise.all([refreshing, renaming]);
  const saved = JSON.parse(await readFile(join(engine.project, 'profiles', `${profile}.json`), 'utf8'));
  expect(saved).toMatchObject({ refreshMode: 'manual', personas: [{ name: 'carol' }, { name: 'bob' }] });
});

test('a rename that fails leaves nothing under the new name', async () => {
  const server = await startServer();
  const engine = await openProject(server);
  await engine.call('tokens.get', { profile });
  const file = join(engine.project, 'profiles', `${profile}.json`);
  const text = await readFile(file, 'utf8');
  const hold = gate();
  server.refresh = (_, response) => void hold.opened.then(() => server.giveToken(response));
  const refreshing = engine.call('tokens.refresh', { profile });
  await until(() => server.count('/token', 'refresh_token') === 1);
  const renaming = rejectionOf(
    engine.call('profiles.renamePersona', { profile, from: 'alice', to: 'carol' }),
  );
  await writeFile(file, '<<<<<<< HEAD');
  hold.open();
  await refreshing;
  expect(await renaming).toMatchObject({ code: 'profile_not_found' });
  await writeFile(file, text);
  await untilPasses(async () => expect((await statusOf(engine, profile)).access.kind).toBe('held'));
  const vault = await readFile(join(engine.dataFolder, 'vault.json'), 'utf8');
  expect(vault.match(/"token\//g)).toHaveLength(1);
});

test('a persona that gets the name of one that is gone does not get its token', async () => {
  const server = await startServer();
  // Two people who log in by hand: nothing but the name tells them apart.
  const byHand = [{ name: 'alice' }, { name: 'bob' }];
  const client = { grant: { kind: 'client_credentials' } as const };
  const engine = await openProject(server, { ...client, personas: byHand });
  await engine.call('tokens.get', { profile, persona: 'bob' });
  await editOutside(engine, (saved) => void saved.personas.pop());
  await engine.call('profiles.renamePersona', { profile, from: 'alice', to: 'bob' });
  expect((await statusOf(engine, profile, 'bob')).access.kind, "alice has bob's token").toBe('none');
});

test('a profile whose file was damaged from outside is not saved over, and keeps its tokens', async () => {
  const server = await startServer();
  const engine = await openProject(server);
  await engine.call('tokens.get', { profile });
  const file = join(engine.project, 'profiles', `${profile}.json`);
  const text = await readFile(file, 'utf8');
  await writeFile(file, '<<<<<<< HEAD');
  await untilPasses(async () => {
    const state = await engine.call('project.current', {});
    expect(state.kind === 'open' && state.project.profiles).toEqual([]);
  });
  expect(await rejectionOf(saveProfile(engine, server))).toMatchObject({ code: 'profile_not_found' });
  await writeFile(file, text);
  await untilPasses(async () => expect((await statusOf(engine, profile)).access.kind).toBe('held'));
});

test('requests that need an update while a persona is renamed leave no token under its old name', async () => {
  const server = await startServer();
  const engine = await openProject(server);
  await engine.call('tokens.get', { profile });
  engine.clock.aheadMs = 301_000;
  const [, ...exchanges] = await Promise.all([
    engine.call('profiles.renamePersona', { profile, from: 'alice', to: 'carol' }),
    ...Array.from({ length: 20 }, () => sendTo(engine, `${server.url}/api`, profile)),
  ]);
  const codes = exchanges.map(({ outcome }) =>
    outcome.kind === 'failed' ? outcome.error.code : outcome.response.status,
  );
  const vault = await readFile(join(engine.dataFolder, 'vault.json'), 'utf8');
  const held = vault.match(/"token\//g)?.length;
  // Those that waited with the old name are told that it is there no more.
  for (const code of codes) expect([200, 'persona_not_found']).toContain(code);
  expect(held).toBe(1);
});

test('the values of a persona are those of its own name', async () => {
  const server = await startServer();
  const engine = await openProject(server, {
    personas: [
      { name: '__proto__', values: values('alice') },
      { name: 'constructor', values: values('bob') },
    ],
  });
  for (const persona of ['__proto__', 'constructor']) await engine.call('tokens.get', { profile, persona });
  expect(server.requests.map(({ form }) => form.get('username'))).toEqual(['alice', 'bob']);
  await engine.call('settings.setPersona', { profile, persona: '__proto__' });
  expect((await engine.call('settings.read', {})).personas).toEqual({ [profile]: '__proto__' });
});

test('a stored choice that cannot be read makes nobody else the active persona of another project', async () => {
  const server = await startServer();
  const stored = new Map<string, unknown>();
  const settings = {
    get: (key: string) => stored.get(key),
    set: (key: string, value: unknown) => void stored.set(key, value),
  };
  const engine = await openProject(server, {}, { settings });
  await engine.call('settings.setPersona', { profile, persona: 'bob' });
  stored.set('personas', { ...(stored.get('personas') as object), '/another/project': { orders: '' } });
  await sendTo(engine, `${server.url}/api`, profile);
  expect(server.requests[0]?.form.get('username')).toBe('bob');
});

test('a token set that the disk had no room for goes along with its persona', async (context) => {
  const disk = mountSmallDisk(512);
  if (disk === null) return context.skip('a small disk cannot be mounted here: it takes Linux and root');
  onTestFinished(disk.remove);
  const server = await startServer();
  const folder = await temporaryFolder();
  // The vault is on the small disk, the project is not.
  await symlink(disk.folder, join(folder, 'data'));
  const made = await startEngine({ folder });
  const project = join(made.projectsFolder, 'orders');
  await made.call('project.create', { folder: project, name: 'Orders' });
  await made.call('profiles.create', { name: 'Orders' });
  await saveProfile(made, server);
  // Large enough that a lock has room where the vault has none.
  await made.call('secrets.save', { name: 'large', value: 'x'.repeat(40_000) });
  await made.call('tokens.get', { profile, persona: 'bob' });
  await made.call('tokens.forget', { profile, persona: 'bob' });
  disk.fill(4);
  expect(await made.call('tokens.get', { profile })).toMatchObject({
    access: { kind: 'held' },
    failure: { code: 'disk_full' },
  });
  const held = async () => {
    const { statuses } = await made.call('tokens.statuses', {});
    return statuses.filter(({ access }) => access.kind === 'held').map(({ persona }) => persona);
  };
  const rename = () => made.call('profiles.renamePersona', { profile, from: 'alice', to: 'carol' });
  await expect(rename()).rejects.toMatchObject({ code: 'disk_full' });
  expect(await held()).toEqual(['alice']);
  disk.free();
  await rename();
  expect(await held()).toEqual(['carol']);
});

test('deleting a profile whose one token is busy elsewhere deletes the others all the same', async () => {
  const server = await startServer();
  const passphrase = 'one key';
  const one = await openProject(server, {}, { passphrase });
  for (const persona of ['alice', 'bob']) await one.call('tokens.get', { profile, persona });
  const other = await openProject(server, {}, { passphrase, folder: one.folder, tokenWaitMs: 200 });
  const hold = gate();
  server.refresh = (_, response) => void hold.opened.then(() => server.giveToken(response));
  const refreshing = one.call('tokens.refresh', { profile, persona: 'alice' }).catch(() => undefined);
  await until(() => server.count('/token', 'refresh_token') === 1);
  const refused = rejectionOf(other.call('profiles.delete', { id: profile }));
  expect(await refused).toMatchObject({ code: 'token_busy_elsewhere' });
  const held = (await readFile(join(one.dataFolder, 'vault.json'), 'utf8')).match(/"token\//g)?.length;
  hold.open();
  await refreshing;
  expect(held, 'alice, who is busy, and nobody else').toBe(1);
});
