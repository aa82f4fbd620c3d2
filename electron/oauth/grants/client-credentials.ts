import { scopeParameter } from '../authorization.ts';
import type { OAuthContext } from '../context.ts';
import type { ResolvedProfile } from '../resolved-profile.ts';
import type { TokenAnswer } from '../token-answer.ts';
import { requestToken } from '../token-request.ts';

/** The client credentials grant (RFC 6749 section 4.4): no person, no screen. Throws what `requestToken` throws. */
export async function clientCredentials(
  profile: ResolvedProfile,
  context: OAuthContext,
  signal?: AbortSignal,
): Promise<TokenAnswer> {
  const parameters = scopeParameter(profile);
  const request = { grantType: 'client_credentials', parameters, secrets: [], nonce: null };
  return requestToken(profile, request, context, signal);
}
