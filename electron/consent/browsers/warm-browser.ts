import type { Browser } from 'playwright-core';

/** A browser that is started when first needed, shared by flows, and ended when it has been idle for a while. */
export interface WarmBrowser<Extra> {
  /** The running one; many who ask at once start it once. `done` must be called when the flow is over. */
  borrow(): Promise<{ browser: Browser; extra: Extra; done(): void }>;
  dispose(): Promise<void>;
}

/** `prepare` does once for each start what must be done before anybody uses it. `idleMs`: how long it stays unused. */
export function createWarmBrowser<Extra>(
  launch: () => Promise<Browser>,
  prepare: (browser: Browser) => Promise<Extra>,
  idleMs: number,
): WarmBrowser<Extra> {
  type Started = { browser: Browser; extra: Extra };
  let running: Promise<Started> | null = null;
  let borrowed = 0;
  let idle: NodeJS.Timeout | undefined;

  async function start(): Promise<Started> {
    const browser = await launch();
    try {
      return { browser, extra: await prepare(browser) };
    } catch (thrown) {
      await browser.close();
      throw thrown;
    }
  }

  /** Starts one, and forgets it once it has failed or ended, so that the next flow starts another. */
  function startWatched(): Promise<Started> {
    const mine = start();
    const forget = (): void => {
      if (running === mine) running = null;
    };
    mine.then(({ browser }) => browser.once('disconnected', forget), forget);
    return mine;
  }

  async function dispose(): Promise<void> {
    clearTimeout(idle);
    const ending = running;
    running = null;
    // A start that failed has told the flow that wanted it.
    const started = await ending?.catch(() => null);
    await started?.browser.close();
  }

  function giveBack(): void {
    borrowed -= 1;
    if (borrowed > 0) return;
    idle = setTimeout(() => void dispose(), idleMs);
    idle.unref();
  }

  return {
    async borrow() {
      clearTimeout(idle);
      borrowed += 1;
      running ??= startWatched();
      try {
        let given = false;
        const done = (): void => {
          if (!given) giveBack();
          given = true;
        };
        return { ...(await running), done };
      } catch (thrown) {
        borrowed -= 1;
        throw thrown;
      }
    },
    dispose,
  };
}
