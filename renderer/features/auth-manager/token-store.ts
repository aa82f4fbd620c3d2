import { createStore, type StoreApi } from 'zustand/vanilla';
import { AppError, type ErrorWire } from '../../../shared/errors.ts';
import type { TokenStatus } from '../../../shared/model/token.ts';
import type { EngineStore } from '../../api/engine-store.ts';
import { openFolder, statusKey } from '../../api/snapshot.ts';
import type { ProfileDrafts } from './profile-drafts.ts';
import { saveTyped } from './save-typed.ts';
import type { Secrets } from './secret-store.ts';
import {
  type Copy,
  running,
  type TokenActionKind,
  type TokenActionState,
  type TokenActions,
  tokenActions,
} from './token-actions.ts';

/** What the person asked of token sets from this window. Each is keyed by `statusKey`. */
export interface TokenStoreState {
  /** Updates that were asked for and have not answered. */
  pending: Record<string, boolean>;
  /** Why the last thing asked for failed. */
  failures: Record<string, ErrorWire | null>;
  /** What was done with the Token tab's buttons, each told beside its own. */
  actions: Record<string, TokenActions>;
  get(profile: string, persona: string): Promise<void>;
  refresh(profile: string, persona: string): Promise<void>;
  cancel(profile: string, persona: string): Promise<void>;
  forget(profile: string, persona: string): Promise<void>;
  /** Copies the access token and keeps it nowhere; true if that went well. */
  reveal(profile: string, persona: string): Promise<boolean>;
  /** Does what a button of the Token tab is for. */
  act(kind: TokenActionKind, profile: string, persona: string): Promise<void>;
  /** Another token set is looked at: what came of the actions of all others is gone. */
  look(profile: string, persona: string): void;
}

export type TokenStore = StoreApi<TokenStoreState>;

/** What every token set of the window belongs to: the open project and its active environment. */
function scopeOf(engine: EngineStore): string {
  const { snapshot } = engine.getState();
  return JSON.stringify([openFolder(snapshot), snapshot?.settings.environment]);
}

interface Parts {
  engine: EngineStore;
  drafts: ProfileDrafts;
  secrets: Secrets;
  copy: Copy;
}

/** Makes the store. An update first saves what was typed into the profile, so that it runs with what is on the screen. */
export function createTokenStore({ engine, drafts, secrets, copy }: Parts): TokenStore {
  const { call } = engine.getState();

  /** Whether the project and the environment are still those of this moment: an answer for others is nothing to show. */
  function sameScope(): () => boolean {
    const scope = scopeOf(engine);
    return () => scope === scopeOf(engine);
  }

  const store = createStore<TokenStoreState>()((set, get) => {
    const fail = (key: string, error: ErrorWire | null) =>
      set(({ failures }) => ({ failures: { ...failures, [key]: error } }));
    const wait = (key: string, on: boolean) => set(({ pending }) => ({ pending: { ...pending, [key]: on } }));

    async function attempt(key: string, action: () => Promise<void>): Promise<boolean> {
      const here = sameScope();
      fail(key, null);
      try {
        await action();
        return true;
      } catch (thrown) {
        if (here()) fail(key, AppError.from(thrown).toWire());
        return false;
      }
    }

    function keep(status: TokenStatus): void {
      const key = statusKey(status.profile, status.persona);
      engine.getState().update((snapshot) => ({
        ...snapshot,
        tokens: { ...snapshot.tokens, statuses: { ...snapshot.tokens.statuses, [key]: status } },
      }));
    }

    async function keepAnswer(ask: () => Promise<TokenStatus>): Promise<void> {
      const here = sameScope();
      const status = await ask();
      if (!here()) return;
      keep(status);
      dropOutcomes(statusKey(status.profile, status.persona));
    }

    /** What was told of tokens is no longer true once they are replaced or gone. */
    function dropOutcomes(key: string): void {
      set(({ actions }) => ({ actions: { ...actions, [key]: running(actions[key] ?? {}) } }));
    }

    async function update(name: 'tokens.get' | 'tokens.refresh', profile: string, persona: string) {
      const key = statusKey(profile, persona);
      const here = sameScope();
      wait(key, true);
      await attempt(key, async () => {
        await saveTyped({ drafts, secrets }, profile);
        if (!here()) return;
        await keepAnswer(() => call(name, { profile, persona }));
      });
      if (here()) wait(key, false);
    }

    function setAction(key: string, kind: TokenActionKind, state: TokenActionState): void {
      if (state.kind === 'done' && (kind === 'revoke' || kind === 'forget')) dropOutcomes(key);
      set(({ actions }) => ({ actions: { ...actions, [key]: { ...actions[key], [kind]: state } } }));
    }

    async function act(kind: TokenActionKind, profile: string, persona: string): Promise<void> {
      const key = statusKey(profile, persona);
      if (get().actions[key]?.[kind]?.kind === 'running') return;
      const { asksServer, perform } = tokenActions[kind];
      const here = sameScope();
      setAction(key, kind, { kind: 'running' });
      try {
        if (asksServer) await saveTyped({ drafts, secrets }, profile);
        if (!here()) return;
        const { status, outcome } = await perform(call, { profile, persona }, copy);
        if (!here()) return;
        if (status !== undefined) keep(status);
        setAction(key, kind, { kind: 'done', outcome });
      } catch (thrown) {
        if (here()) setAction(key, kind, { kind: 'failed', error: AppError.from(thrown).toWire() });
      }
    }

    return {
      pending: {},
      failures: {},
      actions: {},
      get: (profile, persona) => update('tokens.get', profile, persona),
      refresh: (profile, persona) => update('tokens.refresh', profile, persona),
      cancel: async (profile, persona) => {
        await attempt(statusKey(profile, persona), async () => {
          await call('tokens.cancel', { profile, persona });
        });
      },
      forget: async (profile, persona) => {
        await attempt(statusKey(profile, persona), () =>
          keepAnswer(() => call('tokens.forget', { profile, persona })),
        );
      },
      reveal: (profile, persona) =>
        attempt(statusKey(profile, persona), async () =>
          copy((await call('tokens.reveal', { profile, persona })).accessToken),
        ),
      act,
      look: (profile, persona) => {
        const looked = statusKey(profile, persona);
        set(({ actions }) => ({
          actions: Object.fromEntries(
            Object.entries(actions).map(([key, of]) => [key, key === looked ? of : running(of)]),
          ),
        }));
      },
    };
  });

  let scope = scopeOf(engine);
  engine.subscribe(() => {
    if (scopeOf(engine) === scope) return;
    scope = scopeOf(engine);
    store.setState({ pending: {}, failures: {}, actions: {} });
  });
  return store;
}
