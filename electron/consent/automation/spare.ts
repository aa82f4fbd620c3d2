/** One thing that was started ahead and waits to be used. */
export interface Spare<Thing> {
  /** Starts one, unless one waits already. */
  prepare(): void;
  /** The one that waits; undefined: none. */
  take(): Thing | undefined;
}

interface SpareOptions<Thing> {
  /** It must keep no process alive. */
  start(): Thing;
  /** Has `forget` called when it ends by itself. */
  onEnded(thing: Thing, forget: () => void): void;
  end(thing: Thing): void;
  /** How long one waits before it is ended, in milliseconds; 30 s by default. */
  idleMs?: number;
}

/** Makes a place for one. */
export function createSpare<Thing>({
  start,
  onEnded,
  end,
  idleMs = 30_000,
}: SpareOptions<Thing>): Spare<Thing> {
  let waiting: Thing | undefined;
  let idle: NodeJS.Timeout | undefined;

  function take(): Thing | undefined {
    const thing = waiting;
    waiting = undefined;
    clearTimeout(idle);
    return thing;
  }

  return {
    prepare() {
      if (waiting !== undefined) return;
      const thing = start();
      waiting = thing;
      onEnded(thing, () => {
        if (waiting === thing) take();
      });
      idle = setTimeout(() => {
        take();
        end(thing);
      }, idleMs);
      idle.unref();
    },
    take,
  };
}
