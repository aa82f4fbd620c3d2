import { copyFile, mkdir, readdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { keyFileCipher, passphraseCipher } from '../../../electron/tokens/cipher.ts';
import { entryName, memoryVault, openVault } from '../../../electron/tokens/vault.ts';
import { lookByOpening } from '../../../electron/tokens/vault-stamp.ts';
import { mountSmallDisk } from '../../fixtures/small-disk.ts';
import { temporaryFolder } from '../../fixtures/temporary-folder.ts';
import { filled, main, open } from './vault-folder.ts';

const marker = 'marker-secret-5b1f';

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
    const vault = await open(folder);
    await vault.write('token/a', marker);
    await vault.close();
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

  test.each([
    ['on the disk', temporaryFolder],
    [
      'in memory, where files come and go within one tick of the clock',
      async () => {
        const disk = mountSmallDisk(256);
        if (disk !== null) onTestFinished(disk.remove);
        return disk?.folder ?? temporaryFolder();
      },
    ],
  ])('sees each of many quick writes of equal length, %s', async (_, makeFolder) => {
    const folder = await makeFolder();
    const [mine, others] = [await open(folder), await open(folder, { now: () => 5 })];
    for (let number = 100; number < 400; number += 1) {
      await others.write('token/a', `${number}`);
      expect(await mine.read('token/a')).toBe(`${number}`);
    }
  });

  test('shares one reading of a changed file among all who ask at once', async () => {
    const folder = await temporaryFolder();
    const [mine, others] = [await open(folder), await open(folder)];
    await others.write('token/a', 'theirs');
    const reads = Array.from({ length: 500 }, () => mine.read('token/a'));
    expect(new Set(await Promise.all(reads))).toEqual(new Set(['theirs']));
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
    const vault = await open(folder);
    await vault.write('token/a', 'x');
    await vault.close();
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
    await vault.close();
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

test('a memory vault does the same, and stores nothing', async () => {
  const vault = memoryVault();
  await vault.write('token/a', 'a');
  await vault.write('secret/b', 'b');
  await vault.delete('secret/b');
  expect(await vault.read('token/a')).toBe('a');
  expect(await vault.list('')).toEqual(['token/a']);
  expect([vault.protection, vault.problems()]).toEqual(['memory', []]);
});

test('a file is looked at the same on a network disk, where it is opened for it', async () => {
  const folder = await filled();
  expect(await lookByOpening(main(folder))).toEqual(await stat(main(folder), { bigint: true }));
  expect(await lookByOpening(join(folder, 'none'))).toBeNull();
  await expect(lookByOpening(join(main(folder), 'below'))).rejects.toMatchObject({
    code: 'vault_unreadable',
  });
});

test('entry names tell keys apart that only look alike', () => {
  const names = [['a', 'b'], ['ab', ''], ['a,b'], ['a', null], ['a', 'null'], ['a', '']].map((parts) =>
    entryName('token', parts),
  );
  expect(new Set(names).size).toBe(names.length);
  expect(names[0]).toMatch(/^token\/[0-9a-f]{64}$/);
});
