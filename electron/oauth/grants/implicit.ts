import { AppError } from '../../../shared/errors.ts';
import type { PendingAuthorization } from '../authorization.ts';
import type { OAuthContext } from '../context.ts';
import { endpoints } from '../endpoints.ts';
import { checkFrontChannel } from '../front-channel.ts';
import { jwtClaims, subjectOf } from '../jwt-claims.ts';
import { numberIn } from '../lifetime.ts';
import { idTokenFindings } from '../quirks/id-token-findings.ts';
import { type RedirectAnswer, readRedirect } from '../redirect.ts';
import type { RedirectCapture } from '../redirect-capture.ts';
import type { ResolvedProfile } from '../resolved-profile.ts';
import type { TokenAnswer } from '../token-answer.ts';
import { readTokenResponse } from '../token-response.ts';

/** The redirect as the token answer that it is; the numbers of a fragment are texts, and an error in none. */
function asTokenResponse({ token, idToken }: RedirectAnswer): Record<string, unknown> {
  if (token === null) return { access_token: idToken?.reveal(), token_type: 'Bearer' };
  const { type, expiresIn, scope } = token;
  return {
    access_token: token.accessToken.reveal(),
    ...(type === null ? {} : { token_type: type }),
    ...(expiresIn === null ? {} : { expires_in: numberIn(expiresIn) ?? expiresIn }),
    ...(scope === null ? {} : { scope }),
  };
}

/**
 * Ends the implicit grant (RFC 6749 section 4.2.2, OpenID Connect Core 1.0 section 3.2.2.5): the redirect itself is the
 * answer, and brings no refresh token. With the response type `id_token` there is no access token: the id token stands
 * in its place, and expires when it says. Throws what `readRedirect`, `checkFrontChannel` and `readTokenResponse` throw.
 */
export async function implicitGrant(
  profile: ResolvedProfile,
  pending: PendingAuthorization,
  capture: RedirectCapture,
  context: OAuthContext,
  signal?: AbortSignal,
): Promise<TokenAnswer> {
  const receivedAtMs = context.now();
  const redirect = readRedirect(capture, pending, profile.hidden);
  const { idToken } = redirect;
  if (redirect.token === null && idToken === null)
    throw new AppError('internal', `${profile.name} asked for no token.`);
  await checkFrontChannel(redirect, profile, pending, context, signal);
  const exchange = {
    asked: { endpoint: 'tokenUrl', url: pending.url, grantType: null },
    response: Response.json(asTokenResponse(redirect), { headers: { 'cache-control': 'no-store' } }),
    server: await endpoints(profile, [], context),
    ...{ clientId: profile.client.id, sentAtMs: receivedAtMs, receivedAtMs },
    secrets: [pending.state, pending.nonce ?? [], idToken ?? [], profile.hidden].flat(),
  } as const;
  const answer = await readTokenResponse(exchange, null);
  const subject = idToken === null ? null : subjectOf(jwtClaims(idToken.reveal()), exchange.secrets);
  const findings = idToken === null ? [] : idTokenFindings(idToken, pending.issuer, false);
  return {
    ...answer,
    ...{ refreshToken: null, idToken, subject: subject ?? answer.subject },
    findings: [...redirect.findings, ...answer.findings, ...findings],
  };
}
