export { Playground } from './playground.tsx';
export { createPlaygroundStore } from './playground-store.ts';
export { PlaygroundStoreProvider } from './stores.ts';
