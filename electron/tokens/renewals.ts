import { AppError } from '../../shared/errors.ts';
import { classifyTokenFailure } from '../oauth/refusal.ts';
import { timerMs } from './expiry.ts';

/** When a token set is to be renewed, and until when it is worth a try; milliseconds since the epoch. */
export interface RenewalPlan {
  atMs: number;
  untilMs: number;
}

/** Renews token sets ahead of their expiry, each at its own time. */
export interface Renewals {
  /** Plans the next renewal of a token set, in place of the one planned before; null: none. */
  plan(entry: string, plan: RenewalPlan | null): void;
  dispose(): void;
}

const firstPauseMs = 5_000;
const longestPauseMs = 60_000;

interface Planned extends RenewalPlan {
  timer: NodeJS.Timeout;
}

/**
 * Makes the plan. `renew` does one renewal, or finds that the token set is not in use. One that failed in passing is tried
 * again after a pause that doubles from 5 s to 60 s, until the token has expired: from then on it is the sends' to mend.
 */
export function createRenewals(parts: {
  now: () => number;
  renew: (entry: string) => Promise<'done' | 'not_in_use'>;
}): Renewals {
  const planned = new Map<string, Planned>();
  let disposed = false;

  function start(entry: string, plan: RenewalPlan, inMs: number, pauseMs: number): void {
    const timer = setTimeout(() => void due(entry, plan, pauseMs), timerMs(inMs));
    timer.unref();
    planned.set(entry, { ...plan, timer });
  }

  async function due(entry: string, plan: RenewalPlan, pauseMs: number): Promise<void> {
    const early = plan.atMs - parts.now();
    if (early > 0) return start(entry, plan, early, pauseMs);
    const isCurrent = () => planned.get(entry)?.atMs === plan.atMs && !disposed;
    try {
      const end = await parts.renew(entry);
      // Not in use now: the same plan may come again when it is. One that was done stays, so that it is not done twice.
      if (end === 'not_in_use' && isCurrent()) planned.delete(entry);
    } catch (thrown) {
      // The timeline tells of it; the plan may be another by now.
      const passing = classifyTokenFailure(AppError.from(thrown)) === 'transient';
      if (!isCurrent() || !passing || parts.now() + pauseMs >= plan.untilMs) return;
      start(entry, plan, pauseMs, Math.min(pauseMs * 2, longestPauseMs));
    }
  }

  function forget(entry: string): void {
    clearTimeout(planned.get(entry)?.timer);
    planned.delete(entry);
  }

  return {
    plan(entry, plan) {
      // Told anew at each change of a status: the same plan keeps its timer, and its pause.
      if (planned.get(entry)?.atMs === plan?.atMs) return;
      forget(entry);
      if (plan !== null && !disposed) start(entry, plan, plan.atMs - parts.now(), firstPauseMs);
    },
    dispose() {
      disposed = true;
      for (const entry of [...planned.keys()]) forget(entry);
    },
  };
}
