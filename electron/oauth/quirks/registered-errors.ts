/** Errors by which a server says, whatever the status, that it was not the request's fault. */
export const ownFaults: ReadonlySet<string> = new Set(['server_error', 'temporarily_unavailable']);

/** Codes that an RFC or a specification of OpenID registers for the answers of the endpoints that are asked here. */
export const registeredErrors: ReadonlySet<string> = new Set([
  // RFC 6749 sections 4.1.2.1 and 5.2
  ...['invalid_request', 'invalid_client', 'invalid_grant', 'unauthorized_client', 'unsupported_grant_type'],
  ...['invalid_scope', 'access_denied', 'unsupported_response_type', ...ownFaults],
  // RFC 7009 section 2.2.1, RFC 8628 section 3.5, RFC 8707 section 2, RFC 9396 section 5
  ...['unsupported_token_type', 'authorization_pending', 'slow_down', 'expired_token', 'invalid_target'],
  'invalid_authorization_details',
  // RFC 9101 section 7, RFC 9449 sections 5 and 8
  ...['invalid_request_uri', 'invalid_request_object', 'request_not_supported', 'request_uri_not_supported'],
  ...['invalid_dpop_proof', 'use_dpop_nonce'],
  // OpenID Connect Core 1.0 section 3.1.2.6
  ...['interaction_required', 'login_required', 'account_selection_required', 'consent_required'],
  'registration_not_supported',
  // OpenID Connect CIBA 1.0 sections 11 and 13
  ...['unknown_user_id', 'missing_user_code', 'invalid_user_code', 'invalid_binding_message'],
  ...['expired_login_hint_token', 'transaction_failed'],
]);
