import { expect, test } from 'vitest';
import { isPast, usableUntilMs } from '../../../electron/tokens/expiry.ts';

test.each([
  ['an hour: 30 s before its end', 3_600_000, 3_570_000],
  ['five minutes: 30 s before its end', 300_000, 270_000],
  ['a minute: a tenth before its end', 60_000, 54_000],
  ['ten seconds: one second before its end', 10_000, 9_000],
  ['nothing: at once', 0, 0],
])('a token that lives %s', (_, lifetimeMs, usableMs) => {
  expect(usableUntilMs(1000, 1000 + lifetimeMs)).toBe(1000 + usableMs);
});

test('a token that expired before it was issued is expired, with no margin', () => {
  expect(usableUntilMs(1000, 400)).toBe(400);
});

test('a token of unknown expiry counts as usable: only the API can tell', () => {
  expect(usableUntilMs(1000, null)).toBeNull();
  expect(isPast(null, Number.MAX_SAFE_INTEGER)).toBe(false);
});

test('expires on the very millisecond', () => {
  expect([isPast(10, 9), isPast(10, 10), isPast(10, 11)]).toEqual([false, true, true]);
});
