import { createStore, type StoreApi } from 'zustand/vanilla';
import type { CallResult } from '../../../shared/contract/calls.ts';
import { AppError, type ErrorWire } from '../../../shared/errors.ts';
import type { EngineStore } from '../../api/engine-store.ts';
import { onOtherProject, sameProject } from '../../api/on-other-project.ts';
import { own } from '../../api/own.ts';
import { type Snapshot, withRecording } from '../../api/snapshot.ts';
import {
  type ProfileDrafts,
  profileForm,
  type Secrets,
  saveTyped,
  withHosts,
} from '../auth-manager/index.ts';
import { type ScriptStoreState, scriptOf, sourceOf } from './script-store.ts';

/** A value that the recorded script reads and the persona does not have. */
export type MissingValue = CallResult<'scripts.record'>['missing'][number];

/** What came of a recording, until it has been read. That one is under way, in any window, the engine tells. */
export type RecordOutcome =
  /** The script stands in the editor; `before`: what stood there. `error`: why the hosts could not be allowed. */
  | {
      kind: 'done';
      persona: string;
      source: string;
      missing: MissingValue[];
      hosts: string[];
      before: string;
      error: ErrorWire | null;
    }
  | { kind: 'failed'; error: ErrorWire };

export interface RecordStoreState {
  outcomes: Record<string, RecordOutcome>;
  /** Saves what was typed into the profile, then records a login as a persona. */
  record(profile: string, persona: string): Promise<void>;
  stop(profile: string): Promise<void>;
  /** Puts what stood in the editor before back there. */
  putBack(profile: string): void;
  /** Lets scripts of the profile send values to these hosts, of those that the recorded one needs. */
  allowHosts(profile: string, hosts: readonly string[]): Promise<void>;
  /** What came of the recording has been read. */
  dismiss(profile: string): void;
}

/** What came of a profile's last recording; undefined: nothing that was not read. */
export function outcomeOf({ outcomes }: RecordStoreState, profile: string): RecordOutcome | undefined {
  return own(outcomes, profile);
}

/** How many steps a profile's recording has so far; undefined: none is under way. */
export function stepsSoFar({ recordings }: Snapshot, profile: string): number | undefined {
  return own(recordings, profile);
}

interface Parts {
  engine: EngineStore;
  drafts: ProfileDrafts;
  secrets: Secrets;
  scripts: StoreApi<ScriptStoreState>;
}

/** Makes the store of recordings. */
export function createRecordStore({ engine, drafts, secrets, scripts }: Parts): StoreApi<RecordStoreState> {
  const { call, update } = engine.getState();

  function isUnderWay(profile: string): boolean {
    const { snapshot } = engine.getState();
    return snapshot !== null && stepsSoFar(snapshot, profile) !== undefined;
  }

  return createStore<RecordStoreState>()((set, get) => {
    onOtherProject(engine, () => set({ outcomes: {} }));

    const show = (profile: string, outcome: RecordOutcome | null): void =>
      set(({ outcomes }) => {
        const { [profile]: _, ...others } = outcomes;
        return { outcomes: outcome === null ? others : { ...others, [profile]: outcome } };
      });
    const over = (profile: string) => update((snapshot) => withRecording(snapshot, profile, null));

    async function record(profile: string, persona: string): Promise<void> {
      const here = sameProject(engine);
      if (isUnderWay(profile)) return;
      show(profile, null);
      try {
        await saveTyped({ drafts, secrets }, profile);
        // Another may have begun meanwhile, which this one would end.
        if (!here() || isUnderWay(profile)) return;
        update((snapshot) => withRecording(snapshot, profile, 0));
        const { source, missing, hosts } = await call('scripts.record', { profile, persona });
        if (!here()) return;
        over(profile);
        const script = scriptOf(scripts.getState(), profile);
        const before = script === undefined ? '' : sourceOf(script);
        scripts.getState().edit(profile, source);
        show(profile, { kind: 'done', persona, source, missing, hosts, before, error: null });
      } catch (thrown) {
        const error = AppError.from(thrown).toWire();
        // Whoever closed the window, or began another recording in its place, knows that.
        if (!here() || error.code === 'consent_cancelled') return;
        over(profile);
        show(profile, { kind: 'failed', error });
      }
    }

    return {
      outcomes: {},
      record,
      stop: async (profile) => {
        const here = sameProject(engine);
        try {
          await call('scripts.cancelRecording', { profile });
          if (here()) over(profile);
        } catch (thrown) {
          if (here()) show(profile, { kind: 'failed', error: AppError.from(thrown).toWire() });
        }
      },
      putBack: (profile) => {
        const outcome = outcomeOf(get(), profile);
        if (outcome?.kind !== 'done') return;
        scripts.getState().edit(profile, outcome.before);
        show(profile, null);
      },
      allowHosts: async (profile, hosts) => {
        const outcome = outcomeOf(get(), profile);
        const form = profileForm(engine, drafts, profile);
        if (outcome?.kind !== 'done' || form === undefined) return;
        drafts.getState().edit(profile, { scriptHosts: withHosts(form.scriptHosts, hosts) });
        const tell = (error: ErrorWire | null) => {
          // It may have been dismissed meanwhile, or belong to another project.
          if (outcomeOf(get(), profile) === outcome) show(profile, { ...outcome, error });
        };
        try {
          await saveTyped({ drafts, secrets }, profile);
          tell(null);
        } catch (thrown) {
          tell(AppError.from(thrown).toWire());
        }
      },
      dismiss: (profile) => show(profile, null),
    };
  });
}
