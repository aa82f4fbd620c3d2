import type { StoreApi } from 'zustand';
import { createDraftStore, type DraftState } from '../../api/draft-store.ts';
import type { EngineStore } from '../../api/engine-store.ts';
import { withProfile } from '../../api/snapshot.ts';
import { formOf, type ProfileForm, profileOf } from './profile-form.ts';

/** What was typed into profiles and is not saved yet. */
export type ProfileDrafts = StoreApi<DraftState<ProfileForm>>;

/** Makes the store of the profiles' drafts. */
export function createProfileDrafts(engine: EngineStore): ProfileDrafts {
  return createDraftStore({
    engine,
    read: (id) => {
      const project = engine.getState().snapshot?.project;
      return project?.kind === 'open'
        ? project.project.profiles.find((entry) => entry.id === id)?.profile
        : undefined;
    },
    formOf,
    build: profileOf,
    save: async (id, profile) => {
      await engine.getState().call('profiles.save', { id, profile });
      engine.getState().update((snapshot) => withProfile(snapshot, id, profile));
    },
  });
}
