import type { AppError } from '../../shared/errors.ts';
import type {
  AccessTokenView,
  RefreshTokenView,
  TokenActivity,
  TokenStatus,
} from '../../shared/model/token.ts';
import type { Secret } from '../../shared/secret.ts';
import { isPast, usableUntilMs } from './expiry.ts';
import { type PolicyState, refreshNowShown, refreshShown } from './refresh-policy.ts';
import type { TokenSet } from './token-set.ts';
import { fingerprint, type TokenSubject } from './token-subject.ts';

/** Whether the profile's settings have changed since the token set was obtained. */
export function isStale(set: TokenSet, subject: TokenSubject): boolean {
  return set.fingerprint !== fingerprint(subject);
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
  return isPast(usableUntilMs(set.issuedAtMs, set.expiresAtMs), nowMs) ? 'expired' : 'usable';
}

/** The refresh token as the person and the refresh policy see it; one of other settings is not there for either. */
export function refreshView(set: TokenSet | null, subject: TokenSubject, nowMs: number): RefreshTokenView {
  if (set === null || set.refresh.kind === 'none' || isStale(set, subject)) return { kind: 'none' };
  const { refresh } = set;
  if (refresh.expiresAtMs !== null && nowMs >= refresh.expiresAtMs) {
    return { kind: 'expired', expiresAtMs: refresh.expiresAtMs };
  }
  if (refresh.kind === 'refused') return { kind: 'refused', reason: refresh.reason };
  return { kind: 'usable', expiresAtMs: refresh.expiresAtMs };
}

/** The status of a token set: what the person sees, no value that could be used in it. */
export function tokenStatus(
  subject: TokenSubject,
  state: { set: TokenSet | null; activity: TokenActivity; failure: AppError | null },
  nowMs: number,
): TokenStatus {
  const refresh = refreshView(state.set, subject, nowMs);
  return {
    profile: subject.key.profile,
    access: state.set === null ? { kind: 'none' } : accessView(state.set, subject),
    refresh,
    activity: state.activity,
    refreshShown: refreshShown(subject.refreshMode, refresh.kind),
    refreshNowShown: refreshNowShown(subject.refreshMode, refresh.kind),
    failure: state.failure?.toWire() ?? null,
  };
}

function accessView(set: TokenSet, subject: TokenSubject): AccessTokenView {
  return {
    kind: 'held',
    masked: set.accessToken.masked(),
    tokenType: set.tokenType,
    issuedAtMs: set.issuedAtMs,
    expiresAtMs: set.expiresAtMs,
    usableUntilMs: usableUntilMs(set.issuedAtMs, set.expiresAtMs),
    scope: set.scope.split(' ').filter((part) => part !== ''),
    subject: set.subject,
    stale: isStale(set, subject),
  };
}
