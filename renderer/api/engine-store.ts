import { createStore, type StoreApi } from 'zustand/vanilla';
import type { EngineEvent } from '../../shared/contract/events.ts';
import { createClient, type EngineClient } from '../../shared/contract/router.ts';
import { AppError, type ErrorWire } from '../../shared/errors.ts';
import type { Connection, ConnectionState } from './connection.ts';
import { applyEvent, needsTokensAgain, noTokens, type Snapshot, type TokenSnapshot } from './snapshot.ts';

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
      statuses: Object.fromEntries(statuses.statuses.map((status) => [status.profile, status])),
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
  return { info, settings, vault, project, playground, tokens };
}

/** Connects a window to the engine. Events that come while something is being read are applied after it, in order. */
export function createEngineStore(connection: Connection): EngineStore {
  const call = createClient(connection.transport);
  let arrivedWhileReading: EngineEvent[] = [];
  let readings = 0;

  const store = createStore<EngineState>()((set, get) => {
    async function reading(
      read: () => Promise<(snapshot: Snapshot | null) => Snapshot | null>,
    ): Promise<void> {
      readings += 1;
      try {
        const change = await read();
        set({ snapshot: change(get().snapshot), failure: null });
      } catch (thrown) {
        set({ failure: AppError.from(thrown).toWire() });
      } finally {
        readings -= 1;
        if (readings === 0) {
          const waiting = arrivedWhileReading;
          arrivedWhileReading = [];
          for (const event of waiting) onEvent(event);
        }
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
          return () => snapshot;
        }),
      readTokens: () =>
        reading(async () => {
          const settings = await call('settings.read', {});
          const open = get().snapshot?.project.kind === 'open';
          const tokens = open ? await readTokenSnapshot(call) : noTokens;
          return (snapshot) => snapshot && { ...snapshot, settings, tokens };
        }),
      update: (change) => set(({ snapshot }) => ({ snapshot: snapshot && change(snapshot) })),
    };
  });

  function onEvent(event: EngineEvent): void {
    const { snapshot } = store.getState();
    if (snapshot === null || readings > 0) {
      arrivedWhileReading.push(event);
      return;
    }
    store.setState({ snapshot: applyEvent(snapshot, event) });
    if (needsTokensAgain(snapshot, event)) void store.getState().readTokens();
    else if (event.kind === 'project') void readSecrets();
  }

  /** An edit of a project may name other secrets. */
  async function readSecrets(): Promise<void> {
    try {
      const { secrets } = await call('secrets.list', {});
      store.getState().update((snapshot) => ({ ...snapshot, tokens: { ...snapshot.tokens, secrets } }));
    } catch (thrown) {
      const problem = AppError.from(thrown).toWire();
      store.getState().update((snapshot) => ({ ...snapshot, tokens: { ...snapshot.tokens, problem } }));
    }
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
