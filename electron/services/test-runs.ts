import { randomUUID } from 'node:crypto';
import { AppError } from '../../shared/errors.ts';
import { automationFile } from '../../shared/model/profile.ts';
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
  /** Whether somebody steps through it, in their own time. */
  stepping: boolean;
  watcher: FlowWatcher;
  onLog: (line: string) => void;
}

/** The test runs of this engine, all of the open project. */
export interface TestRuns {
  /** Runs a script, and gives how it ended. `obtain` gets a token by it, until the signal is aborted. */
  run(order: TestRunOrder, obtain: (id: string, signal: AbortSignal) => Promise<unknown>): Promise<TestRun>;
  /** The script on trial in a run that is under way, once. */
  take(id: string): ScriptTrial | undefined;
  /** Lets the action that is held go on; `all`: and all that come after it. Throws `test_run_not_found`. */
  next(id: string, all: boolean): void;
  /** The picture after a step, as base64 of a JPEG; null: there is none. Throws `test_run_not_found`. */
  picture(id: string, index: number): string | null;
  /** Ends a run, at whatever point it is. Throws `test_run_not_found`. */
  stop(id: string): void;
  /** Ends all: another project is open, or none. */
  leave(): void;
}

interface Running {
  run: TestRun;
  startedMs: number;
  trial: ScriptTrial;
  taken: boolean;
  abort: AbortController;
  /** The actions that wait to be let go on, by their index. */
  gates: Map<number, Deferred<void>>;
  pictures: Map<number, string>;
  /** Windows are told when it is over. */
  telling: NodeJS.Timeout | null;
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

/** Another process has updated the token meanwhile, which leaves nothing for the script to do. */
function updatedElsewhere(): AppError {
  return new AppError(
    'test_run_busy',
    'Another process has just updated this token, so the script was not run.',
    {
      action: 'Run the script again.',
    },
  );
}

function stopped(): AppError {
  return new AppError('consent_cancelled', 'The test run was stopped.');
}

/** Makes the test runs of an engine; windows are told of each change. */
export function createTestRuns(host: Pick<Host, 'emit'>): TestRuns {
  const runs = new Map<string, Running>();

  function find(id: string): Running {
    const found = runs.get(id);
    if (found !== undefined) return found;
    throw new AppError('test_run_not_found', 'This test run is over and its pictures are gone.', {
      action: 'Run the script again.',
    });
  }

  function tell(running: Running): void {
    running.telling ??= setTimeout(() => tellNow(running), calmMs).unref();
  }
  function tellNow(running: Running): void {
    if (running.telling !== null) clearTimeout(running.telling);
    running.telling = null;
    // One that was left is of a project that no window shows any more.
    if (runs.has(running.run.id)) host.emit({ kind: 'test_run', run: structuredClone(running.run) });
  }

  /** Changes a step of a run that is under way; what comes later is told of nothing. */
  function change(running: Running, index: number, patch: Partial<TestStep>): void {
    const step = running.run.steps.find((each) => each.index === index);
    if (step === undefined || running.run.outcome !== null) return;
    Object.assign(step, patch);
    tell(running);
  }

  function watch(running: Running): FlowWatcher {
    const { run } = running;
    return {
      async begins({ index, words, line, part }) {
        if (run.outcome !== null) return;
        const beganMs = Math.round(performance.now() - running.startedMs);
        const unknown = { durationMs: null, reason: null, url: null, pictured: false };
        const state = run.stepping ? 'held' : 'running';
        run.steps.push({ index, words, line, part, state, beganMs, ...unknown });
        tell(running);
        if (!run.stepping) return;
        const gate = createDeferred<void>();
        running.gates.set(index, gate);
        await gate.promise;
        change(running, index, { state: 'running' });
      },
      async ended({ index }, { reason, durationMs }, look) {
        const { url, picture } = await look();
        if (picture !== null && run.outcome === null && running.pictures.size < keptPictures) {
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
    const fileName = automationFile(order.profile, trial.kind).replace('scripts/', '');
    const run: TestRun = { id: randomUUID(), ...shown, steps: [], log: [], outcome: null };
    const running: Running = {
      ...{ run, startedMs: performance.now(), taken: false, abort: new AbortController(), telling: null },
      ...{ gates: new Map(), pictures: new Map() },
      trial: {
        script: { ...trial, fileName },
        ...{ visible: order.visible, stepping: order.stepping, watcher: {} },
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

  function openGates({ gates }: Running, open: (gate: Deferred<void>) => void): void {
    for (const gate of gates.values()) open(gate);
    gates.clear();
  }

  function stop(running: Running): void {
    running.abort.abort(stopped());
    openGates(running, (gate) => gate.reject(stopped()));
  }

  function end(running: Running, outcome: TestOutcome): TestRun {
    const { run } = running;
    for (const step of run.steps) {
      // The redirect comes while the action that brings it about is still under way.
      const brought = step.state === 'running' && outcome.kind === 'token_obtained';
      if (brought) step.durationMs = Math.round(performance.now() - running.startedMs) - step.beganMs;
      if (step.state === 'held' || step.state === 'running') step.state = brought ? 'passed' : 'stopped';
    }
    run.outcome = outcome;
    // Nobody can let a held action go on any more.
    openGates(running, (gate) => gate.reject(stopped()));
    tellNow(running);
    return structuredClone(run);
  }

  return {
    async run(order, obtain) {
      const running = begin(order);
      const { signal } = running.abort;
      tellNow(running);
      try {
        await obtain(running.run.id, signal);
        if (!running.taken) throw updatedElsewhere();
        return end(running, { kind: running.run.steps.length === 0 ? 'session_used' : 'token_obtained' });
      } catch (thrown) {
        return end(running, outcomeOf(AppError.from(thrown), signal.aborted));
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
      openGates(running, (gate) => gate.resolve());
    },
    picture: (id, index) => find(id).pictures.get(index) ?? null,
    stop: (id) => stop(find(id)),
    leave() {
      for (const running of runs.values()) stop(running);
      runs.clear();
    },
  };
}
