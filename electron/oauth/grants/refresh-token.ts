import { Secret } from '../../../shared/secret.ts';
import { scopeParameter } from '../authorization.ts';
import type { OAuthContext } from '../context.ts';
import { incomplete } from '../endpoint-url.ts';
import type { ResolvedProfile } from '../resolved-profile.ts';
import type { TokenAnswer } from '../token-answer.ts';
import { requestToken } from '../token-request.ts';
import { grantOf } from './grant-of.ts';

const storeIt = 'Get one from the authorization server or another client, and store it in the profile.';

/**
 * Refreshes an access token (RFC 6749 section 6), without `scope`: left out it means the scope that was granted, which
 * may be narrower than the profile's. Only where the refresh token is the grant was none asked for before. Throws what `requestToken` throws; `classifyTokenFailure` says what that means
 * for the refresh token.
 */
export async function refreshTokens(
  profile: ResolvedProfile,
  refreshToken: Secret,
  context: OAuthContext,
  signal?: AbortSignal,
): Promise<TokenAnswer> {
  const scope = profile.grant.kind === 'refresh_token' ? scopeParameter(profile) : {};
  const parameters = { ...scope, refresh_token: refreshToken.reveal() };
  const request = { grantType: 'refresh_token', parameters, secrets: [refreshToken], nonce: null };
  return requestToken(profile, request, context, signal);
}

/**
 * The refresh token as a grant of its own: the one that stands in the profile is exchanged for an access token. When the
 * answer brings no other, it stays the one to refresh with (RFC 6749 section 6). Throws `profile_incomplete` when it has
 * no value, and what `requestToken` throws.
 */
export async function refreshTokenGrant(
  profile: ResolvedProfile,
  context: OAuthContext,
  signal?: AbortSignal,
): Promise<TokenAnswer> {
  const refreshToken = new Secret(grantOf(profile, 'refresh_token').refreshToken.reveal().trim());
  if (refreshToken.reveal() === '') throw incomplete(profile, 'grant.refreshToken', storeIt);
  const answer = await refreshTokens(profile, refreshToken, context, signal);
  return { ...answer, refreshToken: answer.refreshToken ?? refreshToken };
}
