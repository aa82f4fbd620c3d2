import { z } from 'zod';
import type { ServerSupport } from '../../shared/model/server-support.ts';
import { wireError } from '../network/wire-error.ts';
import type { OAuthContext, ServerMetadata } from './context.ts';
import { endpointProblem } from './endpoint-url.ts';
import { describeBody, parseJson } from './json-body.ts';
import { serverText } from './server-text.ts';

const endpointSchema = z
  .string()
  .refine((text) => endpointProblem(text) === null)
  .default('');
/** What a server need not have: that it is damaged must not keep anybody from logging in. */
const optionalEndpointSchema = endpointSchema.catch('');

const aliasSchema = endpointSchema.optional().catch(undefined);
const listedSchema = z.array(z.string().max(500)).max(1000).nullable().default(null).catch(null);

/** RFC 8414 section 2. Only what is used here is read, and what is no endpoint counts as damaged. */
const documentSchema = z
  .object({
    issuer: z.string().min(1),
    authorization_endpoint: endpointSchema,
    token_endpoint: endpointSchema,
    revocation_endpoint: optionalEndpointSchema,
    introspection_endpoint: optionalEndpointSchema,
    end_session_endpoint: optionalEndpointSchema,
    device_authorization_endpoint: optionalEndpointSchema,
    pushed_authorization_request_endpoint: optionalEndpointSchema,
    backchannel_authentication_endpoint: optionalEndpointSchema,
    jwks_uri: optionalEndpointSchema,
    mtls_endpoint_aliases: z
      .object({
        token_endpoint: aliasSchema,
        revocation_endpoint: aliasSchema,
        introspection_endpoint: aliasSchema,
        device_authorization_endpoint: aliasSchema,
        pushed_authorization_request_endpoint: aliasSchema,
        backchannel_authentication_endpoint: aliasSchema,
      })
      .catch({}),
    scopes_supported: listedSchema,
    grant_types_supported: listedSchema,
    response_types_supported: listedSchema,
    response_modes_supported: listedSchema,
    token_endpoint_auth_methods_supported: listedSchema,
    token_endpoint_auth_signing_alg_values_supported: listedSchema,
    code_challenge_methods_supported: listedSchema,
    dpop_signing_alg_values_supported: listedSchema,
    request_object_signing_alg_values_supported: listedSchema,
    acr_values_supported: listedSchema,
    require_pushed_authorization_requests: z.boolean().default(false).catch(false),
    authorization_response_iss_parameter_supported: z.boolean().default(false).catch(false),
    id_token_signing_alg_values_supported: listedSchema,
  })
  .refine((document) => document.authorization_endpoint !== '' || document.token_endpoint !== '');

type Document = z.infer<typeof documentSchema>;

/** One place that was tried: what it held, or why it is no use. */
export type DocumentAttempt =
  | { kind: 'found'; metadata: ServerMetadata }
  /** `reason` says in a word whether trying later can help; null: it cannot. */
  | { kind: 'failed'; problem: string; reason: string | null };

function withoutSlash(issuer: string): string {
  return issuer.replace(/\/$/, '');
}

/** Whether two issuers are the same but for a slash at the end of one of them. */
export function differBySlash(one: string, other: string): boolean {
  return one !== other && withoutSlash(one) === withoutSlash(other);
}

/**
 * Issuers are compared as strings (RFC 8414 section 3.3), but for a slash at the end, which people leave out, and for the
 * `{tenantid}` of Microsoft's documents for all tenants: there `told` may have any.
 */
export function sameIssuer(told: string, known: string): boolean {
  const parts = withoutSlash(told).split('/');
  const knownParts = withoutSlash(known).split('/');
  // The first three are scheme and host.
  const same = (part: string, index: number): boolean =>
    part === knownParts[index] || (index > 2 && part !== '' && knownParts[index] === '{tenantid}');
  return parts.length === knownParts.length && parts.every(same);
}

function failed(problem: string, reason: string | null = null): DocumentAttempt {
  return { kind: 'failed', problem, reason };
}

/** Well-known addresses may redirect (to add a slash, or to another host); at most three hops, web addresses only. */
async function get(url: string, context: OAuthContext, signal: AbortSignal | undefined): Promise<Response> {
  let target = url;
  for (let hops = 0; ; hops += 1) {
    const response = await context.fetch(target, {
      method: 'GET',
      headers: { accept: 'application/json' },
      signal,
    });
    const location = response.headers.get('location');
    if (response.status < 300 || response.status > 399 || location === null || hops === 3) return response;
    if (!URL.canParse(location, target)) return response;
    const next = new URL(location, target);
    if (!/^https?:$/.test(next.protocol)) return response;
    target = next.href;
  }
}

function mtlsUrlsOf(aliases: Document['mtls_endpoint_aliases']): ServerMetadata['mtlsUrls'] {
  const urls = {
    tokenUrl: aliases.token_endpoint,
    revocationUrl: aliases.revocation_endpoint,
    introspectionUrl: aliases.introspection_endpoint,
    deviceAuthorizationUrl: aliases.device_authorization_endpoint,
    pushedAuthorizationUrl: aliases.pushed_authorization_request_endpoint,
    backchannelAuthenticationUrl: aliases.backchannel_authentication_endpoint,
  };
  return Object.fromEntries(Object.entries(urls).filter(([, url]) => (url ?? '') !== ''));
}

function supportOf(document: Document): ServerSupport {
  return {
    scopes: document.scopes_supported,
    grantTypes: document.grant_types_supported,
    responseTypes: document.response_types_supported,
    responseModes: document.response_modes_supported,
    clientAuthentication: document.token_endpoint_auth_methods_supported,
    assertionAlgorithms: document.token_endpoint_auth_signing_alg_values_supported,
    pkce: document.code_challenge_methods_supported,
    dpopAlgorithms: document.dpop_signing_alg_values_supported,
    requestObjectAlgorithms: document.request_object_signing_alg_values_supported,
    acrValues: document.acr_values_supported,
    pushedRequestRequired: document.require_pushed_authorization_requests,
  };
}

async function readDocument(response: Response, expected: string | null): Promise<DocumentAttempt> {
  if (response.status !== 200) {
    const later = response.status === 408 || response.status === 429 || response.status >= 500;
    return failed(`HTTP ${response.status}`, later ? 'server_failed' : null);
  }
  const body = await response.text();
  const json = parseJson(body);
  if (json === undefined) return failed(`${describeBody(response, body)} instead of JSON`);
  const document = documentSchema.safeParse(json);
  if (!document.success) return failed('JSON that names no usable issuer and endpoints');
  const { issuer, authorization_endpoint, token_endpoint, ...rest } = document.data;
  if (expected !== null && !sameIssuer(expected, issuer)) {
    return failed(`a document of another issuer, ${serverText(issuer, [], 200)}`);
  }
  return {
    kind: 'found',
    metadata: {
      issuer,
      authorizationUrl: authorization_endpoint,
      tokenUrl: token_endpoint,
      revocationUrl: rest.revocation_endpoint,
      introspectionUrl: rest.introspection_endpoint,
      endSessionUrl: rest.end_session_endpoint,
      deviceAuthorizationUrl: rest.device_authorization_endpoint,
      pushedAuthorizationUrl: rest.pushed_authorization_request_endpoint,
      backchannelAuthenticationUrl: rest.backchannel_authentication_endpoint,
      jwksUrl: rest.jwks_uri,
      mtlsUrls: mtlsUrlsOf(rest.mtls_endpoint_aliases),
      supports: supportOf(document.data),
      announcesIssuer: rest.authorization_response_iss_parameter_supported,
      idTokenAlgorithms: rest.id_token_signing_alg_values_supported,
    },
  };
}

/**
 * Tries to read a discovery document at one address. `expected` is the issuer that it must name; null takes any. Fails
 * as an AppError only when cancelled.
 */
export async function tryDocument(
  url: string,
  expected: string | null,
  context: OAuthContext,
  signal: AbortSignal | undefined,
): Promise<DocumentAttempt> {
  try {
    return await readDocument(await get(url, context, signal), expected);
  } catch (thrown) {
    const error = wireError(thrown, url);
    if (error.code === 'cancelled') throw error;
    return failed(error.message.replace(/\.$/, ''), error.code);
  }
}
