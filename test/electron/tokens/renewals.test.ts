import { expect, onTestFinished, test, vi } from 'vitest';
import { createRenewals } from '../../../electron/tokens/renewals.ts';
import { AppError } from '../../../shared/errors.ts';

const down = new AppError('server_unreachable', 'The server is down.');
const never = Number.MAX_SAFE_INTEGER;

/** Renewals under fake timers, whose clock is theirs; `fails` says how many of the first renewals fail. */
function start(fails = 0, failure = down, end: 'done' | 'not_in_use' = 'done') {
  vi.useFakeTimers({ now: 0 });
  const renewed: number[] = [];
  const renewals = createRenewals({
    now: Date.now,
    renew: async () => {
      renewed.push(Date.now());
      if (renewed.length <= fails) throw failure;
      return end;
    },
  });
  onTestFinished(() => {
    renewals.dispose();
    vi.useRealTimers();
  });
  return { renewals, renewed };
}

test('renews at its time, once', async () => {
  const { renewals, renewed } = start();
  renewals.plan('a', { atMs: 1_000, untilMs: never });
  renewals.plan('a', { atMs: 1_000, untilMs: never });
  await vi.advanceTimersByTimeAsync(999);
  expect(renewed).toEqual([]);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(renewed).toEqual([1_000]);
});

test('a new plan takes the place of the old one, and none ends it', async () => {
  const { renewals, renewed } = start();
  renewals.plan('a', { atMs: 1_000, untilMs: never });
  renewals.plan('a', { atMs: 3_000, untilMs: never });
  renewals.plan('b', { atMs: 2_000, untilMs: never });
  renewals.plan('b', null);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(renewed).toEqual([3_000]);
});

test('tries again after pauses that double, until it goes well', async () => {
  const { renewals, renewed } = start(3);
  renewals.plan('a', { atMs: 1_000, untilMs: never });
  await vi.advanceTimersByTimeAsync(300_000);
  expect(renewed).toEqual([1_000, 6_000, 16_000, 36_000]);
});

test('a failure whose plan has changed meanwhile is not tried again', async () => {
  const { renewals, renewed } = start(1);
  renewals.plan('a', { atMs: 1_000, untilMs: never });
  await vi.advanceTimersByTimeAsync(1_000);
  renewals.plan('a', null);
  await vi.advanceTimersByTimeAsync(300_000);
  expect(renewed).toEqual([1_000]);
});

test('waits longer than a timer can', async () => {
  const { renewals, renewed } = start();
  const days = 24 * 3600 * 1000;
  renewals.plan('a', { atMs: 60 * days, untilMs: never });
  await vi.advanceTimersByTimeAsync(59 * days);
  expect(renewed).toEqual([]);
  await vi.advanceTimersByTimeAsync(2 * days);
  expect(renewed).toEqual([60 * days]);
});

test('stops when the token has expired: from then on a send mends it', async () => {
  const { renewals, renewed } = start(99);
  renewals.plan('a', { atMs: 1_000, untilMs: 20_000 });
  await vi.advanceTimersByTimeAsync(300_000);
  expect(renewed).toEqual([1_000, 6_000, 16_000]);
});

test('a mistake in the profile is not tried again, also when the same plan is told anew', async () => {
  const { renewals, renewed } = start(99, new AppError('invalid_client', 'The secret is wrong.'));
  const plan = { atMs: 1_000, untilMs: never };
  renewals.plan('a', plan);
  await vi.advanceTimersByTimeAsync(300_000);
  renewals.plan('a', plan);
  await vi.advanceTimersByTimeAsync(300_000);
  expect(renewed).toEqual([1_000]);
});

test('what was not in use when it was due is made up for when it is planned anew', async () => {
  const { renewals, renewed } = start(0, down, 'not_in_use');
  const plan = { atMs: 1_000, untilMs: never };
  renewals.plan('a', plan);
  await vi.advanceTimersByTimeAsync(300_000);
  expect(renewed).toEqual([1_000]);
  renewals.plan('a', plan);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(renewed).toHaveLength(2);
});
