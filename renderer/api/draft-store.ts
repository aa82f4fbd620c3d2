import { createStore, type StoreApi } from 'zustand/vanilla';
import { AppError, type ErrorWire } from '../../shared/errors.ts';
import type { EngineStore } from './engine-store.ts';
import { onOtherProject, sameProject } from './on-other-project.ts';
import { own } from './own.ts';
import type { Snapshot } from './snapshot.ts';

/** How the last save of one thing went. `issues` are by field. */
export type SaveState =
  | { kind: 'saved' }
  | { kind: 'saving' }
  | { kind: 'invalid'; issues: Record<string, string> }
  | { kind: 'failed'; error: ErrorWire };

/** What a form comes to: the thing to save, or what is wrong with it, by field. */
export type Built<Saved> =
  | { kind: 'valid'; value: Saved }
  | { kind: 'invalid'; issues: Record<string, string> };

/**
 * What was typed and is not saved yet, as a patch over the saved form: so an edit from outside shows up in every field
 * but the touched ones, and typed text is never lost.
 */
export interface DraftState<Form> {
  patches: Record<string, Partial<Form>>;
  saves: Record<string, SaveState>;
  edit(id: string, patch: Partial<Form>): void;
  /** Saves what was typed; true if all of it is saved. Saves of one thing follow each other. */
  commit(id: string): Promise<boolean>;
  discard(id: string): void;
}

export interface DraftOptions<Form, Saved> {
  engine: EngineStore;
  read(id: string): Saved | undefined;
  formOf(saved: Saved): Form;
  build(form: Form, saved: Saved): Built<Saved>;
  save(id: string, value: Saved): Promise<unknown>;
  /** What the window knows once that is saved, before the engine's event says so. */
  withSaved(snapshot: Snapshot, id: string, value: Saved): Snapshot;
}

function same(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

/** The patch without what the saved form says as well, but for keys that were edited since that save began. */
function rest<Form extends object>(patch: Partial<Form>, saved: Form, edited: Set<string>): Partial<Form> {
  const kept: Partial<Form> = { ...patch };
  for (const key in kept) if (!edited.has(key) && same(kept[key], saved[key])) delete kept[key];
  return kept;
}

function without<Value>(table: Record<string, Value>, id: string): Record<string, Value> {
  return Object.fromEntries(Object.entries(table).filter(([key]) => key !== id));
}

/** Makes the store of the drafts of one kind of thing. Another project's drafts never meet this one's. */
export function createDraftStore<Form extends object, Saved>(
  options: DraftOptions<Form, Saved>,
): StoreApi<DraftState<Form>> {
  const queue = new Map<string, Promise<boolean>>();
  /** The keys that were edited since the last save began: the next one may need them, though this one says the same. */
  const edited = new Map<string, Set<string>>();

  return createStore<DraftState<Form>>()((set, get) => {
    onOtherProject(options.engine, () => set({ patches: {}, saves: {} }));

    function setSave(id: string, save: SaveState): void {
      set(({ saves }) => ({ saves: { ...saves, [id]: save } }));
    }

    function settle(id: string, saved: Form): void {
      const patch = own(get().patches, id);
      if (patch !== undefined) {
        const kept = rest(patch, saved, edited.get(id) ?? new Set());
        set(({ patches }) => ({ patches: { ...patches, [id]: kept } }));
      }
      setSave(id, { kind: 'saved' });
    }

    async function saveNow(id: string): Promise<boolean> {
      const saved = options.read(id);
      const patch = own(get().patches, id);
      if (saved === undefined || patch === undefined) return true;
      const here = sameProject(options.engine);
      edited.set(id, new Set());
      const built = options.build({ ...options.formOf(saved), ...patch }, saved);
      if (built.kind === 'invalid') {
        setSave(id, built);
        return false;
      }
      try {
        if (!same(built.value, saved)) {
          setSave(id, { kind: 'saving' });
          await options.save(id, built.value);
          if (!here()) return true;
          options.engine.getState().update((snapshot) => options.withSaved(snapshot, id, built.value));
        }
        settle(id, options.formOf(built.value));
        return true;
      } catch (thrown) {
        if (here()) setSave(id, { kind: 'failed', error: AppError.from(thrown).toWire() });
        return false;
      }
    }

    return {
      patches: {},
      saves: {},
      edit: (id, patch) => {
        edited.set(id, new Set([...(edited.get(id) ?? []), ...Object.keys(patch)]));
        set(({ patches }) => ({ patches: { ...patches, [id]: { ...own(patches, id), ...patch } } }));
      },
      commit: (id) => {
        const next = (queue.get(id) ?? Promise.resolve(true)).then(() => saveNow(id));
        queue.set(id, next);
        return next;
      },
      discard: (id) =>
        set(({ patches, saves }) => ({ patches: without(patches, id), saves: without(saves, id) })),
    };
  });
}
