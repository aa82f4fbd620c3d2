import { AppError } from '../../shared/errors.ts';
import type { PlacedToken, Placement } from '../../shared/model/placement.ts';
import type { Header } from '../../shared/model/request.ts';
import type { Secret } from '../../shared/secret.ts';
import { checkHeader, hasHeader, headerValue } from './headers.ts';
import type { OutgoingRequest, PreparedRequest } from './prepare.ts';

/** The tokens that a request may carry, and how it carries one. */
export interface TokenToPlace {
  accessToken: Secret;
  /** Null: the token set has none. */
  idToken: Secret | null;
  /** As the authorization server wrote it, for example `bearer`. */
  tokenType: string;
  placement: Placement;
  placedToken: PlacedToken;
}

const formType = 'application/x-www-form-urlencoded';

function invalid(message: string, action: string): AppError {
  return new AppError('request_invalid', `${message}.`, { action });
}

function twice(what: string): AppError {
  return invalid(
    `The ${what} is in the request already, where the profile's token goes`,
    'Remove it from the request, or set the auth of the request to none.',
  );
}

function tokenOf({ accessToken, idToken, placedToken }: TokenToPlace): Secret {
  if (placedToken === 'access_token') return accessToken;
  if (idToken !== null) return idToken;
  throw new AppError('token_missing', 'The profile places the id token, and its token set has none.', {
    action: 'Add openid to the scope and press Get Access Token, or let the profile place the access token.',
  });
}

/** The scheme as the RFCs write it, which picky APIs compare by case. */
function schemeOf(tokenType: string): string {
  const written: Record<string, string> = { bearer: 'Bearer', dpop: 'DPoP' };
  return written[tokenType.toLowerCase()] ?? tokenType;
}

function withHeader(request: PreparedRequest, header: Header, masked: string): PreparedRequest {
  const { outgoing, shown } = request;
  return {
    outgoing: { ...outgoing, headers: [...outgoing.headers, checkHeader(header)] },
    shown: { ...shown, headers: [...shown.headers, { name: header.name, value: masked }] },
  };
}

type InHeader = Extract<Placement, { kind: 'header' }>;

function headerText({ prefix }: InHeader, tokenType: string, token: string): string {
  const before = (prefix ?? schemeOf(tokenType)).trim();
  return before === '' ? token : `${before} ${token}`;
}

function inHeader(
  request: PreparedRequest,
  placement: InHeader,
  { token, tokenType }: { token: Secret; tokenType: string },
): PreparedRequest {
  const header = { name: placement.name, value: headerText(placement, tokenType, token.reveal()) };
  return withHeader(request, header, headerText(placement, tokenType, token.masked()));
}

/** A value with other characters would end early (RFC 6265 section 4.1.1). */
function cookieText(token: Secret): string {
  return token.reveal().replace(/[^\x21\x23-\x2b\x2d-\x3a\x3c-\x5b\x5d-\x7e]/g, encodeURIComponent);
}

/** RFC 6750 section 2.3. */
function inQuery({ outgoing, shown }: PreparedRequest, name: string, token: Secret): PreparedRequest {
  const url = new URL(outgoing.url);
  url.searchParams.append(name, token.reveal());
  // The shown one may hold masks, with which it is no URL.
  const [, address = '', fragment = ''] = /^([^#]*)(.*)$/s.exec(shown.url) ?? [];
  const shownUrl = `${address}${address.includes('?') ? '&' : '?'}${encodeURIComponent(name)}=${token.masked()}${fragment}`;
  return { outgoing: { ...outgoing, url: url.href }, shown: { ...shown, url: shownUrl } };
}

function checkForm({ method, body, headers }: OutgoingRequest): void {
  const type = headerValue(headers, 'content-type')?.split(';')[0]?.trim().toLowerCase();
  const bodiless = method === 'GET' || method === 'HEAD';
  if (!bodiless && (type === formType || (type === undefined && body === null))) return;
  const reason = bodiless ? `a ${method} request has none` : 'the body of this request is no form';
  throw invalid(
    `The profile places its token in a form body, and ${reason}`,
    `Give the request a body of the type ${formType}, or let the profile place its token elsewhere.`,
  );
}

/** RFC 6750 section 2.2: a form body, which the request has already or gets by this; `checkPlace` has seen to it. */
function inForm({ outgoing, shown }: PreparedRequest, name: string, token: Secret): PreparedRequest {
  const { body, headers } = outgoing;
  const field = new URLSearchParams([[name, token.reveal()]]).toString();
  const typed = hasHeader(headers, 'content-type');
  const added = typed ? [] : [{ name: 'content-type', value: formType }];
  return {
    outgoing: {
      ...outgoing,
      body: body === null ? field : `${body}&${field}`,
      headers: [...headers, ...added],
    },
    shown: { ...shown, headers: [...shown.headers, ...added] },
  };
}

function inCookie(request: PreparedRequest, name: string, token: Secret): PreparedRequest {
  const cookie = { name: 'Cookie', value: `${name}=${cookieText(token)}` };
  const masked = `${name}=${token.masked()}`;
  const isCookie = (header: Header) => header.name.toLowerCase() === 'cookie';
  if (!hasHeader(request.outgoing.headers, 'cookie')) return withHeader(request, cookie, masked);
  const joined = (headers: readonly Header[], more: string) =>
    headers.map((header) => (isCookie(header) ? { ...header, value: `${header.value}; ${more}` } : header));
  const { outgoing, shown } = request;
  return {
    outgoing: { ...outgoing, headers: joined(outgoing.headers, cookie.value).map(checkHeader) },
    shown: { ...shown, headers: joined(shown.headers, masked) },
  };
}

/**
 * Refuses a request that has, of its own, what the profile's token is to be put into. Throws `request_invalid`; before
 * any token is asked for, since a mistake in the request must not open a consent window.
 */
export function checkPlace({ outgoing }: PreparedRequest, placement: Placement): void {
  if (placement.kind === 'header' && hasHeader(outgoing.headers, placement.name)) {
    throw twice(`header ${placement.name}`);
  }
  if (placement.kind === 'query' && new URL(outgoing.url).searchParams.has(placement.name)) {
    throw twice(`query parameter ${placement.name}`);
  }
  if (placement.kind === 'form') checkForm(outgoing);
}

/**
 * The request with a profile's token in it (RFC 6750 section 2), masked where it is shown. Throws `token_missing` where
 * the id token is wanted and there is none, `request_invalid` where the request has no room for it.
 */
export function placeToken(request: PreparedRequest, given: TokenToPlace): PreparedRequest {
  const token = tokenOf(given);
  const { placement, tokenType } = given;
  switch (placement.kind) {
    case 'header':
      return inHeader(request, placement, { token, tokenType });
    case 'query':
      return inQuery(request, placement.name, token);
    case 'form':
      return inForm(request, placement.name, token);
    case 'cookie':
      return inCookie(request, placement.name, token);
  }
}

/** What a request carries, for a person who takes it to another program. Throws `token_missing` as `placeToken` does. */
export function credentialOf(given: TokenToPlace): { kind: Placement['kind']; name: string; value: string } {
  const token = tokenOf(given);
  const { placement, tokenType } = given;
  const { kind, name } = placement;
  if (kind === 'header') return { kind, name, value: headerText(placement, tokenType, token.reveal()) };
  return { kind, name, value: kind === 'cookie' ? cookieText(token) : token.reveal() };
}
