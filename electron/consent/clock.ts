/** The time that something may take; it stands still while a person is waited for, who has a time of their own. */
export interface Clock {
  /** Aborted, with a `TimeoutError` as of `AbortSignal.timeout`, when either time is over. */
  readonly signal: AbortSignal;
  /** Waits for a person. */
  during<Result>(wait: Promise<Result>): Promise<Result>;
}

/** Starts one. Milliseconds: `limitMs` without the waits, `personMs` for all waits together; without it they have no end. */
export function createClock(limitMs: number, personMs = Number.POSITIVE_INFINITY): Clock {
  const over = new AbortController();
  const left = { own: limitMs, person: personMs };
  let waits = 0;
  let sinceMs = performance.now();
  let timer: NodeJS.Timeout | undefined;

  const end = (): void => over.abort(new DOMException('The time is over.', 'TimeoutError'));
  function run(): void {
    clearTimeout(timer);
    const ms = left[waits === 0 ? 'own' : 'person'];
    if (Number.isFinite(ms)) timer = setTimeout(end, ms).unref();
  }
  function change(by: 1 | -1): void {
    const nowMs = performance.now();
    left[waits === 0 ? 'own' : 'person'] -= nowMs - sinceMs;
    sinceMs = nowMs;
    waits += by;
    run();
  }

  run();
  return {
    signal: over.signal,
    async during(wait) {
      change(1);
      return wait.finally(() => change(-1));
    },
  };
}
