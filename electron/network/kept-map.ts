/** Things that are made when they are first asked for, and kept for the next who asks. */
export interface KeptMap<Value> {
  take(key: string, make: () => Value): Value;
  /** Forgets all, without dropping any, and gives them. */
  clear(): Value[];
}

/** Keeps at most `limit` values: beyond that the one goes whose use is the longest ago, and `onDrop` is told. */
export function keptMap<Value>(limit: number, onDrop?: (value: Value) => void): KeptMap<Value> {
  const kept = new Map<string, { value: Value }>();
  return {
    take(key, make) {
      const entry = kept.get(key) ?? { value: make() };
      // A map gives what was put in last at its end.
      kept.delete(key);
      kept.set(key, entry);
      const [oldest] = kept;
      if (kept.size > limit && oldest !== undefined) {
        kept.delete(oldest[0]);
        onDrop?.(oldest[1].value);
      }
      return entry.value;
    },
    clear() {
      const values = [...kept.values()].map(({ value }) => value);
      kept.clear();
      return values;
    },
  };
}
