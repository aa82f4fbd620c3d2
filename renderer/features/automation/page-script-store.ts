import { createStore, type StoreApi } from 'zustand/vanilla';
import { AppError, type ErrorWire } from '../../../shared/errors.ts';
import type { PageScript } from '../../../shared/model/page-script.ts';
import type { EngineStore } from '../../api/engine-store.ts';
import { onOtherProject } from '../../api/on-other-project.ts';
import { own } from '../../api/own.ts';
import { createTurns, type Turn } from './in-turn.ts';
import type { ScriptStoreState } from './script-store.ts';

/** One page script on the screen; `key` tells it from the others wherever it stands. */
export interface PageRow extends PageScript {
  key: number;
}

/** One profile's page scripts in this window. */
export interface PageScriptState {
  saved: PageScript[];
  /** What is on the screen. */
  rows: PageRow[];
  /** What the file holds by now, when it was changed outside while something here was not saved. */
  conflict: { theirs: PageScript[] } | null;
  /** The syntax errors found at the last check, by key. */
  syntax: Record<number, ErrorWire>;
  /** Why they could not be read, saved or converted. */
  failure: ErrorWire | null;
  saving: boolean;
  /** What the last conversion does not do or does otherwise; null: none, or dismissed. */
  notes: string[] | null;
}

export interface PageScriptStoreState {
  profiles: Record<string, PageScriptState>;
  /** Reads them from disk; what was changed here stays. */
  read(profile: string): Promise<void>;
  add(profile: string): void;
  edit(profile: string, key: number, patch: Partial<PageScript>): void;
  remove(profile: string, key: number): void;
  /** Puts a page script at an index of the list as it is afterwards. */
  move(profile: string, key: number, to: number): void;
  check(profile: string): Promise<void>;
  /** Writes what is not saved yet. A file that was changed outside is not overwritten: a conflict. */
  save(profile: string): Promise<void>;
  /** Ends a conflict: what is on the screen stays, and the next save writes over the file. */
  keepMine(profile: string): void;
  /** Ends a conflict with what the file holds. */
  takeTheirs(profile: string): void;
  /** Puts the automation script that they come to into the script's editor, unsaved; true if that went well. */
  convert(profile: string): Promise<boolean>;
  dismissNotes(profile: string): void;
}

const fresh: PageScriptState = {
  saved: [],
  rows: [],
  conflict: null,
  syntax: {},
  failure: null,
  saving: false,
  notes: null,
};

/** A profile's page scripts, once they were read. */
export function pageScriptsOf(
  { profiles }: PageScriptStoreState,
  profile: string,
): PageScriptState | undefined {
  return own(profiles, profile);
}

/** What the rows come to: one without a name is called by its place. */
export function pagesIn(rows: readonly PageRow[]): PageScript[] {
  return rows.map(({ key: _key, name, ...rest }, index) => ({
    ...rest,
    name: name.trim() === '' ? `Page ${index + 1}` : name.trim(),
  }));
}

function same(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

const inOrder = ({ name, url, selector, source }: PageScript) => [name, url, selector, source];

function samePages(one: readonly PageScript[], other: readonly PageScript[]): boolean {
  return same(one.map(inOrder), other.map(inOrder));
}

/** Whether something on the screen is not saved. */
export function isChanged({ rows, saved }: PageScriptState): boolean {
  return !samePages(rows, saved);
}

let lastKey = 0;

/** Rows for what was read; a row that stays what it was keeps its key, and so its editor. */
function rowsOf(pages: readonly PageScript[], before: readonly PageRow[]): PageRow[] {
  return pages.map((page, index) => ({ ...page, key: before[index]?.key ?? ++lastKey }));
}

/** How what is on disk meets what is on the screen. */
function met(state: PageScriptState, theirs: PageScript[]): Partial<PageScriptState> {
  const { rows, saved, conflict } = state;
  const unsaved = conflict !== null || isChanged(state);
  if (!unsaved || samePages(rows, theirs)) {
    return { saved: theirs, rows: rowsOf(theirs, rows), conflict: null };
  }
  return { conflict: samePages(theirs, saved) ? null : { theirs } };
}

/** Makes the store of page scripts. */
export function createPageScriptStore(
  engine: EngineStore,
  scripts: StoreApi<ScriptStoreState>,
): StoreApi<PageScriptStoreState> {
  const { call } = engine.getState();
  return createStore<PageScriptStoreState>()((set, get) => {
    const of = (profile: string): PageScriptState => pageScriptsOf(get(), profile) ?? fresh;
    const change = (profile: string, patch: Partial<PageScriptState>) =>
      set(({ profiles }) => ({ profiles: { ...profiles, [profile]: { ...of(profile), ...patch } } }));
    const setRows = (profile: string, rows: PageRow[]) => change(profile, { rows });
    const turns = createTurns<Partial<PageScriptState>>(change, (failure) => ({ failure }));
    onOtherProject(engine, () => {
      turns.forget();
      set({ profiles: {} });
    });

    async function check(profile: string): Promise<void> {
      const { rows } = of(profile);
      const { tell } = turns.begin();
      try {
        const { errors } = await call('pageScripts.check', { pages: pagesIn(rows) });
        // A later keystroke has its own check coming.
        if (of(profile).rows !== rows) return;
        const found = rows.flatMap(({ key }, index) => {
          const error = errors[index];
          return error ? [[key, error] as const] : [];
        });
        tell(profile, { syntax: Object.fromEntries(found) });
      } catch (thrown) {
        tell(profile, { failure: AppError.from(thrown).toWire() });
      }
    }

    async function write(profile: string, { tell }: Turn<Partial<PageScriptState>>): Promise<void> {
      const { rows, saved, conflict } = of(profile);
      if (conflict !== null || !isChanged(of(profile))) return;
      const pages = pagesIn(rows);
      tell(profile, { saving: true, failure: null });
      try {
        await call('pageScripts.save', { profile, pages, base: saved });
        const untouched = of(profile).rows === rows;
        tell(profile, { saved: pages, ...(untouched ? { rows: rowsOf(pages, rows) } : {}) });
      } catch (thrown) {
        if (AppError.from(thrown).code !== 'script_changed') throw thrown;
        const { pages: theirs } = await call('pageScripts.read', { profile });
        tell(profile, met(of(profile), theirs));
      } finally {
        tell(profile, { saving: false });
      }
    }

    return {
      profiles: {},
      check,
      read: async (profile) => {
        await turns.inTurn(profile, async ({ tell }) => {
          const { pages } = await call('pageScripts.read', { profile });
          tell(profile, { ...met(of(profile), pages), failure: null });
        });
      },
      add: (profile) => {
        const { rows } = of(profile);
        const name = `Page ${rows.length + 1}`;
        setRows(profile, [...rows, { key: ++lastKey, name, url: '', selector: '', source: '' }]);
      },
      edit: (profile, key, patch) =>
        setRows(
          profile,
          of(profile).rows.map((row) => (row.key === key ? { ...row, ...patch } : row)),
        ),
      remove: (profile, key) =>
        setRows(
          profile,
          of(profile).rows.filter((row) => row.key !== key),
        ),
      move: (profile, key, to) => {
        const { rows } = of(profile);
        const moved = rows.find((row) => row.key === key);
        if (moved === undefined) return;
        const others = rows.filter((row) => row !== moved);
        setRows(profile, [...others.slice(0, Math.max(0, to)), moved, ...others.slice(Math.max(0, to))]);
      },
      save: async (profile) => {
        await turns.inTurn(profile, (turn) => write(profile, turn));
      },
      keepMine: (profile) => {
        const { conflict } = of(profile);
        if (conflict !== null) change(profile, { saved: conflict.theirs, conflict: null });
      },
      takeTheirs: (profile) => {
        const { conflict, rows } = of(profile);
        if (conflict === null) return;
        change(profile, { saved: conflict.theirs, rows: rowsOf(conflict.theirs, rows), conflict: null });
      },
      convert: (profile) =>
        turns.inTurn(profile, async ({ tell, here }) => {
          const { source, notes } = await call('pageScripts.convert', { pages: pagesIn(of(profile).rows) });
          if (here()) await scripts.getState().read(profile);
          if (!here()) return;
          scripts.getState().edit(profile, source);
          tell(profile, { notes, failure: null });
        }),
      dismissNotes: (profile) => change(profile, { notes: null }),
    };
  });
}
