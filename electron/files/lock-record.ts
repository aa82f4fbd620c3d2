import { randomUUID } from 'node:crypto';
import { open, readFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { z } from 'zod';
import { hasCode } from './file-error.ts';

/** What stands in the first line of a lock file: who holds the lock, since when, and for what. */
const lockRecordSchema = z.object({
  /** Unlike any other lock's, ever: a lock once seen is never mistaken for a later one. */
  id: z.string().regex(/^[0-9a-f-]{36}$/),
  pid: z.number().int().positive(),
  /** Tells a process apart from a later one with the same number; null where the system does not say. */
  processStart: z.string().nullable(),
  host: z.string(),
  startedAtMs: z.number(),
  purpose: z.string(),
});
export type LockRecord = z.infer<typeof lockRecordSchema>;

/**
 * A lock file as found; `stamp` is another one after each heartbeat and each new purpose of its holder.
 * `unreadable`: a power cut or a stranger left something that names no holder.
 */
export type FoundLock =
  | { kind: 'free' }
  | { kind: 'held'; record: LockRecord; stamp: string }
  | { kind: 'unreadable'; stamp: string };

/** How often a holder shows that it is alive, in milliseconds, to those who cannot ask its process. */
export const heartbeatMs = 30_000;

/** A lock of another machine counts as left behind when it has shown no heartbeat for so many milliseconds. */
export const otherHostLimitMs = 5 * 60_000;

/** Where hard links are missing a lock's content comes a moment after its name; after so long, it never comes. */
const unreadableLimitMs = 5_000;

/** The ids of the locks that this process holds: a lock with its pid and another id is a dead predecessor's. */
export const heldHere = new Set<string>();

/** Locks whose holders cannot be asked: how each looked at last, and since when by this process's own clock. */
const watched = new Map<string, { stamp: string; sinceMs: number }>();

let ownStart: Promise<string | null> | undefined;

/** The record of a lock that this process is about to take. */
export async function newLockRecord(purpose: string, nowMs: number): Promise<LockRecord> {
  ownStart ??= processStart(process.pid);
  return {
    id: randomUUID(),
    pid: process.pid,
    processStart: await ownStart,
    host: hostname(),
    startedAtMs: nowMs,
    purpose,
  };
}

/** The text of a new lock file. */
export function formatLock(record: LockRecord): string {
  return `${JSON.stringify(record)}\n`;
}

/** What is appended to a lock file when its purpose changes: a reader takes the last line that is there whole. */
export function formatPurpose(purpose: string): string {
  return `${JSON.stringify(purpose)}\n`;
}

/** The record in a lock file's text; null when it names no holder. */
export function parseLock(text: string): LockRecord | null {
  const [first = '', ...more] = text.split('\n');
  const record = lockRecordSchema.safeParse(parseJson(first));
  if (!record.success) return null;
  const purpose = z.string().safeParse(parseJson(more.slice(0, -1).at(-1) ?? ''));
  return purpose.success ? { ...record.data, purpose: purpose.data } : record.data;
}

/** Reads a lock file. */
export async function readLock(path: string): Promise<FoundLock> {
  try {
    const file = await open(path, 'r');
    try {
      const { ino, size, mtimeNs } = await file.stat({ bigint: true });
      const record = parseLock(await file.readFile('utf8'));
      const stamp = `${ino}-${size}-${mtimeNs}`;
      return record === null ? { kind: 'unreadable', stamp } : { kind: 'held', record, stamp };
    } finally {
      await file.close();
    }
  } catch (thrown) {
    if (!hasCode(thrown, 'ENOENT')) throw thrown;
    watched.delete(path);
    return { kind: 'free' };
  }
}

/** Whether the holder of the lock at `path` can no longer be at work. `uptimeMs`: a clock that never jumps. */
export async function isLeftBehind(
  path: string,
  lock: Exclude<FoundLock, { kind: 'free' }>,
  uptimeMs: number,
): Promise<boolean> {
  if (lock.kind === 'unreadable') return unchangedMs(path, lock.stamp, uptimeMs) > unreadableLimitMs;
  const { record } = lock;
  if (record.host !== hostname()) return unchangedMs(path, lock.stamp, uptimeMs) > otherHostLimitMs;
  if (record.pid === process.pid) return !heldHere.has(record.id);
  if (!isRunning(record.pid)) return true;
  // The number is in use: by the holder, or since its death (a restart of the machine) by somebody else.
  const start = record.processStart === null ? null : await processStart(record.pid);
  return start !== null && start !== record.processStart;
}

/**
 * How long a lock has looked the same while this process watched it. The clocks of two machines differ, so times written
 * there say nothing here. Each look counts, also those of earlier waits that gave up.
 */
function unchangedMs(path: string, stamp: string, uptimeMs: number): number {
  const before = watched.get(path);
  if (before?.stamp === stamp) return uptimeMs - before.sinceMs;
  watched.set(path, { stamp, sinceMs: uptimeMs });
  return 0;
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (thrown) {
    // EPERM: it runs, as another user.
    return !hasCode(thrown, 'ESRCH');
  }
}

/** When a process began, in clock ticks since the machine did; Linux alone tells cheaply (proc(5), field 22). */
async function processStart(pid: number): Promise<string | null> {
  try {
    const line = await readFile(`/proc/${pid}/stat`, 'utf8');
    return line.slice(line.lastIndexOf(')') + 2).split(' ')[19] ?? null;
  } catch (thrown) {
    if (hasCode(thrown, 'ENOENT', 'ESRCH', 'EACCES', 'ENOTDIR')) return null;
    throw thrown;
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
