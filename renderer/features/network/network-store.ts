import { createStore, type StoreApi } from 'zustand/vanilla';
import { AppError, type ErrorWire } from '../../../shared/errors.ts';
import { referencedVariable } from '../../../shared/model/variable.ts';
import type { EngineStore } from '../../api/engine-store.ts';
import { onOtherProject } from '../../api/on-other-project.ts';
import { own } from '../../api/own.ts';
import { saveSecret } from '../../api/save-secret.ts';
import { formOf, type NetworkForm, type NetworkIssues, namesIn, networkOf } from './network-form.ts';

/** Where a secret of the network stands. */
export interface SecretPlace {
  /** The `{{variable}}` that stands there, or empty. */
  reference: string;
  /** What its variable is called, where it has none yet. */
  base: string;
  /** What changes in the form, as it stands by then, when this reference stands there. */
  put(form: NetworkForm, reference: string): Partial<NetworkForm>;
}

/** The dialog in which a project's way to its servers is set. */
export interface NetworkState {
  /** Null: the dialog is closed. */
  form: NetworkForm | null;
  issues: NetworkIssues;
  /** It is being saved. */
  busy: boolean;
  /** Secrets that were chosen here, before the project refers to them, and whether the vault holds a value. */
  stored: Readonly<Record<string, boolean>>;
  /** Why it could not be saved, or a certificate not be added. */
  failure: ErrorWire | null;
  show(): void;
  close(): void;
  edit(patch: Partial<NetworkForm> | ((form: NetworkForm) => Partial<NetworkForm>)): void;
  /**
   * Saves what is set once all that is on its way into the vault or the project is there, and closes the dialog. Saves
   * nothing when any of that fails.
   */
  save(): Promise<void>;
  /** Puts certificates from a file beside the project's others, to be trusted once the dialog is saved. */
  addTrusted(name: string, pem: string): Promise<void>;
  /** Stores a secret's value in the vault and puts its reference into the form; false when that failed. */
  store(place: SecretPlace, value: string): Promise<boolean>;
  forget(reference: string): Promise<void>;
}

/** Makes the store. */
export function createNetworkStore(engine: EngineStore): StoreApi<NetworkState> {
  const { call } = engine.getState();
  /** What goes into the vault or the project at this moment; each comes to whether that went well. */
  const underWay = new Set<Promise<boolean>>();
  let dialog = 0;
  /** Tells later whether the dialog of this moment is still open: what was begun in it is of no other. */
  function sameDialog(): () => boolean {
    const begun = dialog;
    return () => dialog === begun;
  }

  return createStore<NetworkState>()((set, get) => {
    // Another project that is opened meanwhile is not the one whose network this is.
    onOtherProject(engine, () => get().close());

    /** `here`: whether the dialog that it was begun in is still open. */
    async function attempt(work: (here: () => boolean) => Promise<void>): Promise<boolean> {
      const here = sameDialog();
      set({ failure: null });
      try {
        await work(here);
        return true;
      } catch (thrown) {
        if (here()) set({ failure: AppError.from(thrown).toWire() });
        return false;
      }
    }

    /** Lets a save wait for it. */
    async function tracked(work: (here: () => boolean) => Promise<void>): Promise<boolean> {
      const done = attempt(work);
      underWay.add(done);
      await done;
      underWay.delete(done);
      return done;
    }

    async function saveNow(here: () => boolean): Promise<void> {
      const done = await Promise.all(underWay);
      const { form } = get();
      if (done.includes(false) || form === null || !here()) return;
      const read = networkOf(form);
      if (read.kind === 'issues') return set({ issues: read.issues });
      await attempt(async () => {
        await call('project.saveNetwork', { network: read.network });
        if (here()) get().close();
      });
    }

    /** A name that stands for nothing else yet. */
    function freeName(base: string): string {
      const form = get().form;
      const known = engine.getState().snapshot?.tokens.secrets.map(({ name }) => name) ?? [];
      const taken = new Set([
        ...known,
        ...(form === null ? [] : namesIn(form)),
        ...Object.keys(get().stored),
      ]);
      for (let number = 1; ; number += 1) {
        const name = number === 1 ? base : `${base}_${number}`;
        if (!taken.has(name)) return name;
      }
    }

    const keep = (name: string, held: boolean) =>
      set(({ stored }) => ({ stored: { ...stored, [name]: held } }));

    function freeAgain(name: string): void {
      const { [name]: _, ...stored } = get().stored;
      set({ stored });
    }

    return {
      form: null,
      issues: {},
      busy: false,
      stored: {},
      failure: null,
      show() {
        const project = engine.getState().snapshot?.project;
        if (project?.kind !== 'open') return;
        get().close();
        set({ form: formOf(project.project.network), stored: {} });
      },
      close() {
        dialog += 1;
        set({ form: null, issues: {}, failure: null, busy: false });
      },
      edit(change) {
        const { form, issues } = get();
        if (form === null) return;
        const next = { ...form, ...(typeof change === 'function' ? change(form) : change) };
        set({ form: next });
        // What was wrong before may be right by now; what is wrong is told when it is saved.
        if (Object.keys(issues).length === 0) return;
        const read = networkOf(next);
        const left = Object.entries(issues).filter(
          ([field]) => read.kind === 'issues' && field in read.issues,
        );
        set({ issues: Object.fromEntries(left) });
      },
      async save() {
        const { form, busy } = get();
        if (form === null || busy) return;
        const here = sameDialog();
        set({ busy: true });
        await saveNow(here);
        if (here()) set({ busy: false });
      },
      async addTrusted(name, pem) {
        await tracked(async (here) => {
          const { path } = await call('project.addCertificates', { name, pem });
          if (here()) get().edit(({ trusted }) => ({ trusted: [...trusted, path] }));
        });
      },
      async store({ reference, base, put }, value) {
        const name = referencedVariable(reference) ?? freeName(base);
        const here = sameDialog();
        // At once: another secret that is stored meanwhile must not take it.
        if (own(get().stored, name) === undefined) keep(name, false);
        const done = await tracked(async () => {
          await saveSecret(engine, name, value);
          if (!here()) return;
          keep(name, true);
          get().edit((form) => put(form, `{{${name}}}`));
        });
        if (!done && here() && own(get().stored, name) === false) freeAgain(name);
        return done;
      },
      async forget(reference) {
        const name = referencedVariable(reference);
        if (name === undefined) return;
        await tracked(async (here) => {
          await saveSecret(engine, name, '');
          if (here()) keep(name, false);
        });
      },
    };
  });
}
