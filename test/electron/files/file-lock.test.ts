import { writeFileSync } from 'node:fs';
import { mkdir, readdir, readFile, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { basename, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { temporaryBeside } from '../../../electron/files/atomic-write.ts';
import { withFileLock } from '../../../electron/files/file-lock.ts';
import { temporaryFolder } from '../../fixtures/temporary-folder.ts';
import { lockWith, record } from './lock-files.ts';

const options = { now: Date.now, purpose: 'testing', waitMs: 100 };

describe('withFileLock', () => {
  test('lets one in at a time, and leaves no file behind', async () => {
    const folder = await temporaryFolder();
    const path = join(folder, 'made', 'a.lock');
    let inside = 0;
    const work = async () => {
      inside += 1;
      await readdir(folder);
      expect(inside).toBe(1);
      inside -= 1;
    };
    const turns = Array.from({ length: 30 }, () => withFileLock(path, { ...options, waitMs: 10_000 }, work));
    await Promise.all(turns);
    expect(await readdir(join(folder, 'made'))).toEqual([]);
  });

  test('frees the lock when the work fails, and passes the failure on', async () => {
    const path = join(await temporaryFolder(), 'a.lock');
    await expect(withFileLock(path, options, () => Promise.reject(new Error('the work')))).rejects.toThrow(
      'the work',
    );
    await expect(withFileLock(path, options, async () => 'free')).resolves.toBe('free');
  });

  test('gives up after the wait, naming the holder and its purpose', async () => {
    const path = await lockWith(record({ pid: process.ppid }));
    await expect(withFileLock(path, options, async () => {})).rejects.toMatchObject({
      code: 'vault_busy',
      message: expect.stringContaining(`process ${process.ppid} on ${hostname()} is working`),
      details: { file: path, pid: process.ppid },
    });
  });

  test('gives up at once when aborted', async () => {
    const path = await lockWith(record({ pid: process.ppid }));
    const abort = new AbortController();
    const waiting = withFileLock(path, { ...options, waitMs: 60_000, signal: abort.signal }, async () => {});
    abort.abort();
    await expect(waiting).rejects.toMatchObject({ code: 'cancelled' });
  });

  test.each([
    ['of a process that has died', record()],
    ['of an earlier process with our own number', record({ pid: process.pid })],
  ])('takes over a lock %s', async (_, content) => {
    const path = await lockWith(content);
    await expect(withFileLock(path, options, async () => 'taken')).resolves.toBe('taken');
  });

  test.runIf(process.platform === 'linux')(
    'takes over the lock of a dead process whose number is in use again',
    async () => {
      const path = await lockWith(record({ pid: process.ppid, processStart: '1' }));
      await expect(withFileLock(path, options, async () => 'taken')).resolves.toBe('taken');
    },
  );

  test('takes over an unreadable lock, but not while it may be in the making', async () => {
    const path = await lockWith('');
    let uptime = 0;
    const uptimeMs = () => uptime;
    const first = withFileLock(path, { ...options, waitMs: 0, uptimeMs }, async () => {});
    await expect(first).rejects.toMatchObject({ code: 'vault_busy', details: { file: path } });
    uptime += 5_001;
    await expect(withFileLock(path, { ...options, uptimeMs }, async () => 'taken')).resolves.toBe('taken');
  });

  test('takes over when whoever took over died as well', async () => {
    const dead = record();
    const path = await lockWith(dead);
    await writeFile(`${path}.${JSON.parse(dead).id}`, record());
    await expect(withFileLock(path, options, async () => 'taken')).resolves.toBe('taken');
    expect(await readdir(join(path, '..'))).toEqual([]);
  });

  test('sweeps what killed processes left long ago when it takes a lock over', async () => {
    const path = await lockWith(record());
    const [old, fresh] = [temporaryBeside(path), temporaryBeside(path)];
    for (const temporary of [old, fresh]) await writeFile(temporary, '');
    await utimes(old, 1, 1);
    await withFileLock(path, options, async () => {});
    expect(await readdir(join(path, '..'))).toEqual([basename(fresh)]);
  });

  test('does not remove the living lock of a process that took over a moment before', async () => {
    const path = await lockWith(record({ host: 'elsewhere' }));
    const living = `${record({ pid: process.ppid })}\n`;
    let uptime = 0;
    const looks = { ...options, waitMs: 0, uptimeMs: () => uptime };
    await expect(withFileLock(path, looks, async () => {})).rejects.toMatchObject({ code: 'vault_busy' });
    uptime += 3_600_000;
    let judged = false;
    // The clock is asked while the old lock is judged: the other process takes over between that and the removal.
    const uptimeMs = () => {
      if (judged) writeFileSync(path, living);
      judged = true;
      return uptime;
    };
    const late = withFileLock(path, { ...looks, uptimeMs }, async () => {});
    await expect(late).rejects.toMatchObject({ code: 'vault_busy', details: { pid: process.ppid } });
    expect(await readFile(path, 'utf8')).toBe(living);
  });

  test('does not remove a lock that is no longer its own', async () => {
    const path = join(await temporaryFolder(), 'a.lock');
    const other = record({ pid: process.ppid });
    await withFileLock(path, options, () => writeFile(path, other));
    expect(await readFile(path, 'utf8')).toBe(other);
  });

  test('names the file when a folder stands in its place', async () => {
    const path = join(await temporaryFolder(), 'a.lock');
    await mkdir(path);
    await expect(withFileLock(path, options, async () => {})).rejects.toMatchObject({
      code: 'file_write_failed',
      details: { file: path },
    });
  });
});
