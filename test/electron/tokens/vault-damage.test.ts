import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { temporaryFolder } from '../../fixtures/temporary-folder.ts';
import { backup, edit, filled, main, open } from './vault-folder.ts';

describe('a damaged vault', () => {
  test.each([
    ['torn', (text: string) => text.slice(0, text.length / 2)],
    ['emptied', () => ''],
    ['without its keys', (text: string) => JSON.stringify({ ...JSON.parse(text), keys: [] })],
    ['in one letter of one entry', (text: string) => text.replace(/("token\/a": "......)./, '$1-')],
    ['in its digest', (text: string) => text.replace(/"digest": "./, '"digest": "x')],
    ['in its format number', (text: string) => text.replace('"format": 1', '"format": 3')],
    ['in its key', (text: string) => text.replace(/("wrapped": ".....)./, '$1-')],
    ['where an entry stood', (text: string) => text.replace(/\n.*"token\/a".*/, '\n')],
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

  test('of a newer version with its own digest is not taken for damaged either', async () => {
    const folder = await filled();
    const rest = `  "format": 2\n}\n`;
    const digest = createHash('sha256').update(rest).digest('hex');
    await writeFile(main(folder), `{\n  "digest": "${digest}",\n${rest}`);
    await expect(open(folder)).rejects.toMatchObject({ code: 'vault_unreadable', details: { format: 2 } });
  });

  test('whose copy is damaged or gone too keeps what can still be opened, and both files', async () => {
    const folder = await filled();
    // Another letter, whichever stood there; `-` would be read as `+`.
    const flip = (text: string, name: string) =>
      text.replace(new RegExp(`("${name}": "......)(.)`), (_, before: string, letter: string) =>
        before.concat(letter === 'A' ? 'B' : 'A'),
      );
    const damaged = flip(await readFile(main(folder), 'utf8'), 'token/a');
    await writeFile(main(folder), damaged);
    const damagedCopy = flip(damaged, 'secret/b');
    await writeFile(backup(folder), damagedCopy);
    const vault = await open(folder);
    expect([await vault.read('token/a'), await vault.read('secret/b')]).toEqual([undefined, 'value b']);
    expect(vault.problems().map(({ message }) => message)).toEqual([
      expect.stringContaining('its copy did not help'),
      expect.stringContaining('A token set in the vault'),
    ]);
    await vault.close();
    const aside = (await readdir(folder)).filter((name) => name.startsWith('vault.damaged-'));
    const kept = await Promise.all(aside.map((name) => readFile(join(folder, name), 'utf8')));
    expect(new Set(kept)).toEqual(new Set([damaged, damagedCopy]));
    const again = await open(folder);
    expect([await again.read('secret/b'), again.problems()]).toEqual(['value b', []]);
  });

  test('that is damaged the same way twice keeps both times what it was', async () => {
    const folder = await filled();
    for (const damage of ['{', '}', '{']) {
      await writeFile(main(folder), damage);
      const vault = await open(folder, { now: () => 1 });
      expect([await vault.read('token/a'), vault.problems().length]).toEqual(['value a', 1]);
      await vault.close();
    }
    const aside = (await readdir(folder)).filter((name) => name.startsWith('vault.damaged-'));
    const kept = await Promise.all(aside.map((name) => readFile(join(folder, name), 'utf8')));
    expect(kept.sort()).toEqual(['{', '}']);
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
