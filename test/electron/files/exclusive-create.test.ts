import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createFileExclusive } from '../../../electron/files/exclusive-create.ts';
import { temporaryFolder } from '../../fixtures/temporary-folder.ts';

test('of many at once exactly one creates the file, whole', async () => {
  const folder = await temporaryFolder();
  const path = join(folder, 'one');
  const tries = Array.from({ length: 50 }, (_, index) =>
    createFileExclusive(path, `content ${index}`, { mode: 0o600, durable: index % 2 === 0 }),
  );
  const results = await Promise.all(tries);
  expect(results.filter((created) => created)).toHaveLength(1);
  expect(await readFile(path, 'utf8')).toBe(`content ${results.indexOf(true)}`);
  expect(await readdir(folder)).toEqual(['one']);
});

test('names the file when its folder is missing', async () => {
  const path = join(await temporaryFolder(), 'gone', 'one');
  await expect(createFileExclusive(path, '', { mode: 0o600, durable: false })).rejects.toMatchObject({
    code: 'file_write_failed',
    details: { file: path },
  });
});
