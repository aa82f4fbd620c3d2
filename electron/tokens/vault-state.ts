import { AppError } from '../../shared/errors.ts';
import type { KeyCipher } from './cipher.ts';
import { unseal } from './sealing.ts';
import type { VaultContent, VaultFile } from './vault-file.ts';
import { unwrapDataKey } from './vault-key.ts';

/** A vault file, opened. `damaged`: the entries that do not open, as they are. */
export interface VaultState {
  stamp: string;
  file: VaultFile;
  key: Buffer;
  entries: Map<string, { sealed: string; value: string }>;
  damaged: Map<string, unknown>;
}

/**
 * Opens a vault file; what `before` has open already is not opened again. Throws `vault_locked` and
 * `vault_key_invalid`.
 */
export async function openVaultFile(
  path: string,
  { file, stamp }: VaultContent,
  before: VaultState | null,
  ciphers: readonly KeyCipher[],
): Promise<VaultState> {
  const known =
    before !== null && JSON.stringify(before.file.keys) === JSON.stringify(file.keys) ? before : null;
  const key = known?.key ?? (await unwrapDataKey(path, file, ciphers));
  const state: VaultState = { stamp, file, key, entries: new Map(), damaged: new Map() };
  for (const [name, entry] of Object.entries(file.entries)) {
    const same = known?.entries.get(name);
    const value = same?.sealed === entry ? same?.value : openEntry(key, name, entry);
    if (typeof entry === 'string' && value !== undefined) state.entries.set(name, { sealed: entry, value });
    else state.damaged.set(name, entry);
  }
  return state;
}

/** The file of a state after an edit of its sealed entries. What is damaged is set aside in it. */
export function editedFile(
  { file, entries, damaged }: VaultState,
  nowMs: number,
  edit: (sealed: Map<string, string>) => void,
): VaultFile {
  const sealed = new Map([...entries].map(([name, entry]) => [name, entry.sealed]));
  edit(sealed);
  const aside = [...damaged].map(([name, entry]) => ({ name, entry, atMs: nowMs }));
  return { ...file, entries: Object.fromEntries(sealed), setAside: [...file.setAside, ...aside] };
}

/** What the person is told of an entry that does not open. */
export function damagedEntry(path: string, name: string): AppError {
  const what = name.startsWith('token/') ? 'A token set' : 'A secret value';
  return new AppError('vault_damaged', `${what} in the vault ${path} is damaged and was set aside.`, {
    action: name.startsWith('token/') ? 'Get an access token again.' : 'Store the secret value again.',
    details: { file: path, entry: name },
  });
}

function openEntry(key: Buffer, name: string, entry: unknown): string | undefined {
  return typeof entry === 'string' ? unseal(key, name, entry)?.toString('utf8') : undefined;
}
