import { allowInsecureRequests, customFetch, genericTokenEndpointRequest } from 'oauth4webapi';
import type { Secret } from '../../shared/secret.ts';
import { clientId } from './authorization.ts';
import { clientAuthentication, clientSecrets } from './client-authentication.ts';
import type { OAuthContext } from './context.ts';
import { tokenEndpoint } from './endpoints.ts';
import type { ResolvedProfile } from './resolved-profile.ts';
import type { TokenAnswer } from './token-answer.ts';
import { readTokenResponse } from './token-response.ts';
import { wireError } from './wire-error.ts';

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
 * once each; repeating is `withRetries`'s. Throws what `readTokenResponse`, `wireError` and `tokenEndpoint` throw.
 */
export async function requestToken(
  profile: ResolvedProfile,
  request: TokenRequest,
  context: OAuthContext,
  signal?: AbortSignal,
): Promise<TokenAnswer> {
  const id = clientId(profile);
  const authentication = clientAuthentication(profile);
  const server = await tokenEndpoint(profile, context, signal);
  const target = { issuer: server.issuer ?? server.tokenUrl, token_endpoint: server.tokenUrl };
  const options = {
    // This is a testing tool: servers on plain HTTP are its daily bread.
    [allowInsecureRequests]: true,
    [customFetch]: context.fetch,
    headers: { 'user-agent': 'Grantwright' },
    ...(signal === undefined ? {} : { signal }),
  };
  const { grantType, parameters, nonce } = request;
  const response = await genericTokenEndpointRequest(
    target,
    { client_id: id },
    authentication,
    grantType,
    parameters,
    options,
  ).catch((cause: unknown) => {
    throw wireError(cause, server.tokenUrl);
  });
  const secrets = [...request.secrets, ...clientSecrets(profile)];
  return readTokenResponse(response, { server, clientId: id, nonce, nowMs: context.now(), secrets });
}
