import { createStore, type StoreApi } from 'zustand/vanilla';
import { AppError, type ErrorWire } from '../../../shared/errors.ts';
import type { TokenStatus } from '../../../shared/model/token.ts';
import type { EngineStore } from '../../api/engine-store.ts';
import { openFolder } from '../../api/snapshot.ts';
import type { ProfileDrafts } from './profile-drafts.ts';

/** What the person asked of token sets from this window. Each is keyed by profile id. */
export interface TokenStoreState {
  /** Updates that were asked for and have not answered. */
  pending: Record<string, boolean>;
  /** Why the last thing asked for failed. */
  failures: Record<string, ErrorWire | null>;
  get(profile: string): Promise<void>;
  refresh(profile: string): Promise<void>;
  cancel(profile: string): Promise<void>;
  forget(profile: string): Promise<void>;
  /** Hands the access token to `copy` and keeps it nowhere; true if that went well. */
  reveal(profile: string, copy: (accessToken: string) => Promise<void>): Promise<boolean>;
}

export type TokenStore = StoreApi<TokenStoreState>;

function notSaved(): AppError {
  return new AppError(
    'profile_incomplete',
    'No token was asked for, because the profile could not be saved.',
    {
      action: 'Mend what is marked in its settings and values, then try again.',
    },
  );
}

/** Makes the store. An update first saves what was typed into the profile, so that it runs with what is on the screen. */
export function createTokenStore(engine: EngineStore, drafts: ProfileDrafts): TokenStore {
  const store = createStore<TokenStoreState>()((set) => {
    const fail = (profile: string, error: ErrorWire | null) =>
      set(({ failures }) => ({ failures: { ...failures, [profile]: error } }));
    const wait = (profile: string, on: boolean) =>
      set(({ pending }) => ({ pending: { ...pending, [profile]: on } }));

    async function attempt(profile: string, action: () => Promise<void>): Promise<boolean> {
      fail(profile, null);
      try {
        await action();
        return true;
      } catch (thrown) {
        fail(profile, AppError.from(thrown).toWire());
        return false;
      }
    }

    function keep(status: TokenStatus): void {
      engine.getState().update((snapshot) => ({
        ...snapshot,
        tokens: {
          ...snapshot.tokens,
          statuses: { ...snapshot.tokens.statuses, [status.profile]: status },
        },
      }));
    }

    async function update(profile: string, name: 'tokens.get' | 'tokens.refresh'): Promise<void> {
      wait(profile, true);
      await attempt(profile, async () => {
        if (!(await drafts.getState().commit(profile))) throw notSaved();
        keep(await engine.getState().call(name, { profile }));
      });
      wait(profile, false);
    }

    return {
      pending: {},
      failures: {},
      get: (profile) => update(profile, 'tokens.get'),
      refresh: (profile) => update(profile, 'tokens.refresh'),
      cancel: async (profile) => {
        await attempt(profile, async () => {
          await engine.getState().call('tokens.cancel', { profile });
        });
      },
      forget: async (profile) => {
        await attempt(profile, async () => keep(await engine.getState().call('tokens.forget', { profile })));
      },
      reveal: (profile, copy) =>
        attempt(profile, async () => {
          const { accessToken } = await engine.getState().call('tokens.reveal', { profile });
          await copy(accessToken);
        }),
    };
  });

  let folder = openFolder(engine.getState().snapshot);
  engine.subscribe(({ snapshot }) => {
    if (openFolder(snapshot) === folder) return;
    folder = openFolder(snapshot);
    store.setState({ failures: {} });
  });
  return store;
}
