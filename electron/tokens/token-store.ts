import { AppError } from '../../shared/errors.ts';
import { formatTokenSet, parseTokenSet, type TokenSet } from './token-set.ts';
import { sessionEntryName, type TokenKey, type TokenSubject, tokenEntryName } from './token-subject.ts';
import type { Vault } from './vault.ts';

/** Token sets in the vault, and those in memory that the vault could not take. */
export interface TokenStore {
  read(subject: TokenSubject): Promise<TokenSet | null>;
  /**
   * Stores a token set before anyone sees it. A new one must not be lost because the disk is full: then it is kept in
   * memory, read from there, and tried again at the next write of any; the failure is returned.
   */
  write(subject: TokenSubject, set: TokenSet): Promise<AppError | null>;
  forget(owner: { key: TokenKey }): Promise<void>;
  /** Whether the vault keeps a consent browser's session of the same owner. */
  sessionKept(owner: { key: TokenKey }): Promise<boolean>;
  clearSession(owner: { key: TokenKey }): Promise<void>;
  /** Gives another owner exactly what one holds, also what could not be stored yet; nothing of its own is left. */
  copy(from: TokenKey, to: TokenKey): Promise<void>;
  /** Tries again to store what is only in memory. */
  flush(): Promise<void>;
}

/**
 * The token sets of a vault. `vault` may throw `vault_choice_needed`; `onSaved` hears of each entry that stands in the
 * vault, stored here or by another process that was given a later token set.
 */
export function createTokenStore(vault: () => Vault, onSaved: (entry: string) => void): TokenStore {
  const unsaved = new Map<string, { set: TokenSet; subject: TokenSubject }>();

  async function read(subject: TokenSubject): Promise<TokenSet | null> {
    const name = tokenEntryName(subject.key);
    const text = await vault().read(name);
    const stored = text === undefined ? null : parseTokenSet(text, subject.profile.name);
    const held = unsaved.get(name)?.set;
    if (held === undefined) return stored;
    // Another process may have been given a later one, and could store it: ours must never replace that.
    if (stored === null || stored.issuedAtMs <= held.issuedAtMs) return held;
    unsaved.delete(name);
    onSaved(name);
    return stored;
  }

  async function save(name: string, set: TokenSet): Promise<AppError | null> {
    try {
      await vault().write(name, formatTokenSet(set));
      if (unsaved.get(name)?.set === set) unsaved.delete(name);
      onSaved(name);
      return null;
    } catch (thrown) {
      return AppError.from(thrown);
    }
  }

  /** What is not there costs no write. */
  async function remove(name: string): Promise<void> {
    if ((await vault().read(name)) !== undefined) await vault().delete(name);
  }

  async function flush(): Promise<void> {
    for (const [name, { subject, set }] of [...unsaved]) {
      try {
        if ((await read(subject)) === set) await save(name, set);
      } catch {
        // The vault cannot even be read: the next write tries again, and the status tells of it until then.
      }
    }
  }

  return {
    read,
    flush,
    async write(subject, set) {
      const name = tokenEntryName(subject.key);
      unsaved.set(name, { set, subject });
      const failure = await save(name, set);
      if (failure === null) await flush();
      return failure;
    },
    async forget({ key }) {
      await remove(tokenEntryName(key));
      unsaved.delete(tokenEntryName(key));
    },
    sessionKept: async ({ key }) => (await vault().read(sessionEntryName(key))) !== undefined,
    clearSession: ({ key }) => remove(sessionEntryName(key)),
    async copy(from, to) {
      for (const entryName of [tokenEntryName, sessionEntryName]) {
        const [old, next] = [entryName(from), entryName(to)];
        const held = unsaved.get(old);
        const text = held === undefined ? await vault().read(old) : formatTokenSet(held.set);
        unsaved.delete(next);
        if (text === undefined) await remove(next);
        else await vault().write(next, text);
      }
    },
  };
}
