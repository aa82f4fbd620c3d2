import { copyFile, constants as fsConstants, link, unlink, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { syncFolder, temporaryBeside, writeDurably } from './atomic-write.ts';
import { fileWriteError, hasCode } from './file-error.ts';

export interface ExclusiveCreateOptions {
  /** Permissions of the new file, for example 0o600. */
  mode: number;
  /** Whether it must survive a power cut: the content is on the disk before the name is. A lock need not. */
  durable: boolean;
}

/**
 * Creates a file that appears under its name only with its whole content, and only if nothing stands there: true when
 * this call created it, false when something was there already. The folder must exist.
 * Throws `disk_full` or `file_write_failed`.
 */
export async function createFileExclusive(
  path: string,
  content: string | Buffer,
  { mode, durable }: ExclusiveCreateOptions,
): Promise<boolean> {
  const temporary = temporaryBeside(path);
  try {
    if (durable) await writeDurably(temporary, content, mode);
    else await writeFile(temporary, content, { flag: 'wx', mode });
    await giveName(temporary, path);
    if (durable) await syncFolder(dirname(path));
    return true;
  } catch (thrown) {
    if (hasCode(thrown, 'EEXIST')) return false;
    throw fileWriteError(path, thrown);
  } finally {
    await unlink(temporary).catch(() => {
      // A second name of the same content, or an unfinished one, or none was made: in nobody's way.
    });
  }
}

/**
 * Gives a file a second name that must not exist yet, in one step: else it fails with `EEXIST`. File systems without
 * hard links (exFAT) get an exclusive copy.
 */
export async function giveName(existing: string, path: string): Promise<void> {
  try {
    await link(existing, path);
  } catch (thrown) {
    if (!hasCode(thrown, 'EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS')) throw thrown;
    await copyFile(existing, path, fsConstants.COPYFILE_EXCL);
  }
}
