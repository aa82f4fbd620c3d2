import { createHash } from 'node:crypto';
import { decodeProtectedHeader } from 'jose';
import { assertNever } from '../../shared/errors.ts';
import type { Verification } from '../../shared/model/token-inspection.ts';
import type { Secret } from '../../shared/secret.ts';
import type { PendingAuthorization } from './authorization.ts';
import { clientId } from './client-id.ts';
import type { OAuthContext } from './context.ts';
import { endpoints } from './endpoints.ts';
import { checkIdToken } from './id-token.ts';
import { readServerKeys, verifyJwt } from './jwt-verification.ts';
import type { RedirectAnswer } from './redirect.ts';
import type { ResolvedProfile } from './resolved-profile.ts';

/** The hash of each signature algorithm (RFC 7518 section 3.1); EdDSA is Ed25519, whose own is SHA-512. */
function hashOf(algorithm: string): string {
  return algorithm === 'EdDSA' || algorithm === 'Ed25519' ? 'sha512' : `sha${algorithm.slice(-3)}`;
}

/** The left half of a hash, as `at_hash` and `c_hash` have it (OpenID Connect Core 1.0 section 3.3.2.11). */
function halfHash(text: string, algorithm: string): string {
  const digest = createHash(hashOf(algorithm)).update(text).digest();
  return digest.subarray(0, digest.length / 2).toString('base64url');
}

const hashed = { at_hash: 'access token', c_hash: 'code', s_hash: 'state' } as const;

/** What stands beside the id token must be what it was issued with. Throws an error that says what is not. */
function checkHash(
  claims: Record<string, unknown>,
  name: keyof typeof hashed,
  beside: Secret | null,
  algorithm: string,
): void {
  if (beside === null || (name === 's_hash' && claims[name] === undefined)) return;
  if (claims[name] === halfHash(beside.reveal(), algorithm)) return;
  if (claims[name] === undefined) {
    throw new Error(`it has no ${name}, so nothing shows that the ${hashed[name]} beside it belongs to it`);
  }
  throw new Error(`its ${name} is not that of the ${hashed[name]} beside it`);
}

/** What is wrong with a signature; null: nothing. */
function signatureProblem(found: Verification): string | null {
  switch (found.kind) {
    case 'valid':
      return null;
    case 'unsigned':
      return 'it is not signed';
    case 'wrong_key':
      return 'its signature is not by the key of the server that it names';
    case 'key_unknown':
      return 'it is signed with a key that the server does not publish';
    case 'unchecked':
      return `its signature cannot be checked: ${found.reason}`;
    case 'expired':
    case 'not_yet_valid':
      return 'its time is not now';
    default:
      return assertNever(found);
  }
}

/**
 * Checks the id token of a redirect, if there is one: as every id token, and since it came through the browser also its
 * signature, and by `c_hash` and `at_hash` what came along with it (OpenID Connect Core 1.0 sections 3.2.2.11, 3.3.2.9,
 * 3.3.2.10), both of which must be there; `s_hash` (Financial-grade API 1.0 part 2 section 5.1) is
 * checked where it is there. Throws `token_response_invalid` saying what is wrong with it, or that its keys cannot be had.
 */
export async function checkFrontChannel(
  { code, token, idToken }: RedirectAnswer,
  profile: ResolvedProfile,
  pending: PendingAuthorization,
  context: OAuthContext,
  signal?: AbortSignal,
): Promise<void> {
  if (idToken === null) return;
  const server = await endpoints(profile, [], context, signal);
  await checkIdToken(idToken, {
    ...{ server: { ...server, issuer: pending.issuer }, clientId: clientId(profile) },
    ...{ nonce: pending.nonce, from: pending.url, nowMs: context.now() },
    secrets: [code ?? [], token?.accessToken ?? [], pending.nonce ?? [], profile.hidden].flat(),
    async besides(claims) {
      const keys = () => readServerKeys(profile, context, signal);
      const problem = signatureProblem(
        await verifyJwt(idToken, { profile, keys, times: {}, nowMs: context.now() }),
      );
      if (problem !== null) throw new Error(problem);
      const { alg = '' } = decodeProtectedHeader(idToken.reveal());
      checkHash(claims, 'c_hash', code, alg);
      checkHash(claims, 'at_hash', token?.accessToken ?? null, alg);
      checkHash(claims, 's_hash', pending.state, alg);
    },
  });
}
