import { describe, expect, it } from 'vitest';
import { runWords, stepState } from '../../../../renderer/features/automation/test-run-words.ts';
import type { TestOutcome, TestRun, TestStep } from '../../../../shared/model/test-run.ts';

const error = { code: 'script_step_failed' as const, message: 'It failed.' };

const step = (index: number, patch: Partial<TestStep> = {}): TestStep => ({
  ...{ index, words: 'click()', line: null, part: null, state: 'passed', beganMs: 0 },
  ...{ durationMs: null, reason: null, url: null, pictured: false },
  ...patch,
});

const run = (steps: TestStep[], outcome: TestOutcome | null = null): TestRun => ({
  ...{ id: 'run', profile: 'orders', persona: 'default', visible: false, stepping: false },
  ...{ steps, log: [], outcome },
});

describe('the words of a test run', () => {
  it.each<[string, TestRun, object]>([
    ['before its first step', run([]), { tone: 'wait', text: 'The login page is being opened.' }],
    ['under way', run([step(1, { state: 'running' })]), { tone: 'wait', title: 'Running' }],
    [
      'held',
      run([step(1), step(2, { state: 'held' })]),
      { tone: 'wait', title: 'Waiting for you', text: 'Step 2 is next.' },
    ],
    [
      'through: it took until its last step had ended',
      run([step(1, { durationMs: 200 }), step(2, { beganMs: 1_000, durationMs: 500 })], {
        kind: 'token_obtained',
      }),
      { tone: 'good', title: 'Token obtained', text: '2 steps in 1.5 s. The token is stored.' },
    ],
    [
      'through without the script',
      run([], { kind: 'session_used' }),
      { tone: 'good', title: 'Signed in already' },
    ],
    [
      'without a redirect',
      run([step(1, { durationMs: 40 })], { kind: 'no_redirect', error }),
      { tone: 'bad', title: 'Ended before the redirect', text: expect.stringMatching(/^1 step in /) },
    ],
    [
      'failed at a step',
      run([step(1), step(2, { state: 'failed' })], { kind: 'step_failed', error, nearest: [] }),
      { tone: 'bad', title: 'Step 2 failed' },
    ],
    ['failed', run([], { kind: 'failed', error }), { tone: 'bad', title: 'Failed' }],
    ['stopped', run([], { kind: 'stopped' }), { tone: 'none', title: 'Stopped' }],
  ])('%s', (_how, of, words) => {
    expect(runWords(of)).toMatchObject(words);
  });

  it('are told apart for steps by tone and word', () => {
    const states = (['held', 'running', 'passed', 'failed', 'stopped'] as const).map((state) =>
      stepState(step(1, { state })),
    );
    expect(states.map(({ tone }) => tone)).toEqual(['wait', 'wait', 'good', 'bad', 'none']);
    expect(new Set(states.map(({ word }) => word)).size).toBe(5);
  });
});
