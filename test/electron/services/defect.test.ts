import { expect, test } from 'vitest';
import { describeDefect } from '../../../electron/services/defect.ts';

test('a defect is told by its place, and nothing of its messages', () => {
  const cause = new TypeError('cause marker\n    at marker (marker:1:2)');
  const told = describeDefect(
    new RangeError('first marker\n    at marker (file:1:2)\n    at marker', { cause }),
  );
  expect(told).toMatch(/^RangeError\n {4}at .*defect\.test\.ts:\d+:\d+/);
  expect(told).toContain('\nTypeError\n');
  expect(told).not.toContain('marker');
});

test('what is no error tells nothing, and an error without a stack its name', () => {
  expect(describeDefect('marker')).toBe('');
  expect(describeDefect(Object.assign(new Error('marker'), { stack: undefined }))).toBe('Error');
});
