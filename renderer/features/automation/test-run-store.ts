import { createStore, type StoreApi } from 'zustand/vanilla';
import { AppError, type ErrorWire } from '../../../shared/errors.ts';
import type { TestRun, Trial } from '../../../shared/model/test-run.ts';
import type { EngineStore } from '../../api/engine-store.ts';
import { onOtherProject, sameProject } from '../../api/on-other-project.ts';
import { own } from '../../api/own.ts';
import { type Snapshot, withTestRun } from '../../api/snapshot.ts';
import { type ProfileDrafts, type Secrets, saveTyped } from '../auth-manager/index.ts';

/** Whether the window is shown while the script works it. */
export type TestRunView = 'unattended' | 'window';

/** A picture that was asked for: `jpeg` is base64, and null where there is none. */
export type TestPicture = { kind: 'coming' } | { kind: 'there'; jpeg: string | null };

/** What this window knows of a profile's test runs beside the runs themselves. */
export interface TestRunState {
  /** Why a run could not be started, stepped or stopped; a script that fails is the run's own outcome. */
  failure: ErrorWire | null;
  /** The step whose picture is shown; null: the newest one that has a picture. */
  chosen: number | null;
  /** By run and step, see `pictureKey`. */
  pictures: Record<string, TestPicture>;
}

export interface TestRunStoreState {
  view: TestRunView;
  runs: Record<string, TestRunState>;
  setView(view: TestRunView): void;
  /** Saves what was typed into the profile, then runs what is on trial. */
  start(profile: string, trial: Trial, stepping: boolean): Promise<void>;
  next(run: TestRun, all: boolean): Promise<void>;
  stop(run: TestRun): Promise<void>;
  choose(profile: string, index: number): void;
  /** Fetches the picture after a step, once; none where the engine has it no more. */
  look(run: TestRun, index: number): Promise<void>;
}

const fresh: TestRunState = { failure: null, chosen: null, pictures: {} };

/** What is known of a profile's test runs. */
export function testRunOf({ runs }: TestRunStoreState, profile: string): TestRunState {
  return own(runs, profile) ?? fresh;
}

/** A profile's newest run; undefined: there was none. */
export function newestRun({ testRuns }: Snapshot, profile: string): TestRun | undefined {
  return own(testRuns, profile);
}

/** Whether another run of the same profile is under way by now. */
function hasNewer(snapshot: Snapshot, { id, profile }: TestRun): boolean {
  const newest = newestRun(snapshot, profile);
  return newest !== undefined && newest.id !== id && newest.outcome === null;
}

/** Where the picture after a step is kept. */
export function pictureKey(run: TestRun, index: number): string {
  return `${run.id}/${index}`;
}

interface Parts {
  engine: EngineStore;
  drafts: ProfileDrafts;
  secrets: Secrets;
}

/** Makes the store of test runs; the runs themselves are told by the engine. */
export function createTestRunStore({ engine, drafts, secrets }: Parts): StoreApi<TestRunStoreState> {
  const { call, update } = engine.getState();
  return createStore<TestRunStoreState>()((set, get) => {
    onOtherProject(engine, () => set({ runs: {} }));

    const change = (profile: string, patch: (state: TestRunState) => Partial<TestRunState>) =>
      set((all) => {
        const state = testRunOf(all, profile);
        return { runs: { ...all.runs, [profile]: { ...state, ...patch(state) } } };
      });

    async function attempt(profile: string, work: (here: () => boolean) => Promise<unknown>): Promise<void> {
      const here = sameProject(engine);
      change(profile, () => ({ failure: null }));
      try {
        await work(here);
      } catch (thrown) {
        if (here()) change(profile, () => ({ failure: AppError.from(thrown).toWire() }));
      }
    }

    /** Works a run that is under way; one that the engine has no more is over. */
    function control(run: TestRun, work: () => Promise<unknown>): Promise<void> {
      return attempt(run.profile, async (here) => {
        try {
          await work();
        } catch (thrown) {
          const isGone = AppError.from(thrown).code === 'test_run_not_found';
          if (isGone && here()) update((snapshot) => withTestRun(snapshot, run.profile, null));
          throw thrown;
        }
      });
    }

    async function look(run: TestRun, index: number): Promise<void> {
      const key = pictureKey(run, index);
      if (own(testRunOf(get(), run.profile).pictures, key) !== undefined) return;
      const here = sameProject(engine);
      const keep = (picture: TestPicture) => {
        if (here()) change(run.profile, ({ pictures }) => ({ pictures: { ...pictures, [key]: picture } }));
      };
      keep({ kind: 'coming' });
      try {
        keep({ kind: 'there', ...(await call('testRuns.picture', { id: run.id, index })) });
      } catch (thrown) {
        const failure = AppError.from(thrown).toWire();
        keep({ kind: 'there', jpeg: null });
        // Pictures go with their run; whoever looks at an older one sees that there is none.
        if (here() && failure.code !== 'test_run_not_found') change(run.profile, () => ({ failure }));
      }
    }

    return {
      view: 'unattended',
      runs: {},
      setView: (view) => set({ view }),
      start: async (profile, trial, stepping) => {
        change(profile, () => ({ chosen: null, pictures: {} }));
        const visible = get().view === 'window';
        await attempt(profile, async (here) => {
          await saveTyped({ drafts, secrets }, profile);
          if (!here()) return;
          const run = await call('testRuns.start', { profile, trial, visible, stepping });
          // The event of its end may have been lost on the way; another may be under way by now.
          if (here())
            update((snapshot) => (hasNewer(snapshot, run) ? snapshot : withTestRun(snapshot, profile, run)));
        });
      },
      next: (run, all) => control(run, () => call('testRuns.next', { id: run.id, all })),
      stop: (run) => control(run, () => call('testRuns.stop', { id: run.id })),
      choose: (profile, index) => change(profile, () => ({ chosen: index })),
      look,
    };
  });
}
