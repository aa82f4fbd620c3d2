import { createHash, randomBytes } from 'node:crypto';
import { AppError } from '../../shared/errors.ts';
import { withFileLock } from '../files/file-lock.ts';
import type { KeyCipher, KeyCipherKind } from './cipher.ts';
import { seal, unseal } from './sealing.ts';
import type { VaultFile } from './vault-file.ts';
import { type GoodVaultFile, vaultFiles } from './vault-files.ts';
import { checkName, unwrapDataKey } from './vault-key.ts';

/** The per-user encrypted store of token sets and secret values. Each change is on the disk before it returns. */
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
}

/** The name of an entry: the parts of its key are hashed, so that the file tells nobody which projects there are. */
export function entryName(kind: 'token' | 'secret', parts: readonly (string | null)[]): string {
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

interface OpenState {
  stamp: string;
  file: VaultFile;
  key: Buffer;
  entries: Map<string, { sealed: string; value: string }>;
  damaged: Map<string, unknown>;
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
  let state: OpenState | null = null;
  let queue: Promise<unknown> = Promise.resolve();

  /** Takes a file over as the state, opening only what is not open already. */
  async function adopt({ file, stamp }: GoodVaultFile): Promise<OpenState> {
    const sameKey = state !== null && JSON.stringify(state.file.keys) === JSON.stringify(file.keys);
    const key =
      state !== null && sameKey ? state.key : await unwrapDataKey(files.path, file, options.ciphers);
    const next: OpenState = { stamp, file, key, entries: new Map(), damaged: new Map() };
    for (const [name, entry] of Object.entries(file.entries)) {
      const known = state?.entries.get(name);
      const value = known?.sealed === entry ? known?.value : openEntry(key, name, entry);
      if (typeof entry === 'string' && value !== undefined) next.entries.set(name, { sealed: entry, value });
      else next.damaged.set(name, entry);
    }
    for (const name of next.damaged.keys()) report(damagedEntry(files.path, name));
    state = next;
    return next;
  }

  function locked<T>(work: () => Promise<T>): Promise<T> {
    const lock = { now: options.now, purpose: 'writing to the vault', waitMs: options.waitMs };
    const turn = queue.then(() => withFileLock(files.lock, lock, work));
    queue = turn.catch(() => {
      // Whoever asked for it hears of it; the next in the queue has its own try.
    });
    return turn;
  }

  async function current(): Promise<OpenState> {
    const found = await files.look();
    if (found.kind !== 'good') return locked(mendOrMake);
    return state?.stamp === found.stamp ? state : adopt(found);
  }

  async function mendOrMake(): Promise<OpenState> {
    const found = await files.mend();
    if (found !== null) return state?.stamp === found.stamp ? state : adopt(found);
    return adopt(await files.save(await emptyVault(options.ciphers)));
  }

  function change(edit: (entries: Map<string, string>, key: Buffer) => void): Promise<void> {
    return locked(async () => {
      const { file, key, entries, damaged } = await mendOrMake();
      const sealed = new Map([...entries].map(([name, entry]) => [name, entry.sealed]));
      edit(sealed, key);
      const aside = [...damaged].map(([name, entry]) => ({ name, entry, atMs: options.now() }));
      await adopt(
        await files.save({
          ...file,
          entries: Object.fromEntries(sealed),
          setAside: [...file.setAside, ...aside],
        }),
      );
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
  return {
    protection: weakestFirst.find((kind) => keys.some((key) => key.kind === kind)) ?? 'memory',
    read: async (name) => (await current()).entries.get(name)?.value,
    write: (name, value) => change((entries, key) => entries.set(name, seal(key, name, Buffer.from(value)))),
    delete: (name) => change((entries) => entries.delete(name)),
    list: async (prefix) => namesWith(prefix, (await current()).entries),
    problems: () => problems,
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
    check: seal(key, checkName, Buffer.from(checkName)),
    entries: {},
    setAside: [],
  };
}

function openEntry(key: Buffer, name: string, entry: unknown): string | undefined {
  return typeof entry === 'string' ? unseal(key, name, entry)?.toString('utf8') : undefined;
}

function damagedEntry(path: string, name: string): AppError {
  const what = name.startsWith('token/') ? 'A token set' : 'A secret value';
  return new AppError('vault_damaged', `${what} in the vault ${path} is damaged and was set aside.`, {
    action: name.startsWith('token/') ? 'Get an access token again.' : 'Store the secret value again.',
    details: { file: path, entry: name },
  });
}
