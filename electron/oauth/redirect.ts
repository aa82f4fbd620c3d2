import { AppError } from '../../shared/errors.ts';
import { Secret } from '../../shared/secret.ts';
import type { PendingAuthorization } from './authorization.ts';
import { sameIssuer } from './discovery-document.ts';
import type { RedirectCapture } from './redirect-capture.ts';
import { beyondOwnQuery, isRedirect, sameSecret } from './redirect-match.ts';
import { serverText } from './server-text.ts';
import { hostOf } from '../network/wire-error.ts';

export { isRedirect } from './redirect-match.ts';

const parameterNames = ['code', 'state', 'iss', 'error', 'error_description'] as const;
type Parameters = Partial<Record<(typeof parameterNames)[number], string>>;

const startAgain =
  'Get the access token again. If it happens every time, look at the redirect that the server sends.';

function invalid(message: string): AppError {
  return new AppError('redirect_invalid', message, { action: startAgain });
}

/** All that the server has put into a redirect: its query, fragment and form_post body, in this order. */
function sentParameters(capture: RedirectCapture, redirectUri: string): [name: string, value: string][] {
  const url = new URL(capture.url);
  return [
    ...(beyondOwnQuery(url, new URL(redirectUri)) ?? []),
    ...new URLSearchParams(url.hash.slice(1)),
    ...new URLSearchParams(capture.formBody ?? ''),
  ];
}

/** Whether the server sent back with its refusal (RFC 6749 section 4.1.2.1): then nobody has signed in. */
export function isRefusal(capture: RedirectCapture, redirectUri: string): boolean {
  return sentParameters(capture, redirectUri).some(([name, value]) => name === 'error' && value !== '');
}

/**
 * The parameters of a redirect. One that comes twice, anywhere, is
 * refused (RFC 6749 section 3.1): somebody may have added the second. Names are compared whole, so that `session_code`
 * is no `code`. An empty value counts as absent (RFC 6749 section 3.1).
 */
function readParameters(capture: RedirectCapture, redirectUri: string): Parameters {
  const sent = sentParameters(capture, redirectUri);
  const parameters: Parameters = {};
  for (const name of parameterNames) {
    const values = sent.filter((entry) => entry[0] === name).map((entry) => entry[1]);
    if (values.length > 1) throw invalid(`The redirect carries the parameter "${name}" more than once.`);
    if (values[0] !== undefined && values[0] !== '') parameters[name] = values[0];
  }
  return parameters;
}

/**
 * `state` ties the redirect to this consent (RFC 6749 section 10.12). Only an error may come without it: some servers
 * leave it out there, and all that a forged one could do is to end this consent.
 */
function checkState({ state, error }: Parameters, pending: PendingAuthorization): void {
  if (state === undefined ? error !== undefined : sameSecret(state, pending.state)) return;
  const what = state === undefined ? 'carries no state' : 'carries the state of another consent';
  throw new AppError('redirect_state_mismatch', `The redirect ${what}, so its answer was not used.`, {
    action: `It can come from an old page or from somebody else. ${startAgain}`,
  });
}

/** What of this consent may stand in no text, should the server echo it. */
function secretsOf({ state, codeVerifier, nonce }: PendingAuthorization, code: string | undefined): Secret[] {
  return [state, codeVerifier ?? [], nonce ?? [], code === undefined ? [] : new Secret(code)].flat();
}

/** `iss` tells which server answered (RFC 9207 section 2.4): it must be there where announced, and be the right one. */
function checkIssuer(
  { iss, error }: Parameters,
  pending: PendingAuthorization,
  secrets: readonly Secret[],
): void {
  if (iss === undefined && (!pending.announcesIssuer || error !== undefined)) return;
  if (iss !== undefined && (pending.issuer === null || sameIssuer(iss, pending.issuer))) return;
  const what =
    iss === undefined
      ? 'does not name its issuer (iss)'
      : `comes from the issuer ${serverText(iss, secrets, 200)}`;
  const expected = serverText(pending.issuer ?? '', [], 200);
  throw new AppError('redirect_issuer_mismatch', `The redirect ${what}, but ${expected} was expected.`, {
    action: 'Correct the Issuer in the profile if it is wrong; otherwise do not trust this answer.',
  });
}

/** What can be done about the errors of RFC 6749 section 4.1.2.1 and OpenID Connect Core section 3.1.2.6. */
const errorActions: Record<string, string> = {
  access_denied: 'Get the access token again and allow the access, or log in as a user who may.',
  invalid_scope: 'Correct the Scope in the profile: the server does not give this one to this client.',
  unauthorized_client: 'Have the authorization code grant allowed for this client at the server.',
  unsupported_response_type: 'Have the authorization code grant allowed for this client at the server.',
  invalid_request:
    'Compare the profile (Client ID, Redirect URI, Scope) with what is registered at the server.',
  server_error: 'Try again later: the server reports a failure of its own.',
  temporarily_unavailable: 'Try again later: the server is busy or under maintenance.',
};

function errorRedirect(
  error: string,
  { error_description }: Parameters,
  pending: PendingAuthorization,
  secrets: readonly Secret[],
): AppError {
  const name = serverText(error, secrets, 100);
  const description = error_description === undefined ? undefined : serverText(error_description, secrets);
  const host = hostOf(pending.url);
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

/**
 * Reads the authorization code from what a consent browser caught (RFC 6749 section 4.1.2), whether it came in the
 * query, the fragment or a form_post body. Throws `redirect_state_mismatch`, `redirect_issuer_mismatch`,
 * `consent_denied` with the server's own words for an error redirect, or `redirect_invalid`. `hidden`: what else may not
 * stand in those words.
 */
export function readRedirect(
  capture: RedirectCapture,
  pending: PendingAuthorization,
  hidden: readonly Secret[] = [],
): Secret {
  if (!isRedirect(capture.url, pending.redirectUri)) {
    throw invalid(`What came back from ${hostOf(pending.url)} is not at the Redirect URI of this consent.`);
  }
  const parameters = readParameters(capture, pending.redirectUri);
  const secrets = [...secretsOf(pending, parameters.code), ...hidden];
  checkState(parameters, pending);
  checkIssuer(parameters, pending, secrets);
  if (parameters.error !== undefined) throw errorRedirect(parameters.error, parameters, pending, secrets);
  if (parameters.code === undefined)
    throw invalid(`${hostOf(pending.url)} came back without an authorization code.`);
  return new Secret(parameters.code);
}
