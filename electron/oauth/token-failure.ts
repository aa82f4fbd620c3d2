import { z } from 'zod';
import { AppError, type ErrorCode, type ServerAnswer } from '../../shared/errors.ts';
import type { Secret } from '../../shared/secret.ts';
import { serverText } from './server-text.ts';

const text = z.string().min(1).optional().catch(undefined);

/** RFC 6749 section 5.2, and the ways in which gateways in front of a server say the same. */
const errorBodySchema = z
  .object({
    error: z
      .union([z.string(), z.object({ message: text })])
      .optional()
      .catch(undefined),
    error_description: text,
    message: text,
  })
  .catch({});

/** What the server said of an error; both parts undefined when the body says nothing. */
export interface ErrorWords {
  error: string | undefined;
  description: string | undefined;
}

/**
 * The codes of RFC 6749 section 5.2 are words of the protocol, even where somebody's secret is "client": what is done
 * about an error hangs on them.
 */
const registeredErrors = new Set([
  'invalid_request',
  'invalid_client',
  'invalid_grant',
  'unauthorized_client',
  'unsupported_grant_type',
  'invalid_scope',
]);

/** Errors by which a server says, whatever the status, that it was not the request's fault. */
const ownFaults = new Set(['server_error', 'temporarily_unavailable']);

function errorName(error: string, secrets: readonly Secret[]): string {
  return registeredErrors.has(error) || ownFaults.has(error) ? error : serverText(error, secrets, 100);
}

/** Reads an error out of a token response's JSON, with none of the secrets of the request in it. */
export function errorWords(json: unknown, secrets: readonly Secret[]): ErrorWords {
  const { error, error_description, message } = errorBodySchema.parse(json);
  const description = error_description ?? message ?? (typeof error === 'object' ? error.message : undefined);
  return {
    error: typeof error === 'string' && error !== '' ? errorName(error, secrets) : undefined,
    description: description === undefined ? undefined : serverText(description, secrets),
  };
}

/** `Retry-After` in seconds from now (RFC 9110 section 10.2.3), which may also be a date; null when there is none. */
export function retryAfterSeconds(header: string | null, nowMs: number): number | null {
  if (header === null) return null;
  const value = header.trim();
  const seconds = /^\d{1,9}$/.test(value) ? Number(value) : Math.ceil((Date.parse(value) - nowMs) / 1000);
  return Number.isFinite(seconds) ? Math.max(0, seconds) : null;
}

function codeOf(status: number, error: string | undefined): ErrorCode {
  if (status === 408 || status === 429 || status >= 500) return 'token_server_failed';
  if (error === 'invalid_client') return 'invalid_client';
  return error !== undefined && ownFaults.has(error) ? 'token_server_failed' : 'token_request_refused';
}

const errorActions: Record<string, string> = {
  invalid_client: 'Check the Client ID, the client secret and the client authentication in the profile.',
  unauthorized_client:
    'Check the client secret and the client authentication, and that the server allows this grant to the client.',
  invalid_grant: 'Get Access Token starts over; if that fails too, check the Client ID and the Redirect URI.',
  invalid_scope: 'Correct the Scope in the profile.',
  unsupported_grant_type: 'Have this grant enabled at the server, or choose another one.',
};
const statusActions: Record<number, string> = {
  401: 'Check the Client ID, the client secret and the client authentication in the profile.',
  403: 'Check the Client ID, the client secret and the client authentication in the profile.',
  404: 'Check the Token URL in the profile: there is nothing at this address.',
  405: 'Check the Token URL in the profile: this address takes no token requests.',
};

function actionFor(code: ErrorCode, status: number, error: string | undefined): string {
  if (code === 'token_server_failed') return 'Try again later; nothing that is stored was lost.';
  const known =
    error !== undefined && Object.hasOwn(errorActions, error) ? errorActions[error] : statusActions[status];
  return known ?? 'Compare the profile with what is registered at the server.';
}

function sentence(host: string, status: number, { error, description }: ErrorWords, code: ErrorCode): string {
  const verb =
    code === 'token_server_failed' ? 'could not answer the token request' : 'refused the token request';
  const named = error === undefined ? '' : ` with ${error}`;
  const told = description === undefined ? '' : ` It says: ${description}`;
  return `${host} ${verb}${named} (HTTP ${status}).${told}`;
}

/**
 * The AppError of a token request that the server answered with an error: `invalid_client`, `token_server_failed`
 * (408, 429, 5xx; `details.retryAfterSeconds` when the server says it) or `token_request_refused`.
 */
export function tokenFailure(host: string, response: Response, words: ErrorWords, nowMs: number): AppError {
  const { status } = response;
  const code = codeOf(status, words.error);
  const wait =
    code === 'token_server_failed' ? retryAfterSeconds(response.headers.get('retry-after'), nowMs) : null;
  const server: ServerAnswer = { status };
  if (words.error !== undefined) server.error = words.error;
  if (words.description !== undefined) server.errorDescription = words.description;
  return new AppError(code, sentence(host, status, words, code), {
    action: actionFor(code, status, words.error),
    server,
    details: { host, ...(wait === null ? {} : { retryAfterSeconds: wait }) },
  });
}
