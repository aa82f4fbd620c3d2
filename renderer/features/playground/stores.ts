import { storeContext, useStoreOf } from '../../api/store-context.ts';
import type { PlaygroundStoreState } from './playground-store.ts';

const playground = storeContext<PlaygroundStoreState>('playground');

export const PlaygroundStoreProvider = playground.Provider;
/** Selects from the playground's store. */
export function usePlayground<Selected>(select: (state: PlaygroundStoreState) => Selected): Selected {
  return useStoreOf(playground, select);
}
