/** How long the tokens of a profile live, in milliseconds. Null: as the server says. */
export interface Lifetimes {
  accessMs: number | null;
  refreshMs: number | null;
  /** How long before its expiry an access token counts as expired, unless its lifetime is short. */
  marginMs: number;
  /** How long before it counts as expired a token is renewed by itself; null: it is not. */
  renewAheadMs: number | null;
}

/** How long a timer may wait for a moment so far away: not longer than some 24 days, so it may come early. */
export function timerMs(awayMs: number): number {
  return Math.min(Math.max(awayMs, 1), 2 ** 31 - 1);
}

/** When a token expires: by the profile's own lifetime, else by what the server said; null when neither tells. */
export function expiresAtMs(
  issuedAtMs: number,
  saidMs: number | null,
  customMs: number | null,
): number | null {
  return customMs === null ? saidMs : issuedAtMs + customMs;
}

/**
 * From when on an access token counts as expired, in milliseconds since the epoch: its expiry less a margin for clock
 * skew and the request's way to the server, of at most a tenth of the token's lifetime. Null when the expiry is unknown.
 */
export function usableUntilMs(
  issuedAtMs: number,
  expiresAtMs: number | null,
  marginMs: number,
): number | null {
  if (expiresAtMs === null) return null;
  const lifetimeMs = Math.max(0, expiresAtMs - issuedAtMs);
  return expiresAtMs - Math.min(marginMs, lifetimeMs / 10);
}

/** A token that is usable for a shorter time is left to the sends, in milliseconds. */
const shortestRenewedMs = 1_500;

/**
 * When a token is due to be renewed ahead of its expiry: so long before it counts as expired, but not before half of its
 * usable time is over, or a short-lived token would be renewed without end. Null when it has no end, or one so near that
 * a renewal would follow at once on another.
 */
export function renewalMs(issuedAtMs: number, usableUntil: number | null, aheadMs: number): number | null {
  if (usableUntil === null || usableUntil - issuedAtMs < shortestRenewedMs) return null;
  return usableUntil - Math.min(aheadMs, Math.max(0, usableUntil - issuedAtMs) / 2);
}

/** Whether an instant has been reached; an unknown one never is. */
export function isPast(instantMs: number | null, nowMs: number): boolean {
  return instantMs !== null && nowMs >= instantMs;
}
