import { expect, test } from 'vitest';
import { expiresAtMs, isPast, renewalMs, usableUntilMs } from '../../../electron/tokens/expiry.ts';

test.each([
  ['an hour: 30 s before its end', 3_600_000, 3_570_000],
  ['five minutes: 30 s before its end', 300_000, 270_000],
  ['a minute: a tenth before its end', 60_000, 54_000],
  ['ten seconds: one second before its end', 10_000, 9_000],
  ['nothing: at once', 0, 0],
])('a token that lives %s', (_, lifetimeMs, usableMs) => {
  expect(usableUntilMs(1000, 1000 + lifetimeMs, 30_000)).toBe(1000 + usableMs);
});

test('a token that expired before it was issued is expired, with no margin', () => {
  expect(usableUntilMs(1000, 400, 30_000)).toBe(400);
});

test('a token of unknown expiry counts as usable: only the API can tell', () => {
  expect(usableUntilMs(1000, null, 30_000)).toBeNull();
  expect(isPast(null, Number.MAX_SAFE_INTEGER)).toBe(false);
});

test('expires on the very millisecond', () => {
  expect([isPast(10, 9), isPast(10, 10), isPast(10, 11)]).toEqual([false, true, true]);
});

test('a margin of nothing lets a token be used to its end', () => {
  expect(usableUntilMs(1000, 61_000, 0)).toBe(61_000);
});

test('a custom lifetime counts from the issue, whatever the server says, or when it says nothing', () => {
  expect(expiresAtMs(1000, 5_000, null)).toBe(5_000);
  expect(expiresAtMs(1000, null, null)).toBeNull();
  expect(expiresAtMs(1000, 5_000, 60_000)).toBe(61_000);
  expect(expiresAtMs(1000, null, 60_000)).toBe(61_000);
});

test('a renewal is due so long before the token counts as expired, and not before half of its time is over', () => {
  expect(renewalMs(0, 270_000, 60_000)).toBe(210_000);
  expect(renewalMs(0, 9_000, 60_000)).toBe(4_500);
  expect(renewalMs(0, null, 60_000)).toBeNull();
  // One renewal would follow at once on another.
  expect(renewalMs(0, 900, 60_000)).toBeNull();
});
