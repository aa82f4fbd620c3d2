import { join } from 'node:path';
import { AppError } from '../../shared/errors.ts';
import { sweepTemporaries, writeFileAtomic } from '../files/atomic-write.ts';
import { giveName } from '../files/exclusive-create.ts';
import { fileWriteError, hasCode } from '../files/file-error.ts';
import {
  type FoundVaultFile,
  formatVaultFile,
  readVaultFile,
  type VaultContent,
  type VaultFile,
} from './vault-file.ts';
import { type Look, lookIn, stampOf } from './vault-stamp.ts';

/** The vault's folder: the file, its copy, and how the one stands in for the other. */
export interface VaultFiles {
  /** The vault's own path, for messages. */
  path: string;
  /** The path of the lock under which `mend`, `save`, `copy` and `renewCopy` may be called. */
  lock: string;
  /** The stamp of what stands there now; null when nothing does. */
  stamp(): Promise<string | null>;
  /** What stands there now, without repair. */
  read(): Promise<FoundVaultFile>;
  /**
   * The vault file, mended from its copy where it is damaged or gone; null when there has been none yet. Where the copy
   * is of no help either, what remains of the two (`isWhole` false): to be saved by whoever can open it.
   * Throws `vault_damaged` when nothing remains. Nothing damaged is overwritten: it is kept under another name.
   */
  mend(): Promise<(VaultContent & { isWhole: boolean }) | null>;
  /** Replaces the vault file. Then `copy` is due. */
  save(file: VaultFile): Promise<VaultContent>;
  /**
   * Brings the copy up to what was saved. A kill before that leaves the copy of the write before, whole; should the vault
   * file be damaged as well before the next save or opening, that one write is lost. A copy that cannot be written is
   * reported.
   */
  copy(): Promise<void>;
  /** Whether the copy is of an earlier write than the vault file, since a process was killed between the two. */
  isCopyOld(): Promise<boolean>;
  /** Makes `copy` due where the copy is old. */
  renewCopy(): Promise<void>;
}

/** The files of one vault folder. `report` hears of what was mended, and of a copy that could not be written. */
export function vaultFiles(
  folder: string,
  now: () => number,
  report: (problem: AppError) => void,
): VaultFiles {
  const path = join(folder, 'vault.json');
  const backup = join(folder, 'vault.backup.json');
  let swept = false;
  let how: Look | null = null;
  let latestMs = 0;
  let uncopied: { text: string; modifiedAtMs: number } | null = null;

  const look: Look = async (file) => {
    how ??= await lookIn(folder);
    const stats = (await how?.(file)) ?? null;
    if (stats !== null) latestMs = Math.max(latestMs, Number(stats.mtimeMs));
    return stats;
  };

  async function stamp(): Promise<string | null> {
    const stats = await look(path);
    return stats === null ? null : stampOf(stats);
  }

  async function mend(): Promise<(VaultContent & { isWhole: boolean }) | null> {
    const found = await readVaultFile(path);
    if (found.kind === 'good') return { ...found, isWhole: true };
    const copy = await readVaultFile(backup);
    if (found.kind === 'missing' && copy.kind === 'missing') return null;
    const remains = copy.kind === 'good' ? null : (remainsOf(found) ?? remainsOf(copy));
    if (copy.kind !== 'good' && remains === null) throw beyondRepair(path, backup, found);
    const aside = await keepDamaged(folder, path, found);
    if (copy.kind === 'good') {
      await write(path, copy.text);
      report(mended(path, found, aside, 'the copy of its last state took its place'));
      return { ...(await reread()), isWhole: true };
    }
    await keepDamaged(folder, backup, copy);
    report(mended(path, found, aside, 'its copy did not help, so only what can still be opened was kept'));
    return remains === null ? null : { ...remains, isWhole: false };
  }

  async function save(file: VaultFile): Promise<VaultContent> {
    if (!swept) await Promise.all([path, backup].map((each) => sweepTemporaries(each)));
    swept = true;
    const text = formatVaultFile(file);
    const modifiedAtMs = await write(path, text);
    uncopied = { text, modifiedAtMs };
    const stats = await look(path);
    const isOurs =
      stats !== null &&
      Number(stats.size) === Buffer.byteLength(text) &&
      Math.abs(Number(stats.mtimeMs) - modifiedAtMs) <= 1;
    return isOurs ? { file, text, stamp: stampOf(stats) } : reread();
  }

  /**
   * A later time of change than any file there had before: with the file's other attributes it is then unlike all that
   * ever stood there, also where the disk gives a number of a removed file to a new one within one tick of its clock.
   */
  async function write(to: string, text: string): Promise<number> {
    const modifiedAtMs = Math.max(now(), latestMs + 3);
    await writeFileAtomic(to, text, { mode: 0o600, modifiedAtMs });
    return modifiedAtMs;
  }

  async function reread(): Promise<VaultContent> {
    const found = await readVaultFile(path);
    if (found.kind === 'good') return found;
    throw new AppError('vault_unreadable', `The vault ${path} changed while it was written.`, {
      action: 'Check that no other program writes into its folder, then try again.',
    });
  }

  async function copy(): Promise<void> {
    if (uncopied === null) return;
    const { text, modifiedAtMs } = uncopied;
    // Also when it fails: by the next time another process may have written a later one.
    uncopied = null;
    try {
      await writeFileAtomic(backup, text, { mode: 0o600, modifiedAtMs });
    } catch (thrown) {
      report(AppError.from(thrown));
    }
  }

  async function isCopyOld(): Promise<boolean> {
    const [vault, copied] = [await look(path), await look(backup)];
    if (vault === null) return false;
    // Both were given the same time, which a disk may round.
    return copied === null || copied.mtimeMs + 1n < vault.mtimeMs;
  }

  async function renewCopy(): Promise<void> {
    const stats = await look(path);
    const found = await readVaultFile(path);
    if (stats === null || found.kind !== 'good' || !(await isCopyOld())) return;
    // A file that a person has edited may lack what the copy still has: only the next write replaces that.
    if (found.text !== formatVaultFile(found.file)) return;
    uncopied = { text: found.text, modifiedAtMs: Number(stats.mtimeMs) };
  }

  const lock = join(folder, 'vault.lock');
  return { path, lock, stamp, read: () => readVaultFile(path), mend, save, copy, isCopyOld, renewCopy };
}

function remainsOf(found: FoundVaultFile): VaultContent | null {
  return found.kind === 'damaged' ? found.remains : null;
}

/** Gives a damaged file a second name, the same for the same content; null when it is not damaged. */
async function keepDamaged(folder: string, path: string, found: FoundVaultFile): Promise<string | null> {
  if (found.kind !== 'damaged') return null;
  const aside = join(folder, `vault.damaged-${found.fingerprint}.json`);
  try {
    await giveName(path, aside);
  } catch (thrown) {
    if (!hasCode(thrown, 'EEXIST')) throw fileWriteError(aside, thrown);
  }
  return aside;
}

function mended(path: string, found: FoundVaultFile, aside: string | null, how: string): AppError {
  const what = found.kind === 'damaged' ? `was damaged (${found.reason})` : 'was gone';
  const kept = aside === null ? '' : ` The damaged file is kept as ${aside}.`;
  return new AppError('vault_damaged', `The vault ${path} ${what}; ${how}.`, {
    action: `Check that your tokens and secrets are there.${kept}`,
    details: { file: path, ...(aside === null ? {} : { keptAs: aside }) },
  });
}

function beyondRepair(path: string, backup: string, found: FoundVaultFile): AppError {
  const what = found.kind === 'damaged' ? `is damaged (${found.reason})` : 'is gone';
  return new AppError('vault_damaged', `The vault ${path} ${what}, and its copy ${backup} does not help.`, {
    action: 'Restore one of them from a backup of yours, or move both away to start with an empty vault.',
    details: { file: path },
  });
}
