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

  test('is a failure when another update was joined in place of the script', async () => {
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

test('a script is on trial once, and a run that is over cannot be stepped or stopped into anything', async () => {
  const { runs } = start();
  const { id, outcome } = await runs.run(order, async (id) => {
    expect(runs.take(id)?.script).toMatchObject({ kind: 'script', fileName: 'orders.js' });
    expect(runs.take(id)).toBeUndefined();
  });
  runs.next(id, true);
  runs.stop(id);
  expect(outcome).toEqual({ kind: 'session_used' });
  expect(() => runs.next('nobody', false)).toThrow(expect.objectContaining({ code: 'test_run_not_found' }));
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
  expect(() => runs.picture(ids[0] ?? '', 1)).toThrow();
});
