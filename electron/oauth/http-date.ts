/**
 * The moment of an HTTP date in each of its three forms (RFC 9110 section 5.6.7), in milliseconds since the epoch; null
 * for anything else.
 */
export function httpDateMs(text: string): number | null {
  const date = text.trim();
  if (!/^(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*,? .*\d\d:\d\d:\d\d/i.test(date)) return null;
  // The asctime form ends in the year and names no zone, which would make it local time.
  const atMs = Date.parse(/\d\d:\d\d:\d\d \d{4}$/.test(date) ? `${date} GMT` : date);
  return Number.isNaN(atMs) ? null : atMs;
}

/** `Retry-After` in seconds from now (RFC 9110 section 10.2.3), which may also be a date; null when there is none. */
export function retryAfterSeconds(header: string | null, nowMs: number): number | null {
  const value = header?.trim() ?? '';
  if (/^-?\d{1,9}$/.test(value)) return Math.max(0, Number(value));
  const atMs = httpDateMs(value);
  return atMs === null ? null : Math.max(0, Math.ceil((atMs - nowMs) / 1000));
}
