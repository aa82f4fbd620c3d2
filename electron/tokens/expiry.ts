/** How long before its expiry an access token counts as expired, in milliseconds, unless its lifetime is short. */
export const defaultMarginMs = 30_000;

/**
 * From when on an access token counts as expired, in milliseconds since the epoch: its expiry less a margin for clock
 * skew and the request's way to the server, of at most a tenth of the token's lifetime. Null when the expiry is unknown.
 */
export function usableUntilMs(
  issuedAtMs: number,
  expiresAtMs: number | null,
  marginMs: number = defaultMarginMs,
): number | null {
  if (expiresAtMs === null) return null;
  const lifetimeMs = Math.max(0, expiresAtMs - issuedAtMs);
  return expiresAtMs - Math.min(marginMs, lifetimeMs / 10);
}

/** Whether an instant has been reached; an unknown one never is. */
export function isPast(instantMs: number | null, nowMs: number): boolean {
  return instantMs !== null && nowMs >= instantMs;
}
