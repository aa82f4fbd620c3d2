import { bytesOf, type KeyMaker, makerOfPrivateKey, pkcs12 } from '../../../../shared/der.ts';
import type { SigningAlgorithm } from '../../../../shared/model/signing-key.ts';

/** What can be told of a private key without using it. */
export interface KeyFacts {
  format: 'PEM' | 'JWK' | 'PKCS#12';
  /** Null: it is encrypted, so nobody can tell yet. */
  maker: KeyMaker | null;
  /** `alg` of a JWK (RFC 7517 section 4.4). */
  algorithm?: string;
}

/** A key, or what is wrong with the text and how to mend it. */
export type KeyReading = { kind: 'key'; facts: KeyFacts } | { kind: 'problem'; text: string };

const problem = (text: string): KeyReading => ({ kind: 'problem', text });

const algorithms: Readonly<Record<KeyMaker, readonly SigningAlgorithm[]>> = {
  RSA: ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'],
  'P-256': ['ES256'],
  'P-384': ['ES384'],
  'P-521': ['ES512'],
  Ed25519: ['EdDSA'],
};

/** The algorithms that a key can sign with; null: nobody can tell. */
export function algorithmsOf({ maker }: KeyFacts): readonly SigningAlgorithm[] | null {
  return maker === null ? null : algorithms[maker];
}

function readJwk(text: string): KeyReading {
  let jwk: unknown;
  try {
    jwk = JSON.parse(text);
  } catch {
    return problem('This begins as a JWK and is not whole JSON. Copy all of it, from { to }.');
  }
  const { kty, crv, d, k, keys, alg } = jwk as Record<string, unknown>;
  if (Array.isArray(keys))
    return problem('This is a set of keys. Paste one of them: the object inside "keys".');
  if (kty === 'oct' || k !== undefined) {
    return problem('This JWK is a shared secret. Use it as the client secret with client_secret_jwt.');
  }
  const maker =
    kty === 'RSA' ? 'RSA' : typeof crv === 'string' && Object.hasOwn(algorithms, crv) ? crv : null;
  if (maker === null)
    return problem('A JWK to sign with has "kty" RSA, EC or OKP, and a curve that JWS knows.');
  if (typeof d !== 'string')
    return problem('This JWK is the public key. Paste the private one: it has a "d".');
  return {
    kind: 'key',
    facts: {
      format: 'JWK',
      maker: maker as KeyMaker,
      ...(typeof alg === 'string' ? { algorithm: alg } : {}),
    },
  };
}

function readPemBlock(label: string, body: string): KeyReading {
  if (label === 'OPENSSH PRIVATE KEY') {
    return problem('This is an OpenSSH key. Convert it: ssh-keygen -p -m PKCS8 -f key.');
  }
  if (!label.endsWith('PRIVATE KEY')) {
    return problem(
      `This is a ${label.toLowerCase()}. The private key begins with -----BEGIN PRIVATE KEY-----.`,
    );
  }
  const encrypted = label === 'ENCRYPTED PRIVATE KEY' || /^Proc-Type:.*ENCRYPTED/m.test(body);
  if (encrypted) return { kind: 'key', facts: { format: 'PEM', maker: null } };
  const bytes = bytesOf(body);
  const maker = bytes && makerOfPrivateKey(label, bytes);
  if (maker === null) {
    return problem(
      'The text between BEGIN and END is damaged, or no RSA, EC or Ed25519 key. Copy the file again.',
    );
  }
  return { kind: 'key', facts: { format: 'PEM', maker } };
}

function readPem(text: string): KeyReading {
  const blocks = [...text.matchAll(/-----BEGIN ([A-Z0-9 ]+)-----([\s\S]*?)-----END \1-----/g)];
  const named = blocks.find(([, label = '']) => label.endsWith('PRIVATE KEY')) ?? blocks[0];
  if (named === undefined) {
    return problem('This PEM is cut off. Copy all of it, from -----BEGIN to the last -----.');
  }
  return readPemBlock(named[1] ?? '', named[2] ?? '');
}

/**
 * Says what a text is as a private key to sign with: PEM (PKCS#8, PKCS#1, SEC 1), a JWK (RFC 7517) or PKCS#12 (RFC 7292)
 * in base64. The problem never repeats any of it.
 */
export function readKey(given: string): KeyReading {
  const text = given.trim();
  if (text.startsWith('{')) return readJwk(text);
  if (text.includes('-----BEGIN')) return readPem(text);
  if (/^ssh-|^ecdsa-/.test(text)) return problem('This is a public SSH key. Paste the private key, as PEM.');
  const bytes = /^[A-Za-z0-9+/\s]+=*\s*$/.test(text) ? bytesOf(text) : null;
  if (bytes !== null && pkcs12(bytes)) {
    return { kind: 'key', facts: { format: 'PKCS#12', maker: null } };
  }
  return problem('This is no private key: paste PEM (-----BEGIN …), a JWK ({"kty": …}) or choose a file.');
}

/** What is wrong with a text as a private key, or undefined. */
export function keyProblem(text: string): string | undefined {
  const reading = readKey(text);
  return reading.kind === 'problem' ? reading.text : undefined;
}

/** What can be told of a private key, or null where it is none. */
export function keyFacts(text: string): KeyFacts | null {
  const reading = readKey(text);
  return reading.kind === 'key' ? reading.facts : null;
}
