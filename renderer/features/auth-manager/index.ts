export { AuthManager } from './auth-manager.tsx';
export { withHosts } from './form/consent-form.ts';
export { HostQuestionBanner } from './host-question.tsx';
export { createHostQuestionStore } from './host-question-store.ts';
export { createManagerStore } from './manager-store.ts';
export { PersonaFailure } from './persona-failure.tsx';
export { PersonaMenu } from './persona-menu.tsx';
export { createPersonaStore } from './persona-store.ts';
export { activePersona } from './personas.ts';
export { PersonasEditor } from './personas-editor.tsx';
export { createProfileDrafts, type ProfileDrafts, profileForm } from './profile-drafts.ts';
export type { ProfileForm } from './profile-form.ts';
export { RefreshModeField } from './refresh-mode-field.tsx';
export { SaveFailure } from './save-failure.tsx';
export { saveTyped } from './save-typed.ts';
export { createSecretStore, type Secrets } from './secret-store.ts';
export {
  HostQuestionProvider,
  ManagerProvider,
  PersonaStoreProvider,
  ProfileDraftsProvider,
  SecretStoreProvider,
  TokenStoreProvider,
  usePersona,
  usePersonaStore,
  useProfile,
  useProfileEditor,
} from './stores.ts';
export { TokenButtons } from './token-buttons.tsx';
export { TokenChip } from './token-chip.tsx';
export { TokenNotice } from './token-notice.tsx';
export { createTokenStore } from './token-store.ts';
export { needsPerson } from './token-words.ts';
