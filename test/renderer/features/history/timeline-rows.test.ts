import { describe, expect, it } from 'vitest';
import { timelineRows } from '../../../../renderer/features/history/timeline-rows.ts';
import { tokenEvent } from '../../fake-engine.ts';

/** Noon of a day in this machine's own time zone. */
function noon(day: number): number {
  return new Date(2025, 10, day, 12).getTime();
}

function shape(times: readonly number[]): (number | string)[] {
  const events = times.map((atMs, index) => tokenEvent(`${index}`, atMs));
  return timelineRows(events).map((row) => (row.kind === 'event' ? row.position : 'day'));
}

describe('timeline rows', () => {
  it('has a heading above the events of each day', () => {
    expect(shape([noon(24) + 1, noon(24), noon(22), noon(21), noon(21)])).toEqual([
      'day',
      1,
      2,
      'day',
      3,
      'day',
      4,
      5,
    ]);
    expect(shape([])).toEqual([]);
  });

  it('parts the days at midnight, to the millisecond', () => {
    const midnight = new Date(2025, 10, 24).getTime();
    expect(shape([midnight + 1, midnight, midnight - 1])).toEqual(['day', 1, 2, 'day', 3]);
  });

  it('knows that a day is not always 24 hours long', () => {
    // Around every change of the clocks in a year, in whichever time zone this runs.
    for (let day = 1; day <= 366; day += 1) {
      const from = new Date(2024, 0, day).getTime();
      const until = new Date(2024, 0, day + 1).getTime();
      expect(shape([until, until - 1, from, from - 1])).toEqual(['day', 1, 'day', 2, 3, 'day', 4]);
    }
  });

  it('keeps every key when events come in above, also on another day, but that of the first heading’s place', () => {
    const before = timelineRows([tokenEvent('b', noon(24)), tokenEvent('a', noon(23))]);
    const after = timelineRows([
      tokenEvent('c', noon(25)),
      tokenEvent('b', noon(24)),
      tokenEvent('a', noon(23)),
    ]);
    expect(new Set(after.map(({ key }) => key)).size).toBe(after.length);
    expect(after[0]?.key).toBe(before[0]?.key);
    expect(after.map(({ key }) => key)).toEqual(expect.arrayContaining(before.map(({ key }) => key)));
  });

  it('bears any clock', () => {
    expect(shape([8e300, noon(24), -8e300])).toHaveLength(6);
  });

  it('has ten thousand events in rows at once', () => {
    const events = Array.from({ length: 10_000 }, (_, index) => tokenEvent(`${index}`, noon(24) - index));
    const rows = timelineRows(events);
    expect(rows.at(-1)).toMatchObject({ kind: 'event', position: 10_000 });
  });
});
