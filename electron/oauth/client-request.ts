import { allowInsecureRequests, type Client, type ClientAuth, clockSkew, customFetch } from 'oauth4webapi';
import { Secret } from '../../shared/secret.ts';
import { wireError } from '../network/wire-error.ts';
import { assertionAudience } from './assertion-audience.ts';
import { assertCertificate } from './certificate-needed.ts';
import { clientAuthentication, clientSecrets } from './client-authentication.ts';
import { clientId } from './client-id.ts';
import type { OAuthContext, OAuthFetch } from './context.ts';
import { dpopProof, noteNonce } from './dpop.ts';
import type { Asked, PostedEndpoint } from './endpoint-failure.ts';
import { type Endpoints, endpoints } from './endpoints.ts';
import { noParameters, type OwnParameters, withQuery } from './parameters.ts';
import type { ResolvedProfile } from './resolved-profile.ts';

const wireNames = {
  tokenUrl: 'token_endpoint',
  revocationUrl: 'revocation_endpoint',
  introspectionUrl: 'introspection_endpoint',
  pushedAuthorizationUrl: 'pushed_authorization_request_endpoint',
  deviceAuthorizationUrl: 'device_authorization_endpoint',
  backchannelAuthenticationUrl: 'backchannel_authentication_endpoint',
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
  /** The profile's own, whose query and headers are added here; those for the body, `post` knows. Default: none. */
  own?: OwnParameters;
  /** What the tokens that are asked for are to be bound to (RFC 9449 section 5). Default: nothing. */
  dpopKey?: Secret | null;
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

/** Where a request goes: a client that shows a certificate has addresses of its own (RFC 8705 section 5). */
function addressOf(profile: ResolvedProfile, server: Endpoints, endpoint: PostedEndpoint): string {
  const typed = profile.server[endpoint].trim() !== '';
  const alias = profile.client.kind === 'tls_client_auth' && !typed ? server.mtlsUrls[endpoint] : undefined;
  return alias ?? server[endpoint];
}

/** What of a request's body is made for this one request, and proves something: it may stand in no text. */
const provingParameters = ['client_assertion', 'request'];

/** The fetch of one request: it adds the profile's headers and the DPoP proof, and tells what of that is secret. */
function provingFetch(
  { own = noParameters, dpopKey = null }: ClientRequest,
  { fetch, dpopNonces, now }: OAuthContext,
  tell: (secret: Secret) => void,
): OAuthFetch {
  return async (url, options) => {
    const headers = new Headers(options.headers);
    for (const [name] of own.headers) headers.delete(name);
    for (const [name, value] of own.headers) headers.append(name, value);
    if (dpopKey !== null) {
      const request = { method: options.method, url, accessToken: null };
      const proof = await dpopProof(dpopKey, request, dpopNonces, now());
      tell(proof);
      headers.set('dpop', proof.reveal());
    }
    for (const name of provingParameters) {
      const value = new URLSearchParams(options.body?.toString()).get(name);
      if (value !== null) tell(new Secret(value));
    }
    return fetch(url, { ...options, headers: Object.fromEntries(headers) });
  };
}

/** Whether the server wants the proof made again, with the nonce that it gives (RFC 9449 section 8). */
async function asksForNonce(response: Response): Promise<boolean> {
  if (response.ok || !response.headers.has('dpop-nonce')) return false;
  const challenge = response.headers.get('www-authenticate') ?? '';
  return challenge.includes('use_dpop_nonce') || (await response.clone().text()).includes('use_dpop_nonce');
}

/**
 * Posts a request as the profile's client: to the token endpoint (RFC 6749 section 3.2), or to another, where it
 * authenticates in the same way. No redirect is followed. Sent once, and once more when the server asks for a DPoP nonce.
 * Throws `profile_incomplete`, and what `clientAuthentication`, `endpoints`, `assertCertificate` and `wireError` throw.
 */
export async function requestAsClient(
  profile: ResolvedProfile,
  request: ClientRequest,
  context: OAuthContext,
  signal?: AbortSignal,
): Promise<ClientExchange> {
  const { endpoint, grantType, own = noParameters, dpopKey = null } = request;
  const id = clientId(profile);
  const authentication = await clientAuthentication(profile, context.now);
  const server = await endpoints(profile, [endpoint], context, signal);
  const address = addressOf(profile, server, endpoint);
  await assertCertificate(profile, address);
  const audience = await assertionAudience(profile, server, address, context, signal);
  const url = withQuery(address, own.query);
  const proofs: Secret[] = [];
  const options: RequestOptions = {
    // This is a testing tool: servers on plain HTTP are its daily bread.
    [allowInsecureRequests]: true,
    [customFetch]: provingFetch(request, context, (secret) => void proofs.push(secret)),
    headers: { 'user-agent': 'Grantwright' },
    ...(signal === undefined ? {} : { signal }),
  };
  // The library makes the issuer the audience of what it signs, and needs it for nothing else here.
  const target = { issuer: audience ?? server.issuer ?? address, [wireNames[endpoint]]: url };
  const client = { client_id: id, [clockSkew]: Math.round((context.now() - Date.now()) / 1000) };
  const send = () =>
    request.post(target, client, authentication, options).catch((cause: unknown) => {
      throw wireError(cause, url);
    });
  let sentAtMs = context.now();
  let response = await send();
  if (dpopKey !== null) {
    noteNonce(context.dpopNonces, url, response.headers.get('dpop-nonce'));
    if (await asksForNonce(response)) {
      sentAtMs = context.now();
      response = await send();
      noteNonce(context.dpopNonces, url, response.headers.get('dpop-nonce'));
    }
  }
  return {
    asked: { endpoint, url, grantType },
    response,
    server,
    clientId: id,
    secrets: [...request.secrets, ...proofs, ...clientSecrets(profile), ...profile.hidden],
    sentAtMs,
    receivedAtMs: context.now(),
  };
}
