const yearSeconds = 365 * 24 * 3600;
/** Beyond this a number is not a lifetime: it is a moment, or a way to say "never". */
const longestSeconds = 10 * yearSeconds;

function numberIn(value: unknown): number | null {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : null;
}

/** Whether a moment can be an expiry at all: not before yesterday (clocks differ), not beyond the longest lifetime. */
function plausible(atMs: number, nowMs: number): boolean {
  return atMs > nowMs - 24 * 3600 * 1000 && atMs <= nowMs + longestSeconds * 1000;
}

/**
 * When a token expires by a server's `expires_in` (RFC 6749 section 5.1; seconds, also as a string or with a
 * fraction), in milliseconds since the epoch. Null means that the server does not say: nothing, no number, zero or
 * less (which real servers send for "never"), or absurdly much. A moment in epoch seconds or milliseconds, which some
 * servers send in its place, is taken as that moment.
 */
export function expiryMs(expiresIn: unknown, receivedAtMs: number): number | null {
  const value = numberIn(expiresIn);
  if (value === null || value <= 0) return null;
  if (value <= longestSeconds) return receivedAtMs + Math.round(value * 1000);
  const moments = [value * 1000, value].map(Math.round);
  return moments.find((atMs) => plausible(atMs, receivedAtMs)) ?? null;
}
