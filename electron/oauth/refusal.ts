import type { AppError, ErrorCode } from '../../shared/errors.ts';
import { meaningOf } from './quirks/error-synonyms.ts';

/**
 * What a failed token request means for what is held: `drop` the refresh token (it is dead), `set_aside` (keep it,
 * do not use it again by itself), `profile_mistake` (stop: no other way of asking will do), `transient` (lose nothing,
 * later may be better), `other` (lose nothing).
 */
export type TokenFailureKind = 'drop' | 'set_aside' | 'profile_mistake' | 'transient' | 'other';

const byCode: Partial<Record<ErrorCode, TokenFailureKind>> = {
  // Refused is what the server says, whichever final code it uses; only invalid_grant says that the token is dead.
  token_request_refused: 'set_aside',
  invalid_client: 'profile_mistake',
  profile_incomplete: 'profile_mistake',
  url_invalid: 'profile_mistake',
  key_invalid: 'profile_mistake',
  key_passphrase_missing: 'profile_mistake',
  key_passphrase_wrong: 'profile_mistake',
  key_algorithm_mismatch: 'profile_mistake',
  parameter_invalid: 'profile_mistake',
  token_server_failed: 'transient',
  token_response_invalid: 'transient',
  server_unreachable: 'transient',
  tls_error: 'transient',
  proxy_unreachable: 'transient',
  request_timeout: 'transient',
};

/** Refusals of the proof that came with a token, which say nothing of the token itself (RFC 9449 sections 5 and 8). */
const refusedProofs: ReadonlySet<unknown> = new Set(['invalid_dpop_proof', 'use_dpop_nonce']);

/** Sorts a failed token request by the table of "The life of a token set" in DESIGN.md. */
export function classifyTokenFailure(error: AppError): TokenFailureKind {
  if (error.code === 'token_request_refused' && meaningOf(error.server?.error) === 'invalid_grant')
    return 'drop';
  if (error.code === 'token_request_refused' && refusedProofs.has(error.server?.error)) return 'other';
  // A discovery that found nobody at home says no more of a token than a token endpoint that did.
  if (error.code === 'discovery_failed' && error.details?.reason !== undefined) return 'transient';
  return byCode[error.code] ?? 'other';
}
