import { createStore, type StoreApi } from 'zustand/vanilla';
import { AppError, type ErrorWire } from '../../../shared/errors.ts';
import type { TestRun, Trial } from '../../../shared/model/test-run.ts';
import type { EngineStore } from '../../api/engine-store.ts';
import { own } from '../../api/own.ts';

/** Whether the window is shown while the script works it. */
export type TestRunView = 'unattended' | 'window';

/** What this window knows of a profile's test runs beside the runs themselves. */
export interface TestRunState {
  /** Why a run could not be started, stepped or stopped; a script that fails is the run's own outcome. */
  failure: ErrorWire | null;
  /** The step whose picture is shown; null: the newest one that has a picture. */
  chosen: number | null;
  /** Pictures that were fetched, by run and step. */
  pictures: Record<string, string | null>;
}

export interface TestRunStoreState {
  view: TestRunView;
  runs: Record<string, TestRunState>;
  setView(view: TestRunView): void;
  start(profile: string, trial: Trial, stepping: boolean): Promise<void>;
  next(run: TestRun, all: boolean): Promise<void>;
  stop(run: TestRun): Promise<void>;
  choose(profile: string, index: number): void;
  /** Fetches the picture after a step, once. */
  look(run: TestRun, index: number): Promise<void>;
}

const fresh: TestRunState = { failure: null, chosen: null, pictures: {} };

export function testRunOf({ runs }: TestRunStoreState, profile: string): TestRunState {
  return own(runs, profile) ?? fresh;
}

export function pictureKey(run: TestRun, index: number): string {
  return `${run.id}/${index}`;
}

/** Makes the store of test runs; the runs themselves are told by the engine. */
export function createTestRunStore(engine: EngineStore): StoreApi<TestRunStoreState> {
  const { call } = engine.getState();
  return createStore<TestRunStoreState>()((set, get) => {
    const change = (profile: string, patch: (state: TestRunState) => Partial<TestRunState>) =>
      set((all) => {
        const state = testRunOf(all, profile);
        return { runs: { ...all.runs, [profile]: { ...state, ...patch(state) } } };
      });
    async function attempt(profile: string, work: () => Promise<unknown>): Promise<void> {
      change(profile, () => ({ failure: null }));
      try {
        await work();
      } catch (thrown) {
        change(profile, () => ({ failure: AppError.from(thrown).toWire() }));
      }
    }

    return {
      view: 'unattended',
      runs: {},
      setView: (view) => set({ view }),
      start: async (profile, trial, stepping) => {
        change(profile, () => ({ chosen: null, pictures: {} }));
        const visible = get().view === 'window';
        await attempt(profile, () => call('testRuns.start', { profile, trial, visible, stepping }));
      },
      next: (run, all) => attempt(run.profile, () => call('testRuns.next', { id: run.id, all })),
      stop: (run) => attempt(run.profile, () => call('testRuns.stop', { id: run.id })),
      choose: (profile, index) => change(profile, () => ({ chosen: index })),
      look: async (run, index) => {
        const key = pictureKey(run, index);
        if (own(testRunOf(get(), run.profile).pictures, key) !== undefined) return;
        await attempt(run.profile, async () => {
          const { jpeg } = await call('testRuns.picture', { id: run.id, index });
          change(run.profile, ({ pictures }) => ({ pictures: { ...pictures, [key]: jpeg } }));
        });
      },
    };
  });
}
