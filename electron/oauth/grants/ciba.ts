import { backchannelAuthenticationRequest } from 'oauth4webapi';
import { z } from 'zod';
import type { Finding } from '../../../shared/model/finding.ts';
import { Secret } from '../../../shared/secret.ts';
import { type ApprovalTimes, pollForToken, readApproval } from '../approval.ts';
import { scopeParameter } from '../authorization.ts';
import { requestAsClient } from '../client-request.ts';
import type { OAuthContext } from '../context.ts';
import { withNewKey } from '../dpop.ts';
import { incomplete } from '../endpoint-url.ts';
import { overridden, ownParameters } from '../parameters.ts';
import type { ResolvedProfile } from '../resolved-profile.ts';
import type { TokenAnswer } from '../token-answer.ts';
import { requestToken } from '../token-request.ts';
import { grantOf } from './grant-of.ts';

/** OpenID Connect CIBA 1.0 section 10.1. */
const grantType = 'urn:openid:params:grant-type:ciba';

/** OpenID Connect CIBA 1.0 section 7.3. */
const answerSchema = z.object({ auth_req_id: z.string().min(1) });

/** A request that somebody is asked about on their own device. */
export interface BackchannelAuthentication extends ApprovalTimes {
  requestId: Secret;
  /** The server that asks them. */
  url: string;
  findings: Finding[];
}

/**
 * Begins Client-Initiated Backchannel Authentication in poll mode (OpenID Connect CIBA 1.0 section 7.1): the server asks
 * somebody on their own device. The profile's own parameters of the authorization request go along. Throws
 * `profile_incomplete` without a hint who that is, `endpoint_missing`, `invalid_client`,
 * `backchannel_authentication_failed` with the server's own words, and what `requestAsClient` throws.
 */
export async function startBackchannelAuthentication(
  profile: ResolvedProfile,
  context: OAuthContext,
  signal?: AbortSignal,
): Promise<BackchannelAuthentication> {
  const { hint, hintValue, bindingMessage } = grantOf(profile, 'ciba');
  if (hintValue === '')
    throw incomplete(profile, 'grant.hintValue', 'Say in the profile who is to be asked.');
  const own = ownParameters(profile, ['authorization']);
  const parameters = {
    ...scopeParameter(profile),
    [hint]: hintValue,
    ...(bindingMessage === '' ? {} : { binding_message: bindingMessage }),
  };
  const sent = overridden(Object.entries(parameters), own.body, own.query);
  const exchange = await requestAsClient(
    profile,
    {
      ...{ endpoint: 'backchannelAuthenticationUrl', grantType: null, own },
      secrets: hint === 'login_hint' ? [] : [new Secret(hintValue)],
      post: (server, client, authentication, options) =>
        backchannelAuthenticationRequest(server, client, authentication, sent, options),
    },
    context,
    signal,
  );
  const { answer, times, findings } = await readApproval(exchange, answerSchema);
  return { requestId: new Secret(answer.auth_req_id), url: exchange.asked.url, ...times, findings };
}

/**
 * Ends it (section 10.1): asks for the token until somebody has approved. Throws what `pollForToken` throws.
 */
export async function awaitBackchannelToken(
  profile: ResolvedProfile,
  { requestId, url, findings, ...times }: BackchannelAuthentication,
  context: OAuthContext,
  signal?: AbortSignal,
): Promise<TokenAnswer> {
  const parameters = { auth_req_id: requestId.reveal() };
  const request = { grantType, parameters, secrets: [requestId], nonce: null };
  const bound = await withNewKey(profile);
  const ask = () => requestToken(bound, request, context, signal);
  const answer = await pollForToken(ask, times, context, { url, signal });
  return { ...answer, findings: [...findings, ...answer.findings] };
}
