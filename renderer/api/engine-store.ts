import { createStore, type StoreApi } from 'zustand/vanilla';
import type { EngineEvent } from '../../shared/contract/events.ts';
import { createClient, type EngineClient } from '../../shared/contract/router.ts';
import { AppError, type ErrorWire } from '../../shared/errors.ts';
import type { Connection, ConnectionState } from './connection.ts';
import {
  applyEvents,
  noTokens,
  type Snapshot,
  statusKey,
  type TokenSnapshot,
  withToldBefore,
} from './snapshot.ts';

/** The engine as this window knows it: how to call it, how the connection stands, and the last known state. */
export interface EngineState {
  call: EngineClient;
  connection: ConnectionState;
  /** Null until the first complete reading. */
  snapshot: Snapshot | null;
  /** Why the last reading failed. */
  failure: ErrorWire | null;
  /** Reads everything again, as after a reconnect. */
  readAll(): Promise<void>;
  /** Reads the settings, tokens and secrets again: what depends on the active environment. */
  readTokens(): Promise<void>;
  /** Reads the secrets again. Why that failed stands in the tokens' `problem`. */
  readSecrets(): Promise<void>;
  /** Applies what is known to be true before the engine's event says so. */
  update(change: (snapshot: Snapshot) => Snapshot): void;
}

/** The engine's store: a Zustand store, so that views can select from it and other stores can call through it. */
export type EngineStore = StoreApi<EngineState>;

async function readTokenSnapshot(call: EngineClient): Promise<TokenSnapshot> {
  try {
    const [statuses, events, secrets] = await Promise.all([
      call('tokens.statuses', {}),
      call('tokens.events', {}),
      call('secrets.list', {}),
    ]);
    return {
      statuses: Object.fromEntries(
        statuses.statuses.map((status) => [statusKey(status.profile, status.persona), status]),
      ),
      events: events.events,
      secrets: secrets.secrets,
      problem: null,
    };
  } catch (thrown) {
    const error = AppError.from(thrown);
    if (error.code === 'engine_unreachable') throw error;
    return { ...noTokens, problem: error.toWire() };
  }
}

async function readSnapshot(call: EngineClient): Promise<Snapshot> {
  const [info, settings, vault, project, playground] = await Promise.all([
    call('app.info', {}),
    call('settings.read', {}),
    call('vault.status', {}),
    call('project.current', {}),
    call('playground.status', {}),
  ]);
  const tokens = project.kind === 'open' ? await readTokenSnapshot(call) : noTokens;
  return { info, settings, vault, project, playground, tokens, testRuns: {}, recordings: {} };
}

/** About a frame: what the engine tells within it changes the window once. A timer, since hidden windows have no frames. */
function afterFrame(apply: () => void): void {
  setTimeout(apply, 16);
}

/**
 * Connects a window to the engine. Events are applied together, in order, when `later` calls back, so that a burst of
 * them leaves the window responsive; those that come while something is being read wait until it has been.
 */
export function createEngineStore(connection: Connection, later = afterFrame): EngineStore {
  const call = createClient(connection.transport);
  let arrived: EngineEvent[] = [];
  let scheduled = false;
  let readings = 0;

  const store = createStore<EngineState>()((set, get) => {
    async function reading(
      read: () => Promise<(snapshot: Snapshot | null) => Snapshot | null>,
    ): Promise<void> {
      // What the engine told before is older than what is read now.
      applyArrived();
      readings += 1;
      try {
        const change = await read();
        set({ snapshot: change(get().snapshot), failure: null });
      } catch (thrown) {
        set({ failure: AppError.from(thrown).toWire() });
      } finally {
        readings -= 1;
        applyArrived();
      }
    }

    return {
      call,
      connection: 'connecting',
      snapshot: null,
      failure: null,
      readAll: () =>
        reading(async () => {
          const snapshot = await readSnapshot(call);
          return (before) => withToldBefore(snapshot, before);
        }),
      readTokens: () =>
        reading(async () => {
          const settings = await call('settings.read', {});
          const open = get().snapshot?.project.kind === 'open';
          const tokens = open ? await readTokenSnapshot(call) : noTokens;
          return (snapshot) => snapshot && { ...snapshot, settings, tokens };
        }),
      readSecrets: async () => {
        try {
          const { secrets } = await call('secrets.list', {});
          get().update((snapshot) => ({ ...snapshot, tokens: { ...snapshot.tokens, secrets } }));
        } catch (thrown) {
          const problem = AppError.from(thrown).toWire();
          get().update((snapshot) => ({ ...snapshot, tokens: { ...snapshot.tokens, problem } }));
        }
      },
      update: (change) => {
        applyArrived();
        set(({ snapshot }) => ({ snapshot: snapshot && change(snapshot) }));
      },
    };
  });

  function onEvent(event: EngineEvent): void {
    arrived.push(event);
    if (scheduled) return;
    scheduled = true;
    later(() => {
      scheduled = false;
      applyArrived();
    });
  }

  function applyArrived(): void {
    const before = store.getState().snapshot;
    if (before === null || readings > 0 || arrived.length === 0) return;
    const { snapshot, readAgain } = applyEvents(before, arrived);
    arrived = [];
    store.setState({ snapshot });
    if (readAgain === 'tokens') void store.getState().readTokens();
    else if (readAgain === 'secrets') void store.getState().readSecrets();
  }

  connection.listen({
    onState: (state) => {
      store.setState({ connection: state });
      if (state === 'connected') void store.getState().readAll();
    },
    onEvent,
    onMissed: () => void store.getState().readAll(),
  });
  return store;
}
