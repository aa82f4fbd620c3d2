export { NetworkDialog } from './network-dialog.tsx';
export { createNetworkStore } from './network-store.ts';
export { NetworkStoreProvider, useNetwork } from './stores.ts';
