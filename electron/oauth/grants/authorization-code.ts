import { AppError } from '../../../shared/errors.ts';
import type { Secret } from '../../../shared/secret.ts';
import { hostOf } from '../../network/wire-error.ts';
import type { PendingAuthorization } from '../authorization.ts';
import type { OAuthContext } from '../context.ts';
import { boundTo } from '../dpop.ts';
import { checkFrontChannel } from '../front-channel.ts';
import { jwtClaims } from '../jwt-claims.ts';
import { readRedirect } from '../redirect.ts';
import type { RedirectCapture } from '../redirect-capture.ts';
import type { ResolvedProfile } from '../resolved-profile.ts';
import type { TokenAnswer } from '../token-answer.ts';
import { requestToken } from '../token-request.ts';

/** Both id tokens of a hybrid flow are of one person at one issuer (OpenID Connect Core 1.0 section 3.3.3.6). */
function checkSamePerson(front: Secret, back: Secret, pending: PendingAuthorization): void {
  const [before, after] = [jwtClaims(front.reveal()), jwtClaims(back.reveal())];
  if (before?.sub === after?.sub && before?.iss === after?.iss) return;
  throw new AppError(
    'token_response_invalid',
    `The id token that came for the code is not of the person whose id token ${hostOf(pending.url)} sent along with the code.`,
    { action: 'Do not trust this answer: the code may be of somebody else. Get the access token again.' },
  );
}

/**
 * Ends the authorization code grant (RFC 6749 section 4.1.3), a hybrid one too (OpenID Connect Core 1.0 section 3.3):
 * checks the redirect and exchanges its code, with the PKCE verifier (RFC 7636 section 4.5). An access token that came
 * along with the code is dropped for the one that comes for the code, which no browser has seen. Throws what
 * `readRedirect`, `checkFrontChannel` and `requestToken` throw.
 */
export async function exchangeCode(
  profile: ResolvedProfile,
  pending: PendingAuthorization,
  capture: RedirectCapture,
  context: OAuthContext,
  signal?: AbortSignal,
): Promise<TokenAnswer> {
  const redirect = readRedirect(capture, pending, profile.hidden);
  const { code, token, idToken } = redirect;
  if (code === null) throw new AppError('internal', `${profile.name} asked for no code.`);
  await checkFrontChannel(redirect, profile, pending, context, signal);
  const parameters = {
    code: code.reveal(),
    redirect_uri: pending.redirectUri,
    ...(pending.codeVerifier === null ? {} : { code_verifier: pending.codeVerifier.reveal() }),
  };
  const { codeVerifier, nonce } = pending;
  const secrets = [code, token?.accessToken ?? [], idToken ?? [], codeVerifier ?? [], nonce ?? []].flat();
  const request = { grantType: 'authorization_code', parameters, secrets, nonce };
  const bound = boundTo(profile, pending.dpopKey);
  const answer = await requestToken(bound, request, context, signal);
  if (idToken !== null && answer.idToken !== null) checkSamePerson(idToken, answer.idToken, pending);
  return {
    ...answer,
    idToken: answer.idToken ?? idToken,
    findings: [...redirect.findings, ...answer.findings],
  };
}
