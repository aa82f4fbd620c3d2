import { expect, it } from 'vitest';
import { formatDuration } from '../../../renderer/ui/time-words.ts';

it('says durations in the unit that fits', () => {
  expect([0, 212.4, 999, 1_400, 125_000].map(formatDuration)).toEqual([
    '0 ms',
    '212 ms',
    '999 ms',
    '1.4 s',
    '2 min',
  ]);
});
