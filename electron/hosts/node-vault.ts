import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { VaultChoice, VaultPlan } from '../services/host.ts';
import { type KeyCipher, keyFileCipher, passphraseCipher } from '../tokens/cipher.ts';

/** The vault's key without a keychain: from `GRANTWRIGHT_VAULT_KEY`, or null when that is not set. */
export function environmentPlan(folder: string, env: NodeJS.ProcessEnv = process.env): VaultPlan | null {
  const passphrase = env.GRANTWRIGHT_VAULT_KEY;
  if (!passphrase) return null;
  return {
    kind: 'sealed',
    ciphers: [passphraseCipher(passphrase), ...existingKeyFile(folder)],
  };
}

/** What opens a vault that the web host made with a key file here; nothing when there is none. */
export function existingKeyFile(folder: string): KeyCipher[] {
  return existsSync(keyFile(folder)) ? [keyFileCipher(keyFile(folder))] : [];
}

/** The vault's key in a file beside it that only its owner can read, or in no file at all. */
export function fallbackPlan(folder: string, choice: Exclude<VaultChoice, null>): VaultPlan {
  if (choice === 'memory') return { kind: 'memory' };
  return { kind: 'sealed', ciphers: [keyFileCipher(keyFile(folder))] };
}

function keyFile(folder: string): string {
  return join(folder, 'vault.key');
}
