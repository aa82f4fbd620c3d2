import { createHash, randomBytes } from 'node:crypto';
import { AppError } from '../../shared/errors.ts';
import { withFileLock } from '../files/file-lock.ts';
import type { KeyCipher, KeyCipherKind } from './cipher.ts';
import { seal } from './sealing.ts';
import type { VaultContent, VaultFile } from './vault-file.ts';
import { vaultFiles } from './vault-files.ts';
import { checkName } from './vault-key.ts';
import { damagedEntry, editedFile, openVaultFile, type VaultState } from './vault-state.ts';

/**
 * The per-user encrypted store of token sets and secret values. Each change is on the disk before it returns; its copy,
 * for a vault that is found damaged, follows at once.
 */
export interface Vault {
  /**
   * What keeps the key: the weakest of all that open it, since a key file left beside a keychain opens it still.
   * `memory`: nothing is stored.
   */
  readonly protection: KeyCipherKind | 'memory';
  /** The value as it stands now, also when another process wrote it. */
  read(name: string): Promise<string | undefined>;
  /** Throws `disk_full`, `file_write_failed` or `vault_busy`; then the old value stands. */
  write(name: string, value: string): Promise<void>;
  delete(name: string): Promise<void>;
  /** The names that begin with `prefix`, sorted. */
  list(prefix: string): Promise<string[]>;
  /** What was found damaged and how it was mended, oldest first. */
  problems(): readonly AppError[];
  /** Waits for what follows on the changes made so far: the copy of the last one, and the lock given back. */
  close(): Promise<void>;
}

/** The name of an entry: the parts of its key are hashed, so that the file tells nobody which projects there are. */
export function entryName(kind: 'token' | 'secret' | 'session', parts: readonly (string | null)[]): string {
  return `${kind}/${createHash('sha256').update(JSON.stringify(parts)).digest('hex')}`;
}

export interface VaultOptions {
  /** Where `vault.json`, its copy and its lock are; made when it is missing. */
  folder: string;
  /** In order of preference: the first whose kind is in the file unwraps; the first of all seals from now on. */
  ciphers: readonly KeyCipher[];
  /** Milliseconds since the epoch. */
  now: () => number;
  /** How long to wait for another process that writes, in milliseconds; default 10 s. */
  waitMs?: number;
}

/**
 * Opens the vault, or makes it. Throws `vault_locked`, `vault_key_invalid`, `vault_damaged`, `vault_unreadable`,
 * `vault_busy`, `disk_full`, `file_write_failed`.
 */
export async function openVault(options: VaultOptions): Promise<Vault> {
  const problems: AppError[] = [];
  const report = (problem: AppError) => {
    const isSame = ({ message, details }: AppError) =>
      message === problem.message && details?.keptAs === problem.details?.keptAs;
    if (!problems.some(isSame)) problems.push(problem);
  };
  const files = vaultFiles(options.folder, options.now, report);
  let state: VaultState | null = null;
  let reloading: Promise<VaultState> | null = null;
  let queue: Promise<void> = Promise.resolve();

  /** Takes a file over as the state, opening only what is not open already. */
  async function adopt(content: VaultContent): Promise<VaultState> {
    const next = await openVaultFile(files.path, content, state, options.ciphers);
    for (const name of next.damaged.keys()) report(damagedEntry(files.path, name));
    state = next;
    return next;
  }

  /** Whoever asked for the work has its result before the copy is written and the lock given back. */
  function locked<T>(work: () => Promise<T>): Promise<T> {
    const lock = { now: options.now, purpose: 'writing to the vault', waitMs: options.waitMs };
    return new Promise((resolve, reject) => {
      const turn = async () => {
        try {
          resolve(await work());
        } finally {
          await files.copy();
        }
      };
      queue = queue.then(() => withFileLock(files.lock, lock, turn)).catch(reject);
    });
  }

  /** The state, if the file is still the one it was read from. */
  async function unchanged(): Promise<VaultState | null> {
    const stamp = await files.stamp();
    return state?.stamp === stamp ? state : null;
  }

  async function current(): Promise<VaultState> {
    const known = await unchanged();
    if (known !== null) return known;
    if (reloading !== null) {
      // It may have read the file before this call began: it serves only if the file is still the same.
      await reloading.catch(() => {});
      const reloaded = await unchanged();
      if (reloaded !== null) return reloaded;
    }
    reloading ??= reload().finally(() => {
      reloading = null;
    });
    return reloading;
  }

  async function reload(): Promise<VaultState> {
    const found = await files.read();
    return found.kind === 'good' ? adopt(found) : locked(mendOrMake);
  }

  async function mendOrMake(): Promise<VaultState> {
    const known = await unchanged();
    if (known !== null) return known;
    const found = await files.mend();
    if (found === null) return adopt(await files.save(await emptyVault(options.ciphers)));
    const opened = await adopt(found);
    if (found.isWhole) return opened;
    const remains = { ...editedFile(opened, options.now(), () => {}), check: sealedCheck(opened.key) };
    return adopt(await files.save(remains));
  }

  function change(edit: (sealed: Map<string, string>, key: Buffer) => void): Promise<void> {
    return locked(async () => {
      const before = await mendOrMake();
      const file = editedFile(before, options.now(), (sealed) => edit(sealed, before.key));
      await adopt(await files.save(file));
    });
  }

  /** From now on the preferred cipher opens it too. A disk that cannot be written does not keep it shut. */
  async function addPreferredKey(): Promise<void> {
    const preferred = options.ciphers[0];
    const has = (file: VaultFile) => file.keys.some((key) => key.kind === preferred?.kind);
    if (preferred === undefined || has((await current()).file)) return;
    try {
      await locked(async () => {
        const { file, key } = await mendOrMake();
        if (has(file)) return;
        const wrapped = { kind: preferred.kind, wrapped: await preferred.wrap(key) };
        await adopt(await files.save({ ...file, keys: [...file.keys, wrapped] }));
      });
    } catch (thrown) {
      report(AppError.from(thrown));
    }
  }

  await current();
  await addPreferredKey();
  const { keys } = (await current()).file;
  // What a killed process left undone; nobody waits for it.
  if (await files.isCopyOld()) void locked(files.renewCopy).catch((thrown) => report(AppError.from(thrown)));
  return {
    protection: weakestFirst.find((kind) => keys.some((key) => key.kind === kind)) ?? 'memory',
    read: async (name) => (await current()).entries.get(name)?.value,
    write: (name, value) => change((sealed, key) => sealed.set(name, seal(key, name, Buffer.from(value)))),
    delete: (name) => change((sealed) => sealed.delete(name)),
    list: async (prefix) => namesWith(prefix, (await current()).entries),
    problems: () => problems,
    close: () => queue,
  };
}

const weakestFirst: readonly KeyCipherKind[] = ['key_file', 'environment_key', 'keychain'];

/** A vault that forgets everything with the process: the command line's without a key, or the person's choice. */
export function memoryVault(): Vault {
  const values = new Map<string, string>();
  return {
    protection: 'memory',
    read: async (name) => values.get(name),
    write: async (name, value) => void values.set(name, value),
    delete: async (name) => void values.delete(name),
    list: async (prefix) => namesWith(prefix, values),
    problems: () => [],
    close: async () => {},
  };
}

function namesWith(prefix: string, entries: Map<string, unknown>): string[] {
  return [...entries.keys()].filter((name) => name.startsWith(prefix)).sort();
}

async function emptyVault(ciphers: readonly KeyCipher[]): Promise<VaultFile> {
  const preferred = ciphers[0];
  if (preferred === undefined) {
    throw new AppError('vault_locked', 'There is nothing here that could keep the key of a new vault.', {
      action: 'Set GRANTWRIGHT_VAULT_KEY to a passphrase of your own.',
    });
  }
  const key = randomBytes(32);
  return {
    format: 1,
    keys: [{ kind: preferred.kind, wrapped: await preferred.wrap(key) }],
    check: sealedCheck(key),
    entries: {},
    setAside: [],
  };
}

function sealedCheck(key: Buffer): string {
  return seal(key, checkName, Buffer.from(checkName));
}
