import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../../shared/errors.ts';
import { sweepTemporaries, writeFileAtomic } from '../files/atomic-write.ts';
import { fileWriteError } from '../files/file-error.ts';
import { type FoundVaultFile, formatVaultFile, readVaultFile, type VaultFile } from './vault-file.ts';

/** A vault file in good order, and what its `stamp` was when it was read. */
export type GoodVaultFile = Extract<FoundVaultFile, { kind: 'good' }>;

/** The vault's folder: the file, its copy, and how the one stands in for the other. */
export interface VaultFiles {
  /** The vault's own path, for messages. */
  path: string;
  /** The path of the lock under which `mend` and `save` may be called. */
  lock: string;
  /** What stands there now, without repair. */
  look(): Promise<FoundVaultFile>;
  /**
   * The vault file, mended from its copy where it is damaged or gone; null when there has been none yet.
   * Throws `vault_damaged` when the copy does not help either. Nothing damaged is overwritten.
   */
  mend(): Promise<GoodVaultFile | null>;
  /** Replaces the vault file, then its copy. */
  save(file: VaultFile): Promise<GoodVaultFile>;
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

  async function mend(): Promise<GoodVaultFile | null> {
    const found = await readVaultFile(path);
    if (found.kind === 'good') return found;
    const copy = await readVaultFile(backup);
    if (found.kind === 'missing' && copy.kind === 'missing') return null;
    if (copy.kind !== 'good') throw beyondRepair(path, backup, found);
    const aside = found.kind === 'damaged' ? await setAside(folder, path, now()) : null;
    await writeFileAtomic(path, copy.text, { mode: 0o600 });
    report(mended(path, found, aside));
    return reread();
  }

  async function save(file: VaultFile): Promise<GoodVaultFile> {
    if (!swept) await Promise.all([path, backup].map(sweepTemporaries));
    swept = true;
    const text = formatVaultFile(file);
    await writeFileAtomic(path, text, { mode: 0o600 });
    try {
      // After the vault itself and with the same content, so that falling back to it loses nothing.
      await writeFileAtomic(backup, text, { mode: 0o600 });
    } catch (thrown) {
      report(AppError.from(thrown));
    }
    return reread();
  }

  async function reread(): Promise<GoodVaultFile> {
    const found = await readVaultFile(path);
    if (found.kind === 'good') return found;
    throw new AppError('vault_unreadable', `The vault ${path} changed while it was written.`, {
      action: 'Check that no other program writes into its folder, then try again.',
    });
  }

  return { path, lock: join(folder, 'vault.lock'), look: () => readVaultFile(path), mend, save };
}

async function setAside(folder: string, path: string, nowMs: number): Promise<string> {
  const aside = join(folder, `vault.damaged-${new Date(nowMs).toISOString().replaceAll(':', '-')}.json`);
  try {
    await rename(path, aside);
  } catch (thrown) {
    throw fileWriteError(aside, thrown);
  }
  return aside;
}

function mended(path: string, found: FoundVaultFile, aside: string | null): AppError {
  const what = found.kind === 'damaged' ? `was damaged (${found.reason})` : 'was gone';
  const kept = aside === null ? '' : ` The damaged file is kept as ${aside}.`;
  return new AppError(
    'vault_damaged',
    `The vault ${path} ${what}; the copy of its last state took its place.`,
    {
      action: `Check that your tokens and secrets are there.${kept}`,
      details: { file: path, ...(aside === null ? {} : { keptAs: aside }) },
    },
  );
}

function beyondRepair(path: string, backup: string, found: FoundVaultFile): AppError {
  const what = found.kind === 'damaged' ? `is damaged (${found.reason})` : 'is gone';
  return new AppError('vault_damaged', `The vault ${path} ${what}, and its copy ${backup} does not help.`, {
    action: 'Restore one of them from a backup of yours, or move both away to start with an empty vault.',
    details: { file: path },
  });
}
