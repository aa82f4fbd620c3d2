import { createHash } from 'node:crypto';
import { mkdir, open, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import { keptTokenEvents, type TokenEvent, tokenEventSchema } from '../../shared/model/token.ts';
import { writeFileAtomic } from '../files/atomic-write.ts';
import { fileWriteError, hasCode } from '../files/file-error.ts';
import { withFileLock } from '../files/file-lock.ts';

/** A token event and whose it is. Projects are told apart by their mark, which does not say where they lie. */
export interface StoredEvent {
  project: string;
  event: TokenEvent;
}

/** The mark of a project's folder. */
export function projectMark(folder: string): string {
  return createHash('sha256').update(folder).digest('hex').slice(0, 32);
}

/** `timeline.jsonl`: the token events of all processes of a person, a line each. Nothing secret is in it. */
export interface TimelineFile {
  /** Adds lines; a file that has grown too long is trimmed to the newest `keptTokenEvents`. */
  append(events: readonly StoredEvent[]): Promise<void>;
  /** What has been added since the last call, by whom ever; at the first call, all of it. */
  added(): Promise<StoredEvent[]>;
}

const lineSchema = z.object({ project: z.string(), event: tokenEventSchema });

/** A line that cannot be read (cut by a full disk, of another version) is one event less, and no reason to show none. */
function readLine(line: string): StoredEvent[] {
  try {
    const parsed = lineSchema.safeParse(JSON.parse(line));
    return parsed.success ? [parsed.data] : [];
  } catch {
    return [];
  }
}

/** The timeline file at a path. */
export function timelineFile(path: string, now: () => number): TimelineFile {
  /** How far into which file this process has read. */
  let position = { ino: 0n, bytes: 0 };

  async function append(events: readonly StoredEvent[]): Promise<void> {
    try {
      await mkdir(dirname(path), { recursive: true, mode: 0o700 });
      // Under the lock, so that no line is added to a file that is just being trimmed.
      const lock = { now, purpose: 'writing the timeline' };
      await withFileLock(`${path}.lock`, lock, () => appendLines(path, events));
    } catch (thrown) {
      throw fileWriteError(path, thrown);
    }
  }

  async function added(): Promise<StoredEvent[]> {
    let handle: Awaited<ReturnType<typeof open>>;
    try {
      handle = await open(path, 'r');
    } catch (thrown) {
      if (hasCode(thrown, 'ENOENT')) return [];
      throw thrown;
    }
    try {
      const { ino, size } = await handle.stat({ bigint: true });
      const from = ino === position.ino && Number(size) >= position.bytes ? position.bytes : 0;
      const bytes = Buffer.alloc(Number(size) - from);
      const { bytesRead } = await handle.read(bytes, 0, bytes.length, from);
      // A line that is just being written is read next time.
      const whole = bytes.subarray(0, bytes.subarray(0, bytesRead).lastIndexOf(10) + 1);
      position = { ino, bytes: from + whole.length };
      return whole.toString('utf8').split('\n').filter(Boolean).flatMap(readLine);
    } finally {
      await handle.close();
    }
  }

  return { append, added };
}

/** A longer file is trimmed, to half of this at the most, so that it is not trimmed again at the next event. */
const longestFileBytes = 16_000_000;

async function appendLines(path: string, events: readonly StoredEvent[]): Promise<void> {
  const text = events.map((one) => `${JSON.stringify(one)}\n`).join('');
  const file = await open(path, 'a', 0o600);
  let size: number;
  try {
    size = (await file.stat()).size;
    // A line that a full disk has cut must not spoil the next one.
    await file.writeFile(size > 0 && !(await endsWithNewline(path, size)) ? `\n${text}` : text);
  } finally {
    await file.close();
  }
  if (size > longestFileBytes) await trim(path);
}

async function endsWithNewline(path: string, size: number): Promise<boolean> {
  const file = await open(path, 'r');
  try {
    const { buffer } = await file.read(Buffer.alloc(1), 0, 1, size - 1);
    return buffer[0] === 10;
  } finally {
    await file.close();
  }
}

async function trim(path: string): Promise<void> {
  const bytes = await readFile(path);
  const newest = bytes.subarray(-longestFileBytes / 2);
  const lines = newest
    .subarray(newest.indexOf(10) + 1)
    .toString('utf8')
    .split('\n')
    .filter(Boolean);
  await writeFileAtomic(path, `${lines.slice(-keptTokenEvents).join('\n')}\n`, { mode: 0o600 });
}
