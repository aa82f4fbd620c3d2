import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { AppError } from '../../shared/errors.ts';
import { fileWriteError, hasCode } from './file-error.ts';
import { type HeldLock, keepLock } from './held-lock.ts';
import { type Attempt, type Claim, type ClaimOptions, claimLock, releaseLock } from './lock-claim.ts';
import type { FoundLock } from './lock-record.ts';

export type { HeldLock } from './held-lock.ts';

/** Who holds a lock, and what for. */
export interface LockHolder {
  purpose: string;
  pid: number;
  host: string;
  /** When it took the lock, in milliseconds since the epoch by its own clock. */
  sinceMs: number;
}

export interface FileLockOptions {
  /** Milliseconds since the epoch; stands in the lock, for others to show. */
  now: () => number;
  /** What the lock is held for, in words that others can show: "updating the token of Orders API". No secret. */
  purpose: string;
  /** Gives up waiting; work that has begun is not disturbed. */
  signal?: AbortSignal | undefined;
  /** How long to wait for another holder, in milliseconds; default 10 s. */
  waitMs?: number | undefined;
  /** Told who holds the lock when this caller begins to wait, and whenever the holder or its purpose changes. */
  onWait?: ((holder: LockHolder) => void) | undefined;
  /** The failure after `waitMs`; default `vault_busy`, which also tells of a lock file that names no holder. */
  busy?: ((holder: LockHolder) => AppError) | undefined;
  /** A clock that never jumps, in milliseconds; default `performance.now`. */
  uptimeMs?: (() => number) | undefined;
  /** How often this process shows that it is alive while it holds the lock, in milliseconds; default 30 s. */
  heartbeatMs?: number | undefined;
}

/**
 * Runs work while this process alone holds the lock file, over all processes that use it. Locks are not reentrant.
 * A lock whose process has died is taken over at once; one of another machine, whose process cannot be asked, when it
 * has shown no heartbeat for some minutes while this process looked.
 * Throws `vault_busy`, or what `busy` makes of it, after `waitMs`; `cancelled` on abort; the write errors of the file.
 */
export async function withFileLock<T>(
  path: string,
  options: FileLockOptions,
  work: (lock: HeldLock) => Promise<T>,
): Promise<T> {
  const claiming: ClaimOptions = {
    now: options.now,
    uptimeMs: options.uptimeMs ?? (() => performance.now()),
    purpose: options.purpose,
  };
  const claim = await waitFor(path, options, claiming);
  const held = keepLock(path, claim.record, options.heartbeatMs);
  try {
    return await work(held);
  } finally {
    await held.stop();
    await releaseLock(path, claim, claiming);
  }
}

async function waitFor(path: string, options: FileLockOptions, claiming: ClaimOptions): Promise<Claim> {
  const waitMs = options.waitMs ?? 10_000;
  const startedMs = claiming.uptimeMs();
  let told: LockHolder | null = null;
  for (let pauseMs = 5; ; pauseMs = Math.min(pauseMs * 2, 100)) {
    if (options.signal?.aborted) throw new AppError('cancelled', `Stopped waiting for: ${options.purpose}.`);
    const attempt = await attemptOf(path, claiming);
    if (attempt.kind === 'taken') return attempt.claim;
    const holder = holderOf(attempt.holder);
    if (holder !== null && !isSame(holder, told)) options.onWait?.(holder);
    told = holder ?? told;
    if (claiming.uptimeMs() - startedMs >= waitMs) throw failure(path, told, options);
    // A random part, so that processes which began to wait together do not keep meeting.
    await pause(pauseMs * (0.5 + Math.random()), undefined, { signal: options.signal }).catch(() => {
      // Aborted: the next turn says so.
    });
  }
}

async function attemptOf(path: string, claiming: ClaimOptions): Promise<Attempt> {
  try {
    return await claimLock(path, claiming).catch(async (thrown: unknown) => {
      const cause = thrown instanceof AppError ? thrown.cause : thrown;
      if (!hasCode(cause, 'ENOENT')) throw thrown;
      // Its folder is missing; that is so seldom that it is not looked for before.
      await mkdir(dirname(path), { recursive: true, mode: 0o700 });
      return claimLock(path, claiming);
    });
  } catch (thrown) {
    // On Windows a file that another process is just removing can be neither read nor replaced.
    const passing = process.platform === 'win32' && hasCode(thrown, 'EPERM', 'EACCES', 'EBUSY');
    if (passing) return { kind: 'busy', holder: { kind: 'free' } };
    throw fileWriteError(path, thrown);
  }
}

function holderOf(found: FoundLock): LockHolder | null {
  if (found.kind !== 'held') return null;
  const { purpose, pid, host, startedAtMs } = found.record;
  return { purpose, pid, host, sinceMs: startedAtMs };
}

function isSame(holder: LockHolder, told: LockHolder | null): boolean {
  return JSON.stringify(holder) === JSON.stringify(told);
}

function failure(path: string, holder: LockHolder | null, options: FileLockOptions): AppError {
  if (holder !== null && options.busy !== undefined) return options.busy(holder);
  const who =
    holder === null
      ? 'another process holds it'
      : `process ${holder.pid} on ${holder.host} is ${holder.purpose}`;
  return new AppError('vault_busy', `Waited too long for ${path}: ${who}.`, {
    action: 'Try again when it is done. If no Grantwright is running there any more, delete that file.',
    details: { file: path, ...(holder === null ? {} : { pid: holder.pid }) },
  });
}
