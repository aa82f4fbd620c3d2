const yearSeconds = 365 * 24 * 3600;
/** Beyond this a number is not a lifetime: it is a moment, or a way to say "never". */
const longestSeconds = 10 * yearSeconds;

/** The number that a value is, or says as a text; null: it is none. */
export function numberIn(value: unknown): number | null {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : null;
}

/** Whether so many seconds are no lifetime: a moment, or a way to say "never". */
export function isAbsurdLifetime(seconds: number): boolean {
  return seconds > longestSeconds;
}

/** Whether a moment can be an expiry at all: not before yesterday (clocks differ), not beyond the longest lifetime. */
function plausible(atMs: number, nowMs: number): boolean {
  return atMs > nowMs - 24 * 3600 * 1000 && atMs <= nowMs + longestSeconds * 1000;
}

/**
 * When a token expires by a moment that the server names (a JWT's `exp`, RFC 7519 section 4.1.4) in epoch seconds, or,
 * as some write it, milliseconds; also as a string or with a fraction. The answer is in milliseconds of our clock, of
 * which the server's is ahead by `aheadMs`. Null means that the server does not say: nothing, no number, or a moment
 * that no token which was just issued can expire at.
 */
export function momentMs(value: unknown, receivedAtMs: number, aheadMs = 0): number | null {
  const number = numberIn(value);
  if (number === null) return null;
  const moments = [number * 1000, number].map((atMs) => Math.round(atMs - aheadMs));
  return moments.find((atMs) => plausible(atMs, receivedAtMs)) ?? null;
}

/**
 * When a token expires by a server's `expires_in` (RFC 6749 section 5.1; seconds, also as a string or with a
 * fraction), in milliseconds since the epoch. Null means that the server does not say: nothing, no number, zero or
 * less (which real servers send for "never"), or absurdly much. A moment, which some servers send in its place, is
 * read as `momentMs` does.
 */
export function expiryMs(expiresIn: unknown, receivedAtMs: number, aheadMs = 0): number | null {
  const value = numberIn(expiresIn);
  if (value === null || value <= 0) return null;
  if (!isAbsurdLifetime(value)) return receivedAtMs + Math.round(value * 1000);
  return momentMs(value, receivedAtMs, aheadMs);
}
