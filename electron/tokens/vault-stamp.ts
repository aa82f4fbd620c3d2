import type { BigIntStats } from 'node:fs';
import { type FileHandle, open, stat, statfs } from 'node:fs/promises';
import { AppError } from '../../shared/errors.ts';
import { hasCode } from '../files/file-error.ts';

/** A file's attributes as they are at this moment; null when there is none. Throws `vault_unreadable`. */
export type Look = (path: string) => Promise<BigIntStats | null>;

/** Linux file systems of this machine alone (statfs(2)): ext4, XFS, Btrfs, tmpfs, overlay, ZFS, F2FS. */
const localTypes = new Set([0xef53, 0x58465342, 0x9123683e, 0x01021994, 0x794c7630, 0x2fc12fc1, 0xf2f52010]);

/**
 * How to look at files in a folder; null while there is none. Elsewhere than on a local disk `stat` may answer from a
 * cache of some seconds, and another machine's write would be missed; there the file is opened, which asks the server.
 */
export async function lookIn(folder: string): Promise<Look | null> {
  if (process.platform !== 'linux') return lookByName;
  const disk = await orNull(folder, () => statfs(folder));
  if (disk === null) return null;
  return localTypes.has(disk.type) ? lookByName : lookByOpening;
}

/** Tells a vault file apart from every other that stood at its path, since each is given a later time of change. */
export function stampOf({ ino, size, mtimeNs, ctimeNs }: BigIntStats): string {
  return `${ino}-${size}-${mtimeNs}-${ctimeNs}`;
}

/** Does something with the open vault file; null when there is none. Throws `vault_unreadable`. */
export function withVaultFile<T>(path: string, use: (handle: FileHandle) => Promise<T>): Promise<T | null> {
  return orNull(path, async () => {
    const handle = await open(path, 'r');
    try {
      return await use(handle);
    } finally {
      await handle.close();
    }
  });
}

function lookByName(path: string): Promise<BigIntStats | null> {
  return orNull(path, () => stat(path, { bigint: true }));
}

/** Exported for its test: a network file system is seldom at hand. */
export function lookByOpening(path: string): Promise<BigIntStats | null> {
  return withVaultFile(path, (handle) => handle.stat({ bigint: true }));
}

async function orNull<T>(path: string, read: () => Promise<T>): Promise<T | null> {
  try {
    return await read();
  } catch (thrown) {
    if (hasCode(thrown, 'ENOENT')) return null;
    if (thrown instanceof AppError) throw thrown;
    throw new AppError('vault_unreadable', `The vault ${path} cannot be read.`, {
      action: 'Check that it is a file and that you may read it.',
      details: { file: path },
      cause: thrown,
    });
  }
}
