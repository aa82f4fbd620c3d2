import { createStore, type StoreApi } from 'zustand/vanilla';
import type { CallResult } from '../../../shared/contract/calls.ts';
import { AppError, type ErrorWire } from '../../../shared/errors.ts';
import type { ServerSupport } from '../../../shared/model/server-support.ts';
import type { EngineStore } from '../../api/engine-store.ts';
import { type FilledPreset, fromPreset } from './new-profile/from-preset.ts';

export type ManagerTab = 'settings' | 'automation' | 'token' | 'timeline';

/** What the Auth Manager shows, and what is done to profiles as a whole. */
export interface ManagerState {
  selected: string | null;
  filter: string;
  tab: ManagerTab;
  /** Why the last discovery, deletion or secret failed, by `<profile>:<what>`. */
  failures: Record<string, ErrorWire | null>;
  /** Issuers that are being asked at this moment, by profile. */
  discovering: Record<string, boolean>;
  /** What servers said that they can do, by the issuer as it was typed. */
  supports: Record<string, ServerSupport>;
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
   * Reads the issuer's discovery document, as the profile has certificates verified; null when it could not be read.
   */
  discover(id: string, issuer: string, verifyTls: boolean): Promise<CallResult<'profiles.discover'> | null>;
  /** Stores a secret's value in the vault, empty forgets it; `field` is where a failure is shown. */
  storeSecret(profile: string, field: string, name: string, value: string): Promise<boolean>;
}

/** Makes the Auth Manager's store. */
export function createManagerStore(engine: EngineStore): StoreApi<ManagerState> {
  return createStore<ManagerState>()((set) => {
    const { call } = engine.getState();

    async function attempt<Result>(key: string, action: () => Promise<Result>): Promise<Result | null> {
      const fail = (error: ErrorWire | null) =>
        set(({ failures }) => ({ failures: { ...failures, [key]: error } }));
      fail(null);
      try {
        return await action();
      } catch (thrown) {
        fail(AppError.from(thrown).toWire());
        return null;
      }
    }

    async function storeSecret(name: string, value: string): Promise<true> {
      await call('secrets.save', { name, value });
      const { secrets } = await call('secrets.list', {});
      engine.getState().update((snapshot) => ({ ...snapshot, tokens: { ...snapshot.tokens, secrets } }));
      return true;
    }

    async function fillIn(id: string, name: string, filled: FilledPreset): Promise<void> {
      try {
        const { profile, stored } = fromPreset(id, name, filled);
        await call('profiles.save', { id, profile });
        for (const { slot, variable, value } of stored) {
          await attempt(`${id}:${slot}`, () => storeSecret(variable, value));
        }
      } catch (thrown) {
        // Half a profile would stand in the way of the next try.
        await attempt(`${id}:delete`, () => call('profiles.delete', { id }));
        throw thrown;
      }
    }

    return {
      selected: null,
      filter: '',
      tab: 'settings',
      failures: {},
      discovering: {},
      supports: {},
      select: (selected) => set({ selected }),
      setFilter: (filter) => set({ filter }),
      setTab: (tab) => set({ tab }),
      create: async (name, filled) => {
        try {
          const { id } = await call('profiles.create', { name });
          if (filled !== undefined) await fillIn(id, name, filled);
          set({ selected: id, tab: 'settings', filter: '' });
          return null;
        } catch (thrown) {
          return AppError.from(thrown).toWire();
        }
      },
      remove: async (id) => {
        await attempt(`${id}:delete`, () => call('profiles.delete', { id }));
      },
      discover: async (id, issuer, verifyTls) => {
        set(({ discovering }) => ({ discovering: { ...discovering, [id]: true } }));
        const found = await attempt(`${id}:discover`, () => call('profiles.discover', { issuer, verifyTls }));
        set(({ discovering }) => ({ discovering: { ...discovering, [id]: false } }));
        if (found !== null) set(({ supports }) => ({ supports: { ...supports, [issuer]: found.supports } }));
        return found;
      },
      storeSecret: async (profile, field, name, value) =>
        (await attempt(`${profile}:${field}`, () => storeSecret(name, value))) ?? false,
    };
  });
}
