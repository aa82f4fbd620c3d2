import type { DraftState, SaveState } from '../../api/draft-store.ts';
import { storeContext, useStoreOf } from '../../api/store-context.ts';
import { useProject, useSnapshot } from '../../api/use-engine.ts';
import type { ManagerState } from './manager-store.ts';
import { formOf, type ProfileForm } from './profile-form.ts';
import type { TokenStoreState } from './token-store.ts';

const drafts = storeContext<DraftState<ProfileForm>>('profile drafts');
const tokens = storeContext<TokenStoreState>('token');
const manager = storeContext<ManagerState>('Auth Manager');

export const ProfileDraftsProvider = drafts.Provider;
export const TokenStoreProvider = tokens.Provider;
export const ManagerProvider = manager.Provider;
/** Selects from the store of token updates. */
export function useTokenStore<Selected>(select: (state: TokenStoreState) => Selected): Selected {
  return useStoreOf(tokens, select);
}
/** Selects from the Auth Manager's store. */
export function useManager<Selected>(select: (state: ManagerState) => Selected): Selected {
  return useStoreOf(manager, select);
}

/** The saved profile of an id, or undefined. */
export function useProfile(id: string) {
  return useProject((project) => project.profiles.find((entry) => entry.id === id));
}

/** A profile's form as it stands on the screen, and what changes and saves it. */
export interface ProfileEditor {
  form: ProfileForm;
  save: SaveState | undefined;
  issue(field: string): string | undefined;
  edit(patch: Partial<ProfileForm>): void;
  commit(): void;
  /** For choices that are complete at once: edits and saves. */
  set(patch: Partial<ProfileForm>): void;
}

/** The editor of a profile; undefined while there is no such profile. */
export function useProfileEditor(id: string): ProfileEditor | undefined {
  const profile = useProfile(id)?.profile;
  const patch = useStoreOf(drafts, (state) => state.patches[id]);
  const save = useStoreOf(drafts, (state) => state.saves[id]);
  const edit = useStoreOf(drafts, (state) => state.edit);
  const commit = useStoreOf(drafts, (state) => state.commit);
  if (profile === undefined) return undefined;
  return {
    form: { ...formOf(profile), ...patch },
    save,
    issue: (field) => (save?.kind === 'invalid' ? save.issues[field] : undefined),
    edit: (change) => edit(id, change),
    commit: () => void commit(id),
    set: (change) => {
      edit(id, change);
      void commit(id);
    },
  };
}

/** A profile's token status, and whether an update is under way or was just asked for. */
export function useToken(profile: string) {
  const status = useSnapshot((snapshot) => snapshot.tokens.statuses[profile]);
  const pending = useTokenStore((state) => state.pending[profile] === true);
  const failure = useTokenStore((state) => state.failures[profile]);
  const active = status !== undefined && status.activity.kind !== 'idle';
  return { status, busy: pending || active, failure: status?.failure ?? failure ?? null };
}
