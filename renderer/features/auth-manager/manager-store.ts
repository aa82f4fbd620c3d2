import { createStore, type StoreApi } from 'zustand/vanilla';
import { AppError, type ErrorWire } from '../../../shared/errors.ts';
import type { EngineStore } from '../../api/engine-store.ts';
import { onOtherProject, sameProject } from '../../api/on-other-project.ts';
import { saveSecret } from '../../api/save-secret.ts';
import { type Discovered, discoveredPatch, serverKey } from './form/discovered.ts';
import { type FilledPreset, fromPreset } from './new-profile/from-preset.ts';
import { type ProfileDrafts, profileForm } from './profile-drafts.ts';

export type ManagerTab = 'settings' | 'automation' | 'token' | 'timeline';

/** What the Auth Manager shows, and what is done to profiles as a whole. */
export interface ManagerState {
  selected: string | null;
  filter: string;
  tab: ManagerTab;
  /** Why the last discovery, deletion or secret failed, by `<profile>:<what>`. */
  failures: Record<string, ErrorWire | null>;
  /** The issuer that is being asked at this moment, by profile. */
  discovering: Record<string, string | null>;
  /** What servers have told of themselves, by `serverKey`. */
  found: Record<string, Discovered>;
  select(id: string): void;
  setFilter(filter: string): void;
  setTab(tab: ManagerTab): void;
  /**
   * Creates a profile, an empty one or from a preset, and selects it; resolves to what went wrong, or null. A secret that
   * could not be stored is no failure of the profile: it stands in `failures`, at its field.
   */
  create(name: string, filled?: FilledPreset): Promise<ErrorWire | null>;
  remove(id: string): Promise<void>;
  /**
   * Reads the discovery document of the issuer that stands in a profile's form, as the profile has certificates verified,
   * and fills in what it names. An answer that comes when another issuer stands there, or another project is open, is
   * too late for the form.
   */
  discover(id: string): Promise<void>;
  /** Stores a secret's value in the vault, empty forgets it; `field` is where a failure is shown. */
  storeSecret(profile: string, field: string, name: string, value: string): Promise<boolean>;
}

interface Parts {
  engine: EngineStore;
  drafts: ProfileDrafts;
}

/** Makes the Auth Manager's store. */
export function createManagerStore({ engine, drafts }: Parts): StoreApi<ManagerState> {
  return createStore<ManagerState>()((set, get) => {
    const { call } = engine.getState();
    onOtherProject(engine, () => set({ failures: {}, discovering: {}, found: {} }));

    /** `matters`: whether a failure is still worth telling once it is there. */
    async function attempt<Result>(
      key: string,
      action: () => Promise<Result>,
      matters = sameProject(engine),
    ): Promise<Result | null> {
      const fail = (error: ErrorWire | null) =>
        set(({ failures }) => ({ failures: { ...failures, [key]: error } }));
      fail(null);
      try {
        return await action();
      } catch (thrown) {
        if (matters()) fail(AppError.from(thrown).toWire());
        return null;
      }
    }

    async function storeSecret(key: string, name: string, value: string): Promise<boolean> {
      const stored = await attempt(key, async () => {
        await saveSecret(engine, name, value);
        return true;
      });
      return stored ?? false;
    }

    /** Another project that is opened meanwhile gets nothing of it: it may have a profile of the same id. */
    async function fillIn(
      id: string,
      name: string,
      filled: FilledPreset,
      here: () => boolean,
    ): Promise<void> {
      try {
        const { profile, stored } = fromPreset(id, name, filled);
        await call('profiles.save', { id, profile });
        for (const { slot, variable, value } of stored) {
          if (here()) await storeSecret(`${id}:${slot}`, variable, value);
        }
      } catch (thrown) {
        // Half a profile would stand in the way of the next try.
        if (here()) await attempt(`${id}:delete`, () => call('profiles.delete', { id }));
        throw thrown;
      }
    }

    async function discover(id: string): Promise<void> {
      const asked = profileForm(engine, drafts, id);
      if (asked === undefined) return;
      const { verifyTls } = asked;
      const issuer = asked.issuer.trim();
      const here = sameProject(engine);
      const form = () => (here() ? profileForm(engine, drafts, id) : undefined);
      const wanted = () => form()?.issuer.trim() === issuer;
      const key = serverKey(issuer, engine.getState().snapshot?.settings.environment ?? null);
      set(({ discovering }) => ({ discovering: { ...discovering, [id]: issuer } }));
      const ask = () => call('profiles.discover', { issuer, verifyTls });
      const answer = await attempt(`${id}:discover`, ask, wanted);
      if (!here()) return;
      if (get().discovering[id] === issuer) {
        set(({ discovering }) => ({ discovering: { ...discovering, [id]: null } }));
      }
      if (answer === null) return;
      set(({ found }) => ({ found: { ...found, [key]: answer } }));
      const now = form();
      if (now === undefined || !wanted()) return;
      drafts.getState().edit(id, discoveredPatch(now, answer, Object.values(get().found)));
      await drafts.getState().commit(id);
    }

    return {
      selected: null,
      filter: '',
      tab: 'settings',
      failures: {},
      discovering: {},
      found: {},
      select: (selected) => set({ selected }),
      setFilter: (filter) => set({ filter }),
      setTab: (tab) => set({ tab }),
      create: async (name, filled) => {
        const here = sameProject(engine);
        try {
          const { id } = await call('profiles.create', { name });
          if (filled !== undefined && here()) await fillIn(id, name, filled, here);
          if (here()) set({ selected: id, tab: 'settings', filter: '' });
          return null;
        } catch (thrown) {
          return AppError.from(thrown).toWire();
        }
      },
      remove: async (id) => {
        await attempt(`${id}:delete`, () => call('profiles.delete', { id }));
      },
      discover,
      storeSecret: (profile, field, name, value) => storeSecret(`${profile}:${field}`, name, value),
    };
  });
}
