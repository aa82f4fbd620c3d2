import { storeContext, useStoreOf } from '../../api/store-context.ts';
import type { NetworkState } from './network-store.ts';

const network = storeContext<NetworkState>('network');

export const NetworkStoreProvider = network.Provider;
/** Selects from the store of the network dialog. */
export function useNetwork<Selected>(select: (state: NetworkState) => Selected): Selected {
  return useStoreOf(network, select);
}
