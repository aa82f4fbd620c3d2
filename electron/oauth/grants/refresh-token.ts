import type { Secret } from '../../../shared/secret.ts';
import type { OAuthContext } from '../context.ts';
import type { ResolvedProfile } from '../resolved-profile.ts';
import type { TokenAnswer } from '../token-answer.ts';
import { requestToken } from '../token-request.ts';

/**
 * Refreshes an access token (RFC 6749 section 6), without `scope`: left out it means the scope that was granted, which
 * may be narrower than the profile's. Throws what `requestToken` throws; `classifyTokenFailure` says what that means
 * for the refresh token.
 */
export async function refreshTokens(
  profile: ResolvedProfile,
  refreshToken: Secret,
  context: OAuthContext,
  signal?: AbortSignal,
): Promise<TokenAnswer> {
  const parameters = { refresh_token: refreshToken.reveal() };
  const request = { grantType: 'refresh_token', parameters, secrets: [refreshToken], nonce: null };
  return requestToken(profile, request, context, signal);
}
