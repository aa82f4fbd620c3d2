import { z } from 'zod';
import type { OAuthContext, ServerMetadata } from './context.ts';
import { endpointProblem } from './endpoint-url.ts';
import { describeBody, parseJson } from './json-body.ts';
import { serverText } from './server-text.ts';
import { wireError } from './wire-error.ts';

const endpointSchema = z
  .string()
  .refine((text) => endpointProblem(text) === null)
  .default('');
/** What a server need not have: that it is damaged must not keep anybody from logging in. */
const optionalEndpointSchema = endpointSchema.catch('');

/** RFC 8414 section 2. Only what is used here is read, and what is no endpoint counts as damaged. */
const documentSchema = z
  .object({
    issuer: z.string().min(1),
    authorization_endpoint: endpointSchema,
    token_endpoint: endpointSchema,
    revocation_endpoint: optionalEndpointSchema,
    introspection_endpoint: optionalEndpointSchema,
    end_session_endpoint: optionalEndpointSchema,
    authorization_response_iss_parameter_supported: z.boolean().default(false).catch(false),
    id_token_signing_alg_values_supported: z.array(z.string()).nullable().default(null).catch(null),
  })
  .refine((document) => document.authorization_endpoint !== '' || document.token_endpoint !== '');

/** One place that was tried: what it held, or why it is no use. */
export type DocumentAttempt =
  | { kind: 'found'; metadata: ServerMetadata }
  /** `reason` says in a word whether trying later can help; null: it cannot. */
  | { kind: 'failed'; problem: string; reason: string | null };

/** Issuers are compared as strings (RFC 8414 section 3.3), but for a slash at the end, which people leave out. */
export function sameIssuer(a: string, b: string): boolean {
  return a.replace(/\/$/, '') === b.replace(/\/$/, '');
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
  if (expected !== null && !sameIssuer(issuer, expected)) {
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
