/** Renews token sets ahead of their expiry, each at its own time. */
export interface Renewals {
  /** Plans the next renewal of a token set, in place of the one planned before; null: none. */
  plan(entry: string, atMs: number | null): void;
  dispose(): void;
}

const firstPauseMs = 5_000;
const longestPauseMs = 60_000;
const longestTimerMs = 2 ** 31 - 1;

interface Planned {
  atMs: number;
  timer: NodeJS.Timeout;
}

/**
 * Makes the plan. `renew` does one renewal and rejects when it failed; it is tried again after a pause that doubles from
 * 5 s to 60 s, for as long as the same renewal is planned.
 */
export function createRenewals(parts: {
  now: () => number;
  renew: (entry: string) => Promise<void>;
}): Renewals {
  const planned = new Map<string, Planned>();
  let disposed = false;

  function start(entry: string, atMs: number, inMs: number, pauseMs: number): void {
    // A timer cannot wait longer than some 24 days: then it comes early, and waits again.
    const waitMs = Math.min(Math.max(inMs, 1), longestTimerMs);
    const timer = setTimeout(() => void due(entry, atMs, pauseMs), waitMs);
    timer.unref();
    planned.set(entry, { atMs, timer });
  }

  async function due(entry: string, atMs: number, pauseMs: number): Promise<void> {
    const early = atMs - parts.now();
    if (early > 0) return start(entry, atMs, early, pauseMs);
    try {
      await parts.renew(entry);
      // A renewal that led to a new token has planned the next one already; any other is over until it is planned again.
      if (planned.get(entry)?.atMs === atMs) planned.delete(entry);
    } catch {
      // The timeline tells of it; the plan may be another by now.
      if (planned.get(entry)?.atMs !== atMs || disposed) return;
      start(entry, atMs, pauseMs, Math.min(pauseMs * 2, longestPauseMs));
    }
  }

  function forget(entry: string): void {
    clearTimeout(planned.get(entry)?.timer);
    planned.delete(entry);
  }

  return {
    plan(entry, atMs) {
      // Told anew at each change of a status: the same plan keeps its timer, and its pause.
      if (planned.get(entry)?.atMs === atMs) return;
      forget(entry);
      if (atMs !== null && !disposed) start(entry, atMs, atMs - parts.now(), firstPauseMs);
    },
    dispose() {
      disposed = true;
      for (const entry of [...planned.keys()]) forget(entry);
    },
  };
}
