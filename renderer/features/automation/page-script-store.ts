import { createStore, type StoreApi } from 'zustand/vanilla';
import { AppError, type ErrorWire } from '../../../shared/errors.ts';
import type { PageScript } from '../../../shared/model/page-script.ts';
import type { EngineStore } from '../../api/engine-store.ts';
import { own } from '../../api/own.ts';
import { openFolder } from '../../api/snapshot.ts';
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
  /** Whether the file was changed from outside while something here was not saved. */
  changedOutside: boolean;
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
  /** Goes back to what is saved. */
  discard(profile: string): void;
  check(profile: string): Promise<void>;
  save(profile: string): Promise<void>;
  /** Puts the automation script that they come to into the script's editor, unsaved; true if that went well. */
  convert(profile: string): Promise<boolean>;
  dismissNotes(profile: string): void;
}

const fresh: PageScriptState = {
  saved: [],
  rows: [],
  changedOutside: false,
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

/** Makes the store of page scripts. */
export function createPageScriptStore(
  engine: EngineStore,
  scripts: StoreApi<ScriptStoreState>,
): StoreApi<PageScriptStoreState> {
  const { call } = engine.getState();
  const store = createStore<PageScriptStoreState>()((set, get) => {
    const of = (profile: string): PageScriptState => pageScriptsOf(get(), profile) ?? fresh;
    const change = (profile: string, patch: Partial<PageScriptState>) =>
      set(({ profiles }) => ({ profiles: { ...profiles, [profile]: { ...of(profile), ...patch } } }));
    const setRows = (profile: string, rows: PageRow[]) => change(profile, { rows });

    async function attempt(profile: string, work: () => Promise<void>): Promise<boolean> {
      try {
        await work();
        return true;
      } catch (thrown) {
        change(profile, { failure: AppError.from(thrown).toWire() });
        return false;
      }
    }

    async function check(profile: string): Promise<void> {
      const { rows } = of(profile);
      await attempt(profile, async () => {
        const { errors } = await call('pageScripts.check', { pages: pagesIn(rows) });
        // A later keystroke has its own check coming.
        if (of(profile).rows !== rows) return;
        const found = rows.flatMap(({ key }, index) => {
          const error = errors[index];
          return error ? [[key, error] as const] : [];
        });
        change(profile, { syntax: Object.fromEntries(found) });
      });
    }

    return {
      profiles: {},
      check,
      read: async (profile) => {
        await attempt(profile, async () => {
          const { pages } = await call('pageScripts.read', { profile });
          const before = of(profile);
          const keep = isChanged(before) && !samePages(before.rows, pages);
          const changedOutside = keep && (before.changedOutside || !samePages(pages, before.saved));
          const rows = keep ? before.rows : rowsOf(pages, before.rows);
          change(profile, { saved: pages, rows, changedOutside, failure: null });
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
      discard: (profile) => {
        const { saved, rows } = of(profile);
        change(profile, { rows: rowsOf(saved, rows), changedOutside: false, failure: null });
      },
      save: async (profile) => {
        const { rows } = of(profile);
        const pages = pagesIn(rows);
        change(profile, { saving: true, failure: null });
        await attempt(profile, async () => {
          await call('pageScripts.save', { profile, pages });
          change(profile, { saved: pages, changedOutside: false });
          if (of(profile).rows === rows) change(profile, { rows: rowsOf(pages, rows) });
        });
        change(profile, { saving: false });
      },
      convert: (profile) =>
        attempt(profile, async () => {
          const { source, notes } = await call('pageScripts.convert', { pages: pagesIn(of(profile).rows) });
          await scripts.getState().read(profile);
          scripts.getState().edit(profile, source);
          change(profile, { notes, failure: null });
        }),
      dismissNotes: (profile) => change(profile, { notes: null }),
    };
  });

  let folder = openFolder(engine.getState().snapshot);
  engine.subscribe(({ snapshot }) => {
    if (openFolder(snapshot) === folder) return;
    folder = openFolder(snapshot);
    store.setState({ profiles: {} });
  });
  return store;
}
