export { createProjectStore } from './project-store.ts';
export { ProjectStoreProvider, useProjectStore } from './stores.ts';
export { VaultBanner } from './vault-banner.tsx';
export { Welcome } from './welcome.tsx';
