import { safeStorage } from 'electron';
import { AppError } from '../../../shared/errors.ts';
import type { VaultChoice, VaultPlan } from '../../services/host.ts';
import type { KeyCipher } from '../../tokens/cipher.ts';
import { environmentPlan, existingKeyFile, fallbackPlan } from '../node-vault.ts';

/** Wraps the vault's key with the system's keychain. */
const keychainCipher: KeyCipher = {
  kind: 'keychain',
  wrap: async (key) => safeStorage.encryptString(key.toString('base64')).toString('base64'),
  unwrap: async (wrapped) => {
    try {
      return Buffer.from(safeStorage.decryptString(Buffer.from(wrapped, 'base64')), 'base64');
    } catch (cause) {
      throw new AppError('vault_key_invalid', "The system's keychain does not open this vault.", {
        action:
          'Sign in to the system as the person who made the vault, or start with GRANTWRIGHT_VAULT_KEY.',
        cause,
      });
    }
  },
};

/** Whether there is a real keychain; Linux without one has only a fixed password, which protects nothing. */
function hasKeychain(): boolean {
  if (!safeStorage.isEncryptionAvailable()) return false;
  return process.platform !== 'linux' || safeStorage.getSelectedStorageBackend() !== 'basic_text';
}

/** The desktop's vault: the keychain, else what the environment gives, else what the person chooses; never in silence. */
export async function planDesktopVault(folder: string, choice: VaultChoice): Promise<VaultPlan> {
  const fromEnvironment = environmentPlan(folder);
  if (hasKeychain()) {
    const others = fromEnvironment?.kind === 'sealed' ? fromEnvironment.ciphers : existingKeyFile(folder);
    return { kind: 'sealed', ciphers: [keychainCipher, ...others] };
  }
  if (fromEnvironment !== null) return fromEnvironment;
  if (choice !== null) return fallbackPlan(folder, choice);
  return {
    kind: 'choice_needed',
    reason: 'Tokens and secrets are stored encrypted, and the key to them needs a place.',
  };
}
