import { describe, expect, it } from 'vitest';
import { createEngineStore } from '../../../renderer/api/engine-store.ts';
import { statusKey } from '../../../renderer/api/snapshot.ts';
import type { Settings } from '../../../shared/contract/calls.ts';
import { AppError } from '../../../shared/errors.ts';
import type { TestRun } from '../../../shared/model/test-run.ts';
import {
  emptyStatus,
  fakeEngine,
  heldAccess,
  readyStore,
  sampleProject,
  tokenEvent,
} from '../fake-engine.ts';

const orders = statusKey('orders', 'default');

describe('engine store', () => {
  it('reads everything when connected', async () => {
    const { snapshot, failure } = (await readyStore(fakeEngine())).getState();
    expect(failure).toBeNull();
    expect(snapshot).toMatchObject({
      project: { kind: 'open', project: { name: 'Orders' } },
      tokens: { statuses: { [orders]: { profile: 'orders' } }, problem: null },
    });
  });

  it('takes over statuses and events, and an event told twice only once', async () => {
    const engine = fakeEngine();
    const store = await readyStore(engine);
    engine.emit({ kind: 'token_status', status: emptyStatus('orders', { access: heldAccess(0, 5) }) });
    engine.emit({ kind: 'token_event', event: tokenEvent('one') });
    engine.emit({ kind: 'token_event', event: tokenEvent('one') });
    const { tokens } = store.getState().snapshot ?? {};
    expect(tokens?.statuses[orders]?.access.kind).toBe('held');
    expect(tokens?.events.map(({ id }) => id)).toEqual(['one']);
  });

  it('keeps the statuses of two personas of a profile apart', async () => {
    const engine = fakeEngine();
    const store = await readyStore(engine);
    engine.emit({ kind: 'token_status', status: emptyStatus('orders', { persona: 'admin' }) });
    expect(Object.keys(store.getState().snapshot?.tokens.statuses ?? {})).toEqual([
      orders,
      statusKey('orders', 'admin'),
    ]);
  });

  it('takes over settings, and reads tokens again when they name another environment', async () => {
    const engine = fakeEngine();
    const store = await readyStore(engine);
    const settings: Settings = { theme: 'dark', environment: null, personas: {}, recentProjects: [] };
    const before = engine.log.length;
    engine.emit({ kind: 'settings', settings });
    expect(store.getState().snapshot?.settings.theme).toBe('dark');
    expect(engine.log).toHaveLength(before);
    engine.emit({ kind: 'settings', settings: { ...settings, environment: 'staging' } });
    await expect.poll(() => engine.log.slice(before).map(({ name }) => name)).toContain('tokens.statuses');
  });

  it('applies a burst of events as one change, in their order', async () => {
    const engine = fakeEngine();
    let apply = () => {};
    let scheduled = 0;
    const store = createEngineStore(engine.connection, (given) => {
      scheduled += 1;
      apply = given;
    });
    await store.getState().readAll();
    let changes = 0;
    store.subscribe(() => {
      changes += 1;
    });
    for (let at = 0; at < 1_000; at += 1) {
      engine.emit({ kind: 'token_event', event: tokenEvent(`event ${at}`, at) });
      engine.emit({ kind: 'token_status', status: emptyStatus('orders', { refreshShown: at % 2 === 1 }) });
    }
    expect({ scheduled, changes }).toEqual({ scheduled: 1, changes: 0 });
    apply();
    expect(changes).toBe(1);
    const tokens = store.getState().snapshot?.tokens;
    expect(tokens?.statuses[orders]?.refreshShown).toBe(true);
    expect(tokens?.events.map(({ id }) => id)).toEqual(
      Array.from({ length: 1_000 }, (_, at) => `event ${at}`),
    );
    engine.emit({ kind: 'token_event', event: tokenEvent('after') });
    expect(scheduled).toBe(2);
  });

  it('never lets what was told earlier undo what is known since', async () => {
    const engine = fakeEngine();
    const store = createEngineStore(engine.connection, () => {});
    await store.getState().readAll();
    engine.emit({ kind: 'token_status', status: emptyStatus('orders') });
    store.getState().update((snapshot) => ({
      ...snapshot,
      tokens: { ...snapshot.tokens, statuses: { [orders]: emptyStatus('orders', { refreshShown: true }) } },
    }));
    engine.emit({ kind: 'token_event', event: tokenEvent('one') });
    expect(store.getState().snapshot?.tokens.statuses[orders]?.refreshShown).toBe(true);
    expect(store.getState().snapshot?.tokens.events).toEqual([]);
    store.getState().update((snapshot) => snapshot);
    expect(store.getState().snapshot?.tokens.events).toHaveLength(1);
  });

  it('applies events that come while it reads after what it read', async () => {
    const engine = fakeEngine({
      'tokens.statuses': async () => {
        engine.emit({ kind: 'token_status', status: emptyStatus('orders', { refreshShown: true }) });
        return { statuses: [emptyStatus('orders')] };
      },
    });
    const store = await readyStore(engine);
    expect(store.getState().snapshot?.tokens.statuses[orders]?.refreshShown).toBe(true);
  });

  it('reads everything again after a reconnect', async () => {
    let name = 'Orders';
    const engine = fakeEngine({
      'project.current': async () => ({ kind: 'open', project: { ...sampleProject(), name }, trusted: true }),
    });
    const store = await readyStore(engine);
    name = 'Renamed meanwhile';
    engine.reconnect();
    await expect
      .poll(() => store.getState().snapshot?.project)
      .toMatchObject({ project: { name: 'Renamed meanwhile' } });
  });

  it('knows after a reconnect what only events tell, in the same project alone', async () => {
    let folder = '/projects/orders';
    const engine = fakeEngine({
      'project.current': async () => ({ kind: 'open', project: sampleProject(folder), trusted: true }),
    });
    const store = await readyStore(engine);
    const known = () => {
      const { testRuns, recordings } = store.getState().snapshot ?? {};
      return { runs: Object.keys(testRuns ?? {}), recordings };
    };
    const run: TestRun = {
      ...{ id: 'run', profile: 'orders', persona: 'default', visible: false, stepping: true },
      ...{ steps: [], log: [], outcome: null },
    };
    engine.emit({ kind: 'test_run', run });
    engine.emit({ kind: 'recording', profile: 'orders', steps: 2 });
    await store.getState().readAll();
    expect(known()).toEqual({ runs: ['orders'], recordings: { orders: 2 } });
    folder = '/projects/other';
    await store.getState().readAll();
    expect(known()).toEqual({ runs: [], recordings: {} });
  });

  it('reads tokens and secrets again when another project is opened', async () => {
    const engine = fakeEngine();
    await readyStore(engine);
    const before = engine.log.length;
    engine.emit({
      kind: 'project',
      state: { kind: 'open', project: sampleProject('/other'), trusted: true },
    });
    await expect
      .poll(() => engine.log.slice(before).map(({ name }) => name))
      .toEqual(expect.arrayContaining(['settings.read', 'tokens.statuses', 'tokens.events', 'secrets.list']));
  });

  it('shows the project even if the vault cannot be read, and says why', async () => {
    const engine = fakeEngine({
      'tokens.statuses': async () => {
        throw new AppError('vault_damaged', 'The vault is damaged.');
      },
    });
    const { snapshot } = (await readyStore(engine)).getState();
    expect(snapshot?.project.kind).toBe('open');
    expect(snapshot?.tokens.problem).toMatchObject({ code: 'vault_damaged' });
  });

  it('keeps the failure of a first reading, and recovers', async () => {
    let up = false;
    const engine = fakeEngine();
    const { transport, listen } = engine.connection;
    const store = createEngineStore({
      listen,
      transport: async (name, params) => {
        if (!up) throw new AppError('engine_unreachable', 'The Grantwright engine does not answer.');
        return await transport(name, params);
      },
    });
    await expect.poll(() => store.getState().failure?.code).toBe('engine_unreachable');
    up = true;
    await store.getState().readAll();
    expect(store.getState()).toMatchObject({ failure: null, snapshot: { info: { host: 'web' } } });
  });
});
