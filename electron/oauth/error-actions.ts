/** What can be done about an error that comes from an endpoint or in a redirect: RFC 8707 section 2, RFC 9101 section 7. */
const wherever = {
  invalid_target:
    'Correct the parameters resource and audience in the profile: the server does not know them.',
  invalid_request_object:
    'Compare key and algorithm of the request object with what is registered at the server.',
  // What is wrong with an authorization request is told of a pushed one in the same words (RFC 9126 section 2.3).
  request_not_supported: 'Switch the signed request off in the profile: this server takes none.',
  unsupported_response_type: 'Have this grant and its response type allowed for this client at the server.',
};

/** For when no error tells more: the client itself is what was refused. */
export const checkClient =
  'Check the Client ID, the client secret and the client authentication in the profile.';

/** What can be done about the errors that endpoints answer with: RFC 6749 section 5.2, RFC 7009 section 2.2.1, RFC 9449 section 5. */
export const endpointActions: Readonly<Record<string, string>> = {
  ...wherever,
  invalid_client: checkClient,
  unauthorized_client:
    'Check the client secret and the client authentication, and that the server allows this request to the client.',
  invalid_grant: 'Get Access Token starts over; if that fails too, check the Client ID and the Redirect URI.',
  invalid_scope: 'Correct the Scope in the profile.',
  invalid_dpop_proof:
    'Choose another DPoP algorithm in the profile, and compare the clocks of both machines.',
  unsupported_grant_type: 'Have this grant enabled at the server, or choose another one.',
  unsupported_token_type: 'The server takes no token of this kind here; forgetting it locally always works.',
};

const interaction =
  'Remove the parameter prompt=none from the profile: without a page to sign in at, this server does nothing.';

/**
 * What can be done about the errors of redirects: RFC 6749 section 4.1.2.1, OpenID Connect Core 1.0 section 3.1.2.6, RFC
 * 9101 section 7 and RFC 9470 section 5.
 */
export const redirectActions: Readonly<Record<string, string>> = {
  ...wherever,
  access_denied: 'Get the access token again and allow the access, or log in as a user who may.',
  invalid_scope: 'Correct the Scope in the profile: the server does not give this one to this client.',
  unauthorized_client: 'Have this grant allowed for this client at the server.',
  invalid_request:
    'Compare the profile (Client ID, Redirect URI, Scope) with what is registered at the server.',
  server_error: 'Try again later: the server reports a failure of its own.',
  temporarily_unavailable: 'Try again later: the server is busy or under maintenance.',
  interaction_required: interaction,
  login_required: interaction,
  consent_required: interaction,
  account_selection_required: interaction,
  invalid_request_uri: wherever.invalid_request_object,
  unmet_authentication_requirements:
    'Log in in the way that the parameter acr_values of the profile asks for, or remove it.',
};
