/** One thing that was started ahead and waits to be used. */
export interface Spare<Thing, Kind> {
  /** Starts one, unless one waits already. */
  prepare(kind: Kind): void;
  /** The one that waits; undefined: none. */
  take(): Thing | undefined;
}

interface SpareOptions<Thing, Kind> {
  /** It must keep no process alive. */
  start(kind: Kind): Thing;
  /** Has `forget` called when it ends by itself. */
  onEnded(thing: Thing, forget: () => void): void;
  end(thing: Thing): void;
  /** How long one waits before it is ended, in milliseconds; 30 s by default. */
  idleMs?: number;
}

/** Makes a place for one. */
export function createSpare<Thing, Kind>({
  start,
  onEnded,
  end,
  idleMs = 30_000,
}: SpareOptions<Thing, Kind>): Spare<Thing, Kind> {
  let waiting: Thing | undefined;
  let idle: NodeJS.Timeout | undefined;

  function take(): Thing | undefined {
    const thing = waiting;
    waiting = undefined;
    clearTimeout(idle);
    return thing;
  }

  return {
    prepare(kind) {
      if (waiting !== undefined) return;
      const thing = start(kind);
      waiting = thing;
      onEnded(thing, () => {
        if (waiting === thing) take();
      });
      idle = setTimeout(() => {
        if (waiting === thing) end(thing);
        take();
      }, idleMs);
      idle.unref();
    },
    take,
  };
}
