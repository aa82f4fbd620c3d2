import { AppError } from '../../shared/errors.ts';
import type { Secret } from '../../shared/secret.ts';
import { hostOf } from '../network/wire-error.ts';
import { serverText } from './server-text.ts';

const interaction =
  'Remove the parameter prompt=none from the profile: without a page to sign in at, this server does nothing.';
const keyOfRequest = 'Compare key and algorithm of the request object with what is registered at the server.';

/**
 * What can be done about the errors of RFC 6749 section 4.1.2.1, OpenID Connect Core section 3.1.2.6, RFC 8707
 * section 2, RFC 9101 section 7 and RFC 9470 section 5.
 */
const errorActions: Record<string, string> = {
  access_denied: 'Get the access token again and allow the access, or log in as a user who may.',
  invalid_scope: 'Correct the Scope in the profile: the server does not give this one to this client.',
  unauthorized_client: 'Have this grant allowed for this client at the server.',
  unsupported_response_type: 'Have this grant and its response type allowed for this client at the server.',
  invalid_request:
    'Compare the profile (Client ID, Redirect URI, Scope) with what is registered at the server.',
  server_error: 'Try again later: the server reports a failure of its own.',
  temporarily_unavailable: 'Try again later: the server is busy or under maintenance.',
  interaction_required: interaction,
  login_required: interaction,
  consent_required: interaction,
  account_selection_required: interaction,
  invalid_target:
    'Correct the parameters resource and audience in the profile: the server does not know them.',
  invalid_request_object: keyOfRequest,
  invalid_request_uri: keyOfRequest,
  request_not_supported: 'Switch the signed request off in the profile: this server takes none.',
  unmet_authentication_requirements:
    'Log in in the way that the parameter acr_values of the profile asks for, or remove it.',
};

/** `consent_denied` with the server's own words; `url` is where it was asked, and none of the secrets stands in them. */
export function errorRedirect(
  error: string,
  errorDescription: string | undefined,
  url: string,
  secrets: readonly Secret[],
): AppError {
  const name = serverText(error, secrets, 100);
  const description = errorDescription === undefined ? undefined : serverText(errorDescription, secrets);
  const host = hostOf(url);
  const message =
    name === 'access_denied'
      ? `${host} says that access was denied.`
      : `${host} ended the consent with the error ${name}.`;
  return new AppError(
    'consent_denied',
    description === undefined ? message : `${message} It says: ${description}`,
    {
      action: Object.hasOwn(errorActions, name)
        ? errorActions[name]
        : 'Look the error up in the documentation of the server.',
      server: { error: name, ...(description === undefined ? {} : { errorDescription: description }) },
    },
  );
}
