import { randomUUID } from 'node:crypto';
import { AppError } from '../../shared/errors.ts';
import type { TestOutcome, TestRun, TestStep, Trial } from '../../shared/model/test-run.ts';
import type { FlowWatcher } from '../consent/consent-flow.ts';
import { createDeferred, type Deferred } from '../consent/deferred.ts';
import type { Automation } from '../consent/unattended.ts';
import type { Host } from './host.ts';

/** What a test run is asked for. */
export interface TestRunOrder {
  profile: string;
  persona: string;
  trial: Trial;
  visible: boolean;
  stepping: boolean;
}

/** A script on trial, for the consent that works it. */
export interface ScriptTrial {
  script: Automation;
  visible: boolean;
  watcher: FlowWatcher;
  onLog: (line: string) => void;
}

/** The test runs of this engine. */
export interface TestRuns {
  /** Runs a script, and gives how it ended. `obtain` gets a token by it. */
  run(order: TestRunOrder, obtain: (id: string) => Promise<unknown>): Promise<TestRun>;
  /** The script on trial in a run that is under way, once. */
  take(id: string): ScriptTrial | undefined;
  /** Lets the action that is held go on; `all`: and all that come after it. */
  next(id: string, all: boolean): void;
  /** The picture after a step, as base64 of a JPEG; null: there is none. */
  picture(id: string, index: number): string | null;
  /** Marks a run as stopped by the person, before its update is ended; gives whose that is. */
  stop(id: string): { profile: string; persona: string };
}

interface Running {
  run: TestRun;
  startedMs: number;
  trial: ScriptTrial;
  taken: boolean;
  stopped: boolean;
  gate: Deferred<void> | null;
  pictures: Map<number, string>;
}

/** Runs whose pictures can still be looked at, and pictures of each. */
const [keptRuns, keptPictures] = [5, 100];
/** How often windows are told at most. */
const calmMs = 50;

function outcomeOf(error: AppError, stopped: boolean): TestOutcome {
  const wire = error.toWire();
  if (stopped || error.code === 'consent_cancelled') return { kind: 'stopped' };
  if (error.code === 'consent_no_redirect') return { kind: 'no_redirect', error: wire };
  if (error.code !== 'script_step_failed') return { kind: 'failed', error: wire };
  const nearest = String(error.details?.nearest ?? '')
    .split('\n')
    .filter(Boolean);
  return { kind: 'step_failed', error: wire, nearest: nearest.slice(0, 3) };
}

/** Another update of the same token set was joined in place of the script's. */
function busy(): AppError {
  return new AppError('test_run_busy', 'An update of this token was under way, so the script was not run.', {
    action: 'Wait until it has ended, or cancel it, and run the script again.',
  });
}

/** Makes the test runs of an engine; windows are told of each change. */
export function createTestRuns(host: Pick<Host, 'emit'>): TestRuns {
  const runs = new Map<string, Running>();
  const due = new Set<Running>();

  function find(id: string): Running {
    const found = runs.get(id);
    if (found !== undefined) return found;
    throw new AppError('test_run_not_found', 'This test run is over and its pictures are gone.', {
      action: 'Run the script again.',
    });
  }

  function tell(running: Running): void {
    if (due.has(running)) return;
    due.add(running);
    setTimeout(() => tellNow(running), calmMs).unref();
  }
  function tellNow(running: Running): void {
    due.delete(running);
    host.emit({ kind: 'test_run', run: structuredClone(running.run) });
  }

  function change(running: Running, index: number, patch: Partial<TestStep>): void {
    const step = running.run.steps.find((each) => each.index === index);
    if (step !== undefined) Object.assign(step, patch);
    tell(running);
  }

  function watch(running: Running): FlowWatcher {
    return {
      async begins({ index, words, line, part }) {
        const { run } = running;
        const beganMs = Math.round(performance.now() - running.startedMs);
        const unknown = { durationMs: null, reason: null, url: null, pictured: false };
        const state = run.stepping ? 'held' : 'running';
        run.steps.push({ index, words, line, part, state, beganMs, ...unknown });
        tell(running);
        if (!run.stepping) return;
        running.gate = createDeferred<void>();
        await running.gate.promise;
        change(running, index, { state: 'running' });
      },
      async ended({ index }, { reason, durationMs }, look) {
        const { url, picture } = await look();
        if (picture !== null && running.pictures.size < keptPictures) {
          running.pictures.set(index, picture.toString('base64'));
        }
        change(running, index, {
          ...{
            state: reason === null ? 'passed' : 'failed',
            durationMs: Math.round(durationMs),
            reason,
            url,
          },
          pictured: running.pictures.has(index),
        });
      },
    };
  }

  function begin(order: TestRunOrder): Running {
    const { trial, ...shown } = order;
    const fileName = `${order.profile}.${trial.kind === 'script' ? 'js' : 'pages.json'}`;
    const run: TestRun = { id: randomUUID(), ...shown, steps: [], log: [], outcome: null };
    const running: Running = {
      ...{ run, startedMs: performance.now(), taken: false, stopped: false, gate: null, pictures: new Map() },
      trial: {
        script: { ...trial, fileName },
        visible: order.visible,
        watcher: {},
        onLog: (line) => void run.log.push(line),
      },
    };
    running.trial.watcher = watch(running);
    runs.set(run.id, running);
    for (const old of [...runs.keys()].slice(0, -keptRuns)) {
      if (runs.get(old)?.run.outcome !== null) runs.delete(old);
    }
    return running;
  }

  function end(running: Running, outcome: TestOutcome): TestRun {
    const { run } = running;
    for (const step of run.steps) {
      if (step.state === 'held' || step.state === 'running') step.state = 'stopped';
    }
    run.outcome = outcome;
    tellNow(running);
    return structuredClone(run);
  }

  return {
    async run(order, obtain) {
      const running = begin(order);
      tellNow(running);
      try {
        await obtain(running.run.id);
        if (!running.taken) throw busy();
        return end(running, { kind: running.run.steps.length === 0 ? 'session_used' : 'token_obtained' });
      } catch (thrown) {
        return end(running, outcomeOf(AppError.from(thrown), running.stopped));
      }
    },
    take(id) {
      const running = runs.get(id);
      if (running === undefined || running.taken) return undefined;
      running.taken = true;
      return running.trial;
    },
    next(id, all) {
      const running = find(id);
      if (all) running.run.stepping = false;
      running.gate?.resolve();
      running.gate = null;
    },
    picture: (id, index) => find(id).pictures.get(index) ?? null,
    stop(id) {
      const running = find(id);
      running.stopped = running.run.outcome === null;
      running.gate?.reject(new AppError('consent_cancelled', 'The test run was stopped.'));
      running.gate = null;
      return running.run;
    },
  };
}
