/** Lets so many work at a time; the others wait in the order in which they came. */
export interface Turns {
  /**
   * Does the work when its turn comes; `leave` gives the turn on before the work is over. Aborted before, it rejects with
   * `ended()`, and never begins.
   */
  take<T>(work: (leave: () => void) => Promise<T>, signal: AbortSignal, ended: () => Error): Promise<T>;
}

/** Makes one. */
export function createTurns(atOnce: number): Turns {
  const waiting = new Set<() => void>();
  let busy = 0;

  async function turn(signal: AbortSignal, ended: () => Error): Promise<void> {
    if (signal.aborted) throw ended();
    if (busy < atOnce) {
      busy += 1;
      return;
    }
    await new Promise<void>((resolve, reject) => {
      const leave = (): void => {
        waiting.delete(go);
        signal.removeEventListener('abort', onAbort);
      };
      const go = (): void => {
        leave();
        resolve();
      };
      const onAbort = (): void => {
        leave();
        reject(ended());
      };
      signal.addEventListener('abort', onAbort);
      waiting.add(go);
    });
  }

  /** The turn goes to whoever has waited longest. */
  function giveOn(): void {
    const [next] = waiting;
    if (next === undefined) busy -= 1;
    else next();
  }

  return {
    async take(work, signal, ended) {
      await turn(signal, ended);
      let held = true;
      const leave = (): void => {
        if (held) giveOn();
        held = false;
      };
      return work(leave).finally(leave);
    },
  };
}
