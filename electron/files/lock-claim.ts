import { unlink } from 'node:fs/promises';
import { sweepTemporaries } from './atomic-write.ts';
import { createFileExclusive } from './exclusive-create.ts';
import {
  type FoundLock,
  formatLock,
  heldHere,
  isLeftBehind,
  type LockRecord,
  newLockRecord,
  otherHostLimitMs,
  readLock,
} from './lock-record.ts';

const dayMs = 24 * 3_600_000;

export interface ClaimOptions {
  /** Milliseconds since the epoch. */
  now: () => number;
  /** A clock that never jumps, in milliseconds. */
  uptimeMs: () => number;
  purpose: string;
}

/** A lock that was taken; `takenAtMs` by the clock that never jumps. */
export interface Claim {
  record: LockRecord;
  takenAtMs: number;
}

export type Attempt = { kind: 'taken'; claim: Claim } | { kind: 'busy'; holder: FoundLock };
type PresentLock = Exclude<FoundLock, { kind: 'free' }>;

/** Tries once to take the lock at `path`, also from a holder that is gone. Throws what the file system does. */
export function claimLock(path: string, options: ClaimOptions): Promise<Attempt> {
  return claim(path, path, options);
}

/** Gives a lock back, unless it has been taken over. Never fails, since the work under it is done. */
export function releaseLock(path: string, claim: Claim, options: ClaimOptions): Promise<void> {
  return release(path, path, claim, options);
}

/** Here and below `root` is the lock that was asked for; `path` is that, or the right to remove one. */
async function claim(root: string, path: string, options: ClaimOptions): Promise<Attempt> {
  const found = await readLock(path);
  if (found.kind !== 'free' && !(await clearIfLeftBehind(root, path, found, options))) {
    return { kind: 'busy', holder: found };
  }
  const record = await newLockRecord(options.purpose, options.now());
  heldHere.add(record.id);
  let taken = false;
  try {
    taken = await createFileExclusive(path, formatLock(record), { mode: 0o600, durable: false });
  } finally {
    if (!taken) heldHere.delete(record.id);
  }
  if (!taken) return { kind: 'busy', holder: await readLock(path) };
  return { kind: 'taken', claim: { record, takenAtMs: options.uptimeMs() } };
}

async function release(
  root: string,
  path: string,
  { record, takenAtMs }: Claim,
  options: ClaimOptions,
): Promise<void> {
  try {
    const found = await readLock(path);
    if (found.kind !== 'held' || found.record.id !== record.id) return;
    // Either clock may have stood still: the one that never jumps does, on some systems, while the machine sleeps.
    const heldMs = Math.max(options.uptimeMs() - takenAtMs, options.now() - record.startedAtMs);
    if (heldMs < otherHostLimitMs / 2) await unlink(path);
    else await removeByRight(root, path, found, options, async () => true);
  } catch {
    // From here on the lock counts as left behind in this process, and for others as soon as it ends; meanwhile they are
    // told its path and its process.
  } finally {
    heldHere.delete(record.id);
  }
}

/** Removes a lock whose holder is gone; false when it is not, or another process is about to. */
async function clearIfLeftBehind(
  root: string,
  path: string,
  seen: PresentLock,
  options: ClaimOptions,
): Promise<boolean> {
  const isGone = (lock: PresentLock) => isLeftBehind(path, lock, options.uptimeMs());
  if (!(await isGone(seen)) || !(await removeByRight(root, path, seen, options, isGone))) return false;
  // Killed processes may also have left what they were about to take a lock with.
  await sweepTemporaries(root, dayMs).catch(() => {
    // In nobody's way, and the next one that takes a lock over tries again.
  });
  return true;
}

/**
 * Removes a lock that may be another process's to remove at the same time; false when that is about to.
 *
 * Why no living lock is ever removed, however many processes see the dead one together: a file is removed by name, so
 * between judging lock X and removing it another process might remove X and put its own lock Y there. Therefore the
 * right to remove X is itself a lock, named by X's id, and X is looked at again once that is held. Only its holder
 * removes X, so what is still X then stays X until it is removed here; and when it is no longer X it never will be
 * again, since ids do not repeat. X's own process does without the right as long as X is too young to be judged: it
 * alone removes it then. A process that dies while it holds this right leaves a dead lock of the same kind, which is
 * taken over in the same way.
 */
async function removeByRight(
  root: string,
  path: string,
  seen: PresentLock,
  options: ClaimOptions,
  mayGo: (lock: PresentLock) => Promise<boolean>,
): Promise<boolean> {
  const right = seen.kind === 'held' ? `${root}.${seen.record.id}` : `${path}.unreadable`;
  const attempt = await claim(root, right, options);
  if (attempt.kind === 'busy') return false;
  try {
    const again = await readLock(path);
    if (isSame(again, seen) && (await mayGo(again))) await unlink(path);
    return true;
  } finally {
    await release(root, right, attempt.claim, options);
  }
}

function isSame(found: FoundLock, seen: PresentLock): found is PresentLock {
  if (found.kind !== 'held' || seen.kind !== 'held') return found.kind === seen.kind;
  return found.record.id === seen.record.id;
}
