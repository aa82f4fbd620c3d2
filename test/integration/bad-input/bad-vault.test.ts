import { chmod, copyFile, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
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

afterAll(endChromium);

const profile = 'orders-api';
const reveal = async (engine: TestEngine) => (await engine.call('tokens.reveal', { profile })).accessToken;

/** An engine whose vault holds a token set and a secret. */
async function startWithToken() {
  const folder = await temporaryFolder();
  const engine = await startEngine({ folder });
  const project = await openSample(engine);
  await engine.call('tokens.get', { profile });
  const vault = join(engine.dataFolder, 'vault.json');
  return { folder, engine, project, vault, backup: join(engine.dataFolder, 'vault.backup.json') };
}

async function startAgain(folder: string, project: string, passphrase?: string): Promise<TestEngine> {
  const engine = await startEngine({ folder, ...(passphrase === undefined ? {} : { passphrase }) });
  await engine.call('project.open', { folder: project });
  await engine.call('project.trust', { folder: project });
  return engine;
}

const damages = ['', '{"format": 1, "keys": [', '{}', '\u0000\u0000\u0000\u0000'];

test('damaged under a running engine, it is mended from its copy, and the window is told', async () => {
  const { engine, vault } = await startWithToken();
  const token = await reveal(engine);
  for (const [index, damage] of damages.entries()) {
    await writeFile(vault, damage);
    expect(await reveal(engine)).toBe(token);
    const told = engine.events.filter((event) => event.kind === 'vault');
    expect(told.at(-1)?.status, damage).toMatchObject({ kind: 'open', problems: { length: index + 1 } });
  }
  expect(await engine.call('vault.status', {})).toMatchObject({
    problems: expect.arrayContaining([
      expect.objectContaining({
        code: 'vault_damaged',
        details: { file: vault, keptAs: expect.any(String) },
      }),
    ]),
  });
  // Nothing damaged is thrown away: a person may look at it.
  const kept = (await readdir(engine.dataFolder)).filter((name) => name.startsWith('vault.damaged-'));
  expect(kept).toHaveLength(damages.length);
});

test('damaged beyond repair, it is left alone; the app opens without it, and takes it up again once restored', async () => {
  const { folder, engine, project, vault, backup } = await startWithToken();
  const token = await reveal(engine);
  await engine.dispose();
  const good = `${vault}.good`;
  await copyFile(vault, good);
  await writeFile(vault, 'damaged');
  await writeFile(backup, 'damaged too');

  const again = await startAgain(folder, project);
  const damaged = { code: 'vault_damaged', action: expect.any(String), details: { file: vault } };
  expect(await again.call('vault.status', {})).toMatchObject({ kind: 'failed', error: damaged });
  expect((await statusOf(again, profile)).failure).toMatchObject(damaged);
  expect(failureIn(await sendSaved(again, 'orders/list'))).toMatchObject(damaged);
  expect(await rejectionOf(again.call('tokens.get', { profile }))).toMatchObject(damaged);
  expect(await rejectionOf(again.call('secrets.save', { name: 'a', value: 'b' }))).toMatchObject(damaged);
  const started = await again.call('playground.start', {});
  const url = started.kind === 'running' ? started.url : '';
  expect(resultOf(await sendTo(again, url))).toBe(200);
  expect([await readFile(vault, 'utf8'), await readFile(backup, 'utf8')]).toEqual(['damaged', 'damaged too']);

  await copyFile(good, vault);
  await expect.poll(() => reveal(again).catch(() => null), { timeout: 5_000 }).toBe(token);
  expect(again.events).toContainEqual({ kind: 'vault', status: expect.objectContaining({ kind: 'open' }) });
});

test('a damaged entry is set aside by itself, and the others stay', async () => {
  const { folder, engine, project, vault, backup } = await startWithToken();
  await engine.dispose();
  const text = await readFile(vault, 'utf8');
  const damaged = text.replace(/("token\/[0-9a-f]+": ")..../, '$1AAAA');
  expect(damaged).not.toBe(text);
  for (const file of [vault, backup]) await writeFile(file, damaged);

  const again = await startAgain(folder, project);
  expect(await again.call('vault.status', {})).toMatchObject({
    kind: 'open',
    problems: [
      { code: 'vault_damaged', details: { keptAs: expect.any(String) } },
      {
        code: 'vault_damaged',
        message: expect.stringContaining('A token set'),
        action: 'Get an access token again.',
      },
    ],
  });
  expect(await statusOf(again, profile)).toMatchObject({ access: { kind: 'none' } });
  expect((await again.call('secrets.list', {})).secrets).toEqual([
    { name: 'orders_service_secret', stored: true },
  ]);
  await again.call('tokens.get', { profile });
  const { setAside } = JSON.parse(await readFile(vault, 'utf8'));
  expect(setAside).toMatchObject([{ entry: expect.stringMatching(/^AAAA/) }]);
});

test('a wrong key, a key file that others can read and another seal each say so, and change nothing', async () => {
  const { folder, engine, project, vault } = await startWithToken();
  const token = await reveal(engine);
  const text = await readFile(vault, 'utf8');
  await engine.dispose();
  const keyFile = join(engine.dataFolder, 'vault.key');
  const key = await readFile(keyFile);

  const sealed = await startAgain(folder, project, 'another way to seal');
  expect((await statusOf(sealed, profile)).failure).toMatchObject({ code: 'vault_locked' });
  await sealed.dispose();

  await chmod(keyFile, 0o644);
  const open = await startAgain(folder, project);
  expect((await statusOf(open, profile)).failure).toMatchObject({
    code: 'vault_key_invalid',
    action: `Run: chmod 600 '${keyFile}'`,
  });
  await chmod(keyFile, 0o600);
  await writeFile(keyFile, Buffer.alloc(32));
  await expect
    .poll(async () => (await statusOf(open, profile)).failure?.message, { timeout: 5_000 })
    .toContain('is not the key that the vault was made with');

  await writeFile(keyFile, key);
  await expect.poll(() => reveal(open).catch(() => null), { timeout: 5_000 }).toBe(token);
  expect(await readFile(vault, 'utf8')).toBe(text);
});
