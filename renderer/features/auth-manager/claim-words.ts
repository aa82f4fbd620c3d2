import { formatDate, formatTime } from '../../ui/time-words.ts';
import { formatRoughly } from './token-words.ts';

/** The claims that hold a moment, in seconds since the epoch (RFC 7662 section 2.2, RFC 7519 section 4.1). */
const timeClaims: ReadonlySet<string> = new Set([
  'exp',
  'iat',
  'nbf',
  'auth_time',
  'updated_at',
  'expires_at',
  'created_at',
]);

/** A moment, with its day unless that is today, and how far it is away: "14:03:10 (4 minutes ago)". */
export function momentWords(ms: number, nowMs: number): string {
  const date = formatDate(ms) === formatDate(nowMs) ? '' : `${formatDate(ms)}, `;
  const away = formatRoughly(Math.abs(ms - nowMs));
  return `${date}${formatTime(ms)} (${ms > nowMs ? `in ${away}` : `${away} ago`})`;
}

/** What a claim of an introspection says about time, in words; null when it is not about time. */
export function claimWords(name: string, value: string, nowMs: number): string | null {
  if (!timeClaims.has(name) || !/^\d{1,11}(?:\.\d+)?$/.test(value)) return null;
  return momentWords(Number(value) * 1000, nowMs);
}
