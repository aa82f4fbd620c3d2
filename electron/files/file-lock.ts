import { mkdir, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { AppError } from '../../shared/errors.ts';
import { createFileExclusive } from './exclusive-create.ts';
import { fileWriteError, hasCode } from './file-error.ts';
import {
  type FoundLock,
  heldHere,
  isLeftBehind,
  type LockRecord,
  newLockRecord,
  readLock,
} from './lock-record.ts';

export interface FileLockOptions {
  /** Milliseconds since the epoch; stands in the lock, for others to judge its age. */
  now: () => number;
  /** What the lock is held for, in words that others can show: "updating the token of Orders API". No secret. */
  purpose: string;
  /** Gives up waiting; work that has begun is not disturbed. */
  signal?: AbortSignal | undefined;
  /** How long to wait for another holder, in milliseconds; default 10 s. */
  waitMs?: number | undefined;
}

/**
 * Runs work while this process alone holds the lock file, over all processes that use it. Locks are not reentrant.
 * A lock whose process has died is taken over at once.
 * Throws `vault_busy` naming the holder after `waitMs`, `cancelled` on abort, and the write errors of the lock file.
 */
export async function withFileLock<T>(
  path: string,
  options: FileLockOptions,
  work: () => Promise<T>,
): Promise<T> {
  const record = await acquire(path, options);
  try {
    return await work();
  } finally {
    await release(path, record);
  }
}

async function acquire(path: string, options: FileLockOptions): Promise<LockRecord> {
  await makeFolder(dirname(path));
  const waitMs = options.waitMs ?? 10_000;
  const startedMs = performance.now();
  for (let pauseMs = 5; ; pauseMs = Math.min(pauseMs * 2, 100)) {
    if (options.signal?.aborted) throw new AppError('cancelled', `Stopped waiting for: ${options.purpose}.`);
    const attempt = await attemptOf(path, options);
    if (attempt.kind === 'taken') return attempt.record;
    if (performance.now() - startedMs >= waitMs) throw busy(path, attempt.holder);
    // A random part, so that processes which began to wait together do not keep meeting.
    await pause(pauseMs * (0.5 + Math.random()), undefined, { signal: options.signal }).catch(() => {
      // Aborted: the next turn says so.
    });
  }
}

type Attempt = { kind: 'taken'; record: LockRecord } | { kind: 'busy'; holder: FoundLock };
type PresentLock = Exclude<FoundLock, { kind: 'free' }>;

async function attemptOf(path: string, options: FileLockOptions): Promise<Attempt> {
  try {
    return await tryAcquire(path, path, options);
  } catch (thrown) {
    // On Windows a file that another process is just removing can be neither read nor replaced.
    const passing = process.platform === 'win32' && hasCode(thrown, 'EPERM', 'EACCES', 'EBUSY');
    if (passing) return { kind: 'busy', holder: { kind: 'free' } };
    throw fileWriteError(path, thrown);
  }
}

/** `root` is the lock that was asked for; `path` is that, or the right to remove one that was left behind. */
async function tryAcquire(root: string, path: string, options: FileLockOptions): Promise<Attempt> {
  const found = await readLock(path);
  if (found.kind !== 'free' && !(await clearIfLeftBehind(root, path, found, options))) {
    return { kind: 'busy', holder: found };
  }
  const record = await newLockRecord(options.purpose, options.now());
  heldHere.add(record.id);
  let taken = false;
  try {
    taken = await createFileExclusive(path, JSON.stringify(record), { mode: 0o600, durable: false });
  } finally {
    if (!taken) heldHere.delete(record.id);
  }
  return taken ? { kind: 'taken', record } : { kind: 'busy', holder: await readLock(path) };
}

/**
 * Removes a lock whose holder is gone; false when it is not, or another process is about to.
 *
 * Why no living lock is ever removed, however many processes see the dead one together: a file is removed by name, so
 * between judging lock X and removing it another process might remove X and put its own lock Y there. Therefore the
 * right to remove X is itself a lock, named by X's id, and X is looked at again once that is held. Only its holder (or
 * X's own process, which is gone) removes X, so what is still X then stays X until it is removed here; and when it is
 * no longer X it never will be again, since ids do not repeat. A process that dies while it holds this right leaves a
 * dead lock of the same kind, which is taken over in the same way.
 */
async function clearIfLeftBehind(
  root: string,
  path: string,
  seen: PresentLock,
  options: FileLockOptions,
): Promise<boolean> {
  if (!(await isLeftBehind(seen, options.now()))) return false;
  const right = seen.kind === 'held' ? `${root}.${seen.record.id}` : `${path}.unreadable`;
  const attempt = await tryAcquire(root, right, options);
  if (attempt.kind === 'busy') return false;
  try {
    const again = await readLock(path);
    if (isSame(again, seen) && (await isLeftBehind(again, options.now()))) await unlink(path);
    return true;
  } finally {
    await release(right, attempt.record);
  }
}

function isSame(found: FoundLock, seen: PresentLock): found is PresentLock {
  if (found.kind !== 'held' || seen.kind !== 'held') return found.kind === seen.kind;
  return found.record.id === seen.record.id;
}

async function release(path: string, record: LockRecord): Promise<void> {
  try {
    const found = await readLock(path);
    // It may have been taken over from another machine, by age: then it is no longer ours to remove.
    if (found.kind === 'held' && found.record.id === record.id) await unlink(path);
  } catch {
    // The work is done and its result must not be lost for this. From here on the lock counts as left behind in this
    // process, and for others as soon as it ends; meanwhile `vault_busy` tells them its path and its process.
  } finally {
    heldHere.delete(record.id);
  }
}

async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
  } catch (thrown) {
    throw fileWriteError(folder, thrown);
  }
}

function busy(path: string, holder: FoundLock): AppError {
  const who =
    holder.kind === 'held'
      ? `process ${holder.record.pid} on ${holder.record.host} is ${holder.record.purpose}`
      : 'another process holds it';
  return new AppError('vault_busy', `Waited too long for ${path}: ${who}.`, {
    action: 'Try again when it is done. If no Grantwright is running there any more, delete that file.',
    details: { file: path, ...(holder.kind === 'held' ? { pid: holder.record.pid } : {}) },
  });
}
