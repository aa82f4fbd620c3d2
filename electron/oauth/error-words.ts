import { z } from 'zod';
import type { Finding } from '../../shared/model/finding.ts';
import type { Secret } from '../../shared/secret.ts';
import { errorQuirks } from './quirks/error-quirks.ts';
import { isObject, mended } from './quirks/quirk.ts';
import { serverText } from './server-text.ts';

const text = z.string().min(1).optional().catch(undefined);

/** RFC 6749 section 5.2; what says the same in other ways was brought to it by the quirks. */
const errorBodySchema = z.object({ error: text, error_description: text }).catch({});

/** What the server said of an error; both parts undefined when the body says nothing. */
export interface ErrorWords {
  error: string | undefined;
  description: string | undefined;
  /** In what it was not said as the RFC has it. */
  findings: readonly Finding[];
}

/** Errors by which a server says, whatever the status, that it was not the request's fault. */
export const ownFaults: ReadonlySet<string> = new Set(['server_error', 'temporarily_unavailable']);

/**
 * The codes of RFC 6749 section 5.2, RFC 7009 section 2.2.1, RFC 8628 section 3.5, RFC 8707 section 2, RFC 9101 section 7 and
 * RFC 9449 sections 5 and 8 are words of the protocol, even where somebody's secret is "client": what is done about an
 * error hangs on them.
 */
const registeredErrors = new Set([
  'invalid_request',
  'invalid_client',
  'invalid_grant',
  'unauthorized_client',
  'unsupported_grant_type',
  'invalid_scope',
  'unsupported_token_type',
  'authorization_pending',
  'slow_down',
  'access_denied',
  'expired_token',
  'invalid_target',
  'invalid_request_object',
  'invalid_dpop_proof',
  'use_dpop_nonce',
  ...ownFaults,
]);

function errorName(error: string, secrets: readonly Secret[]): string {
  return registeredErrors.has(error) ? error : serverText(error, secrets, 100);
}

/** Reads an error out of an answer's JSON, with none of the secrets of the request in it. */
export function errorWords(json: unknown, secrets: readonly Secret[]): ErrorWords {
  const only: unknown = Array.isArray(json) ? json[0] : json;
  const members = isObject(only) ? only : {};
  const { subject, findings } = mended(errorQuirks, members, { secrets, receivedAtMs: 0, aheadMs: 0 });
  const { error, error_description } = errorBodySchema.parse(subject);
  return {
    error: error === undefined ? undefined : errorName(error, secrets),
    description: error_description === undefined ? undefined : serverText(error_description, secrets),
    findings: error === undefined ? [] : findings,
  };
}
