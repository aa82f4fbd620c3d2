import { revocationRequest } from 'oauth4webapi';
import type { Secret } from '../../shared/secret.ts';
import { requestAsClient } from './client-request.ts';
import type { OAuthContext } from './context.ts';
import { endpointFailure, unusableAnswer } from './endpoint-failure.ts';
import { errorWords } from './error-words.ts';
import { parseJson } from './json-body.ts';
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
  const { asked, response, secrets, receivedAtMs } = await requestAsClient(
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
  if (response.ok) return;
  if (response.status < 400) throw unusableAnswer(asked, response, 'a redirect', secrets);
  const words = errorWords(parseJson(await response.text()), secrets);
  throw endpointFailure(asked, response, words, receivedAtMs);
}
