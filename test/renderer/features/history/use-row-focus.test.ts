import { expect, it } from 'vitest';
import { positionAfterKey } from '../../../../renderer/features/history/use-row-focus.ts';

it.each<[string, number, number | undefined]>([
  ['ArrowDown', 5, 6],
  ['ArrowUp', 5, 4],
  ['PageDown', 5, 15],
  ['PageUp', 15, 5],
  ['Home', 15, 1],
  ['End', 5, 20],
  ['ArrowUp', 1, 1],
  ['ArrowDown', 20, 20],
  ['PageUp', 5, 1],
  ['PageDown', 15, 20],
  ['Enter', 5, undefined],
  ['constructor', 5, undefined],
])('takes %s from row %i of 20 to %s', (key, position, after) => {
  expect(positionAfterKey(key, position, 20)).toBe(after);
});
