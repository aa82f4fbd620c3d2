import { randomUUID } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import { z } from 'zod';
import { hasCode } from './file-error.ts';

/** What stands in a lock file: who holds the lock, since when, and for what. */
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

/** A lock file as found. `unreadable`: a power cut or a stranger left something that names no holder. */
export type FoundLock =
  | { kind: 'free' }
  | { kind: 'held'; record: LockRecord }
  | { kind: 'unreadable'; changedAtMs: number };

/** A lock held on another machine counts as left behind after this many milliseconds: its process cannot be asked. */
export const otherHostLimitMs = 10 * 60_000;

/** Where hard links are missing a lock's content comes a moment after its name; older than this, it never comes. */
const unreadableLimitMs = 5_000;

/** The ids of the locks that this process holds: a lock with its pid and another id is a dead predecessor's. */
export const heldHere = new Set<string>();

/** The record of a lock that this process is about to take. */
export async function newLockRecord(purpose: string, nowMs: number): Promise<LockRecord> {
  return {
    id: randomUUID(),
    pid: process.pid,
    processStart: await processStart(process.pid),
    host: hostname(),
    startedAtMs: nowMs,
    purpose,
  };
}

/** Reads a lock file. */
export async function readLock(path: string): Promise<FoundLock> {
  try {
    const parsed = lockRecordSchema.safeParse(parseJson(await readFile(path, 'utf8')));
    if (parsed.success) return { kind: 'held', record: parsed.data };
    return { kind: 'unreadable', changedAtMs: (await stat(path)).mtimeMs };
  } catch (thrown) {
    if (hasCode(thrown, 'ENOENT')) return { kind: 'free' };
    throw thrown;
  }
}

/** Whether a lock's holder can no longer be at work. */
export async function isLeftBehind(
  lock: Exclude<FoundLock, { kind: 'free' }>,
  nowMs: number,
): Promise<boolean> {
  if (lock.kind === 'unreadable') return nowMs - lock.changedAtMs > unreadableLimitMs;
  const { record } = lock;
  if (record.host !== hostname()) return nowMs - record.startedAtMs > otherHostLimitMs;
  if (record.pid === process.pid) return !heldHere.has(record.id);
  if (!isRunning(record.pid)) return true;
  // The number is in use: by the holder, or since its death (a restart of the machine) by somebody else.
  const start = record.processStart === null ? null : await processStart(record.pid);
  return start !== null && start !== record.processStart;
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
