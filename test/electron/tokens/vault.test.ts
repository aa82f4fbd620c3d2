import { copyFile, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { keyFileCipher, passphraseCipher } from '../../../electron/tokens/cipher.ts';
import { entryName, memoryVault, openVault, type Vault } from '../../../electron/tokens/vault.ts';
import { type ChildProgram, childProgram } from '../../fixtures/child-process.ts';
import { mountSmallDisk } from '../../fixtures/small-disk.ts';
import { temporaryFolder } from '../../fixtures/temporary-folder.ts';

const marker = 'marker-secret-5b1f';

function open(folder: string, waitMs = 10_000): Promise<Vault> {
  return openVault({ folder, ciphers: [keyFileCipher(join(folder, 'vault.key'))], now: Date.now, waitMs });
}

const main = (folder: string) => join(folder, 'vault.json');
const backup = (folder: string) => join(folder, 'vault.backup.json');

async function edit(path: string, change: (json: ReturnType<typeof JSON.parse>) => void): Promise<void> {
  const json = JSON.parse(await readFile(path, 'utf8'));
  change(json);
  await writeFile(path, JSON.stringify(json));
}

async function filled(): Promise<string> {
  const folder = await temporaryFolder();
  const vault = await open(folder);
  await vault.write('token/a', 'value a');
  await vault.write('secret/b', 'value b');
  return folder;
}

describe('a vault', () => {
  test('keeps, lists, replaces and deletes values, and finds them again', async () => {
    const folder = join(await temporaryFolder(), 'deep', 'er');
    const vault = await open(folder);
    await vault.write('token/b', 'b');
    await vault.write('token/a', 'old');
    await vault.write('token/a', 'ä\u0000\n');
    await vault.write('secret/c', '');
    await vault.delete('token/b');
    await vault.delete('token/never');
    const again = await open(folder);
    expect(await again.read('token/a')).toBe('ä\u0000\n');
    expect(await again.read('secret/c')).toBe('');
    expect(await again.read('token/b')).toBeUndefined();
    expect(await again.list('token/')).toEqual(['token/a']);
    expect([again.protection, again.problems()]).toEqual(['key_file', []]);
  });

  test('holds no value in plain text, in no file', async () => {
    const folder = await temporaryFolder();
    await (await open(folder)).write('token/a', marker);
    for (const name of await readdir(folder)) {
      const text = await readFile(join(folder, name), 'latin1');
      expect(text).not.toContain(marker);
      expect(text).not.toContain(Buffer.from(marker).toString('base64').slice(0, 20));
    }
  });

  test('keeps every one of many writes at once, of one vault and of two', async () => {
    const folder = await temporaryFolder();
    const vaults = await Promise.all([open(folder), open(folder)]);
    await Promise.all(
      vaults.flatMap((vault, who) =>
        Array.from({ length: 20 }, (_, n) => vault.write(`token/${who}-${n}`, `${n}`)),
      ),
    );
    for (const vault of vaults) expect(await vault.list('token/')).toHaveLength(40);
  });

  test('reads what another process has written since', async () => {
    const folder = await temporaryFolder();
    const [mine, others] = [await open(folder), await open(folder)];
    await mine.write('token/a', 'mine');
    await others.write('token/a', 'theirs');
    expect(await mine.read('token/a')).toBe('theirs');
  });

  test('takes over a vault that was put in its place, with another key', async () => {
    const [folder, other] = [await temporaryFolder(), await filled()];
    const vault = await open(folder);
    await copyFile(main(other), main(folder));
    await copyFile(join(other, 'vault.key'), join(folder, 'vault.key'));
    expect(await vault.read('token/a')).toBe('value a');
  });

  test('sweeps what a killed writer left', async () => {
    const folder = await filled();
    await writeFile(join(folder, '.vault.json.0011223344556677.tmp'), 'half');
    await (await open(folder)).write('token/a', 'x');
    expect((await readdir(folder)).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });
});

describe('the key of a vault', () => {
  test('is wrapped anew for a preferred cipher, and the old way still opens it', async () => {
    const folder = await filled();
    const keyFile = keyFileCipher(join(folder, 'vault.key'));
    const both = { folder, ciphers: [passphraseCipher('pass'), keyFile], now: Date.now };
    // The key file beside it opens the vault still, so no more than that is claimed.
    expect((await openVault(both)).protection).toBe('key_file');
    const byPassphrase = await openVault({ ...both, ciphers: [passphraseCipher('pass')] });
    expect(await byPassphrase.read('token/a')).toBe('value a');
    expect(await (await open(folder)).read('secret/b')).toBe('value b');
  });

  test('is not opened by another passphrase, and nothing is changed by trying', async () => {
    const folder = await temporaryFolder();
    await openVault({ folder, ciphers: [passphraseCipher('right')], now: Date.now });
    const before = await readFile(main(folder), 'utf8');
    const wrong = openVault({ folder, ciphers: [passphraseCipher('wrong')], now: Date.now });
    await expect(wrong).rejects.toMatchObject({ code: 'vault_key_invalid' });
    expect(await readFile(main(folder), 'utf8')).toBe(before);
  });

  test('that unwraps to garbage is refused instead of setting every entry aside', async () => {
    const folder = await filled();
    const careless = {
      kind: 'key_file',
      wrap: async () => 'x',
      unwrap: async () => Buffer.alloc(32),
    } as const;
    await expect(openVault({ folder, ciphers: [careless], now: Date.now })).rejects.toMatchObject({
      code: 'vault_key_invalid',
      message: expect.stringContaining('was not made with this key'),
    });
  });

  test('sealed in no way that is at hand says vault_locked, with what sealed it and both ways out', async () => {
    const folder = await filled();
    const locked = openVault({ folder, ciphers: [passphraseCipher('x')], now: Date.now });
    await expect(locked).rejects.toMatchObject({
      code: 'vault_locked',
      message: 'The vault is sealed with a key file.',
      action: expect.stringMatching(/key file in place.*move .*vault\.json/),
    });
  });

  test('cannot be kept by no cipher at all', async () => {
    const folder = await temporaryFolder();
    await expect(openVault({ folder, ciphers: [], now: Date.now })).rejects.toMatchObject({
      code: 'vault_locked',
    });
  });
});

describe('a damaged vault', () => {
  test.each([
    ['torn', (text: string) => text.slice(0, text.length / 2)],
    ['emptied', () => ''],
    ['without its keys', (text: string) => JSON.stringify({ ...JSON.parse(text), keys: [] })],
    ['turned into something else', () => '{"__proto__": [], "format": "x"}'],
  ])('%s is replaced by its copy, kept aside and reported', async (_, damage) => {
    const folder = await filled();
    const damaged = damage(await readFile(main(folder), 'utf8'));
    await writeFile(main(folder), damaged);
    const vault = await open(folder);
    expect(await vault.read('token/a')).toBe('value a');
    expect(await vault.read('secret/b')).toBe('value b');
    expect(vault.problems()).toMatchObject([{ code: 'vault_damaged', details: { file: main(folder) } }]);
    const aside = (await readdir(folder)).filter((name) => name.startsWith('vault.damaged-'));
    expect(aside).toHaveLength(1);
    expect(await readFile(join(folder, aside[0] ?? ''), 'utf8')).toBe(damaged);
  });

  test('is mended while it is open, too', async () => {
    const folder = await filled();
    const vault = await open(folder);
    await writeFile(main(folder), '{');
    expect(await vault.read('token/a')).toBe('value a');
    await writeFile(main(folder), '{');
    await vault.write('token/c', 'value c');
    expect(await vault.list('token/')).toEqual(['token/a', 'token/c']);
  });

  test('that is gone comes back from its copy, and says so', async () => {
    const folder = await filled();
    await rm(main(folder));
    const vault = await open(folder);
    expect(await vault.read('token/a')).toBe('value a');
    expect(vault.problems()[0]?.message).toContain('was gone');
  });

  test.each([
    ['is damaged too', (folder: string) => writeFile(backup(folder), 'no')],
    ['is missing', (folder: string) => rm(backup(folder))],
  ])('whose copy %s is left untouched, and the person decides', async (_, damage) => {
    const folder = await filled();
    await writeFile(main(folder), 'no');
    await damage(folder);
    await expect(open(folder)).rejects.toMatchObject({
      code: 'vault_damaged',
      action: expect.stringContaining('move both away'),
    });
    expect(await readFile(main(folder), 'utf8')).toBe('no');
  });

  test.each([
    ['changed', (json: { entries: Record<string, unknown> }) => (json.entries['token/a'] = 'AAAA')],
    ['no text', (json: { entries: Record<string, unknown> }) => (json.entries['token/a'] = { x: 1 })],
    [
      'put under another name',
      (json: { entries: Record<string, unknown> }) => (json.entries['token/a'] = json.entries['secret/b']),
    ],
  ])('with one entry %s loses only that, sets it aside and reports it once', async (_, damage) => {
    const folder = await filled();
    await edit(main(folder), damage);
    const damaged = JSON.parse(await readFile(main(folder), 'utf8')).entries['token/a'];
    const vault = await open(folder);
    expect(await vault.read('token/a')).toBeUndefined();
    expect(await vault.read('secret/b')).toBe('value b');
    await vault.write('token/a', 'new');
    await vault.write('token/c', 'c');
    expect(await (await open(folder)).read('token/a')).toBe('new');
    expect(vault.problems()).toMatchObject([{ code: 'vault_damaged', details: { entry: 'token/a' } }]);
    const { setAside } = JSON.parse(await readFile(main(folder), 'utf8'));
    expect(setAside).toMatchObject([{ name: 'token/a', entry: damaged }]);
  });

  test('with a damaged check value still opens, since its entries do', async () => {
    const folder = await filled();
    await edit(main(folder), (json) => (json.check = 'AAAA'));
    expect(await (await open(folder)).read('token/a')).toBe('value a');
  });

  test('of a newer version is not taken for damaged', async () => {
    const folder = await filled();
    await edit(main(folder), (json) => (json.format = 2));
    await expect(open(folder)).rejects.toMatchObject({
      code: 'vault_unreadable',
      action: 'Update Grantwright to use it.',
    });
    expect(JSON.parse(await readFile(main(folder), 'utf8')).format).toBe(2);
  });

  test('that is a folder says vault_unreadable', async () => {
    const folder = await temporaryFolder();
    await mkdir(main(folder));
    await expect(open(folder)).rejects.toMatchObject({
      code: 'vault_unreadable',
      details: { file: main(folder) },
    });
  });
});

describe('a vault that cannot be written', () => {
  test('says what is in the way and keeps the old value', async () => {
    const folder = await filled();
    const vault = await open(folder);
    await mkdir(join(folder, 'vault.lock'));
    await expect(vault.write('token/a', 'new')).rejects.toMatchObject({ code: 'file_write_failed' });
    expect(await vault.read('token/a')).toBe('value a');
    await rename(join(folder, 'vault.lock'), join(folder, 'away'));
    await vault.write('token/a', 'new');
    expect(await (await open(folder)).read('token/a')).toBe('new');
  });

  test('says disk_full on a full disk; everything stored before is there', async (context) => {
    const disk = mountSmallDisk(256);
    if (disk === null) return context.skip('a small disk cannot be mounted here');
    onTestFinished(disk.remove);
    const vault = await open(disk.folder);
    await vault.write('token/a', 'value a');
    await expect(vault.write('token/b', 'x'.repeat(400_000))).rejects.toMatchObject({ code: 'disk_full' });
    expect(await vault.read('token/b')).toBeUndefined();
    expect(await (await open(disk.folder)).read('token/a')).toBe('value a');
    expect((await readdir(disk.folder)).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });

  test('opens on a disk where a new key cannot be added, and reports it', async () => {
    const folder = await filled();
    await mkdir(join(folder, 'vault.lock'));
    const ciphers = [passphraseCipher('pass'), keyFileCipher(join(folder, 'vault.key'))];
    const vault = await openVault({ folder, ciphers, now: Date.now });
    expect([vault.protection, await vault.read('token/a')]).toEqual(['key_file', 'value a']);
    expect(vault.problems()).toMatchObject([{ code: 'file_write_failed' }]);
  });
});

describe('over processes', () => {
  let writer: ChildProgram;
  beforeAll(async () => {
    writer = await childProgram('vault-writer');
  });
  afterAll(() => writer.remove());

  test('two that write different entries at once lose nothing', async () => {
    const folder = await temporaryFolder();
    const children = ['token/a', 'token/b'].map((entry) => writer.start(folder, entry, '25'));
    await Promise.all(children.map((child) => child.ended()));
    const vault = await open(folder);
    for (const entry of ['token/a', 'token/b']) expect(await vault.read(entry)).toMatch(/^25:x+:25$/);
    expect(vault.problems()).toEqual([]);
  }, 60_000);

  test('a kill at any instant leaves the old value or the new one, whole', async () => {
    const folder = await temporaryFolder();
    let last = 0;
    for (let round = 0; round < 60; round += 1) {
      const child = writer.start(folder, 'token/a', '100000');
      await child.printed(1);
      // Spread over the 10 or 20 ms that a write takes, whatever part of it the kill then meets.
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 25));
      await child.kill();
      const acknowledged = Number(child.lines.at(-1));
      const vault = await open(folder);
      const [number = '', , again] = (await vault.read('token/a'))?.split(':') ?? [];
      expect(again).toBe(number);
      expect([acknowledged, acknowledged + 1]).toContain(Number(number));
      expect(Number(number)).toBeGreaterThan(last);
      expect(vault.problems()).toEqual([]);
      last = Number(number);
    }
  }, 120_000);
});

test('a memory vault does the same, and stores nothing', async () => {
  const vault = memoryVault();
  await vault.write('token/a', 'a');
  await vault.write('secret/b', 'b');
  await vault.delete('secret/b');
  expect(await vault.read('token/a')).toBe('a');
  expect(await vault.list('')).toEqual(['token/a']);
  expect([vault.protection, vault.problems()]).toEqual(['memory', []]);
});

test('entry names tell keys apart that only look alike', () => {
  const names = [['a', 'b'], ['ab', ''], ['a,b'], ['a', null], ['a', 'null'], ['a', '']].map((parts) =>
    entryName('token', parts),
  );
  expect(new Set(names).size).toBe(names.length);
  expect(names[0]).toMatch(/^token\/[0-9a-f]{64}$/);
});
