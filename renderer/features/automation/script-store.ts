import { createStore, type StoreApi } from 'zustand/vanilla';
import { AppError, type ErrorWire } from '../../../shared/errors.ts';
import type { EngineStore } from '../../api/engine-store.ts';
import { own } from '../../api/own.ts';
import { openFolder } from '../../api/snapshot.ts';

/** One profile's script in this window. `draft` null: nothing typed that is not saved. */
export interface ScriptState {
  saved: string;
  draft: string | null;
  /** The syntax error found at the last check. */
  syntax: ErrorWire | null;
  /** Why the script could not be read or saved. */
  failure: ErrorWire | null;
  saving: boolean;
}

export interface ScriptStoreState {
  scripts: Record<string, ScriptState>;
  /** Reads the script from disk; what was typed stays. */
  read(profile: string): Promise<void>;
  edit(profile: string, source: string): void;
  /** Looks for syntax errors in what is on the screen, without running it. */
  check(profile: string): Promise<void>;
  /** Writes the script; an empty one is deleted. */
  save(profile: string): Promise<void>;
}

const fresh: ScriptState = { saved: '', draft: null, syntax: null, failure: null, saving: false };

/** A profile's script, once it was read; an id may be the name of something that every object has. */
export function scriptOf({ scripts }: ScriptStoreState, profile: string): ScriptState | undefined {
  return own(scripts, profile);
}

/** What stands in the editor. */
export function sourceOf(script: ScriptState): string {
  return script.draft ?? script.saved;
}

/** Makes the store of automation scripts. */
export function createScriptStore(engine: EngineStore): StoreApi<ScriptStoreState> {
  const { call } = engine.getState();
  const store = createStore<ScriptStoreState>()((set, get) => {
    const of = (profile: string): ScriptState => scriptOf(get(), profile) ?? fresh;
    const change = (profile: string, patch: Partial<ScriptState>) =>
      set(({ scripts }) => ({ scripts: { ...scripts, [profile]: { ...of(profile), ...patch } } }));

    async function check(profile: string): Promise<void> {
      const source = sourceOf(of(profile));
      try {
        const { error } = source.trim() === '' ? { error: null } : await call('scripts.check', { source });
        // A later keystroke has its own check coming.
        if (sourceOf(of(profile)) === source) change(profile, { syntax: error });
      } catch (thrown) {
        change(profile, { failure: AppError.from(thrown).toWire() });
      }
    }

    return {
      scripts: {},
      read: async (profile) => {
        try {
          const { source } = await call('scripts.read', { profile });
          change(profile, { saved: source ?? '', failure: null });
          await check(profile);
        } catch (thrown) {
          change(profile, { failure: AppError.from(thrown).toWire() });
        }
      },
      edit: (profile, source) => change(profile, { draft: source === of(profile).saved ? null : source }),
      check,
      save: async (profile) => {
        const source = sourceOf(of(profile));
        change(profile, { saving: true, failure: null });
        try {
          await call('scripts.save', { profile, source: source.trim() === '' ? null : source });
          change(profile, { saved: source });
          if (of(profile).draft === source) change(profile, { draft: null });
        } catch (thrown) {
          change(profile, { failure: AppError.from(thrown).toWire() });
        }
        change(profile, { saving: false });
      },
    };
  });

  let folder = openFolder(engine.getState().snapshot);
  engine.subscribe(({ snapshot }) => {
    if (openFolder(snapshot) === folder) return;
    folder = openFolder(snapshot);
    store.setState({ scripts: {} });
  });
  return store;
}
