import { storeContext, useStoreOf } from '../../api/store-context.ts';
import type { RecordStoreState } from './record-store.ts';
import type { ScriptStoreState } from './script-store.ts';

const scripts = storeContext<ScriptStoreState>('script');

export const ScriptStoreProvider = scripts.Provider;
/** Selects from the store of automation scripts. */
export function useScripts<Selected>(select: (state: ScriptStoreState) => Selected): Selected {
  return useStoreOf(scripts, select);
}

const recordings = storeContext<RecordStoreState>('recording');

export const RecordStoreProvider = recordings.Provider;
/** Selects from the store of recordings. */
export function useRecordings<Selected>(select: (state: RecordStoreState) => Selected): Selected {
  return useStoreOf(recordings, select);
}
