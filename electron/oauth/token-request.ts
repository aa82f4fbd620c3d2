import { genericTokenEndpointRequest } from 'oauth4webapi';
import type { ParameterTarget } from '../../shared/model/parameter.ts';
import type { Secret } from '../../shared/secret.ts';
import { type ClientRequest, requestAsClient } from './client-request.ts';
import type { OAuthContext } from './context.ts';
import { newDpopKey } from './dpop.ts';
import { overridden, ownParameters } from './parameters.ts';
import { discoveryFindings } from './quirks/discovery-findings.ts';
import type { ResolvedProfile } from './resolved-profile.ts';
import type { TokenAnswer } from './token-answer.ts';
import { readTokenResponse } from './token-response.ts';

/** What one grant adds to a token request. */
export interface TokenRequest {
  /** `grant_type` as it stands on the wire. */
  grantType: string;
  /** The parameters of the grant; client authentication, `grant_type` and the profile's own are added to them. */
  parameters: Record<string, string>;
  /** Those of the parameters that may stand in no text, should the server echo them. */
  secrets: readonly Secret[];
  /** What an id token in the answer must carry; null for none. */
  nonce: Secret | null;
}

/** Where the refresh token is the grant, its request is both: whoever adds a parameter to either means this one. */
function targetsOf({ grant }: ResolvedProfile, grantType: string): ParameterTarget[] {
  if (grantType !== 'refresh_token') return ['token'];
  return grant.kind === 'refresh_token' ? ['token', 'refresh'] : ['refresh'];
}

/** What the tokens are to be bound to (RFC 9449 section 5): the key of those that are refreshed, else a new one. */
async function dpopKeyOf({ protection: { dpop } }: ResolvedProfile): Promise<Secret | null> {
  return dpop.kind === 'off' ? null : (dpop.key ?? newDpopKey(dpop.algorithm));
}

/**
 * Posts a token request (RFC 6749 section 3.2) and reads its answer: every grant and every refresh goes through here,
 * once each; repeating is `withRetries`'s. Throws what `ownParameters`, `requestAsClient` and `readTokenResponse` throw.
 */
export async function requestToken(
  profile: ResolvedProfile,
  { grantType, parameters, secrets, nonce }: TokenRequest,
  context: OAuthContext,
  signal?: AbortSignal,
): Promise<TokenAnswer> {
  const own = ownParameters(profile, targetsOf(profile, grantType));
  const sent = overridden(Object.entries(parameters), own.body, own.query);
  const dpopKey = await dpopKeyOf(profile);
  const request: ClientRequest = {
    ...{ endpoint: 'tokenUrl', grantType, secrets, own, dpopKey },
    post: (server, client, authentication, options) =>
      genericTokenEndpointRequest(server, client, authentication, grantType, sent, options),
  };
  const answer = await readTokenResponse(await requestAsClient(profile, request, context, signal), nonce);
  const metadata = context.discovered.get(profile.server.issuer.trim());
  const told = metadata === undefined ? [] : discoveryFindings({ metadata, profile, grantType });
  return {
    ...answer,
    findings: [...answer.findings, ...told],
    ...(dpopKey === null ? {} : { dpopKey }),
  };
}
