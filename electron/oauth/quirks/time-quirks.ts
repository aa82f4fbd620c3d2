import type { Members } from '../json-body.ts';
import { isAbsurdLifetime, momentMs, numberIn } from '../lifetime.ts';
import { member, type Quirk, type QuirkContext, withMember, without } from './quirk.ts';

type MemberQuirk = Quirk<Members>;

/** Members that name the moment of expiry in place of `expires_in`: seconds or milliseconds since the epoch, or a date. */
const momentNames = [
  ...['expires_at', 'expires_on', 'expiresAt', 'expiresOn', 'expires', '.expires', 'expiration', 'expiry'],
] as const;

/** Names of the lifetime of a refresh token: of Keycloak, Microsoft, Intuit and others; no RFC has one. */
const refreshLifetimes = ['refresh_expires_in', 'refresh_token_expires_in'] as const;
const refreshLifetimeNames = {
  refreshExpiresIn: 'refresh_expires_in',
  refreshTokenExpiresIn: 'refresh_token_expires_in',
  x_refresh_token_expires_in: 'refresh_token_expires_in',
} as const;

function momentOf(value: unknown, { receivedAtMs, aheadMs }: QuirkContext): number | null {
  if (numberIn(value) !== null) return momentMs(value, receivedAtMs, aheadMs);
  const dateMs = typeof value === 'string' && /\d{4}/.test(value) ? Date.parse(value) : Number.NaN;
  return Number.isNaN(dateMs) ? null : momentMs(dateMs, receivedAtMs, aheadMs);
}

/** From the answer to a moment, in seconds; one that is over leaves a second, since nothing would mean "unknown". */
function secondsTo(atMs: number, { receivedAtMs }: QuirkContext): number {
  return Math.max(1, Math.round(atMs - receivedAtMs) / 1000);
}

/** A quirk of `expires_in`, met when `mend` gives the number of seconds, or null for "the server does not say". */
function ofExpiresIn(
  code: string,
  severity: MemberQuirk['severity'],
  text: string,
  mend: (value: unknown, context: QuirkContext) => number | null | undefined,
): MemberQuirk {
  return {
    code,
    severity,
    source: 'RFC 6749 section 5.1',
    text: () => text,
    mend: (members, context) => {
      const value = member(members, 'expires_in');
      const seconds = value === undefined ? undefined : mend(value, context);
      if (seconds === undefined) return null;
      const subject =
        seconds === null ? without(members, 'expires_in') : withMember(members, 'expires_in', seconds);
      return { subject };
    },
  };
}

/** What a token response says of times. */
export const timeQuirks: readonly MemberQuirk[] = [
  ofExpiresIn(
    'expires_in_unreadable',
    'medium',
    'expires_in is no number of seconds; it was ignored.',
    (value) => (numberIn(value) === null ? null : undefined),
  ),
  ofExpiresIn('expires_in_text', 'low', 'expires_in is a text; it should be a number.', (value) =>
    typeof value === 'string' ? (numberIn(value) ?? undefined) : undefined,
  ),
  ofExpiresIn(
    'expires_in_not_positive',
    'medium',
    'expires_in is zero or less; it was ignored, since a token that has just been issued is not over.',
    (value) => (Number(value) <= 0 ? null : undefined),
  ),
  ofExpiresIn(
    'expires_in_fraction',
    'note',
    'expires_in has a fraction; it should be a whole number of seconds.',
    (value) => (Number.isInteger(value) ? undefined : Number(value)),
  ),
  ofExpiresIn(
    'expires_in_moment',
    'medium',
    'expires_in is a moment; it should be the lifetime in seconds. The moment was used.',
    (value, context) => {
      const atMs = isAbsurdLifetime(Number(value)) ? momentOf(value, context) : null;
      return atMs === null ? undefined : secondsTo(atMs, context);
    },
  ),
  ofExpiresIn(
    'expires_in_absurd',
    'low',
    'expires_in is more than ten years; it was ignored, and the end of the token counts as unknown.',
    (value) => (isAbsurdLifetime(Number(value)) ? null : undefined),
  ),
  {
    code: 'expiry_as_moment',
    severity: 'low',
    source: 'RFC 6749 section 5.1',
    text: (about) => `The expiry is told by ${about}, as a moment; it should be expires_in, in seconds.`,
    mend: (members, context) => {
      if (member(members, 'expires_in') !== undefined) return null;
      const name = momentNames.find((one) => momentOf(member(members, one), context) !== null);
      const atMs = name === undefined ? null : momentOf(member(members, name), context);
      if (name === undefined || atMs === null) return null;
      const subject = withMember(without(members, name), 'expires_in', secondsTo(atMs, context));
      return { subject, about: name };
    },
  },
  {
    code: 'expires_in_missing',
    severity: 'note',
    source: 'RFC 6749 section 5.1',
    text: () => 'The answer does not say when the access token expires; a server should.',
    mend: (members) => (member(members, 'expires_in') === undefined ? { subject: members } : null),
  },
  {
    code: 'refresh_lifetime_renamed',
    severity: 'note',
    source: 'RFC 6749 section 5.1',
    text: (about) => `The lifetime of the refresh token is called ${about}; it is understood.`,
    mend: (members) => {
      const names = Object.entries(refreshLifetimeNames);
      const found = names.find(([name, usual]) => member(members, name) !== undefined && !(usual in members));
      if (found === undefined) return null;
      const [name, usual] = found;
      return { subject: withMember(without(members, name), usual, members[name]), about: name };
    },
  },
  {
    code: 'refresh_lifetime_named',
    severity: 'note',
    source: 'RFC 6749 section 5.1',
    text: (about) => `${about} tells how long the refresh token lives, which no RFC has; it is understood.`,
    mend: (members) => {
      const found = refreshLifetimes.find((name) => member(members, name) !== undefined);
      return found === undefined ? null : { subject: members, about: found };
    },
  },
];
