import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createClock } from '../../../electron/consent/clock.ts';
import { createDeferred } from '../../../electron/consent/deferred.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('ends when its time is over, as AbortSignal.timeout does', async () => {
  const { signal } = createClock(1000);
  await vi.advanceTimersByTimeAsync(999);
  expect(signal.aborted).toBe(false);
  await vi.advanceTimersByTimeAsync(1);
  expect(signal.reason).toMatchObject({ name: 'TimeoutError' });
});

test('stands still while a person is waited for, and goes on with what was left', async () => {
  const clock = createClock(1000);
  await vi.advanceTimersByTimeAsync(600);
  const [one, two] = [createDeferred<string>(), createDeferred<string>()];
  const waits = [clock.during(one.promise), clock.during(two.promise)];
  await vi.advanceTimersByTimeAsync(5000);
  one.resolve('yes');
  await vi.advanceTimersByTimeAsync(5000);
  two.resolve('no');
  expect(await Promise.all(waits)).toEqual(['yes', 'no']);
  await vi.advanceTimersByTimeAsync(399);
  expect(clock.signal.aborted).toBe(false);
  await vi.advanceTimersByTimeAsync(1);
  expect(clock.signal.aborted).toBe(true);
});

test('ends when the person has had their time, in all waits together, whatever became of the first', async () => {
  const clock = createClock(1000, 3000);
  const refused = createDeferred<never>();
  const waiting = clock.during(refused.promise).catch(() => 'refused');
  await vi.advanceTimersByTimeAsync(2000);
  refused.reject(new Error('no'));
  expect(await waiting).toBe('refused');
  void clock.during(new Promise(() => undefined));
  await vi.advanceTimersByTimeAsync(999);
  expect(clock.signal.aborted).toBe(false);
  await vi.advanceTimersByTimeAsync(1);
  expect(clock.signal.aborted).toBe(true);
});
