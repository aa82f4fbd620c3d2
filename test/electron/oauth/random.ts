/** Randomness that is the same at every run, so that what a test finds can be found again. */
export interface Random {
  /** A whole number from 0 on, below this. */
  below(limit: number): number;
  pick<T>(all: readonly T[]): T;
  /** True once in so many times. */
  once(times: number): boolean;
}

/** A generator that begins at this seed (mulberry32). */
export function createRandom(seed: number): Random {
  let state = seed;
  function below(limit: number): number {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % limit;
  }
  return {
    below,
    pick: (all) => {
      const picked = all[below(all.length)];
      if (picked === undefined) throw new Error('There is nothing to pick from.');
      return picked;
    },
    once: (times) => below(times) === 0,
  };
}

const printable = 'x token ö 💥 " \\ <b> % %zz + & = . eyJhbGciOiJub25lIn0 __proto__ $& { } [ ] [secret]';
const pieces = [...printable.split(' '), ' ', '\r\n', '\u0000', '\u202e', '\ufeff', '\ud800', '\u2028'];

/** A text of such pieces, and of those that are given. */
export function randomText(random: Random, extra: readonly string[]): string {
  const all = [...pieces, ...extra];
  const text = Array.from({ length: random.below(8) }, () => random.pick(all)).join('');
  return random.once(200) ? text.repeat(200) : text;
}

const numbers = [0, -1, 1, 0.5, 300, 3600.7, 1_893_456_000, 1_893_456_000_000, 2 ** 53, 1e21, 1e308];

/** Any JSON value, its texts made with the extra pieces, at most so deep. */
export function randomJson(random: Random, extra: readonly string[], depth = 3): unknown {
  const texts = () => randomText(random, extra);
  const inner = () => randomJson(random, extra, depth - 1);
  switch (random.below(depth > 0 ? 9 : 6)) {
    case 0:
      return null;
    case 1:
      return random.once(2);
    case 2:
      return random.pick(numbers);
    case 3:
      return String(random.pick(numbers));
    case 6:
      return Array.from({ length: random.below(4) }, inner);
    case 7:
    case 8:
      return Object.fromEntries(
        Array.from({ length: random.below(random.once(20) ? 60 : 4) }, () => [texts(), inner()]),
      );
    default:
      return texts();
  }
}

/** The JSON as it is, cut off, or with a piece of its structure lost. */
export function damaged(random: Random, json: string): string {
  const at = random.below(json.length + 1);
  switch (random.below(6)) {
    case 0:
      return json.slice(0, at);
    case 1:
      return json.slice(0, at) + json.slice(at).replace(/[{}[\],:]/, '');
    default:
      return json;
  }
}
