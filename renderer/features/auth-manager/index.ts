export { AuthManager } from './auth-manager.tsx';
export { createManagerStore } from './manager-store.ts';
export { createProfileDrafts } from './profile-drafts.ts';
export { type ValueRow, valueVariable } from './profile-form.ts';
export { RefreshModeField } from './refresh-mode-field.tsx';
export { SaveFailure } from './save-failure.tsx';
export { useSecretStored } from './secrets.ts';
export {
  ManagerProvider,
  ProfileDraftsProvider,
  type ProfileEditor,
  TokenStoreProvider,
  useManager,
  useProfile,
  useProfileEditor,
} from './stores.ts';
export { TokenButtons } from './token-buttons.tsx';
export { TokenChip } from './token-chip.tsx';
export { newestFirst, TokenEventList } from './token-events.tsx';
export { TokenNotice } from './token-notice.tsx';
export { createTokenStore } from './token-store.ts';
export { needsPerson } from './token-words.ts';
