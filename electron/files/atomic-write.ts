import { randomBytes } from 'node:crypto';
import { open, readdir, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { fileWriteError, hasCode } from './file-error.ts';

export interface AtomicWriteOptions {
  /** Permissions of the new file, for example 0o600; by default what the process's umask leaves of 0o666. */
  mode?: number;
  /** Its time of change, in milliseconds since the epoch; default: now. */
  modifiedAtMs?: number;
}

/** A name beside `path` that no other write uses, hidden and ending in `.tmp`. */
export function temporaryBeside(path: string): string {
  return join(dirname(path), `.${basename(path)}.${randomBytes(8).toString('hex')}.tmp`);
}

/**
 * Replaces a file's content so that a reader, or a kill at any instant, finds the old text or the new one, whole:
 * a temporary file beside it, fsync, rename, fsync of the folder. The folder must exist.
 * Throws `disk_full` or `file_write_failed`, naming the file; then the old file is untouched.
 */
export async function writeFileAtomic(
  path: string,
  text: string,
  options: AtomicWriteOptions = {},
): Promise<void> {
  const temporary = temporaryBeside(path);
  try {
    await writeDurably(temporary, text, options.mode ?? 0o666, options.modifiedAtMs);
    await renameOver(temporary, path);
    await syncFolder(dirname(path));
  } catch (thrown) {
    await rm(temporary, { force: true }).catch(() => {
      // The write's own failure is what the person must hear of; what is left is swept by the next `sweepTemporaries`.
    });
    throw fileWriteError(path, thrown);
  }
}

/** Creates a file that must not exist yet, with its content on the disk before it returns. */
export async function writeDurably(
  path: string,
  content: string | Buffer,
  mode: number,
  modifiedAtMs?: number,
): Promise<void> {
  const file = await open(path, 'wx', mode);
  try {
    await file.writeFile(content);
    if (modifiedAtMs !== undefined) await file.utimes(modifiedAtMs / 1000, modifiedAtMs / 1000);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Makes a rename or a new name in the folder survive a power cut; where folders cannot be synced, does nothing. */
export async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } catch (thrown) {
    // Some file systems refuse to sync a folder; the rename stands all the same.
    if (!hasCode(thrown, 'EINVAL', 'ENOTSUP', 'EOPNOTSUPP')) throw thrown;
  } finally {
    await handle.close();
  }
}

/**
 * Removes what killed writers of `path` left beside it, if it is older than so many milliseconds. Without an age, call it
 * only where no other write of `path` can be under way.
 */
export async function sweepTemporaries(path: string, olderThanMs?: number): Promise<void> {
  const start = `.${basename(path)}.`;
  for (const name of await readdir(dirname(path))) {
    if (!name.startsWith(start) || !name.endsWith('.tmp')) continue;
    const temporary = join(dirname(path), name);
    const ageMs = olderThanMs === undefined ? 0 : Date.now() - (await stat(temporary)).mtimeMs;
    if (ageMs >= (olderThanMs ?? 0)) await rm(temporary, { force: true });
  }
}

/** On Windows a scanner or a reader may hold the target for a moment, and the rename fails until it lets go. */
async function renameOver(from: string, to: string): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await rename(from, to);
    } catch (thrown) {
      const passing = process.platform === 'win32' && hasCode(thrown, 'EPERM', 'EACCES', 'EBUSY');
      if (!passing || attempt === 10) throw thrown;
      await new Promise((resolve) => setTimeout(resolve, attempt * 10));
    }
  }
}
