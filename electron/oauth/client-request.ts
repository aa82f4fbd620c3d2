import { allowInsecureRequests, type Client, type ClientAuth, customFetch } from 'oauth4webapi';
import type { Secret } from '../../shared/secret.ts';
import { clientId } from './authorization.ts';
import { clientAuthentication, clientSecrets } from './client-authentication.ts';
import type { OAuthContext } from './context.ts';
import type { Asked, PostedEndpoint } from './endpoint-failure.ts';
import { type Endpoints, endpoints } from './endpoints.ts';
import type { ResolvedProfile } from './resolved-profile.ts';
import { wireError } from '../network/wire-error.ts';

const wireNames = {
  tokenUrl: 'token_endpoint',
  revocationUrl: 'revocation_endpoint',
  introspectionUrl: 'introspection_endpoint',
} as const satisfies Record<PostedEndpoint, string>;

/** What the request functions of the library are called with. */
interface RequestOptions {
  [allowInsecureRequests]: true;
  [customFetch]: OAuthContext['fetch'];
  headers: Record<string, string>;
  signal?: AbortSignal;
}

/** A request that the client authenticates. */
export interface ClientRequest {
  endpoint: PostedEndpoint;
  /** Null when it is no token request. */
  grantType: string | null;
  /** Those of its parameters that may stand in no text, should the server echo them. */
  secrets: readonly Secret[];
  /** Posts it; one of the library's request functions. */
  post: (
    server: { issuer: string },
    client: Client,
    authentication: ClientAuth,
    options: RequestOptions,
  ) => Promise<Response>;
}

/** The answer to such a request, and what it is judged by. */
export interface ClientExchange {
  asked: Asked;
  response: Response;
  server: Endpoints;
  clientId: string;
  /** All that was sent and may stand in no text, what proved the client included. */
  secrets: readonly Secret[];
  /** Milliseconds since the epoch. */
  sentAtMs: number;
  /** When the whole body was there. */
  receivedAtMs: number;
}

/**
 * Posts a request as the profile's client: to the token endpoint (RFC 6749 section 3.2), or to those of RFC 7009 and
 * RFC 7662, where it authenticates in the same way. Sent once, no redirect followed. Throws `profile_incomplete`, and
 * what `endpoints` and `wireError` throw.
 */
export async function requestAsClient(
  profile: ResolvedProfile,
  { endpoint, grantType, secrets, post }: ClientRequest,
  context: OAuthContext,
  signal?: AbortSignal,
): Promise<ClientExchange> {
  const id = clientId(profile);
  const authentication = clientAuthentication(profile);
  const server = await endpoints(profile, [endpoint], context, signal);
  const url = server[endpoint];
  const options: RequestOptions = {
    // This is a testing tool: servers on plain HTTP are its daily bread.
    [allowInsecureRequests]: true,
    [customFetch]: context.fetch,
    headers: { 'user-agent': 'Grantwright' },
    ...(signal === undefined ? {} : { signal }),
  };
  const target = { issuer: server.issuer ?? url, [wireNames[endpoint]]: url };
  const sentAtMs = context.now();
  const response = await post(target, { client_id: id }, authentication, options).catch((cause: unknown) => {
    throw wireError(cause, url);
  });
  return {
    asked: { endpoint, url, grantType },
    response,
    server,
    clientId: id,
    secrets: [...secrets, ...clientSecrets(profile), ...profile.hidden],
    sentAtMs,
    receivedAtMs: context.now(),
  };
}
