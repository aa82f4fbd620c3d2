import { storeContext, useStoreOf } from '../../api/store-context.ts';
import type { PageScriptStoreState } from './page-script-store.ts';
import type { ScriptStoreState } from './script-store.ts';

const pages = storeContext<PageScriptStoreState>('page script');
const scripts = storeContext<ScriptStoreState>('script');

export const PageScriptStoreProvider = pages.Provider;
export const ScriptStoreProvider = scripts.Provider;
/** Selects from the store of page scripts. */
export function usePageScripts<Selected>(select: (state: PageScriptStoreState) => Selected): Selected {
  return useStoreOf(pages, select);
}
/** Selects from the store of automation scripts. */
export function useScripts<Selected>(select: (state: ScriptStoreState) => Selected): Selected {
  return useStoreOf(scripts, select);
}
