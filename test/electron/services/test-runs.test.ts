import { describe, expect, test } from 'vitest';
import { createTestRuns } from '../../../electron/services/test-runs.ts';
import type { EngineEvent } from '../../../shared/contract/events.ts';
import { AppError } from '../../../shared/errors.ts';

const order = {
  profile: 'orders',
  persona: 'admin',
  trial: { kind: 'script' as const, source: '' },
  visible: false,
  stepping: false,
};
const step = (index: number) => ({ index, words: 'page.title()', line: index, part: null });
const end = { reason: null, durationMs: 1 };

function start() {
  const events: EngineEvent[] = [];
  return { events, runs: createTestRuns({ emit: (event) => events.push(event) }) };
}

describe('the outcome of a test run', () => {
  test('is that the kept session skipped the login when the token came before the first step', async () => {
    const { runs, events } = start();
    const run = await runs.run(order, async (id) => runs.take(id));
    expect(run.outcome).toEqual({ kind: 'session_used' });
    expect(events.at(-1)).toEqual({ kind: 'test_run', run });
  });

  test('is a failure when another process had updated the token', async () => {
    const { runs } = start();
    const run = await runs.run(order, async () => undefined);
    expect(run.outcome).toMatchObject({ kind: 'failed', error: { code: 'test_run_busy' } });
  });

  test('is that it ended before the redirect', async () => {
    const { runs } = start();
    const run = await runs.run(order, async () => {
      throw new AppError('consent_no_redirect', 'No.');
    });
    expect(run.outcome).toMatchObject({ kind: 'no_redirect', error: { code: 'consent_no_redirect' } });
  });

  test('has what is nearest on the page to what a step looked for, three at most', async () => {
    const { runs } = start();
    const details = { line: 1, nearest: 'a\nb\nc\nd' };
    const run = await runs.run(order, async () => {
      throw new AppError('script_step_failed', 'No.', { details });
    });
    expect(run.outcome).toMatchObject({ kind: 'step_failed', nearest: ['a', 'b', 'c'] });
  });
});

const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

test('a script is on trial once, and a run that is over is changed by nothing any more', async () => {
  const { runs, events } = start();
  let late: () => Promise<void> = async () => undefined;
  const run = await runs.run({ ...order, stepping: true }, async (id, signal) => {
    const trial = runs.take(id);
    expect(trial?.script).toMatchObject({ kind: 'script', fileName: 'orders.js' });
    expect(runs.take(id)).toBeUndefined();
    const held = Promise.resolve(trial?.watcher.begins?.(step(1)));
    late = async () => {
      await trial?.watcher.begins?.(step(2));
      await trial?.watcher.ended?.(step(1), { reason: 'late', durationMs: 1 }, async () => ({
        url: null,
        picture: Buffer.from('late'),
      }));
    };
    runs.stop(id);
    expect(signal.aborted).toBe(true);
    await held;
  });
  expect(run).toMatchObject({ outcome: { kind: 'stopped' }, steps: [{ index: 1, state: 'stopped' }] });
  runs.next(run.id, true);
  runs.stop(run.id);
  await late();
  await wait(120);
  expect(events.at(-1)).toEqual({ kind: 'test_run', run });
  const over = events.length;
  await wait(120);
  expect(events).toHaveLength(over);
  expect(() => runs.next('nobody', false)).toThrow(expect.objectContaining({ code: 'test_run_not_found' }));
});

test('two actions that are held at once are let go on together', async () => {
  const { runs } = start();
  const run = await runs.run({ ...order, stepping: true }, async (id) => {
    const watcher = runs.take(id)?.watcher;
    const held = [1, 2].map((index) => watcher?.begins?.(step(index)));
    runs.next(id, false);
    await Promise.all(held);
  });
  expect(run.outcome).toEqual({ kind: 'token_obtained' });
});

test('runs end with their project, and tell no window of another one', async () => {
  const { runs, events } = start();
  const run = await runs.run({ ...order, stepping: true }, async (id) => {
    const held = runs.take(id)?.watcher.begins?.(step(1));
    events.length = 0;
    runs.leave();
    await held;
  });
  expect(run.outcome).toEqual({ kind: 'stopped' });
  await wait(120);
  expect(events).toEqual([]);
});

test('pictures are kept of a hundred steps, and of the last five runs', async () => {
  const { runs } = start();
  const picture = Buffer.from('a picture');
  const ids: string[] = [];
  for (let round = 0; round < 6; round += 1) {
    const run = await runs.run(order, async (id) => {
      const watcher = runs.take(id)?.watcher;
      for (let index = 1; index <= 101; index += 1) {
        await watcher?.begins?.(step(index));
        await watcher?.ended?.(step(index), end, async () => ({ url: 'http://a/', picture }));
      }
    });
    expect(run.steps.filter(({ pictured }) => pictured)).toHaveLength(100);
    ids.push(run.id);
  }
  expect(ids.slice(1).map((id) => runs.picture(id, 100))).toEqual(Array(5).fill(picture.toString('base64')));
  expect(runs.picture(ids[5] ?? '', 101)).toBeNull();
  expect(() => runs.picture(ids[0] ?? '', 1)).toThrow(
    expect.objectContaining({ code: 'test_run_not_found' }),
  );
});
