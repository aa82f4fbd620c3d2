import { adviceOn } from '../../shared/advisor/advice.ts';
import { AppError, type ErrorCode, type ServerAnswer } from '../../shared/errors.ts';
import type { Finding } from '../../shared/model/finding.ts';
import type { Secret } from '../../shared/secret.ts';
import { hostOf } from '../network/wire-error.ts';
import { fieldLabels } from './endpoint-url.ts';
import { checkClient, endpointActions } from './error-actions.ts';
import type { ErrorWords } from './error-words.ts';
import { retryAfterSeconds } from './http-date.ts';
import { errorStatusAdvice } from './quirks/error-quirks.ts';
import { meaningOf } from './quirks/error-synonyms.ts';
import { ownFaults } from './quirks/registered-errors.ts';
import { serverText } from './server-text.ts';

/** The requests that a client posts: what each is called, and the codes of its failures. */
const requests = {
  tokenUrl: {
    called: 'the token request',
    refused: 'token_request_refused',
    serverFailed: 'token_server_failed',
    unusable: 'token_response_invalid',
  },
  revocationUrl: {
    called: 'the revocation',
    refused: 'revocation_failed',
    serverFailed: 'revocation_failed',
    unusable: 'revocation_failed',
  },
  introspectionUrl: {
    called: 'the introspection',
    refused: 'introspection_failed',
    serverFailed: 'introspection_failed',
    unusable: 'introspection_failed',
  },
  pushedAuthorizationUrl: {
    called: 'the pushed authorization request',
    refused: 'pushed_request_failed',
    serverFailed: 'pushed_request_failed',
    unusable: 'pushed_request_failed',
  },
  deviceAuthorizationUrl: {
    called: 'the device authorization request',
    refused: 'device_authorization_failed',
    serverFailed: 'device_authorization_failed',
    unusable: 'device_authorization_failed',
  },
  backchannelAuthenticationUrl: {
    called: 'the backchannel authentication request',
    refused: 'backchannel_authentication_failed',
    serverFailed: 'backchannel_authentication_failed',
    unusable: 'backchannel_authentication_failed',
  },
} as const;
export type PostedEndpoint = keyof typeof requests;

/** Which request it was that failed. */
export interface Asked {
  endpoint: PostedEndpoint;
  url: string;
  /** Null when it was no token request. */
  grantType: string | null;
}

function isServersFault(status: number, error: string | undefined): boolean {
  return status === 408 || status === 429 || status >= 500 || (error !== undefined && ownFaults.has(error));
}

/** What `invalid_grant` means depends on what the grant consists of. */
const grantActions: Record<string, string> = {
  password: 'Check the user name and the password in the values of the persona.',
  'urn:ietf:params:oauth:grant-type:jwt-bearer':
    'Compare the issuer, subject, audience and key of the assertion with what is registered at the server, and the clocks of both machines.',
  'urn:ietf:params:oauth:grant-type:token-exchange':
    'Get new subject and actor tokens: those in the profile may have expired, or be of another server.',
};

function actionFor({ endpoint, grantType }: Asked, status: number, code: string | undefined): string {
  const error = meaningOf(code);
  if (isServersFault(status, error)) return 'Try again later; nothing that is stored was lost.';
  if (error === 'invalid_grant' && grantType !== null && Object.hasOwn(grantActions, grantType))
    return grantActions[grantType] ?? checkClient;
  if (error !== undefined && Object.hasOwn(endpointActions, error))
    return endpointActions[error] ?? checkClient;
  const label = fieldLabels[`server.${endpoint}`];
  const { called } = requests[endpoint];
  switch (status) {
    case 401:
    case 403:
      return checkClient;
    case 404:
      return `Check the ${label} in the profile: there is nothing at this address.`;
    case 405:
      return `Check the ${label} in the profile: this address does not take ${called}.`;
    default:
      return 'Compare the profile with what is registered at the server.';
  }
}

function codeFor({ endpoint }: Asked, status: number, error: string | undefined): ErrorCode {
  if (isServersFault(status, error)) return requests[endpoint].serverFailed;
  return meaningOf(error) === 'invalid_client' ? 'invalid_client' : requests[endpoint].refused;
}

function sentence(asked: Asked, status: number, { error, description }: ErrorWords): string {
  const verb = isServersFault(status, error) ? 'could not answer' : 'refused';
  const named = error === undefined ? '' : ` with ${error}`;
  const told = description === undefined ? '' : ` It says: ${description}`;
  return `${hostOf(asked.url)} ${verb} ${requests[asked.endpoint].called}${named} (HTTP ${status}).${told}`;
}

/** In what the error was not told as the RFC has it. */
function findingsOf({ status }: Response, { error, findings }: ErrorWords): Finding[] {
  const ofStatus = error === undefined ? [] : adviceOn([errorStatusAdvice], status);
  return [...ofStatus, ...findings];
}

/**
 * The AppError of a request that the server answered with an error: `invalid_client`, or for a token request
 * `token_server_failed` (408, 429, 5xx) or `token_request_refused`, for the others `revocation_failed` or
 * `introspection_failed`. `details.retryAfterSeconds` is there when the server says it, `server.findings` when the error was not
 * told as RFC 6749 section 5.2 has it.
 */
export function endpointFailure(
  asked: Asked,
  response: Response,
  words: ErrorWords,
  nowMs: number,
): AppError {
  const { status } = response;
  const { error, description } = words;
  // RFC 8628 section 3.5 has slow_down, which asks for a wait too, with the status 400.
  const wait =
    isServersFault(status, error) || error === 'slow_down'
      ? retryAfterSeconds(response.headers.get('retry-after'), nowMs)
      : null;
  const findings = findingsOf(response, words);
  const server: ServerAnswer = { status };
  if (error !== undefined) server.error = error;
  if (description !== undefined) server.errorDescription = description;
  if (findings.length > 0) server.findings = findings;
  return new AppError(codeFor(asked, status, error), sentence(asked, status, words), {
    action: actionFor(asked, status, error),
    server,
    details: { host: hostOf(asked.url), ...(wait === null ? {} : { retryAfterSeconds: wait }) },
  });
}

/** The media type, if it is one (RFC 9110 section 8.3.1): what is none may hold anything, in parts or in another writing. */
function contentTypeOf(response: Response): string {
  const type = response.headers.get('content-type');
  if (type === null) return 'no content type';
  return (
    /^[\w!#$&^.+-]+\/[\w!#$&^.+-]+$/.exec(type.split(';')[0]?.trim() ?? '')?.[0] ?? 'an odd content type'
  );
}

/**
 * The AppError of an answer that is neither what was asked for nor an error: `token_response_invalid`,
 * `revocation_failed` or `introspection_failed`. It tells what came (`what`), the status and the content type, never the
 * body.
 */
export function unusableAnswer(
  { endpoint, url }: Asked,
  response: Response,
  what: string,
  secrets: readonly Secret[],
): AppError {
  const host = hostOf(url);
  const type = serverText(contentTypeOf(response), secrets, 100);
  return new AppError(
    requests[endpoint].unusable,
    `${host} answered ${requests[endpoint].called} with ${what} (HTTP ${response.status}, ${type}).`,
    {
      action: `Check the ${fieldLabels[`server.${endpoint}`]} in the profile: it must be the endpoint itself, not a page or a redirect to it.`,
      server: { status: response.status },
      details: { host },
    },
  );
}
