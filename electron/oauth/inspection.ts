import type { InspectedToken } from '../../shared/model/token-inspection.ts';
import type { Secret } from '../../shared/secret.ts';
import type { OAuthContext } from './context.ts';
import { isObject, type Members, parseJson } from './json-body.ts';
import { readServerKeys, type ServerKeys, verifyJwt } from './jwt-verification.ts';
import type { ResolvedProfile } from './resolved-profile.ts';
import { shownClaims } from './shown-claims.ts';

/** The tokens of one set. */
export interface HeldTokens {
  accessToken: Secret;
  refreshToken: Secret | null;
  idToken: Secret | null;
}

/** The JSON object in a part of a token (RFC 7515 section 3.1); null: it is none. */
function objectIn(part: string | undefined): Members | null {
  if (part === undefined || !/^[\w-]+$/.test(part)) return null;
  const json = parseJson(Buffer.from(part, 'base64url').toString());
  return isObject(json) ? json : null;
}

/**
 * What is in the tokens of a set: JWTs decoded, and verified with the server's keys, which are read once and only if
 * there is a JWT. `nowMs`: the server's moment. Of what is shown nothing can be used as a token, and nothing is in
 * `hidden`. Throws `cancelled`.
 */
export async function inspectTokens(
  profile: ResolvedProfile,
  held: HeldTokens,
  { context, nowMs, signal }: { context: OAuthContext; nowMs: number; signal?: AbortSignal },
): Promise<InspectedToken[]> {
  let reading: Promise<ServerKeys> | undefined;
  const keys = () => {
    reading ??= readServerKeys(profile, context, signal);
    return reading;
  };
  const secrets = [held.accessToken, held.refreshToken, held.idToken, ...profile.hidden].filter(
    (secret) => secret !== null,
  );

  async function contentOf(token: Secret): Promise<InspectedToken['content']> {
    const parts = token.reveal().split('.');
    const header = objectIn(parts[0]);
    if (header === null) return { kind: 'opaque' };
    if (parts.length === 5) return { kind: 'encrypted', header: shownClaims(header, secrets) };
    const claims = objectIn(parts[1]);
    if (claims === null || parts.length !== 3) return { kind: 'opaque' };
    return {
      kind: 'jwt',
      header: shownClaims(header, secrets),
      claims: shownClaims(claims, secrets),
      verification: await verifyJwt(token, { profile, keys, times: claims, nowMs }),
    };
  }

  const kinds = [
    ['access_token', held.accessToken],
    ['id_token', held.idToken],
    ['refresh_token', held.refreshToken],
  ] as const;
  const inspected: InspectedToken[] = [];
  for (const [token, value] of kinds) {
    if (value !== null) inspected.push({ token, content: await contentOf(value) });
  }
  return inspected;
}
