import { expect, onTestFinished, test, vi } from 'vitest';
import { createRenewals } from '../../../electron/tokens/renewals.ts';

/** Renewals under fake timers, whose clock is theirs; `fails` says how many of the first renewals fail. */
function start(fails = 0) {
  vi.useFakeTimers({ now: 0 });
  const renewed: number[] = [];
  const renewals = createRenewals({
    now: Date.now,
    renew: async () => {
      renewed.push(Date.now());
      if (renewed.length <= fails) throw new Error('The server is down.');
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
  renewals.plan('a', 1_000);
  renewals.plan('a', 1_000);
  await vi.advanceTimersByTimeAsync(999);
  expect(renewed).toEqual([]);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(renewed).toEqual([1_000]);
});

test('a new plan takes the place of the old one, and none ends it', async () => {
  const { renewals, renewed } = start();
  renewals.plan('a', 1_000);
  renewals.plan('a', 3_000);
  renewals.plan('b', 2_000);
  renewals.plan('b', null);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(renewed).toEqual([3_000]);
});

test('tries again after pauses that double, until it goes well', async () => {
  const { renewals, renewed } = start(3);
  renewals.plan('a', 1_000);
  await vi.advanceTimersByTimeAsync(300_000);
  expect(renewed).toEqual([1_000, 6_000, 16_000, 36_000]);
});

test('a failure whose plan has changed meanwhile is not tried again', async () => {
  const { renewals, renewed } = start(1);
  renewals.plan('a', 1_000);
  await vi.advanceTimersByTimeAsync(1_000);
  renewals.plan('a', null);
  await vi.advanceTimersByTimeAsync(300_000);
  expect(renewed).toEqual([1_000]);
});

test('waits longer than a timer can', async () => {
  const { renewals, renewed } = start();
  const days = 24 * 3600 * 1000;
  renewals.plan('a', 60 * days);
  await vi.advanceTimersByTimeAsync(59 * days);
  expect(renewed).toEqual([]);
  await vi.advanceTimersByTimeAsync(2 * days);
  expect(renewed).toEqual([60 * days]);
});
