import { compactVerify, createLocalJWKSet, decodeProtectedHeader, errors, type JSONWebKeySet } from 'jose';
import { z } from 'zod';
import { AppError } from '../../shared/errors.ts';
import type { Verification } from '../../shared/model/token-inspection.ts';
import type { Secret } from '../../shared/secret.ts';
import { hostOf } from '../network/wire-error.ts';
import type { OAuthContext } from './context.ts';
import { endpoints } from './endpoints.ts';
import { parseJson } from './json-body.ts';
import { numberIn } from './lifetime.ts';
import type { ResolvedProfile } from './resolved-profile.ts';

/** RFC 7517 section 5. */
const keySetSchema = z.object({ keys: z.array(z.looseObject({ kty: z.string() })).max(1000) });

/** The server's public keys, or in words why they cannot be had. */
export type ServerKeys = { kind: 'known'; keys: JSONWebKeySet } | { kind: 'unknown'; reason: string };

/** Reads the key set of a profile's server (`jwks_uri`, RFC 8414 section 2). Throws `cancelled` alone. */
export async function readServerKeys(
  profile: ResolvedProfile,
  context: OAuthContext,
  signal?: AbortSignal,
): Promise<ServerKeys> {
  const unknown = (reason: string): ServerKeys => ({ kind: 'unknown', reason });
  try {
    const { jwksUrl } = await endpoints(profile, ['jwksUrl'], context, signal);
    const response = await context.fetch(jwksUrl, {
      method: 'GET',
      headers: { accept: 'application/jwk-set+json, application/json' },
      signal,
    });
    const host = hostOf(jwksUrl);
    if (response.status !== 200) return unknown(`${host} answered HTTP ${response.status} for its keys`);
    const keys = keySetSchema.safeParse(parseJson(await response.text()));
    return keys.success ? { kind: 'known', keys: keys.data } : unknown(`${host} answered with no key set`);
  } catch (thrown) {
    const error = AppError.from(thrown);
    if (error.code === 'cancelled') throw error;
    return unknown(error.message.replace(/\.$/, ''));
  }
}

type Signature = Exclude<Verification, { kind: 'expired' | 'not_yet_valid' }>;

async function withKeySet(token: string, keys: JSONWebKeySet): Promise<Signature> {
  try {
    await compactVerify(token, createLocalJWKSet(keys));
    return { kind: 'valid' };
  } catch (thrown) {
    if (thrown instanceof errors.JWKSMultipleMatchingKeys) return withEach(token, thrown);
    if (thrown instanceof errors.JWSSignatureVerificationFailed) return { kind: 'wrong_key' };
    if (thrown instanceof errors.JWKSNoMatchingKey) return { kind: 'key_unknown' };
    return { kind: 'unchecked', reason: 'its signature is of a kind that cannot be checked here' };
  }
}

/** Without `kid` several keys may fit. */
async function withEach(token: string, candidates: errors.JWKSMultipleMatchingKeys): Promise<Signature> {
  for await (const key of candidates) {
    const right = await compactVerify(token, key).then(
      () => true,
      () => false,
    );
    if (right) return { kind: 'valid' };
  }
  return { kind: 'wrong_key' };
}

/** OpenID Connect Core 1.0 section 10.1: with HMAC the key is the client's secret. */
async function withSecret(token: string, secret: Secret): Promise<Signature> {
  if (secret.reveal() === '')
    return { kind: 'unchecked', reason: 'it is signed with a secret that is not known here' };
  try {
    await compactVerify(token, new TextEncoder().encode(secret.reveal()));
    return { kind: 'valid' };
  } catch {
    // Too short a secret for the algorithm, or another one.
    return { kind: 'wrong_key' };
  }
}

function clientSecret({ client }: ResolvedProfile): Secret | null {
  return 'secret' in client ? client.secret : null;
}

async function signatureOf(
  token: string,
  profile: ResolvedProfile,
  keys: () => Promise<ServerKeys>,
): Promise<Signature> {
  const { alg } = decodeProtectedHeader(token);
  // It may be anything: nobody has checked it yet.
  const algorithm = typeof alg === 'string' ? alg : 'none';
  if (algorithm.toLowerCase() === 'none') return { kind: 'unsigned' };
  if (algorithm.startsWith('HS')) {
    const secret = clientSecret(profile);
    if (secret !== null) return withSecret(token, secret);
    return { kind: 'unchecked', reason: 'it is signed with a secret, and the profile’s client has none' };
  }
  const known = await keys();
  if (known.kind === 'unknown') return { kind: 'unchecked', reason: known.reason };
  return withKeySet(token, known.keys);
}

/** A NumericDate (RFC 7519 section 2) in milliseconds; some servers write those. Null: there is none. */
function timeMs(value: unknown): number | null {
  const number = numberIn(value);
  if (number === null) return null;
  return number > 100_000_000_000 ? number : number * 1000;
}

/**
 * Checks a JWT's signature with the server's keys, or with the client's secret where it is made with that, and then its
 * times (RFC 7519 sections 4.1.4 and 4.1.5). `nowMs` is the server's moment. The token must be a readable JWT.
 */
export async function verifyJwt(
  token: Secret,
  {
    profile,
    keys,
    times,
    nowMs,
  }: {
    profile: ResolvedProfile;
    keys: () => Promise<ServerKeys>;
    times: { exp?: unknown; nbf?: unknown };
    nowMs: number;
  },
): Promise<Verification> {
  const signature = await signatureOf(token.reveal(), profile, keys);
  if (signature.kind !== 'valid') return signature;
  const exp = timeMs(times.exp);
  const nbf = timeMs(times.nbf);
  if (exp !== null && exp <= nowMs) return { kind: 'expired' };
  return nbf !== null && nbf > nowMs ? { kind: 'not_yet_valid' } : signature;
}
