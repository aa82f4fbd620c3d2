import { httpDateMs } from './http-date.ts';

/** A difference up to this, in milliseconds, is measurement and travel, not a wrong clock. */
const agreementMs = 5_000;

/**
 * By how much the server's clock is ahead of ours, in milliseconds, from the `Date` of an answer to a request sent and
 * received at these moments of ours. 0 when the two agree as well as can be told: a slow server is no wrong clock. Null
 * when the header is absent or unreadable.
 */
export function clockAheadMs(date: string | null, sentAtMs: number, receivedAtMs: number): number | null {
  const serverMs = httpDateMs(date ?? '');
  if (serverMs === null) return null;
  // The header drops what is beyond the whole second: half a second on average.
  const ahead = Math.round(serverMs + 500 - (sentAtMs + receivedAtMs) / 2);
  const uncertainMs = Math.abs(receivedAtMs - sentAtMs) / 2 + 500;
  return Math.abs(ahead) <= uncertainMs ? 0 : ahead;
}

/** The part of a difference between the clocks that counts: what the server's moments are to be moved back by. */
export function clockCorrectionMs(aheadMs: number | null): number {
  return aheadMs !== null && Math.abs(aheadMs) > agreementMs ? aheadMs : 0;
}
