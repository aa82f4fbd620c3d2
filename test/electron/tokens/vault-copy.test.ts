import { mkdir, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { backup, edit, filled, main, open } from './vault-folder.ts';

const text = (path: string) => readFile(path, 'utf8');

describe("a vault's copy", () => {
  test('is there with the same content once the vault is closed, and so is nothing else', async () => {
    const folder = await filled();
    expect(await text(backup(folder))).toBe(await text(main(folder)));
    const names = ['vault.backup.json', 'vault.json', 'vault.key'];
    expect((await readdir(folder)).sort()).toEqual(names);
  });

  test('is never more than one write behind, whoever writes', async () => {
    const folder = await filled();
    const vaults = [await open(folder), await open(folder)];
    const sizes = [(await stat(main(folder))).size];
    const seen: [number, number][] = [];
    let writing = true;
    const watching = (async () => {
      while (writing) seen.push([(await stat(main(folder))).size, (await stat(backup(folder))).size]);
    })();
    for (let number = 1; number <= 40; number += 1) {
      // Each a little longer, so that the size tells which one it is.
      await vaults[number % 2]?.write('token/a', 'x'.repeat(number * 10));
      sizes.push((await stat(main(folder))).size);
    }
    writing = false;
    await watching;
    const behind = ([stands, copied]: [number, number]) => sizes.indexOf(stands) - sizes.indexOf(copied);
    expect(Math.max(...seen.map(behind))).toBe(1);
  });

  test('that a killed process left behind is made anew when the vault is opened', async () => {
    const folder = await filled();
    const older = await text(backup(folder));
    const vault = await open(folder);
    await vault.write('token/a', 'newer');
    await vault.close();
    // As a kill between the two leaves it.
    await writeFile(backup(folder), older);
    await utimes(backup(folder), 1, 1);
    await (await open(folder)).close();
    expect(await text(backup(folder))).toBe(await text(main(folder)));
    const before = await stat(backup(folder), { bigint: true });
    await (await open(folder)).close();
    expect(await stat(backup(folder), { bigint: true })).toEqual(before);
  });

  test('is not replaced by what a person has edited before anything is written', async () => {
    const folder = await filled();
    const before = await text(backup(folder));
    await edit(main(folder), (json) => (json.entries['token/a'] = 'AAAA'));
    const vault = await open(folder);
    expect(await vault.read('token/a')).toBeUndefined();
    await vault.close();
    expect(await text(backup(folder))).toBe(before);
  });

  test('that cannot be written is reported, and the value is stored', async () => {
    const folder = await filled();
    const vault = await open(folder);
    await rm(backup(folder));
    await mkdir(join(backup(folder), 'in the way'), { recursive: true });
    await vault.write('token/a', 'stored');
    await vault.close();
    expect(vault.problems()).toMatchObject([
      { code: 'file_write_failed', details: { file: backup(folder) } },
    ]);
    expect(await (await open(folder)).read('token/a')).toBe('stored');
  });
});
