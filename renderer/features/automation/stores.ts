import { storeContext, useStoreOf } from '../../api/store-context.ts';
import type { PageScriptStoreState } from './page-script-store.ts';
import type { RecordStoreState } from './record-store.ts';
import type { ScriptStoreState } from './script-store.ts';
import type { TestRunStoreState } from './test-run-store.ts';

const pages = storeContext<PageScriptStoreState>('page script');
const recordings = storeContext<RecordStoreState>('recording');
const scripts = storeContext<ScriptStoreState>('script');
const testRuns = storeContext<TestRunStoreState>('test run');

export const PageScriptStoreProvider = pages.Provider;
export const RecordStoreProvider = recordings.Provider;
export const ScriptStoreProvider = scripts.Provider;
export const TestRunStoreProvider = testRuns.Provider;
/** Selects from the store of page scripts. */
export function usePageScripts<Selected>(select: (state: PageScriptStoreState) => Selected): Selected {
  return useStoreOf(pages, select);
}
/** Selects from the store of automation scripts. */
export function useScripts<Selected>(select: (state: ScriptStoreState) => Selected): Selected {
  return useStoreOf(scripts, select);
}
/** Selects from the store of test runs. */
export function useTestRuns<Selected>(select: (state: TestRunStoreState) => Selected): Selected {
  return useStoreOf(testRuns, select);
}
/** Selects from the store of recordings. */
export function useRecordings<Selected>(select: (state: RecordStoreState) => Selected): Selected {
  return useStoreOf(recordings, select);
}
