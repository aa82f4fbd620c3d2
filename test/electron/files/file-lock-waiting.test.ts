import { link, readFile, rm, stat, unlink, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { type LockHolder, withFileLock } from '../../../electron/files/file-lock.ts';
import { AppError } from '../../../shared/errors.ts';
import { temporaryFolder } from '../../fixtures/temporary-folder.ts';
import { untilPasses } from '../../fixtures/until.ts';
import { lockWith, record } from './lock-files.ts';

const minute = 60_000;
const options = { now: Date.now, purpose: 'testing', waitMs: 100 };
const forEver = { ...options, waitMs: Number.POSITIVE_INFINITY };

/** A clock that stands until it is moved, and counts how often it was asked. */
function standingClock() {
  const clock = { ms: 0, asked: 0 };
  const uptimeMs = () => {
    clock.asked += 1;
    return clock.ms;
  };
  /** Waits until the lock was looked at again, with whatever has changed meanwhile. */
  const looked = async () => {
    const before = clock.asked;
    await vi.waitFor(() => expect(clock.asked).toBeGreaterThan(before + 4), { timeout: 10_000 });
  };
  return { clock, uptimeMs, looked };
}

describe('a caller that waits', () => {
  test('hears once who holds the lock and what for, and again when the purpose changes', async () => {
    const path = join(await temporaryFolder(), 'a.lock');
    const heard: LockHolder[] = [];
    const first = withFileLock(path, { ...options, now: () => 77 }, async (lock) => {
      const second = withFileLock(
        path,
        { ...forEver, onWait: (holder) => heard.push(holder) },
        async () => {},
      );
      await untilPasses(() => expect(heard).toHaveLength(1));
      await lock.describe('consent in progress');
      await untilPasses(() => expect(heard).toHaveLength(2));
      await lock.describe('“a”\n"b"');
      await untilPasses(() => expect(heard).toHaveLength(3));
      return { second };
    });
    await (await first).second;
    const holder = { pid: process.pid, host: hostname(), sinceMs: 77 };
    const purposes = ['testing', 'consent in progress', '“a”\n"b"'];
    expect(heard).toEqual(purposes.map((purpose) => ({ ...holder, purpose })));
  });

  test('hears nothing when it need not wait, or when only a dead process is in the way', async () => {
    const path = await lockWith(record());
    const onWait = vi.fn();
    await withFileLock(path, { ...options, onWait }, async () => {});
    expect(onWait).not.toHaveBeenCalled();
  });

  test('takes no half written purpose for the new one', async () => {
    const path = await lockWith(`${record({ pid: process.ppid })}\n"whole"\n"hal`);
    await expect(withFileLock(path, options, async () => {})).rejects.toThrow('is whole.');
  });

  test('fails in its own words when it gives up', async () => {
    const path = await lockWith(record({ pid: process.ppid }));
    const busy = ({ purpose, pid }: LockHolder) =>
      new AppError('token_busy_elsewhere', `${purpose} by ${pid}`);
    await expect(withFileLock(path, { ...options, busy }, async () => {})).rejects.toMatchObject({
      code: 'token_busy_elsewhere',
      message: `working by ${process.ppid}`,
    });
  });
});

describe('a lock of another machine', () => {
  test('is taken over after minutes without a heartbeat, whatever its clock says', async () => {
    const path = await lockWith(record({ host: 'elsewhere', startedAtMs: 0 }));
    const { clock, uptimeMs, looked } = standingClock();
    let taken = false;
    const waiting = withFileLock(path, { ...forEver, uptimeMs }, async () => {
      taken = true;
    });
    for (const beat of [1, 2, 3]) {
      await looked();
      clock.ms += 4 * minute;
      await utimes(path, beat, beat);
    }
    await looked();
    expect(taken).toBe(false);
    clock.ms += 5 * minute + 1;
    await waiting;
    expect(taken).toBe(true);
  });

  test('is judged over several waits, each of which gives up', async () => {
    const path = await lockWith(record({ host: 'elsewhere', startedAtMs: Date.now() + 3_600_000 }));
    const { clock, uptimeMs } = standingClock();
    const once = () => withFileLock(path, { ...options, waitMs: 0, uptimeMs }, async () => 'taken');
    await expect(once()).rejects.toMatchObject({ code: 'vault_busy' });
    clock.ms += 4 * minute;
    await expect(once()).rejects.toMatchObject({ code: 'vault_busy' });
    clock.ms += 2 * minute;
    await expect(once()).resolves.toBe('taken');
  });
});

describe('a holder', () => {
  test('shows again and again that it is alive', async () => {
    const path = join(await temporaryFolder(), 'a.lock');
    await withFileLock(path, { ...options, heartbeatMs: 1 }, async () => {
      for (const _ of [1, 2]) {
        await utimes(path, 1, 1);
        await untilPasses(async () => expect((await stat(path)).mtimeMs).toBeGreaterThan(1_000));
      }
    });
  });

  test('changes nothing of the lock of whoever took over, however close they meet', async () => {
    const folder = await temporaryFolder();
    const path = join(folder, 'a.lock');
    for (let round = 0; round < 100; round += 1) {
      const theirs = record({ host: 'elsewhere', purpose: `theirs ${round}` });
      await writeFile(join(folder, 'theirs'), theirs);
      await utimes(join(folder, 'theirs'), 1, 1);
      await withFileLock(path, { ...options, heartbeatMs: 1 }, async (lock) => {
        const described = Promise.all(['a', 'b', 'c'].map((purpose) => lock.describe(purpose)));
        await unlink(path);
        await link(join(folder, 'theirs'), path);
        await described;
        await lock.describe('late');
      });
      expect(await readFile(path, 'utf8')).toBe(theirs);
      expect((await stat(path)).mtimeMs).toBe(1_000);
      await rm(path);
      await rm(join(folder, 'theirs'));
    }
  });

  test('goes on when its purpose can no longer be written', async () => {
    const path = join(await temporaryFolder(), 'a.lock');
    const done = withFileLock(path, options, async (lock) => {
      await rm(path);
      await lock.describe('to nobody');
      return 'done';
    });
    await expect(done).resolves.toBe('done');
    await expect(stat(path)).rejects.toMatchObject({ code: 'ENOENT' });
  });

  test('that may have been judged from elsewhere leaves the removal to whoever has the right to it', async () => {
    const path = join(await temporaryFolder(), 'a.lock');
    const { clock, uptimeMs } = standingClock();
    let id = '';
    await withFileLock(path, { ...options, uptimeMs }, async () => {
      id = JSON.parse(await readFile(path, 'utf8')).id;
      clock.ms += 60 * minute;
      await writeFile(`${path}.${id}`, record({ pid: process.ppid }));
    });
    expect(JSON.parse(await readFile(path, 'utf8')).id).toBe(id);
    await rm(`${path}.${id}`);
    await withFileLock(path, { ...options, uptimeMs }, async () => {
      clock.ms += 60 * minute;
    });
    await expect(stat(path)).rejects.toMatchObject({ code: 'ENOENT' });
  });
});
