import { Secret } from '../../shared/secret.ts';
import { redact, serverText } from './server-text.ts';

const mostMembers = 40;
const longestName = 80;

/** Names of RFC 6749 and RFC 7662 are words of the protocol, even where somebody's secret is "scope". */
const protocolNames = new Set(
  `token_type expires_in refresh_expires_in refresh_token_expires_in scope
  session_state error error_description client_id username exp iat nbf sub aud iss jti`.split(/\s+/),
);

/** A part of a JSON Web Token: a JSON object in base64url (RFC 7515 section 3.1), whichever blanks follow its brace. */
const jwtPart = /(?:eyJ|eyAi|ewog|ewoJ|ew0K)[\w-]{12,}$/;

/** Hides a JWT in a run of its characters, from its header on; part by part, so that no text takes long. */
function withoutJwt(run: string): string {
  const parts = run.split('.');
  const first = parts.findIndex((part) => jwtPart.test(part));
  if (first === -1) return run;
  return [...parts.slice(0, first), parts[first]?.replace(jwtPart, '[secret]')].join('.');
}

/**
 * Whether a member of a server's JSON is a token by its name, in whichever spelling, or a code that a token is asked for
 * with (RFC 8628 section 3.2, OpenID Connect CIBA 1.0 section 7.3).
 */
export function isTokenName(name: string): boolean {
  return /^(?:(?:(?:access|refresh|id)[_-]?)?token|device[_-]?code|auth[_-]?req[_-]?id)$/i.test(name);
}

/** Deeper, and further along a list or an object, no server has its tokens. */
const deepest = 4;
const mostLooked = 100;

/**
 * The tokens that a server's JSON names as such, wherever it wraps them: also in an error, or beside the words that
 * repeat them.
 */
export function tokensIn(json: unknown, depth = deepest): Secret[] {
  if (typeof json !== 'object' || json === null || depth === 0) return [];
  return Object.entries(json)
    .slice(0, mostLooked)
    .flatMap(([name, value]: [string, unknown]) => {
      if (typeof value !== 'string') return tokensIn(value, depth - 1);
      return isTokenName(name) && value !== '' ? new Secret(value) : [];
    });
}

/** `serverText`, with nothing of a JWT in it either. */
export function maskedText(text: string, secrets: readonly Secret[], limit: number): string {
  return serverText(redact(text, secrets).replace(/[\w.-]+/g, withoutJwt), secrets, limit);
}

/** The name of a member, fit to show: cleaned and cut, unless it is a word of the protocol. */
export function shownName(name: string, secrets: readonly Secret[]): string {
  return protocolNames.has(name) || isTokenName(name) ? name : maskedText(name, secrets, longestName);
}

/** The members of a server's JSON, fit to show: at most 40, in their order, values as told. */
export function shownMembers(
  json: object,
  secrets: readonly Secret[],
  show: (name: string, value: unknown) => string,
): { name: string; value: string }[] {
  return Object.entries(json)
    .slice(0, mostMembers)
    .map(([name, value]) => ({ name: shownName(name, secrets), value: show(name, value) }));
}
