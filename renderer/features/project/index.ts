export { createProjectStore } from './project-store.ts';
export { ProjectStoreProvider, TrustStoreProvider, useProjectStore, useTrustStore } from './stores.ts';
export { TrustBanner } from './trust-banner.tsx';
export { TrustDialog } from './trust-dialog.tsx';
export { createTrustStore } from './trust-store.ts';
export { VaultBanner } from './vault-banner.tsx';
export { Welcome } from './welcome.tsx';
