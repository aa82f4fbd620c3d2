import { type FileHandle, open } from 'node:fs/promises';
import { hasCode } from './file-error.ts';
import { formatPurpose, heartbeatMs, type LockRecord, parseLock } from './lock-record.ts';

/** A lock that this process holds, as the work under it sees it. */
export interface HeldLock {
  /**
   * Says from now on what the lock is held for, to whoever waits for it. No secret. Never fails: where it cannot be
   * written, or the lock has been taken over, nothing changes, and the work is worth more than these words.
   */
  describe(purpose: string): Promise<void>;
}

/** Keeps a lock that was just taken alive, until `stop`, which waits for what is being written. */
export function keepLock(
  path: string,
  record: LockRecord,
  everyMs = heartbeatMs,
): HeldLock & { stop(): Promise<void> } {
  let turn: Promise<void> = Promise.resolve();

  function next(use: (file: FileHandle, end: number) => Promise<unknown>): Promise<void> {
    turn = turn
      .then(() => inOwnFile(path, record.id, use))
      .catch(() => {
        // A full disk or one that is away for a moment: the next heartbeat tries again.
      });
    return turn;
  }

  const timer = setInterval(() => {
    const now = new Date();
    void next((file) => file.utimes(now, now));
  }, everyMs);
  // The work keeps the process alive, the heartbeat must not.
  timer.unref();

  return {
    describe: (purpose) => next((file, end) => file.write(formatPurpose(purpose), end)),
    async stop() {
      clearInterval(timer);
      await turn;
    },
  };
}

/**
 * Uses the lock file if it is still ours. It is never replaced and never made: whoever takes a lock over makes a file of
 * its own, so a write that comes too late changes a file that has no name any more, and not the other's.
 */
async function inOwnFile(
  path: string,
  id: string,
  use: (file: FileHandle, end: number) => Promise<unknown>,
): Promise<void> {
  const file = await open(path, 'r+').catch((thrown: unknown) => {
    if (hasCode(thrown, 'ENOENT')) return null;
    throw thrown;
  });
  if (file === null) return;
  try {
    const text = await file.readFile('utf8');
    if (parseLock(text)?.id === id) await use(file, Buffer.byteLength(text));
  } finally {
    await file.close();
  }
}
