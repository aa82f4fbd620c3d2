import { z } from 'zod';
import { findingSchema } from './model/finding.ts';

/**
 * Every failure a person or a caller can meet, by its stable code. The UI, the command line and tests decide by
 * code, never by message. Grouped by the room that raises them.
 */
export const errorCodes = [
  // projects
  'project_not_found',
  'project_not_open',
  'project_exists',
  'project_file_unreadable',
  'project_file_invalid',
  'project_file_changed',
  'project_not_trusted',
  'file_write_failed',
  'disk_full',
  'name_invalid',
  'name_taken',
  'profile_not_found',
  'profile_incomplete',
  'persona_not_found',
  'request_not_found',
  'environment_not_found',
  'script_not_found',
  'script_changed',
  // variables
  'variable_missing',
  'variable_loop',
  'secret_missing',
  // vault
  'vault_locked',
  'vault_damaged',
  'vault_unreadable',
  'vault_key_invalid',
  'vault_choice_needed',
  'vault_busy',
  // the wire
  'url_invalid',
  'server_unreachable',
  'tls_error',
  'request_timeout',
  'request_invalid',
  'network_invalid',
  'proxy_unreachable',
  'proxy_refused',
  'proxy_login_required',
  'client_certificate_required',
  'client_certificate_refused',
  'cancelled',
  // OAuth
  'discovery_failed',
  'token_response_invalid',
  'token_request_refused',
  'token_server_failed',
  'invalid_client',
  'key_invalid',
  'key_passphrase_missing',
  'key_passphrase_wrong',
  'key_algorithm_mismatch',
  'parameter_invalid',
  'pushed_request_failed',
  'refresh_refused',
  'refresh_token_missing',
  'refresh_token_spent',
  'token_missing',
  'token_busy_elsewhere',
  'endpoint_missing',
  'revocation_failed',
  'introspection_failed',
  'device_authorization_failed',
  'backchannel_authentication_failed',
  'logout_unconfirmed',
  'redirect_state_mismatch',
  'redirect_issuer_mismatch',
  'redirect_invalid',
  // consent
  'consent_required',
  'consent_denied',
  'consent_cancelled',
  'consent_window_closed',
  'consent_timeout',
  'consent_no_redirect',
  'consent_page_failed',
  'consent_browser_missing',
  'consent_redirect_unusable',
  'consent_credentials_missing',
  'consent_credentials_refused',
  // automation scripts
  'script_syntax',
  'script_failed',
  'script_timeout',
  'script_limit',
  'script_step_failed',
  'test_run_busy',
  'test_run_not_found',
  'script_host_not_allowed',
  'question_over',
  // playground
  'playground_failed',
  // contract
  'call_invalid',
  'call_unknown',
  'caller_refused',
  'engine_unreachable',
  'not_supported_here',
  'internal',
] as const;

export type ErrorCode = (typeof errorCodes)[number];

/** What the authorization server itself said (RFC 6749 section 5.2), kept word for word; `status` is the HTTP status. */
export const serverAnswerSchema = z.strictObject({
  error: z.string().optional(),
  errorDescription: z.string().optional(),
  status: z.number().int().optional(),
  /** In what the error was not told as the RFCs have it. */
  findings: z.array(findingSchema).optional(),
});
export type ServerAnswer = z.infer<typeof serverAnswerSchema>;

/** How an AppError crosses a process: nothing in it is secret, all of it may be shown. */
export const errorWireSchema = z.strictObject({
  code: z.enum(errorCodes),
  /** One or two sentences that name the thing that failed. Safe to show. */
  message: z.string(),
  /** What the person can do about it. */
  action: z.string().optional(),
  /** The authorization server's own words. */
  server: serverAnswerSchema.optional(),
  /** Where it happened: file, path, line, step, url, title, profile ... */
  details: z.record(z.string(), z.union([z.string(), z.number()])).optional(),
});
export type ErrorWire = z.infer<typeof errorWireSchema>;

export interface AppErrorOptions {
  action?: string | undefined;
  server?: ServerAnswer | undefined;
  details?: Record<string, string | number> | undefined;
  cause?: unknown;
}

/** The one error of the product: a stable code, a message safe to show, what to do, and the cause (never sent on). */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly action: string | undefined;
  readonly server: ServerAnswer | undefined;
  readonly details: Record<string, string | number> | undefined;

  constructor(code: ErrorCode, message: string, options: AppErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'AppError';
    this.code = code;
    this.action = options.action;
    this.server = options.server;
    this.details = options.details;
  }

  toWire(): ErrorWire {
    return {
      code: this.code,
      message: this.message,
      ...(this.action === undefined ? {} : { action: this.action }),
      ...(this.server === undefined ? {} : { server: this.server }),
      ...(this.details === undefined ? {} : { details: this.details }),
    };
  }

  static fromWire(wire: ErrorWire): AppError {
    return new AppError(wire.code, wire.message, wire);
  }

  /** Wraps anything thrown. An unknown error becomes `internal`: its own message may hold anything, so it is not shown. */
  static from(thrown: unknown): AppError {
    if (thrown instanceof AppError) return thrown;
    return new AppError('internal', 'Something went wrong inside Grantwright. This is a defect.', {
      action: 'Try again. If it happens again, report it with what you did just before.',
      cause: thrown,
    });
  }
}

/** Closes a switch over a union: the compiler refuses it while a case is missing. */
export function assertNever(value: never): never {
  throw new AppError('internal', `Unexpected value of kind ${typeof value}.`);
}
