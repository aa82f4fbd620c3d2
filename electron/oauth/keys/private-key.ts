import { createHash, type KeyObject, X509Certificate } from 'node:crypto';
import { importPKCS8 } from 'jose';
import type { CryptoKey } from 'oauth4webapi';
import { AppError } from '../../../shared/errors.ts';
import type { SigningAlgorithm } from '../../../shared/model/signing-key.ts';
import type { ResolvedKey, ResolvedProfile } from '../resolved-profile.ts';
import { looksLikeJwk, readJwk } from './jwk.ts';
import { KeyProblem } from './key-problem.ts';
import { looksLikePem, readPem } from './pem.ts';
import { readPkcs12 } from './pkcs12.ts';
import type { StoredKey } from './stored-key.ts';

/** A private key, ready to sign JWTs with (RFC 7515). */
export interface PrivateKey {
  key: CryptoKey;
  algorithm: SigningAlgorithm;
  /** Null: the header carries none. */
  keyId: string | null;
  /** SHA-1 and SHA-256 of its certificate (RFC 7515 sections 4.1.7 and 4.1.8), where it came with one. */
  thumbprints: { x5t: string; 'x5t#S256': string } | null;
}

/**
 * The header of whatever a key signs (RFC 7515 section 4.1), with its algorithm as servers know it: oauth4webapi's name
 * for EdDSA is that of RFC 9864, which few know yet. Microsoft finds the client's certificate by the thumbprints; a
 * request object carries them too, for a server that does not know them must ignore them (section 4).
 */
export function headerOf({ algorithm, keyId, thumbprints }: PrivateKey): {
  alg: SigningAlgorithm;
  kid?: string;
  x5t?: string;
  'x5t#S256'?: string;
} {
  return { alg: algorithm, ...(keyId === null ? {} : { kid: keyId }), ...thumbprints };
}

/** Where in a profile a key stands, and what it is called there. */
export const keyFields = {
  'client.key': 'client key',
  'protection.requestObject.key': 'key of the request object',
  'grant.assertion.key': 'key of the assertion',
} as const;
export type KeyField = keyof typeof keyFields;

const curves: Record<string, SigningAlgorithm> = {
  prime256v1: 'ES256',
  secp384r1: 'ES384',
  secp521r1: 'ES512',
};
const rsaAlgorithms: readonly SigningAlgorithm[] = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'];
const leastRsaBits = 2048;

/** The algorithms that a key can sign with, and what kind of key it is, in words. */
function abilities(key: KeyObject): { algorithms: readonly SigningAlgorithm[]; kind: string } {
  const { modulusLength, namedCurve = '' } = key.asymmetricKeyDetails ?? {};
  switch (key.asymmetricKeyType) {
    case 'rsa':
      if ((modulusLength ?? 0) < leastRsaBits) {
        throw new KeyProblem(
          'key_invalid',
          `is an RSA key of ${modulusLength} bits, and no server may take less than ${leastRsaBits}`,
          'Make a new key, and register it with the server.',
        );
      }
      return { algorithms: rsaAlgorithms, kind: 'an RSA key' };
    case 'ec': {
      const algorithm = Object.hasOwn(curves, namedCurve) ? curves[namedCurve] : undefined;
      return {
        algorithms: algorithm === undefined ? [] : [algorithm],
        kind: `an EC key of the curve ${namedCurve}`,
      };
    }
    case 'ed25519':
      return { algorithms: ['EdDSA'], kind: 'an Ed25519 key' };
    default:
      return { algorithms: [], kind: `a key of the kind ${key.asymmetricKeyType}` };
  }
}

function checkAlgorithm(key: KeyObject, algorithm: SigningAlgorithm): void {
  const { algorithms, kind } = abilities(key);
  if (algorithms.includes(algorithm)) return;
  throw new KeyProblem(
    'key_algorithm_mismatch',
    `is ${kind}, which cannot sign with ${algorithm}`,
    algorithms.length === 0
      ? 'Store an RSA key, an EC key of P-256, P-384 or P-521, or an Ed25519 key.'
      : `Choose ${algorithms.join(', ').replace(/, ([^,]+)$/, ' or $1')}, or store another key.`,
  );
}

function thumbprintsOf({ key, certificates }: StoredKey): PrivateKey['thumbprints'] {
  const own = certificates.find((der) => {
    try {
      return new X509Certificate(der).checkPrivateKey(key);
    } catch {
      // A certificate that cannot be read is as good as none.
      return false;
    }
  });
  if (own === undefined) return null;
  const digest = (algorithm: string): string => createHash(algorithm).update(own).digest('base64url');
  return { x5t: digest('sha1'), 'x5t#S256': digest('sha256') };
}

/** Only here is it looked at whether private and public half belong together. */
async function imported(key: KeyObject, algorithm: SigningAlgorithm): Promise<CryptoKey> {
  try {
    return await importPKCS8(key.export({ type: 'pkcs8', format: 'pem' }).toString(), algorithm);
  } catch {
    const problem = 'is damaged: its parts do not belong together';
    throw new KeyProblem('key_invalid', problem, 'Store the whole key anew.');
  }
}

function read({ key, passphrase, keyId }: ResolvedKey): StoredKey {
  const text = key.reveal().trim();
  if (text === '') throw new KeyProblem('key_invalid', 'is not there', 'Store the private key as a secret.');
  if (looksLikeJwk(text)) return readJwk(text, keyId);
  if (looksLikePem(text)) return readPem(text, passphrase.reveal());
  return readPkcs12(text, passphrase.reveal());
}

/**
 * Reads the private key that stands in a field of a profile, in whichever form it was stored. Throws `key_invalid`,
 * `key_passphrase_missing`, `key_passphrase_wrong` or `key_algorithm_mismatch`, naming the field, and nothing of the key.
 */
export async function privateKey(
  profile: Pick<ResolvedProfile, 'id' | 'name'>,
  field: KeyField,
  resolved: ResolvedKey,
): Promise<PrivateKey> {
  const { algorithm } = resolved;
  try {
    const parts = read(resolved);
    checkAlgorithm(parts.key, algorithm);
    return {
      key: await imported(parts.key, algorithm),
      algorithm,
      keyId: resolved.keyId === '' ? parts.keyId : resolved.keyId,
      thumbprints: thumbprintsOf(parts),
    };
  } catch (thrown) {
    if (!(thrown instanceof KeyProblem)) throw thrown;
    throw new AppError(
      thrown.code,
      `The ${keyFields[field]} of the profile "${profile.name}" ${thrown.problem}.`,
      {
        action: thrown.action,
        details: { profile: profile.id, field },
      },
    );
  }
}
