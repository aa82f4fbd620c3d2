import { createStore, type StoreApi } from 'zustand/vanilla';
import type { CallResult } from '../../../shared/contract/calls.ts';
import { AppError, type ErrorWire } from '../../../shared/errors.ts';
import type { EngineStore } from '../../api/engine-store.ts';
import { own } from '../../api/own.ts';
import { openFolder, withProfile } from '../../api/snapshot.ts';
import { notSaved, type ProfileDrafts } from '../auth-manager/index.ts';
import { type ScriptStoreState, scriptOf, sourceOf } from './script-store.ts';

/** A value that the recorded script reads and the persona does not have. */
export type MissingValue = CallResult<'scripts.record'>['missing'][number];

/** How the recording of one profile stands. */
export type RecordState =
  | { kind: 'recording' }
  /** The script stands in the editor; `before`: what stood there. */
  | { kind: 'done'; persona: string; missing: MissingValue[]; hosts: string[]; before: string }
  | { kind: 'failed'; error: ErrorWire };

export interface RecordStoreState {
  recordings: Record<string, RecordState>;
  /** Saves what was typed into the profile, then records a login as a persona. */
  record(profile: string, persona: string): Promise<void>;
  stop(profile: string): Promise<void>;
  /** Puts what stood in the editor before back there. */
  putBack(profile: string): void;
  /** Lets scripts of the profile send values to the hosts that the recorded one needs. */
  allowHosts(profile: string): Promise<void>;
  /** What came of the recording has been read. */
  dismiss(profile: string): void;
}

/** How a profile's recording stands; undefined: there is none. */
export function recordingOf({ recordings }: RecordStoreState, profile: string): RecordState | undefined {
  return own(recordings, profile);
}

interface Parts {
  engine: EngineStore;
  drafts: ProfileDrafts;
  scripts: StoreApi<ScriptStoreState>;
}

/** Makes the store of recordings. */
export function createRecordStore({ engine, drafts, scripts }: Parts): StoreApi<RecordStoreState> {
  const { call } = engine.getState();
  const folder = () => openFolder(engine.getState().snapshot);

  const store = createStore<RecordStoreState>()((set, get) => {
    const show = (profile: string, state: RecordState | null): void =>
      set(({ recordings }) => {
        const { [profile]: _, ...others } = recordings;
        return { recordings: state === null ? others : { ...others, [profile]: state } };
      });

    async function take(profile: string, persona: string): Promise<RecordState> {
      if (!(await drafts.getState().commit(profile))) throw notSaved();
      const inFolder = folder();
      const { source, missing, hosts } = await call('scripts.record', { profile, persona });
      // Another project may have a profile of this id.
      if (folder() !== inFolder) throw new AppError('consent_cancelled', 'The project was closed meanwhile.');
      const script = scriptOf(scripts.getState(), profile);
      scripts.getState().edit(profile, source);
      return { kind: 'done', persona, missing, hosts, before: script === undefined ? '' : sourceOf(script) };
    }

    async function allow(id: string, hosts: readonly string[]): Promise<void> {
      if (!(await drafts.getState().commit(id))) throw notSaved();
      const project = engine.getState().snapshot?.project;
      const profiles = project?.kind === 'open' ? project.project.profiles : [];
      const saved = profiles.find((entry) => entry.id === id)?.profile;
      if (saved === undefined) return;
      const profile = { ...saved, scriptHosts: [...new Set([...saved.scriptHosts, ...hosts])] };
      await call('profiles.save', { id, profile });
      engine.getState().update((snapshot) => withProfile(snapshot, id, profile));
    }

    return {
      recordings: {},
      record: async (profile, persona) => {
        if (recordingOf(get(), profile)?.kind === 'recording') return;
        show(profile, { kind: 'recording' });
        try {
          show(profile, await take(profile, persona));
        } catch (thrown) {
          const error = AppError.from(thrown).toWire();
          // Whoever closed the window knows that.
          show(profile, error.code === 'consent_cancelled' ? null : { kind: 'failed', error });
        }
      },
      stop: async (profile) => {
        try {
          await call('scripts.cancelRecording', { profile });
        } catch (thrown) {
          show(profile, { kind: 'failed', error: AppError.from(thrown).toWire() });
        }
      },
      putBack: (profile) => {
        const state = recordingOf(get(), profile);
        if (state?.kind !== 'done') return;
        scripts.getState().edit(profile, state.before);
        show(profile, null);
      },
      allowHosts: async (profile) => {
        const state = recordingOf(get(), profile);
        if (state?.kind !== 'done') return;
        try {
          await allow(profile, state.hosts);
          show(profile, { ...state, hosts: [] });
        } catch (thrown) {
          show(profile, { kind: 'failed', error: AppError.from(thrown).toWire() });
        }
      },
      dismiss: (profile) => show(profile, null),
    };
  });

  let shown = folder();
  engine.subscribe(() => {
    if (folder() === shown) return;
    shown = folder();
    store.setState({ recordings: {} });
  });
  return store;
}
