import { createHash, randomUUID } from 'node:crypto';
import { calculateJwkThumbprint, exportJWK, generateKeyPair, importJWK, SignJWT } from 'jose';
import { z } from 'zod';
import type { SigningAlgorithm } from '../../shared/model/signing-key.ts';
import { Secret } from '../../shared/secret.ts';
import type { ResolvedProfile } from './resolved-profile.ts';

/** As `newDpopKey` writes it. The public members are those that a proof shows (RFC 9449 section 4.2). */
const keySchema = z.looseObject({ alg: z.string(), kty: z.string() });
const publicMembers = ['kty', 'crv', 'x', 'y', 'n', 'e'];

/** The request that a proof is made for. */
export interface ProvedRequest {
  method: string;
  url: string;
  /** The token that goes along, at an API; null at the authorization server. */
  accessToken: Secret | null;
}

/**
 * The last nonce that each origin gave (RFC 9449 sections 8.2 and 9). Authorization servers and APIs have a map each: one
 * that is both at the same origin may take no nonce of the other's.
 */
export type DpopNonces = Map<string, Secret>;

function parsed(key: Secret) {
  const jwk = keySchema.parse(JSON.parse(key.reveal()));
  const shown = Object.entries(jwk).filter(([name]) => publicMembers.includes(name));
  return { jwk, publicJwk: Object.fromEntries(shown) };
}

/** A new key for one token set: a private JWK (RFC 7517) as JSON, its `alg` in it. */
export async function newDpopKey(algorithm: SigningAlgorithm): Promise<Secret> {
  const { privateKey } = await generateKeyPair(algorithm, { extractable: true });
  return new Secret(JSON.stringify({ ...(await exportJWK(privateKey)), alg: algorithm }));
}

/** What a token, or a code, is bound to: the key's thumbprint (RFC 7638), `dpop_jkt` of RFC 9449 section 10. */
export function dpopThumbprint(key: Secret): Promise<string> {
  return calculateJwkThumbprint({ ...parsed(key).publicJwk });
}

/** The profile of a request for tokens that are bound to a key which is there already; null: a new one is made. */
export function boundTo(profile: ResolvedProfile, key: Secret | null): ResolvedProfile {
  const { protection } = profile;
  if (key === null || protection.dpop.kind === 'off') return profile;
  return { ...profile, protection: { ...protection, dpop: { ...protection.dpop, key } } };
}

/** The profile of requests that are repeated for one token, a poll's: all are of one new key. */
export async function withNewKey(profile: ResolvedProfile): Promise<ResolvedProfile> {
  const { dpop } = profile.protection;
  return dpop.kind === 'off' ? profile : boundTo(profile, await newDpopKey(dpop.algorithm));
}

/**
 * The proof that a request is made by whoever has the key: the value of its `DPoP` header (RFC 9449 section 4.2). It is
 * made here and not by oauth4webapi, which shows a proof only to requests that it sends itself: requests to an API go
 * out byte for byte as typed.
 */
export async function dpopProof(
  key: Secret,
  { method, url, accessToken }: ProvedRequest,
  nonces: DpopNonces,
  nowMs: number,
): Promise<Secret> {
  const { jwk, publicJwk } = parsed(key);
  const { origin, pathname } = new URL(url);
  const nonce = nonces.get(origin)?.reveal();
  const claims = {
    jti: randomUUID(),
    htm: method,
    htu: `${origin}${pathname}`,
    ...(accessToken === null
      ? {}
      : { ath: createHash('sha256').update(accessToken.reveal()).digest('base64url') }),
    ...(nonce === undefined ? {} : { nonce }),
  };
  const proof = await new SignJWT(claims)
    .setProtectedHeader({ typ: 'dpop+jwt', alg: jwk.alg, jwk: publicJwk })
    .setIssuedAt(Math.floor(nowMs / 1000))
    .sign(await importJWK(jwk, jwk.alg));
  return new Secret(proof);
}

/** Keeps the nonce of an answer, if it has one, for the next proof (RFC 9449 sections 8.2 and 9). */
export function noteNonce(nonces: DpopNonces, url: string, nonce: string | null | undefined): void {
  // Of the characters of section 8.1; anything else is no nonce.
  if (nonce === null || nonce === undefined || !/^[\x21\x23-\x5b\x5d-\x7e]{1,1000}$/.test(nonce)) return;
  nonces.set(new URL(url).origin, new Secret(nonce));
}
