import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { mkdir, readdir, readFile, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { withFileLock } from '../../../electron/files/file-lock.ts';
import { type ChildProgram, childProgram } from '../../fixtures/child-process.ts';
import { temporaryFolder } from '../../fixtures/temporary-folder.ts';

const options = { now: Date.now, purpose: 'testing', waitMs: 100 };

/** The number of a process that has ended. */
const deadPid = spawnSync(process.execPath, ['-e', '']).pid;

function record(changes: Record<string, unknown> = {}): string {
  return JSON.stringify({
    id: randomUUID(),
    pid: deadPid,
    processStart: null,
    host: hostname(),
    startedAtMs: Date.now(),
    purpose: 'working',
    ...changes,
  });
}

async function lockWith(content: string): Promise<string> {
  const path = join(await temporaryFolder(), 'a.lock');
  await writeFile(path, content);
  return path;
}

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
    [
      'held on another machine for too long',
      record({ host: 'elsewhere', startedAtMs: Date.now() - 3_600_000 }),
    ],
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

  test('leaves a lock alone that another machine has just taken', async () => {
    const path = await lockWith(record({ host: 'elsewhere' }));
    await expect(withFileLock(path, options, async () => {})).rejects.toMatchObject({ code: 'vault_busy' });
  });

  test('takes over an unreadable lock, but not while it may be in the making', async () => {
    const path = await lockWith('');
    await expect(withFileLock(path, options, async () => {})).rejects.toMatchObject({ code: 'vault_busy' });
    await utimes(path, new Date(0), new Date(0));
    await expect(withFileLock(path, options, async () => 'taken')).resolves.toBe('taken');
  });

  test('takes over when whoever took over died as well', async () => {
    const dead = record();
    const path = await lockWith(dead);
    await writeFile(`${path}.${JSON.parse(dead).id}`, record());
    await expect(withFileLock(path, options, async () => 'taken')).resolves.toBe('taken');
    expect(await readdir(join(path, '..'))).toEqual([]);
  });

  test('does not remove the living lock of a process that took over a moment before', async () => {
    const path = await lockWith(record({ host: 'elsewhere', startedAtMs: 0 }));
    const living = record({ pid: process.ppid });
    let judged = false;
    // The clock is asked while the old lock is judged: the other process takes over between that and the removal.
    const now = () => {
      if (!judged) writeFileSync(path, living);
      judged = true;
      return Date.now();
    };
    const late = withFileLock(path, { ...options, now }, async () => {});
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

describe('over many processes', () => {
  let contender: ChildProgram;
  beforeAll(async () => {
    contender = await childProgram('lock-contender');
  });
  afterAll(() => contender.remove());

  test('eight that meet dead locks together take each over one at a time', async () => {
    const folder = await temporaryFolder();
    const locks = 60;
    for (let index = 0; index < locks; index += 1) await writeFile(join(folder, `${index}.lock`), record());
    const children = Array.from({ length: 8 }, () => contender.start(folder, String(locks)));
    await Promise.all(children.map((child) => child.printed(1)));
    for (const child of children) child.tell('go');
    await Promise.all(children.map((child) => child.ended()));
    expect(children.flatMap((child) => child.lines.slice(1))).toEqual([]);
    for (let index = 0; index < locks; index += 1) {
      expect(await readFile(join(folder, `${index}.count`), 'utf8')).toBe('8');
    }
    expect((await readdir(folder)).filter((name) => !name.endsWith('.count'))).toEqual([]);
  }, 60_000);
});
