import type { ExpectParts } from './sandbox-guest-parts.ts';

/**
 * Makes the guest's `expect`; sent into the sandbox as text like the guest itself. What is expected of a page or a
 * locator is a call that the engine answers; of a value it is decided here.
 */
export function guestExpect({ placeOf, isPending, act, encode, names }: ExpectParts) {
  const { keys, is, hasOwn } = Object;
  const { isArray } = Array;
  const { stringify } = JSON;

  const shown = (value: unknown): string => {
    if (value instanceof RegExp || typeof value === 'bigint' || typeof value === 'symbol')
      return String(value);
    return stringify(value) ?? String(value);
  };

  function same(left: unknown, right: unknown, depth: number): boolean {
    if (is(left, right)) return true;
    if (typeof left !== 'object' || typeof right !== 'object' || left === null || right === null)
      return false;
    if (depth > 50 || isArray(left) !== isArray(right)) return false;
    const names = keys(left).filter((name) => Reflect.get(left, name) !== undefined);
    const others = keys(right).filter((name) => Reflect.get(right, name) !== undefined);
    return (
      names.length === others.length &&
      names.every(
        (name) => hasOwn(right, name) && same(Reflect.get(left, name), Reflect.get(right, name), depth + 1),
      )
    );
  }

  const ofValues: Record<string, [words: string, holds: (value: unknown, wanted: unknown) => boolean]> = {
    toBe: ['be', is],
    toEqual: ['equal', (value, wanted) => same(value, wanted, 0)],
    toContain: [
      'contain',
      (value, wanted) =>
        typeof value === 'string' ? value.includes(String(wanted)) : isArray(value) && value.includes(wanted),
    ],
    toMatch: [
      'match',
      (value, wanted) =>
        typeof value === 'string' &&
        (wanted instanceof RegExp ? wanted.test(value) : value.includes(String(wanted))),
    ],
    toBeTruthy: ['be truthy', (value) => Boolean(value)],
    toBeFalsy: ['be falsy', (value) => !value],
  };

  function matcher(value: unknown, name: string, not: boolean): (...args: unknown[]) => unknown {
    const place = placeOf(value);
    const table: Record<string, unknown> | undefined =
      place === undefined ? ofValues : names[`expect ${place.kind}`];
    if (place !== undefined && table !== undefined && hasOwn(table, name)) {
      return (...args) => {
        const recorded = [name, not, ...args.map((arg) => encode(arg))];
        const label = `expect(${place.label})${not ? '.not' : ''}.${name}(…)`;
        return act([...place.chain, { method: '$expect', args: recorded }], label);
      };
    }
    const known = place === undefined && hasOwn(ofValues, name) ? ofValues[name] : undefined;
    if (known === undefined) {
      const of = place?.label ?? 'value';
      const offered = table === undefined ? 'nothing' : keys(table).join(', ');
      throw new TypeError(
        `expect(${of}).${name} is not in Grantwright's script API: of this there is ${offered}.`,
      );
    }
    const [words, holds] = known;
    return (...wanted) => {
      if (holds(value, wanted[0]) !== not) return;
      const than = wanted.length === 0 ? '' : ` ${shown(wanted[0])}`;
      throw new Error(
        `expected the value ${not ? 'not ' : ''}to ${words}${than}, but it was ${shown(value)}`,
      );
    };
  }

  return (value: unknown): object => {
    if (isPending(value)) {
      throw new TypeError(
        'expect was given an answer that comes later: write "await" before the call in it.',
      );
    }
    const expectation = (not: boolean): object =>
      new Proxy(
        {},
        {
          get(_target, name) {
            if (typeof name === 'symbol' || name === 'then' || name === 'toJSON') return undefined;
            return name === 'not' && !not ? expectation(true) : matcher(value, name, not);
          },
        },
      );
    return expectation(false);
  };
}
