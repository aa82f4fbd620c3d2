import { deviceAuthorizationRequest } from 'oauth4webapi';
import { z } from 'zod';
import type { Finding } from '../../../shared/model/finding.ts';
import { Secret } from '../../../shared/secret.ts';
import { type ApprovalTimes, pollForToken, readApproval } from '../approval.ts';
import { scopeParameter } from '../authorization.ts';
import { type ClientExchange, requestAsClient } from '../client-request.ts';
import type { OAuthContext } from '../context.ts';
import { withNewKey } from '../dpop.ts';
import { unusableAnswer } from '../endpoint-failure.ts';
import { endpointProblem } from '../endpoint-url.ts';
import { overridden, ownParameters } from '../parameters.ts';
import type { ResolvedProfile } from '../resolved-profile.ts';
import { redact, serverText } from '../server-text.ts';
import type { TokenAnswer } from '../token-answer.ts';
import { requestToken } from '../token-request.ts';

/** RFC 8628 section 3.4. */
const grantType = 'urn:ietf:params:oauth:grant-type:device_code';

/** It is opened in a browser, and stands in a window: nothing but a web address will do. */
const addressSchema = z
  .string()
  .max(2000)
  .refine((url) => endpointProblem(url.split('#')[0] ?? '') === null)
  .transform((url) => new URL(url).href);

/** RFC 8628 section 3.2. */
const answerSchema = z.object({
  device_code: z.string().min(1),
  user_code: z.string().trim().min(1).max(100),
  verification_uri: addressSchema,
  verification_uri_complete: addressSchema.nullish().catch(null),
});

/** A device authorization that somebody is to approve. */
export interface DeviceAuthorization extends ApprovalTimes {
  deviceCode: Secret;
  /** What the person enters; to be shown to them alone. */
  userCode: string;
  /** Where they enter it. */
  verificationUri: string;
  /** The same address with the code in it; null: there is none. */
  verificationUriComplete: string | null;
  /** In what the answer is not as the RFC has it. */
  findings: Finding[];
}

/**
 * Begins the device authorization grant (RFC 8628 section 3.1): asks the server for a code. The profile's own parameters
 * of the authorization request go along. Throws `endpoint_missing`, `invalid_client`, `device_authorization_failed` with
 * the server's own words, and what `requestAsClient` throws.
 */
export async function startDeviceAuthorization(
  profile: ResolvedProfile,
  context: OAuthContext,
  signal?: AbortSignal,
): Promise<DeviceAuthorization> {
  const own = ownParameters(profile, ['authorization']);
  const sent = overridden(Object.entries(scopeParameter(profile)), own.body, own.query);
  const exchange = await requestAsClient(
    profile,
    {
      ...{ endpoint: 'deviceAuthorizationUrl', grantType: null, secrets: [], own },
      post: (server, client, authentication, options) =>
        deviceAuthorizationRequest(server, client, authentication, sent, options),
    },
    context,
    signal,
  );
  return readDeviceAuthorization(exchange);
}

/** Shorter secrets stand in addresses and codes by chance, which must stay as they are. */
const leastTelling = 6;

/** Reads the answer (RFC 8628 section 3.2), of which a part is shown: nothing that is secret may come into that. */
export async function readDeviceAuthorization(exchange: ClientExchange): Promise<DeviceAuthorization> {
  const { answer, times, findings, secrets } = await readApproval(exchange, answerSchema);
  const { asked, response } = exchange;
  const telling = secrets.filter((secret) => secret.reveal().length >= leastTelling);
  const tells = (url: string) => redact(url, telling) !== url;
  if (tells(answer.verification_uri))
    throw unusableAnswer(asked, response, 'a secret in its verification_uri', secrets);
  const whole = answer.verification_uri_complete ?? null;
  return {
    deviceCode: new Secret(answer.device_code),
    userCode: serverText(answer.user_code, telling, 100),
    verificationUri: answer.verification_uri,
    verificationUriComplete: whole === null || tells(whole) ? null : whole,
    ...times,
    findings,
  };
}

/**
 * Ends the device authorization grant (RFC 8628 section 3.4): asks for the token until somebody has approved. Throws what
 * `pollForToken` throws.
 */
export async function awaitDeviceToken(
  profile: ResolvedProfile,
  authorization: DeviceAuthorization,
  context: OAuthContext,
  signal?: AbortSignal,
): Promise<TokenAnswer> {
  const { deviceCode, verificationUri: url, findings } = authorization;
  const parameters = { device_code: deviceCode.reveal() };
  const request = { grantType, parameters, secrets: [deviceCode], nonce: null };
  const bound = await withNewKey(profile);
  const ask = () => requestToken(bound, request, context, signal);
  const answer = await pollForToken(ask, authorization, context, { url, signal });
  return { ...answer, findings: [...findings, ...answer.findings] };
}
