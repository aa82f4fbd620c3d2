import { describe, expect, it } from 'vitest';
import { classifyTokenFailure } from '../../../electron/oauth/refusal.ts';
import { AppError, type ErrorCode, errorCodes } from '../../../shared/errors.ts';

const kinds: Partial<Record<ErrorCode, string>> = {
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

describe('classifyTokenFailure', () => {
  it.each(errorCodes.map((code) => [code, kinds[code] ?? 'other'] as const))(
    'sorts %s as %s',
    (code, kind) => {
      expect(classifyTokenFailure(new AppError(code, 'x'))).toBe(kind);
    },
  );

  it('drops a token only for invalid_grant in a refusal', () => {
    const server = { error: 'invalid_grant', status: 400 };
    const dropped = errorCodes.filter(
      (code) => classifyTokenFailure(new AppError(code, 'x', { server })) === 'drop',
    );
    expect(dropped).toEqual(['token_request_refused']);
  });

  it.each([
    ['invalid_request', 400],
    [undefined, 400],
    [undefined, 403],
    ['unauthorized_client', 401],
    ['INVALID_GRANT', 400],
  ])('sets aside after %s with %i', (error, status) => {
    const server = error === undefined ? { status } : { error, status };
    expect(classifyTokenFailure(new AppError('token_request_refused', 'x', { server }))).toBe('set_aside');
  });

  it.each(['invalid_dpop_proof', 'use_dpop_nonce'])('loses nothing for a refused proof: %s', (error) => {
    const server = { error, status: 400 };
    expect(classifyTokenFailure(new AppError('token_request_refused', 'x', { server }))).toBe('other');
  });

  it('counts a discovery as transient only when nobody answered properly', () => {
    expect(
      classifyTokenFailure(new AppError('discovery_failed', 'x', { details: { reason: 'server_failed' } })),
    ).toBe('transient');
    expect(classifyTokenFailure(new AppError('discovery_failed', 'x', { details: { tried: 5 } }))).toBe(
      'other',
    );
  });
});
