import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, expect, test } from 'vitest';
import type { Project } from '../../../shared/model/project.ts';
import {
  endChromium,
  failureIn,
  openSample,
  rejectionOf,
  resultOf,
  sendSaved,
  sendTo,
  startEngine,
  statusOf,
  type TestEngine,
} from '../../fixtures/engine.ts';
import { temporaryFolder } from '../../fixtures/temporary-folder.ts';
import { createProject, profileId, saveProfile } from './projects.ts';

afterAll(endChromium);

async function projectOf(engine: TestEngine): Promise<Project> {
  const state = await engine.call('project.current', {});
  if (state.kind === 'closed') throw new Error('No project is open.');
  return state.project;
}

const problemsOf = async (engine: TestEngine) => (await projectOf(engine)).problems;

test('a damaged profile stands in the problems with file and line; the rest of the project goes on', async () => {
  const engine = await startEngine({ folder: await temporaryFolder() });
  const folder = await openSample(engine);
  await engine.call('tokens.get', { profile: 'orders-service' });
  const file = join(folder, 'profiles', 'orders-api.json');
  const good = await readFile(file, 'utf8');
  const state = await projectOf(engine);
  const profile = state.profiles.find(({ id }) => id === 'orders-api')?.profile;
  if (profile === undefined) throw new Error('the sample has no orders-api');

  const damaged = `{\n  "name": "Orders API",\n  "grant": {{\n`;
  await writeFile(file, damaged);
  await expect
    .poll(() => problemsOf(engine))
    .toMatchObject([
      {
        code: 'project_file_unreadable',
        action: expect.any(String),
        details: { file: 'profiles/orders-api.json', line: 3 },
      },
    ]);
  expect(resultOf(await sendSaved(engine, 'service/list'))).toBe(200);
  expect(failureIn(await sendSaved(engine, 'orders/list')).code).toBe('profile_not_found');
  // What a person may have worked on is never written over.
  expect(await rejectionOf(engine.call('profiles.save', { id: 'orders-api', profile }))).toMatchObject({
    code: 'profile_not_found',
  });
  expect(await readFile(file, 'utf8')).toBe(damaged);

  await writeFile(file, good);
  await expect.poll(() => problemsOf(engine)).toEqual([]);
  expect(resultOf(await sendSaved(engine, 'orders/list'))).toBe(200);
});

test('a secret that was written into a profile by hand is refused, and not repeated in the error', async () => {
  const engine = await startEngine({ folder: await temporaryFolder() });
  const folder = await openSample(engine);
  const file = join(folder, 'profiles', 'orders-service.json');
  const text = await readFile(file, 'utf8');
  await writeFile(file, text.replace('{{orders_service_secret}}', 'plain-s3cret'));
  await expect
    .poll(() => problemsOf(engine))
    .toMatchObject([{ code: 'project_file_invalid', details: { path: 'client.secret' } }]);
  expect(JSON.stringify(engine.events)).not.toContain('plain-s3cret');
});

test('a damaged main file keeps a project shut and the one before open', async () => {
  const folder = await temporaryFolder();
  const engine = await startEngine({ folder });
  const sample = await openSample(engine);
  const cases: [text: string | null, code: string][] = [
    ['{"format": 1, "name": ', 'project_file_unreadable'],
    ['{"format": 1}', 'project_file_invalid'],
    ['{"format": 2, "name": "Of tomorrow"}', 'project_file_invalid'],
    [null, 'project_not_found'],
  ];
  for (const [index, [text, code]] of cases.entries()) {
    const other = join(folder, `other-${index}`);
    await mkdir(other);
    if (text !== null) await writeFile(join(other, 'grantwright.json'), text);
    const failure = await rejectionOf(engine.call('project.open', { folder: other }));
    expect(failure, code).toMatchObject({ code, action: expect.any(String) });
    expect(failure.message).toContain('grantwright.json');
    expect((await projectOf(engine)).folder).toBe(sample);
  }
  const nowhere = await rejectionOf(engine.call('project.open', { folder: join(folder, 'nowhere') }));
  expect(nowhere).toMatchObject({ code: 'project_not_found', message: expect.stringContaining('nowhere') });
});

test('a send goes through while the project folder vanishes, and what needs the folder says so', async () => {
  const folder = await temporaryFolder();
  const engine = await startEngine({ folder });
  const sample = await openSample(engine);
  await engine.call('tokens.get', { profile: 'orders-api' });
  await engine.call('playground.configure', { settings: { failure: { kind: 'slow', delayMs: 300 } } });
  engine.clock.aheadMs = 301_000;
  const sending = sendSaved(engine, 'orders/list');
  await rename(sample, join(folder, 'moved'));
  expect(resultOf(await sending)).toBe(200);

  await expect.poll(() => problemsOf(engine)).toMatchObject([{ code: 'project_not_found' }]);
  expect(resultOf(await sendSaved(engine, 'orders/list'))).toBe(200);
  for (const failing of [
    engine.call('profiles.create', { name: 'New' }),
    engine.call('scripts.save', { profile: 'orders-api', source: '' }),
  ]) {
    expect(await rejectionOf(failing)).toMatchObject({
      code: 'project_not_found',
      action: expect.any(String),
    });
  }
  expect((await rejectionOf(engine.call('tokens.get', { profile: 'orders-api' }))).code).toBe(
    'script_not_found',
  );

  // Back again, it is the same project with the same token set.
  await rename(join(folder, 'moved'), sample);
  await expect.poll(() => problemsOf(engine), { timeout: 5_000 }).toEqual([]);
  expect(await statusOf(engine, 'orders-api')).toMatchObject({ access: { kind: 'held', stale: false } });
});

test('a project that vanishes while another is opened does not come back', async () => {
  const folder = await temporaryFolder();
  const engine = await startEngine({ folder });
  const sample = await openSample(engine);
  await rm(sample, { recursive: true });
  const other = join(folder, 'other');
  await engine.call('project.create', { folder: other, name: 'Other' });
  await expect.poll(() => problemsOf(engine)).toEqual([]);
  expect((await projectOf(engine)).folder).toBe(other);

  await openSample(engine);
  await rm(sample, { recursive: true });
  await engine.call('project.close', {});
  expect(await engine.call('project.current', {})).toEqual({ kind: 'closed' });
});

test('an edit from outside is not missed while a large project is being read', async () => {
  const engine = await startEngine({ folder: await temporaryFolder() });
  const folder = await createProject(engine);
  for (const part of ['requests', 'environments']) await mkdir(join(folder, part));
  const request = JSON.stringify({ name: 'One of many', url: 'http://127.0.0.1/' });
  for (let index = 0; index < 500; index += 1) {
    await writeFile(join(folder, 'requests', `request-${index}.json`), request);
  }
  for (let round = 0; round < 20; round += 1) {
    const file = join(folder, 'environments', `round-${round}.json`);
    await writeFile(file, JSON.stringify({ name: `Round ${round}` }));
    if (round % 5 === 0) await saveProfile(engine, { scope: `round-${round}` });
    // An editor at work: some edits fall into a reading, some between two.
    await pause(40);
  }
  await expect.poll(async () => (await projectOf(engine)).environments.length, { timeout: 10_000 }).toBe(20);
});

test('a damaged or missing environment gives way to none, never to another', async () => {
  const engine = await startEngine({ folder: await temporaryFolder() });
  const folder = await createProject(engine);
  await mkdir(join(folder, 'environments'));
  const fileOf = (id: string) => join(folder, 'environments', `${id}.json`);
  const write = (id: string) =>
    writeFile(fileOf(id), JSON.stringify({ name: id, variables: { api: `http://${id}.invalid` } }));
  const active = async () => (await engine.call('settings.read', {})).environment;
  await write('dev');
  await write('production');
  await engine.call('project.open', { folder });
  expect(await active()).toBe('dev');

  await writeFile(fileOf('dev'), '{');
  await expect.poll(active).toBeNull();
  expect(failureIn(await sendTo(engine, '{{api}}'))).toMatchObject({ code: 'variable_missing' });

  await write('dev');
  await expect.poll(active).toBe('dev');
  await engine.call('settings.setEnvironment', { environment: 'dev' });
  await rm(fileOf('dev'));
  await expect.poll(active).toBeNull();
  expect(failureIn(await sendTo(engine, '{{api}}'))).toMatchObject({ code: 'variable_missing' });
  expect(await rejectionOf(engine.call('settings.setEnvironment', { environment: 'dev' }))).toMatchObject({
    code: 'environment_not_found',
    action: expect.stringContaining('production'),
  });
});

test('a variable without a value is named wherever it is missed', async () => {
  const engine = await startEngine({ folder: await temporaryFolder() });
  const server = { issuer: '{{auth_server}}', authorizationUrl: '', tokenUrl: '' };
  await createProject(engine, { profile: { server } });
  const missing = {
    code: 'variable_missing',
    details: { variable: 'auth_server' },
    action: expect.any(String),
  };
  expect((await statusOf(engine, profileId)).failure).toMatchObject(missing);
  expect(await rejectionOf(engine.call('tokens.get', { profile: profileId }))).toMatchObject(missing);
  expect(failureIn(await sendTo(engine, 'http://127.0.0.1/', profileId))).toMatchObject(missing);
  expect(await rejectionOf(engine.call('profiles.discover', { issuer: '{{auth_server}}' }))).toMatchObject(
    missing,
  );

  const client = { kind: 'client_secret_basic' as const, id: 'orders-app', secret: '{{orders_secret}}' };
  await saveProfile(engine, { client });
  expect((await statusOf(engine, profileId)).failure).toMatchObject({
    code: 'secret_missing',
    details: { variable: 'orders_secret' },
  });
});

test('a variable named like a part of every object is as undefined as any other', async () => {
  const engine = await startEngine({ folder: await temporaryFolder() });
  const folder = await createProject(engine);
  await mkdir(join(folder, 'environments'));
  await writeFile(join(folder, 'environments', 'dev.json'), JSON.stringify({ name: 'Dev' }));
  await expect.poll(async () => (await projectOf(engine)).environments.length).toBe(1);
  for (const name of ['constructor', 'toString', 'valueOf', 'hasOwnProperty']) {
    expect(failureIn(await sendTo(engine, `http://127.0.0.1/{{${name}}}`))).toMatchObject({
      code: 'variable_missing',
      details: { variable: name },
    });
  }
});
