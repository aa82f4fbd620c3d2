import { pushedAuthorizationRequest } from 'oauth4webapi';
import { z } from 'zod';
import type { Secret } from '../../shared/secret.ts';
import { type ClientRequest, requestAsClient } from './client-request.ts';
import type { OAuthContext } from './context.ts';
import { type Answered, readWanted } from './json-answer.ts';
import type { Parameters } from './parameters.ts';
import type { ResolvedProfile } from './resolved-profile.ts';

/** RFC 9126 section 2.2; some servers answer 200 for 201, and leave out when it expires. */
const answerSchema = z.object({ request_uri: z.string().min(1).max(2000) });

/** Reads the answer to a pushed authorization request. Throws `invalid_client` or `pushed_request_failed`. */
export async function readPushedAnswer(exchange: Answered): Promise<string> {
  const { wanted } = await readWanted(exchange, answerSchema, 'JSON without a request_uri');
  return wanted.request_uri;
}

/**
 * Sends an authorization request to the server itself and gives the `request_uri` that stands for it (RFC 9126 section 2).
 * `secrets`: what of the parameters may stand in no text. Throws `endpoint_missing`, `invalid_client`,
 * `pushed_request_failed` with the server's own words, and what `requestAsClient` throws.
 */
export async function pushRequest(
  profile: ResolvedProfile,
  parameters: Parameters,
  secrets: readonly Secret[],
  context: OAuthContext,
  signal?: AbortSignal,
): Promise<string> {
  const sent = parameters.map(([name, value]) => [name, value]);
  const request: ClientRequest = {
    ...{ endpoint: 'pushedAuthorizationUrl', grantType: null, secrets },
    post: (server, client, authentication, options) =>
      pushedAuthorizationRequest(server, client, authentication, sent, options),
  };
  return readPushedAnswer(await requestAsClient(profile, request, context, signal));
}
