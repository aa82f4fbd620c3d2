import type { Connection, ConnectionListener } from '../../renderer/api/connection.ts';
import { createEngineStore, type EngineStore } from '../../renderer/api/engine-store.ts';
import { calls } from '../../shared/contract/calls.ts';
import type { EngineEvent } from '../../shared/contract/events.ts';
import { createRouter, type Handlers, type Router } from '../../shared/contract/router.ts';
import { AppError } from '../../shared/errors.ts';
import { networkSchema } from '../../shared/model/network.ts';
import { newProfile, type Profile } from '../../shared/model/profile.ts';
import type { Project } from '../../shared/model/project.ts';
import { requestSchema } from '../../shared/model/request.ts';
import type { TokenEvent, TokenStatus } from '../../shared/model/token.ts';

/** A token status with nothing in it, of a profile's persona `default` unless the patch names another. */
export function emptyStatus(profile: string, patch: Partial<TokenStatus> = {}): TokenStatus {
  return {
    profile,
    persona: 'default',
    access: { kind: 'none' },
    refresh: { kind: 'none' },
    idTokenHeld: false,
    sessionKept: false,
    clockAheadMs: null,
    findings: [],
    renewsAtMs: null,
    activity: { kind: 'idle' },
    refreshShown: false,
    refreshNowShown: false,
    failure: null,
    ...patch,
  };
}

/** A held access token that is usable from `issuedAtMs` to `usableUntilMs`. */
export function heldAccess(issuedAtMs: number, usableUntilMs: number | null): TokenStatus['access'] {
  return {
    kind: 'held',
    masked: 'abcdef…••••',
    tokenType: 'Bearer',
    issuedAtMs,
    expiresAtMs: usableUntilMs,
    usableUntilMs,
    scope: [],
    subject: null,
    stale: false,
  };
}

/** A token event of the profile `orders` and its persona `default`, unless the patch says otherwise. */
export function tokenEvent(id: string, atMs = 0, patch: Partial<TokenEvent> = {}): TokenEvent {
  return {
    id,
    atMs,
    profile: 'orders',
    persona: 'default',
    environment: null,
    kind: 'obtained',
    trigger: 'get',
    grant: null,
    title: 'Obtained',
    detail: '',
    durationMs: null,
    answer: null,
    waited: [],
    waitedCount: 0,
    error: null,
    ...patch,
  };
}

/** A project with the profile `orders` and two requests, of which `orders/list` inherits that profile. */
export function sampleProject(folder = '/projects/orders'): Project {
  const profile: Profile = newProfile('Orders');
  return {
    folder,
    name: 'Orders',
    network: networkSchema.parse({}),
    profiles: [{ id: 'orders', profile, hasScript: false }],
    requests: [
      {
        id: 'orders/list',
        request: requestSchema.parse({ name: 'List', url: 'http://127.0.0.1/orders' }),
        effectiveAuth: { kind: 'profile', profile: 'orders', persona: null },
      },
      {
        id: 'health',
        request: requestSchema.parse({ name: 'Health', url: 'http://127.0.0.1/health' }),
        effectiveAuth: { kind: 'none' },
      },
    ],
    folders: [
      {
        id: 'orders',
        folder: { name: 'Orders', auth: { kind: 'profile', profile: 'orders', persona: null } },
      },
    ],
    environments: [],
    problems: [],
  };
}

/** An engine at the other end of the wire: the real router over handlers in memory, and events by hand. */
export interface FakeEngine {
  connection: Connection;
  /** The same engine as a host has it, to put a real one in front of it. */
  router: Router;
  /** Every call that came, in order. */
  log: { name: string; params: unknown }[];
  emit(event: EngineEvent): void;
  reconnect(): void;
}

/** Makes the fake engine; a call without a handler here answers `not_supported_here`. */
export function fakeEngine(given: Partial<Handlers> = {}): FakeEngine {
  const handlers: Partial<Handlers> = {
    'app.info': async () => ({ host: 'web', version: '0', canChooseFolder: false, projectsFolder: '/p' }),
    'settings.read': async () => ({ theme: 'system', environment: null, personas: {}, recentProjects: [] }),
    'vault.status': async () => ({ kind: 'open', protection: 'memory', problems: [] }),
    'project.current': async () => ({ kind: 'open', project: sampleProject(), trusted: true }),
    'playground.status': async () => ({ kind: 'stopped' }),
    'tokens.statuses': async () => ({ statuses: [emptyStatus('orders')] }),
    'tokens.events': async () => ({ events: [] }),
    'secrets.list': async () => ({ secrets: [] }),
    'profiles.save': async () => ({}),
    'requests.save': async () => ({}),
    ...given,
  };
  const log: FakeEngine['log'] = [];
  const router = createRouter(complete(handlers), (name, thrown) => {
    throw new Error(`The fake engine failed at ${name}: ${String(thrown)}`);
  });
  let listener: ConnectionListener | undefined;
  return {
    log,
    router,
    connection: {
      transport: async (name, params) => {
        log.push({ name, params });
        return structuredClone(await router(name, params));
      },
      listen: (given) => {
        listener = given;
        given.onState('connected');
        return () => {};
      },
    },
    emit: (event) => listener?.onEvent(event),
    reconnect: () => {
      listener?.onState('lost');
      listener?.onState('connected');
    },
  };
}

function complete(handlers: Partial<Handlers>): Handlers {
  const missing = async (): Promise<never> => {
    throw new AppError('not_supported_here', 'The fake engine has no such call.');
  };
  const all = Object.fromEntries(Object.keys(calls).map((name) => [name, missing]));
  // Every name of the contract is there: those not given refuse.
  return { ...(all as unknown as Handlers), ...handlers };
}

/** The engine's store over a fake engine, once it has read everything; it takes each event over at once. */
export async function readyStore(engine: FakeEngine): Promise<EngineStore> {
  const store = createEngineStore(engine.connection, (apply) => apply());
  await store.getState().readAll();
  return store;
}
