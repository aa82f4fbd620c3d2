import type { StoreApi } from 'zustand';
import type { Profile } from '../../../shared/model/profile.ts';
import { createDraftStore, type DraftState } from '../../api/draft-store.ts';
import type { EngineStore } from '../../api/engine-store.ts';
import { own } from '../../api/own.ts';
import { withProfile } from '../../api/snapshot.ts';
import { formOf, type ProfileForm, profileOf } from './profile-form.ts';

/** What was typed into profiles and is not saved yet. */
export type ProfileDrafts = StoreApi<DraftState<ProfileForm>>;

/** A profile as it is saved, or undefined. */
export function savedProfile(engine: EngineStore, id: string): Profile | undefined {
  const project = engine.getState().snapshot?.project;
  if (project?.kind !== 'open') return undefined;
  return project.project.profiles.find((entry) => entry.id === id)?.profile;
}

/** A profile's form as it stands on the screen at this moment, for what goes on after something was waited for. */
export function profileForm(engine: EngineStore, drafts: ProfileDrafts, id: string): ProfileForm | undefined {
  const saved = savedProfile(engine, id);
  return saved && { ...formOf(saved), ...own(drafts.getState().patches, id) };
}

/** Makes the store of the profiles' drafts. */
export function createProfileDrafts(engine: EngineStore): ProfileDrafts {
  return createDraftStore({
    engine,
    read: (id) => savedProfile(engine, id),
    formOf,
    build: profileOf,
    save: (id, profile) => engine.getState().call('profiles.save', { id, profile }),
    withSaved: withProfile,
  });
}
