import type { TestOutcome, TestRun, TestStep } from '../../../shared/model/test-run.ts';
import type { Tone } from '../../ui/chip.tsx';
import { formatDuration } from '../../ui/time-words.ts';

/** What a run came to, in a few words and a sentence. */
export interface OutcomeWords {
  tone: Tone;
  title: string;
  text: string;
}

function counted(steps: number): string {
  return steps === 1 ? '1 step' : `${steps} steps`;
}

function tookMs(steps: readonly TestStep[]): number {
  return Math.max(0, ...steps.map(({ beganMs, durationMs }) => beganMs + (durationMs ?? 0)));
}

function overWords(outcome: TestOutcome, { steps }: TestRun): OutcomeWords {
  const took = `${counted(steps.length)} in ${formatDuration(tookMs(steps))}`;
  switch (outcome.kind) {
    case 'token_obtained':
      return { tone: 'good', title: 'Token obtained', text: `${took}. The token is stored.` };
    case 'session_used':
      return {
        tone: 'good',
        title: 'Signed in already',
        text: 'The kept session skipped the login, so the script had nothing to do. Clear the session to see it work.',
      };
    case 'no_redirect':
      return { tone: 'bad', title: 'Ended before the redirect', text: took };
    case 'step_failed':
      return { tone: 'bad', title: `Step ${steps.at(-1)?.index ?? ''} failed`, text: took };
    case 'failed':
      return { tone: 'bad', title: 'Failed', text: took };
    case 'stopped':
      return { tone: 'none', title: 'Stopped', text: took };
  }
}

export function runWords(run: TestRun): OutcomeWords {
  if (run.outcome !== null) return overWords(run.outcome, run);
  const last = run.steps.at(-1);
  if (last?.state === 'held') {
    return { tone: 'wait', title: 'Waiting for you', text: `Step ${last.index} is next.` };
  }
  return {
    tone: 'wait',
    title: 'Running',
    text: last === undefined ? 'The login page is being opened.' : '',
  };
}

const stepStates: Record<TestStep['state'], { tone: Tone; word: string }> = {
  held: { tone: 'wait', word: 'is next' },
  running: { tone: 'wait', word: 'under way' },
  passed: { tone: 'good', word: 'passed' },
  failed: { tone: 'bad', word: 'failed' },
  stopped: { tone: 'none', word: 'stopped' },
};

export function stepState(step: TestStep): { tone: Tone; word: string } {
  return stepStates[step.state];
}
