import { AppError } from '../../shared/errors.ts';
import type { KeyCipher, KeyCipherKind } from './cipher.ts';
import { unseal } from './sealing.ts';
import type { VaultFile } from './vault-file.ts';

/** The name, and the text, of the sealed check value in a vault file. */
export const checkName = 'check';

const sealedWith: Record<KeyCipherKind, { what: string; wayIn: string }> = {
  keychain: { what: "the system's keychain", wayIn: 'open it in the desktop app that made it' },
  environment_key: { what: 'GRANTWRIGHT_VAULT_KEY', wayIn: 'set GRANTWRIGHT_VAULT_KEY to its passphrase' },
  key_file: { what: 'a key file', wayIn: 'start the host that made it, with its key file in place' },
};

/**
 * The vault's data key, unwrapped with the first cipher whose kind is in the file.
 * Throws `vault_locked` when none is, `vault_key_invalid` when it is not the key this vault was made with.
 */
export async function unwrapDataKey(
  path: string,
  file: VaultFile,
  ciphers: readonly KeyCipher[],
): Promise<Buffer> {
  for (const cipher of ciphers) {
    const wrapped = file.keys.find((key) => key.kind === cipher.kind)?.wrapped;
    if (wrapped === undefined) continue;
    const key = await unwrapWith(cipher, wrapped, path);
    if (opens(key, file)) return key;
    throw wrongKey(path, cipher.kind);
  }
  const seals = file.keys.map((key) => sealedWith[key.kind]);
  throw new AppError(
    'vault_locked',
    `The vault is sealed with ${seals.map((seal) => seal.what).join(' and ')}.`,
    {
      action: `To use it here, ${seals.map((seal) => seal.wayIn).join(', or ')}. Or move ${path} and vault.backup.json away to start with an empty vault.`,
      details: { file: path },
    },
  );
}

async function unwrapWith(cipher: KeyCipher, wrapped: string, path: string): Promise<Buffer> {
  try {
    return await cipher.unwrap(wrapped);
  } catch (thrown) {
    throw thrown instanceof AppError ? thrown : wrongKey(path, cipher.kind, thrown);
  }
}

/** A damaged check value alone does not make a key wrong: any entry that opens proves it right. */
function opens(key: Buffer, file: VaultFile): boolean {
  if (key.length !== 32) return false;
  if (unseal(key, checkName, file.check) !== undefined) return true;
  return Object.entries(file.entries).some(
    ([name, entry]) => typeof entry === 'string' && unseal(key, name, entry) !== undefined,
  );
}

function wrongKey(path: string, kind: KeyCipherKind, cause?: unknown): AppError {
  const { what, wayIn } = sealedWith[kind];
  return new AppError('vault_key_invalid', `The vault ${path} was not made with this key of ${what}.`, {
    action: `To use it, ${wayIn}. Or move it and vault.backup.json away to start with an empty vault.`,
    details: { file: path },
    cause,
  });
}
