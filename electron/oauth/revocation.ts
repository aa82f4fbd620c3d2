import { revocationRequest } from 'oauth4webapi';
import type { Secret } from '../../shared/secret.ts';
import { requestAsClient } from './client-request.ts';
import type { OAuthContext } from './context.ts';
import { readAnswer } from './json-answer.ts';
import type { ResolvedProfile } from './resolved-profile.ts';

/** A token to ask the server about, or to have it revoked; the kinds are the `token_type_hint`s of RFC 7009. */
export interface HeldToken {
  token: Secret;
  kind: 'access_token' | 'refresh_token';
}

/**
 * Has a token revoked (RFC 7009 section 2). Whatever stands in a successful answer, the token is dead, also when it was
 * before. Throws `endpoint_missing`, `invalid_client`, `revocation_failed` with the server's own words, and what
 * `requestAsClient` throws.
 */
export async function revokeToken(
  profile: ResolvedProfile,
  { token, kind }: HeldToken,
  context: OAuthContext,
  signal?: AbortSignal,
): Promise<void> {
  const additionalParameters = { token_type_hint: kind };
  const exchange = await requestAsClient(
    profile,
    {
      endpoint: 'revocationUrl',
      grantType: null,
      secrets: [token],
      post: (server, client, authentication, options) =>
        revocationRequest(server, client, authentication, token.reveal(), {
          ...options,
          additionalParameters,
        }),
    },
    context,
    signal,
  );
  // What is no success is no answer either: then this throws.
  if (!exchange.response.ok) await readAnswer(exchange);
}
