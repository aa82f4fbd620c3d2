import type { Secret } from '../../shared/secret.ts';
import { issuerAudience } from './assertion-audience.ts';
import type { OAuthContext } from './context.ts';
import type { Endpoints } from './endpoints.ts';
import type { Parameters } from './parameters.ts';
import { pushRequest } from './pushed-request.ts';
import { requestObject } from './request-object.ts';
import type { ResolvedProfile } from './resolved-profile.ts';

/** What the browser carries when the request itself is a signed JWT (RFC 9101 section 5). */
function besideRequestObject(parameters: Parameters): Parameters {
  // OpenID Connect Core section 6.1 wants these in the open too; they are the same as within.
  return parameters.filter(([name]) => ['response_type', 'client_id', 'scope'].includes(name));
}

/**
 * The parameters as the browser carries them: as they are, signed (RFC 9101), or kept at the server with a reference in
 * their place (RFC 9126), or both. `secrets`: what of them may stand in no text. Throws what `issuerAudience`,
 * `requestObject` and `pushRequest` throw.
 */
export async function carriedRequest(
  profile: ResolvedProfile,
  request: { id: string; server: Endpoints; parameters: Parameters; secrets: readonly Secret[] },
  context: OAuthContext,
  signal?: AbortSignal,
): Promise<Parameters> {
  const { id, server, parameters, secrets } = request;
  const { requestObject: signed, pushedRequest } = profile.protection;
  const object =
    signed.kind === 'none'
      ? null
      : await requestObject(profile, signed.key, {
          ...{ clientId: id, parameters },
          issuer: await issuerAudience(profile, server, context, signal),
        });
  if (pushedRequest) {
    // With a request object nothing else may stand beside it but the client's authentication (RFC 9126 section 3).
    const pushed: Parameters = object === null ? parameters : [['request', object]];
    const uri = await pushRequest(profile, pushed, secrets, context, signal);
    return [
      ['client_id', id],
      ['request_uri', uri],
    ];
  }
  return object === null ? parameters : [...besideRequestObject(parameters), ['request', object]];
}
