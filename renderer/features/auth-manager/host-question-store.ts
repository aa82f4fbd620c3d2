import { createStore, type StoreApi } from 'zustand/vanilla';
import { AppError, type ErrorWire } from '../../../shared/errors.ts';
import type { HostQuestion } from '../../../shared/model/token.ts';
import type { EngineStore } from '../../api/engine-store.ts';
import { sameProject } from '../../api/on-other-project.ts';
import { own } from '../../api/own.ts';
import { withProfile } from '../../api/snapshot.ts';
import { withHosts } from './form/consent-form.ts';
import { type ProfileDrafts, savedProfile } from './profile-drafts.ts';

/** What a person says of a host: for this consent, for every one of the profile, or not at all. */
export type HostAnswer = 'once' | 'profile' | 'no';

/** The questions whether a script may type on the page of another host, as this window has answered them. */
export interface HostQuestionState {
  /** The question that is being answered, by its id; null: none is. */
  answering: string | null;
  /** Why the last answer did not come through, and to which question. */
  failure: { id: string; error: ErrorWire } | null;
  answer(profile: string, question: HostQuestion, answer: HostAnswer): Promise<void>;
}

/** Makes the store. */
export function createHostQuestionStore({
  engine,
  drafts,
}: {
  engine: EngineStore;
  drafts: ProfileDrafts;
}): StoreApi<HostQuestionState> {
  const { call, update } = engine.getState();

  /**
   * Adds a host to those that the profile names. What was typed into the form and cannot be saved as it stands stays there,
   * with the host among its own when it is the hosts that were typed. Another project's profile of the same id gets none.
   */
  async function allow(id: string, host: string, here: () => boolean): Promise<void> {
    await drafts.getState().commit(id);
    if (!here()) return;
    const saved = savedProfile(engine, id);
    if (saved === undefined) throw new AppError('profile_not_found', 'This profile is gone.');
    const profile = { ...saved, scriptHosts: [...new Set([...saved.scriptHosts, host])] };
    await call('profiles.save', { id, profile });
    if (!here()) return;
    update((snapshot) => withProfile(snapshot, id, profile));
    const typed = own(drafts.getState().patches, id)?.scriptHosts;
    if (typed !== undefined) drafts.getState().edit(id, { scriptHosts: withHosts(typed, [host]) });
  }

  return createStore<HostQuestionState>()((set, get) => ({
    answering: null,
    failure: null,
    async answer(profile, { id, origin }, answer) {
      if (get().answering !== null) return;
      const here = sameProject(engine);
      set({ answering: id, failure: null });
      try {
        if (answer === 'profile') await allow(profile, new URL(origin).host, here);
        if (here()) await call('tokens.answerHost', { id, allow: answer !== 'no' });
      } catch (thrown) {
        if (here()) set({ failure: { id, error: AppError.from(thrown).toWire() } });
      }
      set({ answering: null });
    },
  }));
}
