import { describe, expect, it } from 'vitest';
import {
  createTestRunStore,
  newestRun,
  pictureKey,
  testRunOf,
} from '../../../../renderer/features/automation/test-run-store.ts';
import type { Handlers } from '../../../../shared/contract/router.ts';
import { AppError } from '../../../../shared/errors.ts';
import type { TestRun } from '../../../../shared/model/test-run.ts';
import { gate, start as startParts } from './rig.ts';

const trial = { kind: 'script' as const, source: 'log(1);' };

const run = (patch: Partial<TestRun> = {}): TestRun => ({
  ...{ id: 'run', profile: 'orders', persona: 'default', visible: false, stepping: false },
  ...{ steps: [], log: [], outcome: null },
  ...patch,
});

async function start(handlers: Partial<Handlers> = {}) {
  const parts = await startParts({
    'testRuns.start': async () => run({ outcome: { kind: 'token_obtained' } }),
    'testRuns.next': async () => ({}),
    'testRuns.stop': async () => ({}),
    'testRuns.picture': async () => ({ jpeg: 'jpeg' }),
    ...handlers,
  });
  const { engine, drafts, secrets, wire } = parts;
  const store = createTestRunStore({ engine, drafts, secrets });
  return {
    ...parts,
    store: store.getState(),
    state: () => testRunOf(store.getState(), 'orders'),
    shown: () => {
      const { snapshot } = engine.getState();
      return snapshot === null ? undefined : newestRun(snapshot, 'orders');
    },
    tell: (told: TestRun) => wire.emit({ kind: 'test_run', run: told }),
  };
}

const gone = async (): Promise<never> => {
  throw new AppError('test_run_not_found', 'It is over.');
};

describe('test run store', () => {
  it('saves what was typed before it runs', async () => {
    const { store, drafts, called } = await start();
    drafts.getState().edit('orders', { name: 'typed' });
    await store.start('orders', trial, false);
    expect(called().slice(-2)).toEqual(['profiles.save', 'testRuns.start']);
  });

  it('runs nothing with settings that cannot be saved, and says so', async () => {
    const { store, drafts, called, state } = await start();
    drafts.getState().edit('orders', { name: '' });
    await store.start('orders', trial, false);
    expect(called()).not.toContain('testRuns.start');
    expect(state().failure?.code).toBe('profile_incomplete');
  });

  it('shows the outcome when its event was lost, but over no run that has begun since', async () => {
    const answer = gate();
    const { store, shown, tell, called } = await start({
      'testRuns.start': async () => {
        await answer.opened;
        return run({ outcome: { kind: 'token_obtained' } });
      },
    });
    const first = store.start('orders', trial, false);
    await expect.poll(called).toContain('testRuns.start');
    tell(run());
    answer.open();
    await first;
    expect(shown()?.outcome).toEqual({ kind: 'token_obtained' });
    tell(run({ id: 'another' }));
    await store.start('orders', trial, false);
    expect(shown()?.id).toBe('another');
  });

  it('drops a run that the engine has no more, and says why', async () => {
    const { store, shown, state, tell } = await start({ 'testRuns.stop': gone });
    tell(run());
    await store.stop(run());
    expect(shown()).toBeUndefined();
    expect(state().failure?.code).toBe('test_run_not_found');
  });

  it('fetches a picture once, and leaves a failure where it is', async () => {
    const answer = gate();
    const { store, state, called } = await start({
      'testRuns.next': async () => {
        throw new AppError('engine_unreachable', 'No answer.');
      },
      'testRuns.picture': async () => {
        await answer.opened;
        return { jpeg: 'jpeg' };
      },
    });
    await store.next(run(), false);
    const work = [store.look(run(), 1), store.look(run(), 1)];
    const key = pictureKey(run(), 1);
    expect(state().pictures[key]).toEqual({ kind: 'coming' });
    answer.open();
    await Promise.all(work);
    await store.look(run(), 1);
    expect(state().pictures[key]).toEqual({ kind: 'there', jpeg: 'jpeg' });
    expect(called().filter((name) => name === 'testRuns.picture')).toHaveLength(1);
    expect(state().failure?.code).toBe('engine_unreachable');
  });

  it('shows no picture of a run that is gone, and says when one could not be fetched', async () => {
    const { store, state } = await start({ 'testRuns.picture': gone });
    await store.look(run(), 1);
    expect(state()).toMatchObject({
      failure: null,
      pictures: { [pictureKey(run(), 1)]: { kind: 'there', jpeg: null } },
    });
    const other = await start({
      'testRuns.picture': async () => {
        throw new AppError('engine_unreachable', 'No answer.');
      },
    });
    await other.store.look(run(), 1);
    expect(other.state().failure?.code).toBe('engine_unreachable');
  });

  it('knows nothing of the profile of the same id in another project', async () => {
    const answer = gate();
    const { store, state, shown, openOther, called } = await start({
      'testRuns.start': async () => {
        await answer.opened;
        throw new AppError('project_not_trusted', 'Not trusted.');
      },
      'testRuns.next': gone,
    });
    await store.next(run(), false);
    const work = store.start('orders', trial, false);
    await expect.poll(called).toContain('testRuns.start');
    store.choose('orders', 1);
    openOther();
    answer.open();
    await work;
    expect(state()).toEqual({ failure: null, chosen: null, pictures: {} });
    expect(shown()).toBeUndefined();
  });
});
