import { toUSVString } from 'node:util';
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

/** The scheme as the RFCs write it, which picky APIs compare by case. The token type is the access token's alone. */
function schemeOf({ tokenType, placedToken }: TokenToPlace): string {
  if (placedToken === 'id_token') return 'Bearer';
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

function headerText({ prefix }: InHeader, scheme: string, token: string): string {
  const before = (prefix ?? scheme).trim();
  return before === '' ? token : `${before} ${token}`;
}

function inHeader(
  request: PreparedRequest,
  placement: InHeader,
  { token, scheme }: { token: Secret; scheme: string },
): PreparedRequest {
  const header = { name: placement.name, value: headerText(placement, scheme, token.reveal()) };
  return withHeader(request, header, headerText(placement, scheme, token.masked()));
}

/** A value with other characters would end early (RFC 6265 section 4.1.1). Half a character cannot be encoded. */
function cookieText(token: Secret): string {
  return toUSVString(token.reveal()).replace(
    /[^\x21\x23-\x2b\x2d-\x3a\x3c-\x5b\x5d-\x7e]/gu,
    encodeURIComponent,
  );
}

/** A field as forms write it (RFC 6750 section 2.2). */
function field(name: string, value = ''): string {
  return new URLSearchParams([[name, value]]).toString();
}

/** Appended as text: whatever reads and writes the query anew would change what the person wrote there. */
function appended(url: string, text: string): string {
  const [, address = '', fragment = ''] = /^([^#]*)(.*)$/s.exec(url) ?? [];
  const between = /[?&]$/.test(address) ? '' : address.includes('?') ? '&' : '?';
  return `${address}${between}${text}${fragment}`;
}

/** RFC 6750 section 2.3. */
function inQuery({ outgoing, shown }: PreparedRequest, name: string, token: Secret): PreparedRequest {
  return {
    outgoing: { ...outgoing, url: appended(outgoing.url, field(name, token.reveal())) },
    shown: { ...shown, url: appended(shown.url, `${field(name)}${token.masked()}`) },
  };
}

function checkForm({ method, body, headers }: OutgoingRequest, name: string): void {
  const type = headerValue(headers, 'content-type')?.split(';')[0]?.trim().toLowerCase();
  const bodiless = method === 'GET' || method === 'HEAD';
  if (!bodiless && (type === formType || (type === undefined && body === null))) {
    if (new URLSearchParams(body ?? '').has(name)) throw twice(`form field ${name}`);
    return;
  }
  const reason = bodiless ? `a ${method} request has none` : 'the body of this request is no form';
  throw invalid(
    `The profile places its token in a form body, and ${reason}`,
    `Give the request a body of the type ${formType}, or let the profile place its token elsewhere.`,
  );
}

/** RFC 6750 section 2.2: a form body, which the request has already or gets by this; `checkPlace` has seen to it. */
function inForm({ outgoing, shown }: PreparedRequest, name: string, token: Secret): PreparedRequest {
  const { body, headers } = outgoing;
  const own = field(name, token.reveal());
  const typed = hasHeader(headers, 'content-type');
  const added = typed ? [] : [{ name: 'content-type', value: formType }];
  return {
    outgoing: {
      ...outgoing,
      body: body === null ? own : `${body}&${own}`,
      headers: [...headers, ...added],
    },
    shown: { ...shown, headers: [...shown.headers, ...added] },
  };
}

function hasCookie(headers: readonly Header[], name: string): boolean {
  const pairs = headers
    .filter((header) => header.name.toLowerCase() === 'cookie')
    .flatMap(({ value }) => value.split(';'));
  return pairs.some((pair) => pair.split('=')[0]?.trim() === name);
}

function inCookie(request: PreparedRequest, name: string, token: Secret): PreparedRequest {
  const cookie = { name: 'Cookie', value: `${name}=${cookieText(token)}` };
  const masked = `${name}=${token.masked()}`;
  const { outgoing, shown } = request;
  const first = outgoing.headers.findIndex((header) => header.name.toLowerCase() === 'cookie');
  if (first === -1) return withHeader(request, cookie, masked);
  const joined = (headers: readonly Header[], more: string) =>
    headers.map((header, at) => (at === first ? { ...header, value: `${header.value}; ${more}` } : header));
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
  if (placement.kind === 'form') checkForm(outgoing, placement.name);
  if (placement.kind === 'cookie' && hasCookie(outgoing.headers, placement.name)) {
    throw twice(`cookie ${placement.name}`);
  }
}

/**
 * The request with a profile's token in it (RFC 6750 section 2), masked where it is shown. Throws `token_missing` where
 * the id token is wanted and there is none, `request_invalid` where the request has no room for it.
 */
export function placeToken(request: PreparedRequest, given: TokenToPlace): PreparedRequest {
  const token = tokenOf(given);
  const { placement } = given;
  switch (placement.kind) {
    case 'header':
      return inHeader(request, placement, { token, scheme: schemeOf(given) });
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
  const { placement } = given;
  const { kind, name } = placement;
  if (kind === 'header') return { kind, name, value: headerText(placement, schemeOf(given), token.reveal()) };
  return { kind, name, value: kind === 'cookie' ? cookieText(token) : token.reveal() };
}
