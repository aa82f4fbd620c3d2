import { AppError } from '../../shared/errors.ts';
import type { Finding } from '../../shared/model/finding.ts';
import { Secret } from '../../shared/secret.ts';
import { hostOf } from '../network/wire-error.ts';
import type { PendingAuthorization } from './authorization.ts';
import { sameIssuer } from './discovery-document.ts';
import type { RedirectCapture } from './redirect-capture.ts';
import { errorRedirect } from './redirect-error.ts';
import { type AnswerPlace, redirectFindings } from './redirect-findings.ts';
import { beyondOwnQuery, isRedirect, sameSecret } from './redirect-match.ts';
import { serverText } from './server-text.ts';

export { isRedirect } from './redirect-match.ts';

/** What every redirect may carry, and what each part of a response type adds to it (RFC 6749 section 4.2.2). */
const always = ['state', 'iss', 'error', 'error_description'] as const;
const ofParts = {
  code: ['code'],
  token: ['access_token', 'token_type', 'expires_in', 'scope'],
  id_token: ['id_token'],
} as const;
type Part = keyof typeof ofParts;
type Name = (typeof always)[number] | (typeof ofParts)[Part][number];
type Parameters = Partial<Record<Name, string>>;

/** What of a redirect was asked for, each part of the response type null where it was not. */
export interface RedirectAnswer {
  code: Secret | null;
  /** The access token of the front channel (RFC 6749 section 4.2.2), the rest as it came. */
  token: { accessToken: Secret; type: string | null; expiresIn: string | null; scope: string | null } | null;
  idToken: Secret | null;
  /** In what it did not come as asked for. */
  findings: readonly Finding[];
}

const startAgain =
  'Get the access token again. If it happens every time, look at the redirect that the server sends.';

function invalid(message: string): AppError {
  return new AppError('redirect_invalid', message, { action: startAgain });
}

type Sent = readonly [name: string, value: string, place: AnswerPlace];

/** All that the server has put into a redirect: its query, fragment and form_post body, in this order. */
function sentParameters(capture: RedirectCapture, redirectUri: string): Sent[] {
  const url = new URL(capture.url);
  const within = (place: AnswerPlace, entries: Iterable<[string, string]>) =>
    [...entries].map(([name, value]) => [name, value, place] as const);
  return [
    ...within('query', beyondOwnQuery(url, new URL(redirectUri)) ?? []),
    ...within('fragment', new URLSearchParams(url.hash.slice(1))),
    ...within('form_post', new URLSearchParams(capture.formBody ?? '')),
  ];
}

/** Whether the server sent back with its refusal (RFC 6749 section 4.1.2.1): then nobody has signed in. */
export function isRefusal(capture: RedirectCapture, redirectUri: string): boolean {
  return sentParameters(capture, redirectUri).some(([name, value]) => name === 'error' && value !== '');
}

/** The parts of what was asked for (OAuth 2.0 Multiple Response Type Encoding Practices section 3). */
function partsOf({ responseType }: PendingAuthorization): Part[] {
  return responseType.split(' ').filter((part): part is Part => Object.hasOwn(ofParts, part));
}

/**
 * The parameters of a redirect that were asked for. One that comes twice, anywhere, is
 * refused (RFC 6749 section 3.1): somebody may have added the second. Names are compared whole, so that `session_code`
 * is no `code`. An empty value counts as absent (RFC 6749 section 3.1).
 */
function readParameters(capture: RedirectCapture, pending: PendingAuthorization): Parameters {
  const sent = sentParameters(capture, pending.redirectUri);
  const parameters: Parameters = {};
  for (const name of [...always, ...partsOf(pending).flatMap((part) => ofParts[part])]) {
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
function secretsOf({ state, codeVerifier, nonce }: PendingAuthorization, parameters: Parameters): Secret[] {
  const { code, access_token, id_token } = parameters;
  const sent = [code, access_token, id_token].filter((text) => text !== undefined);
  return [state, codeVerifier ?? [], nonce ?? [], sent.map((text) => new Secret(text))].flat();
}

/**
 * `iss` tells which server answered (RFC 9207 section 2.4): it must be there where announced, and be the right one. An id
 * token tells it as well, so that servers leave it out beside one.
 */
function checkIssuer(
  { iss, error, id_token }: Parameters,
  pending: PendingAuthorization,
  secrets: readonly Secret[],
): void {
  const told = error !== undefined || id_token !== undefined;
  if (iss === undefined && (!pending.announcesIssuer || told)) return;
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

/** Where the first part of the answer stands. */
function placeOf(capture: RedirectCapture, pending: PendingAuthorization): AnswerPlace {
  const names: readonly string[] = partsOf(pending).flatMap((part) => ofParts[part][0]);
  const found = sentParameters(capture, pending.redirectUri).find(
    ([name, value]) => names.includes(name) && value !== '',
  );
  return found?.[2] ?? 'query';
}

const partWords: Record<Part, string> = {
  code: 'an authorization code',
  token: 'an access token',
  id_token: 'an id token',
};

function isThere(part: Part, { code, access_token, id_token }: Parameters): boolean {
  return { code, token: access_token, id_token }[part] !== undefined;
}

function missing(part: Part, parts: readonly Part[], pending: PendingAuthorization): AppError {
  const message = `${hostOf(pending.url)} came back without ${partWords[part]}.`;
  if (parts.length === 1 && part === 'code') return invalid(message);
  const openid = part === 'id_token' ? 'Add openid to the Scope of the profile, or have' : 'Have';
  return new AppError('redirect_invalid', message, {
    action: `${openid} the response type "${pending.responseType}" allowed for this client at the server.`,
  });
}

/**
 * Reads what a consent browser caught (RFC 6749 sections 4.1.2 and 4.2.2, OpenID Connect Core 1.0 section 3.3.2.5):
 * the parts that the response type asked for, whether they came in the query, the fragment or a form_post body. Nothing
 * of an id token is checked yet. Throws `redirect_state_mismatch`, `redirect_issuer_mismatch`,
 * `consent_denied` with the server's own words for an error redirect, or `redirect_invalid`. `hidden`: what else may not
 * stand in those words.
 */
export function readRedirect(
  capture: RedirectCapture,
  pending: PendingAuthorization,
  hidden: readonly Secret[] = [],
): RedirectAnswer {
  if (!isRedirect(capture.url, pending.redirectUri)) {
    throw invalid(`What came back from ${hostOf(pending.url)} is not at the Redirect URI of this consent.`);
  }
  const parameters = readParameters(capture, pending);
  const secrets = [...secretsOf(pending, parameters), ...hidden];
  checkState(parameters, pending);
  checkIssuer(parameters, pending, secrets);
  const { error, error_description } = parameters;
  if (error !== undefined) throw errorRedirect(error, error_description, pending.url, secrets);
  const parts = partsOf(pending);
  const lacking = parts.find((part) => !isThere(part, parameters));
  if (lacking !== undefined) throw missing(lacking, parts, pending);
  const { code, access_token, token_type, expires_in, scope, id_token } = parameters;
  return {
    code: code === undefined ? null : new Secret(code),
    token:
      access_token === undefined
        ? null
        : {
            ...{ accessToken: new Secret(access_token), type: token_type ?? null },
            ...{ expiresIn: expires_in ?? null, scope: scope ?? null },
          },
    idToken: id_token === undefined ? null : new Secret(id_token),
    findings: redirectFindings(placeOf(capture, pending), pending),
  };
}
