import { useEffect, useState } from 'react';
import type { AutomationKind } from '../../../shared/model/profile.ts';
import type { TestRun, Trial } from '../../../shared/model/test-run.ts';
import { own } from '../../api/own.ts';
import { useSnapshot } from '../../api/use-engine.ts';
import { Button } from '../../ui/button.tsx';
import { StatusDot } from '../../ui/chip.tsx';
import { SegmentedControl } from '../../ui/choice.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { ErrorPanel } from '../../ui/error-panel.tsx';
import shared from './automation.module.css';
import { pageScriptsOf } from './page-script-store.ts';
import { scriptOf, sourceOf } from './script-store.ts';
import { usePageScripts, useScripts, useTestRuns } from './stores.ts';
import styles from './test-run.module.css';
import { TestRunSteps } from './test-run-steps.tsx';
import { newestRun, pictureKey, testRunOf } from './test-run-store.ts';
import { runWords } from './test-run-words.ts';
import { trialOf } from './trial.ts';

interface SectionProps {
  profile: string;
  kind: AutomationKind;
}

const views = [
  { value: 'unattended', label: 'Unattended', note: 'as a send or a CI job runs it, no window' },
  { value: 'window', label: 'In a window', note: 'to be watched at work' },
] as const;

/** What stands in the editor; null: nothing. */
function useTrial(profile: string, kind: AutomationKind): Trial | null {
  const source = useScripts((state) => {
    const script = scriptOf(state, profile);
    return script === undefined ? '' : sourceOf(script);
  });
  const rows = usePageScripts((state) => pageScriptsOf(state, profile)?.rows);
  return trialOf(kind, { source, rows: rows ?? [] });
}

function Buttons({ profile, kind, run }: SectionProps & { run: TestRun | undefined }) {
  const trial = useTrial(profile, kind);
  const { view, setView, start, next, stop } = useTestRuns((state) => state);
  if (run !== undefined && run.outcome === null) {
    const held = run.steps.at(-1)?.state === 'held';
    return (
      <div className={shared.buttons}>
        {run.stepping && (
          <>
            <Button kind="primary" disabled={!held} onClick={() => void next(run, false)}>
              Next step
            </Button>
            <Button disabled={!held} onClick={() => void next(run, true)}>
              Run on
            </Button>
          </>
        )}
        <Button onClick={() => void stop(run)}>Stop</Button>
      </div>
    );
  }
  const begin = (stepping: boolean) => {
    if (trial !== null) void start(profile, trial, stepping);
  };
  return (
    <div className={shared.buttons}>
      <SegmentedControl label="Test run" value={view} onChange={setView} options={views} />
      <Button disabled={trial === null} onClick={() => begin(true)}>
        Step through
      </Button>
      <Button disabled={trial === null} onClick={() => begin(false)}>
        {run === undefined ? 'Test run' : 'Run again'}
      </Button>
    </div>
  );
}

/** What the page showed after the chosen step, or the newest one with a picture. */
function Picture({ run }: { run: TestRun }) {
  const { chosen, pictures } = useTestRuns((state) => testRunOf(state, run.profile));
  const look = useTestRuns((state) => state.look);
  const [large, setLarge] = useState(false);
  const newest = run.steps.findLast(({ pictured }) => pictured)?.index ?? null;
  const index = chosen ?? newest;
  const pictured = run.steps.some((step) => step.index === index && step.pictured);
  useEffect(() => {
    if (index !== null && pictured) void look(run, index);
  }, [run, index, pictured, look]);
  const picture = index === null ? undefined : own(pictures, pictureKey(run, index));
  const url = run.steps.find((step) => step.index === index)?.url ?? null;
  if (picture?.kind !== 'there' || picture.jpeg === null) {
    const isNone = picture?.kind === 'there' || (index !== null && !pictured);
    return <div className={styles.noPicture}>{isNone && 'There is no picture of this step.'}</div>;
  }
  const source = `data:image/jpeg;base64,${picture.jpeg}`;
  return (
    <figure className={styles.picture}>
      <button
        type="button"
        aria-label={`Enlarge the page after step ${index}`}
        title="Enlarge"
        onClick={() => setLarge(true)}
      >
        <img src={source} alt="" />
      </button>
      <Dialog open={large} onClose={() => setLarge(false)} title={`The page after step ${index}`} wide>
        <img className={styles.large} src={source} alt={`The page after step ${index}`} />
      </Dialog>
      <figcaption>
        <bdi>{url}</bdi>
      </figcaption>
    </figure>
  );
}

function Failure({ run }: { run: TestRun }) {
  const { outcome } = run;
  if (outcome === null || !('error' in outcome)) return null;
  // Step, line and page stand in the list beside the picture.
  const { details: { bundle } = {}, ...error } = outcome.error;
  return (
    <>
      <ErrorPanel error={bundle === undefined ? error : { ...error, details: { bundle } }} />
      {outcome.kind === 'step_failed' && outcome.nearest.length > 0 && (
        <div className={styles.nearest}>
          <p>Nearest on the page:</p>
          <ul>
            {outcome.nearest.map((words) => (
              <li key={words}>
                <code>{words}</code>
              </li>
            ))}
          </ul>
        </div>
      )}
    </>
  );
}

/** Runs what stands in the editor before the person's eyes: each step with its time, outcome and picture. */
export function TestRunSection({ profile, kind }: SectionProps) {
  const run = useSnapshot((snapshot) => newestRun(snapshot, profile));
  const failure = useTestRuns((state) => testRunOf(state, profile).failure);
  const words = run === undefined ? null : runWords(run);
  return (
    <section className={styles.test} aria-label="Test run">
      <div className={shared.head}>
        <div>
          <h3>Test run</h3>
          <p className={shared.text}>
            Runs the {kind === 'script' ? 'script' : 'page scripts'} above, saved or not
          </p>
        </div>
        <Buttons profile={profile} kind={kind} run={run} />
      </div>
      {words !== null && (
        <p className={styles.outcome} aria-live="polite">
          <StatusDot tone={words.tone} />
          <b>{words.title}</b>
          <span>{words.text}</span>
        </p>
      )}
      {failure !== null && <ErrorPanel error={failure} />}
      {run !== undefined && <Failure run={run} />}
      {run !== undefined && run.steps.length > 0 && (
        <div className={styles.run}>
          <TestRunSteps run={run} />
          <Picture run={run} />
        </div>
      )}
      {run !== undefined && run.log.length > 0 && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard.
        <section className={styles.log} aria-label="What the script logged" tabIndex={0}>
          {run.log.join('\n')}
        </section>
      )}
    </section>
  );
}
