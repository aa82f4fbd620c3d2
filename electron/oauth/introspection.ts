import { introspectionRequest } from 'oauth4webapi';
import { z } from 'zod';
import type { Introspection } from '../../shared/model/token.ts';
import { requestAsClient } from './client-request.ts';
import type { OAuthContext } from './context.ts';
import { type Answered, readWanted } from './json-answer.ts';
import type { ResolvedProfile } from './resolved-profile.ts';
import type { HeldToken } from './revocation.ts';
import { shownClaims } from './shown-claims.ts';

/** RFC 7662 section 2.2. */
const introspectionSchema = z.looseObject({ active: z.boolean() });

/** Reads the answer to an introspection request. Throws `invalid_client` or `introspection_failed`. */
export async function readIntrospection(
  exchange: Answered,
  token: Introspection['token'],
): Promise<Introspection> {
  const without = 'JSON that does not say whether the token is active';
  const { wanted, secrets } = await readWanted(exchange, introspectionSchema, without);
  const { active, ...rest } = wanted;
  return { token, active, claims: shownClaims(rest, secrets) };
}

/**
 * Asks the server about a token (RFC 7662 section 2): whether it is active, and everything else that it tells, as text
 * with no token and no secret in it. Throws `endpoint_missing`, `invalid_client`, `introspection_failed` with the
 * server's own words, and what `requestAsClient` throws.
 */
export async function introspectToken(
  profile: ResolvedProfile,
  { token, kind }: HeldToken,
  context: OAuthContext,
  signal?: AbortSignal,
): Promise<Introspection> {
  const additionalParameters = { token_type_hint: kind };
  const exchange = await requestAsClient(
    profile,
    {
      endpoint: 'introspectionUrl',
      grantType: null,
      secrets: [token],
      post: (server, client, authentication, options) =>
        introspectionRequest(server, client, authentication, token.reveal(), {
          ...options,
          additionalParameters,
        }),
    },
    context,
    signal,
  );
  return readIntrospection(exchange, kind);
}
