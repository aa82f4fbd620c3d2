import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { sweepTemporaries, temporaryBeside, writeFileAtomic } from '../../../electron/files/atomic-write.ts';
import { mountSmallDisk } from '../../fixtures/small-disk.ts';
import { temporaryFolder } from '../../fixtures/temporary-folder.ts';

describe('writeFileAtomic', () => {
  test('replaces the content and leaves nothing beside it', async () => {
    const folder = await temporaryFolder();
    const path = join(folder, 'a.json');
    await writeFileAtomic(path, 'old');
    await writeFileAtomic(path, 'new', { mode: 0o600 });
    expect(await readFile(path, 'utf8')).toBe('new');
    expect(await readdir(folder)).toEqual(['a.json']);
    if (process.platform !== 'win32') expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  test('names the file and the reason when its folder is missing', async () => {
    const path = join(await temporaryFolder(), 'gone', 'a.json');
    await expect(writeFileAtomic(path, 'x')).rejects.toMatchObject({
      code: 'file_write_failed',
      message: `${path} could not be written: its folder does not exist.`,
      details: { file: path },
    });
  });

  test('fails, and cleans up, when a folder stands in its place', async () => {
    const folder = await temporaryFolder();
    await mkdir(join(folder, 'a.json', 'inside'), { recursive: true });
    await expect(writeFileAtomic(join(folder, 'a.json'), 'x')).rejects.toMatchObject({
      code: 'file_write_failed',
    });
    expect(await readdir(folder)).toEqual(['a.json']);
  });

  test('says disk_full on a full disk, and the old content stands', async (context) => {
    const disk = mountSmallDisk(16);
    if (disk === null) return context.skip('a small disk cannot be mounted here');
    onTestFinished(disk.remove);
    const path = join(disk.folder, 'a.json');
    await writeFileAtomic(path, 'old');
    await expect(writeFileAtomic(path, 'x'.repeat(100_000))).rejects.toMatchObject({ code: 'disk_full' });
    expect(await readFile(path, 'utf8')).toBe('old');
    expect(await readdir(disk.folder)).toEqual(['a.json']);
  });

  test('sweeps what killed writers of this file left, and nothing else', async () => {
    const folder = await temporaryFolder();
    const path = join(folder, 'a.json');
    await writeFile(temporaryBeside(path), 'half');
    await writeFile(join(folder, '.b.json.12.tmp'), 'of another');
    await writeFileAtomic(path, 'whole');
    await sweepTemporaries(path);
    expect((await readdir(folder)).sort()).toEqual(['.b.json.12.tmp', 'a.json']);
  });
});
