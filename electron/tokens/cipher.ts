import { randomBytes, scrypt } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { AppError } from '../../shared/errors.ts';
import { createFileExclusive } from '../files/exclusive-create.ts';
import { hasCode } from '../files/file-error.ts';
import { seal, unseal } from './sealing.ts';

/** What keeps the vault's key: the system's keychain, `GRANTWRIGHT_VAULT_KEY`, or a file only its owner can read. */
export type KeyCipherKind = 'keychain' | 'environment_key' | 'key_file';

/** Wraps the vault's 32-byte data key. `unwrap` throws `vault_key_invalid` when it is not the one that wrapped. */
export interface KeyCipher {
  kind: KeyCipherKind;
  wrap(key: Buffer): Promise<string>;
  unwrap(wrapped: string): Promise<Buffer>;
}

const wrappedName = 'data-key';

/** scrypt (RFC 7914) at 2^17, 8, 1: 128 MiB and some 0.4 s at each opening, OWASP's advice for a passphrase. */
const scryptCost = { N: 2 ** 17, r: 8, p: 1, maxmem: 256 * 1024 * 1024 };
const scryptLabel = 'scrypt-17-8-1';

/** Wraps under a key derived from a passphrase: `GRANTWRIGHT_VAULT_KEY`. */
export function passphraseCipher(passphrase: string): KeyCipher {
  const wrong = (reason: string) =>
    new AppError('vault_key_invalid', `GRANTWRIGHT_VAULT_KEY does not open the vault: ${reason}.`, {
      action: 'Set GRANTWRIGHT_VAULT_KEY to the value that the vault was made with.',
    });
  return {
    kind: 'environment_key',
    async wrap(key) {
      if (passphrase === '') throw wrong('it is empty');
      const salt = randomBytes(16);
      const sealed = seal(await derive(passphrase, salt), wrappedName, key);
      return [scryptLabel, salt.toString('base64'), sealed].join(':');
    },
    async unwrap(wrapped) {
      const [label, salt, sealed] = wrapped.split(':');
      if (label !== scryptLabel || salt === undefined || sealed === undefined) {
        throw wrong('the vault was sealed in a way this version does not know');
      }
      const key = unseal(await derive(passphrase, Buffer.from(salt, 'base64')), wrappedName, sealed);
      if (key === undefined) throw wrong('it was made with another value');
      return key;
    },
  };
}

function derive(passphrase: string, salt: Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    // The same passphrase typed on another system may come in another Unicode form.
    scrypt(passphrase.normalize('NFKC'), salt, 32, scryptCost, (error, key) =>
      error === null ? resolve(key) : reject(error),
    );
  });
}

/**
 * Wraps under a random 32-byte key in a file that only its owner can read. The file is made at the first wrap and never
 * replaced; one that others can read is refused.
 */
export function keyFileCipher(path: string): KeyCipher {
  return {
    kind: 'key_file',
    async wrap(key) {
      await createFileExclusive(path, randomBytes(32), { mode: 0o600, durable: true });
      return seal(await readKeyFile(path), wrappedName, key);
    },
    async unwrap(wrapped) {
      const key = unseal(await readKeyFile(path), wrappedName, wrapped);
      if (key !== undefined) return key;
      throw keyFileError(path, 'is not the key that the vault was made with', 'Put the right key file back.');
    },
  };
}

async function readKeyFile(path: string): Promise<Buffer> {
  try {
    const { mode } = await stat(path);
    if (process.platform !== 'win32' && (mode & 0o077) !== 0) {
      throw keyFileError(path, 'can be read by others', `Run: chmod 600 '${path}'`);
    }
    const key = await readFile(path);
    if (key.length === 32) return key;
    throw keyFileError(path, `holds ${key.length} bytes instead of 32`, 'Put the right key file back.');
  } catch (thrown) {
    if (thrown instanceof AppError) throw thrown;
    const problem = hasCode(thrown, 'ENOENT') ? 'is missing' : 'cannot be read';
    throw keyFileError(path, problem, 'Put it back where it was, readable for you alone.', thrown);
  }
}

function keyFileError(path: string, problem: string, action: string, cause?: unknown): AppError {
  return new AppError('vault_key_invalid', `The vault's key file ${path} ${problem}.`, {
    action,
    details: { file: path },
    cause,
  });
}
