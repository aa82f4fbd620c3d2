import type { TestRun, TestStep } from '../../../shared/model/test-run.ts';
import { StatusDot } from '../../ui/chip.tsx';
import { formatDuration } from '../../ui/time-words.ts';
import { useTestRuns } from './stores.ts';
import styles from './test-run.module.css';
import { testRunOf } from './test-run-store.ts';
import { stepState } from './test-run-words.ts';

function Row({ step, chosen, onChoose }: { step: TestStep; chosen: boolean; onChoose: () => void }) {
  const { tone, word } = stepState(step);
  const took = step.durationMs === null ? null : formatDuration(step.durationMs);
  const line = step.line === null ? null : `line ${step.line}`;
  return (
    <li>
      <button type="button" className={styles.step} aria-pressed={chosen} onClick={onChoose}>
        <StatusDot tone={tone} />
        <span className={styles.number}>{step.index}</span>
        <code className={styles.words}>
          <bdi>{step.words}</bdi>
        </code>
        <span className={styles.meta}>{[word, took, line].filter((part) => part !== null).join(' · ')}</span>
        {step.reason !== null && <span className={styles.reason}>{step.reason}</span>}
      </button>
    </li>
  );
}

/** The steps of a test run, those of one named part under its name. */
export function TestRunSteps({ run }: { run: TestRun }) {
  const chosen = useTestRuns((state) => testRunOf(state, run.profile).chosen);
  const choose = useTestRuns((state) => state.choose);
  return (
    <ol className={styles.steps} aria-label="Steps">
      {run.steps.flatMap((step, at) => {
        const row = (
          <Row
            key={step.index}
            step={step}
            chosen={chosen === step.index}
            onChoose={() => choose(run.profile, step.index)}
          />
        );
        if (step.part === null || step.part === run.steps[at - 1]?.part) return [row];
        return [
          <li key={`part ${step.index}`} className={styles.part}>
            <bdi>{step.part}</bdi>
          </li>,
          row,
        ];
      })}
    </ol>
  );
}
