import { createStore, type StoreApi } from 'zustand/vanilla';
import { AppError, type ErrorWire } from '../../../shared/errors.ts';
import { referencedVariable } from '../../../shared/model/variable.ts';
import type { EngineStore } from '../../api/engine-store.ts';
import { openFolder } from '../../api/snapshot.ts';
import { formOf, type NetworkForm, type NetworkIssues, namesIn, networkOf } from './network-form.ts';

/** The dialog in which a project's way to its servers is set. */
export interface NetworkState {
  /** Null: the dialog is closed. */
  form: NetworkForm | null;
  /** Of the project that it is for. */
  folder: string | null;
  issues: NetworkIssues;
  busy: boolean;
  /** Why it could not be saved, or a certificate not be added. */
  failure: ErrorWire | null;
  show(): void;
  close(): void;
  edit(patch: Partial<NetworkForm>): void;
  /** Closes the dialog once it is saved. */
  save(): Promise<void>;
  /** Puts certificates from a file beside the project's others, to be trusted once the dialog is saved. */
  addTrusted(name: string, pem: string): Promise<void>;
  /** Stores a secret's value in the vault; gives the reference that stands for it, or null when that failed. */
  store(reference: string, base: string, value: string): Promise<string | null>;
  forget(reference: string): Promise<void>;
  /** Whether the vault holds a value, as far as this window knows. */
  isStored(reference: string): boolean;
}

/** Makes the store. */
export function createNetworkStore(engine: EngineStore): StoreApi<NetworkState> {
  const { call } = engine.getState();
  const folderNow = () => openFolder(engine.getState().snapshot);
  /** Names of secrets that were stored here, before the project refers to them. */
  const stored = new Map<string, boolean>();

  const store = createStore<NetworkState>()((set, get) => {
    async function attempt<Result>(work: () => Promise<Result>): Promise<Result | null> {
      set({ busy: true, failure: null });
      try {
        return await work();
      } catch (thrown) {
        set({ failure: AppError.from(thrown).toWire() });
        return null;
      } finally {
        set({ busy: false });
      }
    }

    /** A name that stands for nothing else yet. */
    function freeName(base: string): string {
      const form = get().form;
      const known = engine.getState().snapshot?.tokens.secrets.map(({ name }) => name) ?? [];
      const taken = new Set([...known, ...(form === null ? [] : namesIn(form)), ...stored.keys()]);
      for (let number = 1; ; number += 1) {
        const name = number === 1 ? base : `${base}_${number}`;
        if (!taken.has(name)) return name;
      }
    }

    async function saveSecret(name: string, value: string): Promise<string> {
      await call('secrets.save', { name, value });
      stored.set(name, value !== '');
      const { secrets } = await call('secrets.list', {});
      engine.getState().update((snapshot) => ({ ...snapshot, tokens: { ...snapshot.tokens, secrets } }));
      return `{{${name}}}`;
    }

    return {
      form: null,
      folder: null,
      issues: {},
      busy: false,
      failure: null,
      show() {
        const project = engine.getState().snapshot?.project;
        if (project?.kind !== 'open') return;
        stored.clear();
        set({ form: formOf(project.project.network), folder: folderNow(), issues: {}, failure: null });
      },
      close: () => set({ form: null, folder: null, issues: {}, failure: null }),
      edit(patch) {
        const form = get().form;
        if (form === null) return;
        const next = { ...form, ...patch };
        const read = networkOf(next);
        // What was wrong before may be right by now; what is wrong is told when it is saved.
        const left = Object.entries(get().issues).filter(
          ([field]) => read.kind === 'issues' && field in read.issues,
        );
        set({ form: next, issues: Object.fromEntries(left) });
      },
      async save() {
        const { form, folder, busy } = get();
        if (form === null || busy) return;
        const read = networkOf(form);
        if (read.kind === 'issues') return set({ issues: read.issues });
        const saved = await attempt(() => call('project.saveNetwork', { network: read.network }));
        if (saved !== null && get().folder === folder) get().close();
      },
      async addTrusted(name, pem) {
        const { folder } = get();
        const added = await attempt(() => call('project.addCertificates', { name, pem }));
        const { form } = get();
        if (added === null || form === null || get().folder !== folder) return;
        get().edit({ trusted: [...form.trusted, added.path] });
      },
      store: (reference, base, value) =>
        attempt(() => saveSecret(referencedVariable(reference) ?? freeName(base), value)),
      async forget(reference) {
        const name = referencedVariable(reference);
        if (name !== undefined) await attempt(() => saveSecret(name, ''));
      },
      isStored(reference) {
        const name = referencedVariable(reference) ?? '';
        const known = engine.getState().snapshot?.tokens.secrets.find((secret) => secret.name === name);
        return known?.stored ?? stored.get(name) ?? false;
      },
    };
  });
  // Another project that is opened meanwhile is not the one whose network this is.
  engine.subscribe(() => {
    const { folder, close } = store.getState();
    if (folder !== null && folder !== folderNow()) close();
  });
  return store;
}
