import { genericTokenEndpointRequest } from 'oauth4webapi';
import type { Secret } from '../../shared/secret.ts';
import { type ClientRequest, requestAsClient } from './client-request.ts';
import type { OAuthContext } from './context.ts';
import type { ResolvedProfile } from './resolved-profile.ts';
import type { TokenAnswer } from './token-answer.ts';
import { readTokenResponse } from './token-response.ts';

/** What one grant adds to a token request. */
export interface TokenRequest {
  /** `grant_type` as it stands on the wire. */
  grantType: string;
  /** The parameters of the grant; client authentication and `grant_type` are added to them. */
  parameters: Record<string, string>;
  /** Those of the parameters that may stand in no text, should the server echo them. */
  secrets: readonly Secret[];
  /** What an id token in the answer must carry; null for none. */
  nonce: Secret | null;
}

/**
 * Posts a token request (RFC 6749 section 3.2) and reads its answer: every grant and every refresh goes through here,
 * once each; repeating is `withRetries`'s. Throws what `requestAsClient` and `readTokenResponse` throw.
 */
export async function requestToken(
  profile: ResolvedProfile,
  { grantType, parameters, secrets, nonce }: TokenRequest,
  context: OAuthContext,
  signal?: AbortSignal,
): Promise<TokenAnswer> {
  const request: ClientRequest = {
    endpoint: 'tokenUrl',
    grantType,
    secrets,
    post: (server, client, authentication, options) =>
      genericTokenEndpointRequest(server, client, authentication, grantType, parameters, options),
  };
  return readTokenResponse(await requestAsClient(profile, request, context, signal), nonce);
}
