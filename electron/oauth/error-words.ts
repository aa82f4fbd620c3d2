import { z } from 'zod';
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

/** Errors by which a server says, whatever the status, that it was not the request's fault. */
export const ownFaults: ReadonlySet<string> = new Set(['server_error', 'temporarily_unavailable']);

/**
 * The codes of RFC 6749 section 5.2 and RFC 7009 section 2.2.1 are words of the protocol, even where somebody's secret
 * is "client": what is done about an error hangs on them.
 */
const registeredErrors = new Set([
  'invalid_request',
  'invalid_client',
  'invalid_grant',
  'unauthorized_client',
  'unsupported_grant_type',
  'invalid_scope',
  'unsupported_token_type',
  ...ownFaults,
]);

function errorName(error: string, secrets: readonly Secret[]): string {
  return registeredErrors.has(error) ? error : serverText(error, secrets, 100);
}

/** Reads an error out of an answer's JSON, with none of the secrets of the request in it. */
export function errorWords(json: unknown, secrets: readonly Secret[]): ErrorWords {
  const { error, error_description, message } = errorBodySchema.parse(json);
  const description = error_description ?? message ?? (typeof error === 'object' ? error.message : undefined);
  return {
    error: typeof error === 'string' && error !== '' ? errorName(error, secrets) : undefined,
    description: description === undefined ? undefined : serverText(description, secrets),
  };
}
