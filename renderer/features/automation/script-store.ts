import { createStore, type StoreApi } from 'zustand/vanilla';
import { AppError, type ErrorWire } from '../../../shared/errors.ts';
import type { EngineStore } from '../../api/engine-store.ts';
import { onOtherProject } from '../../api/on-other-project.ts';
import { own } from '../../api/own.ts';
import { createTurns, type Turn } from './in-turn.ts';
import { asTyped, asWritten } from './line-ends.ts';

/** One profile's script in this window. `draft` null: nothing typed that is not saved. */
export interface ScriptState {
  /** The file's text that the draft was made from; null: there was no file. */
  saved: string | null;
  draft: string | null;
  /** What the file holds by now, when it was changed outside (null: deleted) while there was a draft. */
  conflict: { theirs: string | null } | null;
  /** The syntax error found at the last check. */
  syntax: ErrorWire | null;
  /** Why the script could not be read or saved. */
  failure: ErrorWire | null;
  saving: boolean;
}

export interface ScriptStoreState {
  scripts: Record<string, ScriptState>;
  /** Reads the script from disk. What was typed stays; where the file was changed as well, that is a conflict. */
  read(profile: string): Promise<void>;
  edit(profile: string, source: string): void;
  /** Looks for syntax errors in what is on the screen, without running it, and gives what it found. */
  check(profile: string): Promise<ErrorWire | null>;
  /** Writes the script; an empty one is deleted. A file that was changed outside is not overwritten: a conflict. */
  save(profile: string): Promise<void>;
  /** Ends a conflict: what was typed stays, and the next save writes over the file. */
  keepMine(profile: string): void;
  /** Ends a conflict with the file's text. */
  takeTheirs(profile: string): void;
}

const fresh: ScriptState = {
  saved: null,
  draft: null,
  conflict: null,
  syntax: null,
  failure: null,
  saving: false,
};

/** A profile's script, once it was read; an id may be the name of something that every object has. */
export function scriptOf({ scripts }: ScriptStoreState, profile: string): ScriptState | undefined {
  return own(scripts, profile);
}

/** What stands in the editor. */
export function sourceOf(script: ScriptState): string {
  return script.draft ?? asTyped(script.saved);
}

/** How what is on disk meets what was typed. */
function met(script: ScriptState, theirs: string | null): Partial<ScriptState> {
  const { draft, saved } = script;
  if (draft === null || draft === asTyped(theirs)) return { saved: theirs, draft: null, conflict: null };
  return theirs === saved ? { conflict: null } : { conflict: { theirs } };
}

/** Makes the store of automation scripts. */
export function createScriptStore(engine: EngineStore): StoreApi<ScriptStoreState> {
  const { call } = engine.getState();
  return createStore<ScriptStoreState>()((set, get) => {
    const of = (profile: string): ScriptState => scriptOf(get(), profile) ?? fresh;
    const change = (profile: string, patch: Partial<ScriptState>) =>
      set(({ scripts }) => ({ scripts: { ...scripts, [profile]: { ...of(profile), ...patch } } }));
    const turns = createTurns<Partial<ScriptState>>(change, (failure) => ({ failure }));
    onOtherProject(engine, () => {
      turns.forget();
      set({ scripts: {} });
    });

    async function check(profile: string): Promise<ErrorWire | null> {
      const source = sourceOf(of(profile));
      const { tell } = turns.begin();
      try {
        const { error } = source.trim() === '' ? { error: null } : await call('scripts.check', { source });
        // A later keystroke has its own check coming.
        if (sourceOf(of(profile)) === source) tell(profile, { syntax: error });
        return error;
      } catch (thrown) {
        tell(profile, { failure: AppError.from(thrown).toWire() });
        return null;
      }
    }

    async function write(profile: string, { tell }: Turn<Partial<ScriptState>>): Promise<void> {
      const { saved, draft: typed, conflict } = of(profile);
      if (conflict !== null || typed === null) return;
      const source = typed.trim() === '' ? null : asWritten(typed, saved);
      tell(profile, { saving: true, failure: null });
      try {
        await call('scripts.save', { profile, source, base: saved });
        const { draft } = of(profile);
        tell(profile, { saved: source, draft: draft === typed ? null : draft });
      } catch (thrown) {
        const failure = AppError.from(thrown).toWire();
        if (failure.code !== 'script_changed') throw thrown;
        const { source: theirs } = await call('scripts.read', { profile });
        const now = met(of(profile), theirs);
        // The file may be as it was again: then there is nothing to compare, and the save is simply repeated.
        tell(profile, now.conflict === null && now.draft === undefined ? { ...now, failure } : now);
      } finally {
        tell(profile, { saving: false });
      }
    }

    return {
      scripts: {},
      read: async (profile) => {
        await turns.inTurn(profile, async ({ tell }) => {
          const { source } = await call('scripts.read', { profile });
          tell(profile, { ...met(of(profile), source), failure: null });
        });
      },
      edit: (profile, source) => {
        const { saved, conflict } = of(profile);
        // In a conflict even the old text is one that somebody chose over the file's.
        change(profile, { draft: conflict === null && source === asTyped(saved) ? null : source });
      },
      check,
      save: async (profile) => {
        await turns.inTurn(profile, (turn) => write(profile, turn));
      },
      keepMine: (profile) => {
        const { conflict } = of(profile);
        if (conflict !== null) change(profile, { saved: conflict.theirs, conflict: null });
      },
      takeTheirs: (profile) => {
        const { conflict } = of(profile);
        if (conflict !== null) change(profile, { saved: conflict.theirs, draft: null, conflict: null });
      },
    };
  });
}
