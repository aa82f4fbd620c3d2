import type { AppError } from '../../shared/errors.ts';
import { grantPresence } from '../../shared/model/grant.ts';
import type {
  AccessTokenView,
  RefreshTokenView,
  TokenActivity,
  TokenStatus,
} from '../../shared/model/token.ts';
import type { Secret } from '../../shared/secret.ts';
import { jwtClaims } from '../oauth/jwt-claims.ts';
import { momentMs } from '../oauth/lifetime.ts';
import { clockCorrectionMs } from '../oauth/server-clock.ts';
import { expiresAtMs, isPast, renewalMs, usableUntilMs } from './expiry.ts';
import { type PolicyState, type RepeatedGrant, refreshNowShown, refreshShown } from './refresh-policy.ts';
import type { TokenSet } from './token-set.ts';
import { chainOf, fingerprint, type TokenSubject } from './token-subject.ts';

/** Whether the profile's settings have changed since the token set was obtained. */
export function isStale(set: TokenSet, subject: TokenSubject): boolean {
  return set.fingerprint !== fingerprint(subject);
}

/** When a token expires, and from when on it counts as expired; null: unknown. */
interface TokenTimes {
  expires: number | null;
  usableUntil: number | null;
}

/** Those of the id token, by its own `exp`; null where it does not go along with requests. */
function idTokenTimes(set: TokenSet, { lifetimes, placedToken }: TokenSubject): TokenTimes | null {
  if (placedToken !== 'id_token' || set.idToken === null) return null;
  const issuedAtMs = set.idTokenIssuedAtMs ?? set.issuedAtMs;
  const exp = jwtClaims(set.idToken.reveal())?.exp;
  const expires = momentMs(exp, issuedAtMs, clockCorrectionMs(set.clockAheadMs));
  return { expires, usableUntil: usableUntilMs(issuedAtMs, expires, lifetimes.marginMs) };
}

/**
 * Those of the access token, or of the id token where that goes along and ends first. `byKeptIdToken`: it is an id token
 * that the last refresh brought no other for, so that a further one would change nothing.
 */
function accessTimes(set: TokenSet, subject: TokenSubject): TokenTimes & { byKeptIdToken: boolean } {
  const { lifetimes } = subject;
  const expires = expiresAtMs(set.issuedAtMs, set.expiresAtMs, lifetimes.accessMs);
  const access = { expires, usableUntil: usableUntilMs(set.issuedAtMs, expires, lifetimes.marginMs) };
  const id = idTokenTimes(set, subject);
  if (id === null || id.usableUntil === null || id.usableUntil > (access.usableUntil ?? Infinity))
    return { ...access, byKeptIdToken: false };
  return { ...id, byKeptIdToken: (set.idTokenIssuedAtMs ?? set.issuedAtMs) !== set.issuedAtMs };
}

/** Whether what goes along is over, and was not renewed by the last refresh. */
export function isKeptIdTokenOver(set: TokenSet, subject: TokenSubject, nowMs: number): boolean {
  const { usableUntil, byKeptIdToken } = accessTimes(set, subject);
  return byKeptIdToken && isPast(usableUntil, nowMs);
}

/** The access token as the refresh policy sees it; `rejected` is one that the API has just refused. */
export function accessState(
  set: TokenSet | null,
  subject: TokenSubject,
  nowMs: number,
  rejected: Secret | null = null,
): PolicyState['access'] {
  if (set === null || isStale(set, subject) || rejected?.reveal() === set.accessToken.reveal())
    return 'missing';
  return isPast(accessTimes(set, subject).usableUntil, nowMs) ? 'expired' : 'usable';
}

/** Whether a token set came of the very refresh token that is the profile's grant. */
function isChained(set: TokenSet, subject: TokenSubject): boolean {
  const chain = chainOf(subject);
  return chain !== null && set.chain === chain;
}

/**
 * The refresh token as the person and the refresh policy see it; one of other settings is not there for either, unless
 * it is the newest of the chain that the profile's own began.
 */
export function refreshView(set: TokenSet | null, subject: TokenSubject, nowMs: number): RefreshTokenView {
  if (set === null || set.refresh.kind === 'none') return { kind: 'none' };
  if (isStale(set, subject) && !isChained(set, subject)) return { kind: 'none' };
  const { refresh } = set;
  const issuedAtMs = refresh.issuedAtMs ?? set.issuedAtMs;
  const expires = expiresAtMs(issuedAtMs, refresh.expiresAtMs, subject.lifetimes.refreshMs);
  if (expires !== null && nowMs >= expires) return { kind: 'expired', expiresAtMs: expires };
  if (refresh.kind === 'refused') return { kind: 'refused', reason: refresh.reason };
  return { kind: 'usable', expiresAtMs: expires };
}

/** The refresh token as what is done by itself counts on it: as none where a refresh does not bring what goes along. */
export function countedRefresh(
  set: TokenSet | null,
  subject: TokenSubject,
  nowMs: number,
): RefreshTokenView['kind'] {
  const { kind } = refreshView(set, subject, nowMs);
  return set !== null && accessTimes(set, subject).byKeptIdToken ? 'none' : kind;
}

/** What repeating the grant takes at this moment. */
export function repeatedGrant(set: TokenSet | null, subject: TokenSubject): RepeatedGrant {
  if (set !== null && isChained(set, subject)) return 'chained';
  return grantPresence[subject.profile.grant.kind];
}

/** When the token is due to be renewed ahead of its expiry; null: it is not renewed by itself, or cannot be. */
function renewsAtMs(set: TokenSet | null, subject: TokenSubject, nowMs: number): number | null {
  const { renewAheadMs } = subject.lifetimes;
  const can = countedRefresh(set, subject, nowMs) === 'usable' || repeatedGrant(set, subject) === 'silent';
  if (set === null || renewAheadMs === null || subject.refreshMode === 'manual' || !can) return null;
  if (isStale(set, subject)) return null;
  return renewalMs(set.issuedAtMs, accessTimes(set, subject).usableUntil, renewAheadMs);
}

/** What is known of a token set at a moment. */
export interface TokenState {
  set: TokenSet | null;
  sessionKept: boolean;
  activity: TokenActivity;
  failure: AppError | null;
}

/** The status of a token set: what the person sees, no value that could be used in it. */
export function tokenStatus(subject: TokenSubject, state: TokenState, nowMs: number): TokenStatus {
  const { set } = state;
  const refresh = refreshView(set, subject, nowMs);
  return {
    profile: subject.key.profile,
    persona: subject.key.persona,
    access: set === null ? { kind: 'none' } : accessView(set, subject),
    refresh,
    idTokenHeld: set !== null && set.idToken !== null,
    sessionKept: state.sessionKept,
    findings: [...(set?.findings ?? [])],
    // Only what the times above are moved by is told.
    clockAheadMs: clockCorrectionMs(set?.clockAheadMs ?? null) || null,
    renewsAtMs: renewsAtMs(set, subject, nowMs),
    activity: state.activity,
    refreshShown: refreshShown(subject.refreshMode, refresh.kind),
    refreshNowShown: refreshNowShown(subject.refreshMode, refresh.kind),
    failure: state.failure?.toWire() ?? null,
  };
}

function accessView(set: TokenSet, subject: TokenSubject): AccessTokenView {
  const { expires, usableUntil } = accessTimes(set, subject);
  return {
    kind: 'held',
    masked: set.accessToken.masked(),
    tokenType: set.tokenType,
    issuedAtMs: set.issuedAtMs,
    expiresAtMs: expires,
    usableUntilMs: usableUntil,
    scope: set.scope.split(' ').filter((part) => part !== ''),
    subject: set.subject,
    stale: isStale(set, subject),
  };
}
