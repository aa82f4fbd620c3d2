import type { PendingAuthorization } from '../authorization.ts';
import type { OAuthContext } from '../context.ts';
import { readRedirect } from '../redirect.ts';
import type { RedirectCapture } from '../redirect-capture.ts';
import type { ResolvedProfile } from '../resolved-profile.ts';
import type { TokenAnswer } from '../token-answer.ts';
import { requestToken } from '../token-request.ts';

/**
 * Ends the authorization code grant (RFC 6749 section 4.1.3): checks the redirect and exchanges its code, with the
 * PKCE verifier (RFC 7636 section 4.5). Throws what `readRedirect` and `requestToken` throw.
 */
export async function exchangeCode(
  profile: ResolvedProfile,
  pending: PendingAuthorization,
  capture: RedirectCapture,
  context: OAuthContext,
  signal?: AbortSignal,
): Promise<TokenAnswer> {
  const code = readRedirect(capture, pending, profile.hidden);
  const parameters = {
    code: code.reveal(),
    redirect_uri: pending.redirectUri,
    ...(pending.codeVerifier === null ? {} : { code_verifier: pending.codeVerifier.reveal() }),
  };
  const secrets = [code, pending.codeVerifier ?? [], pending.nonce ?? []].flat();
  const request = { grantType: 'authorization_code', parameters, secrets, nonce: pending.nonce };
  return requestToken(profile, request, context, signal);
}
