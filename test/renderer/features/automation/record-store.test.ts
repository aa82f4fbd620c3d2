import { describe, expect, it } from 'vitest';
import {
  createRecordStore,
  outcomeOf,
  stepsSoFar,
} from '../../../../renderer/features/automation/record-store.ts';
import { createScriptStore, sourceOf } from '../../../../renderer/features/automation/script-store.ts';
import type { Handlers } from '../../../../shared/contract/router.ts';
import { AppError } from '../../../../shared/errors.ts';
import { gate, start as startParts } from './rig.ts';

const recorded = {
  source: 'recorded();',
  missing: [{ name: 'user', secret: false, differs: false }],
  hosts: ['login.example.test'],
};

async function start(handlers: Partial<Handlers> = {}) {
  const parts = await startParts({
    'scripts.record': async () => recorded,
    'scripts.cancelRecording': async () => ({}),
    ...handlers,
  });
  const { engine, drafts, secrets } = parts;
  const scripts = createScriptStore(engine);
  const store = createRecordStore({ engine, drafts, secrets, scripts });
  await scripts.getState().read('orders');
  const text = () => {
    const script = scripts.getState().scripts.orders;
    return script && sourceOf(script);
  };
  const steps = () => {
    const { snapshot } = engine.getState();
    return snapshot === null ? undefined : stepsSoFar(snapshot, 'orders');
  };
  const outcome = () => outcomeOf(store.getState(), 'orders');
  return { ...parts, store: store.getState(), scripts: scripts.getState(), text, steps, outcome };
}

/** A recording that goes on until `answer` is opened. */
async function startHeld() {
  const answer = gate();
  const rig = await start({
    'scripts.record': async () => {
      await answer.opened;
      return recorded;
    },
  });
  const work = rig.store.record('orders', 'default');
  await expect.poll(rig.steps).toBe(0);
  return { ...rig, answer, work };
}

describe('record store', () => {
  it('puts the script into the editor, unsaved, and what stood there back', async () => {
    const { store, scripts, text, outcome, steps } = await start();
    scripts.edit('orders', 'typed();');
    await store.record('orders', 'default');
    expect(text()).toBe('recorded();');
    expect(steps()).toBeUndefined();
    expect(outcome()).toEqual({
      ...{ kind: 'done', persona: 'default', before: 'typed();', error: null },
      ...recorded,
    });
    store.putBack('orders');
    expect(text()).toBe('typed();');
    expect(outcome()).toBeUndefined();
  });

  it('allows hosts beside those that are typed already, and keeps its outcome when that cannot be saved', async () => {
    const { wire, store, drafts, outcome } = await start({
      'profiles.save': async ({ profile }) => {
        if (profile.name === 'unlucky') throw new AppError('disk_full', 'The disk is full.');
        return {};
      },
    });
    await store.record('orders', 'default');
    drafts.getState().edit('orders', { scriptHosts: 'typed.example.test', name: 'unlucky' });
    await store.allowHosts('orders', recorded.hosts);
    expect(outcome()).toMatchObject({ ...recorded, kind: 'done', error: { code: 'profile_incomplete' } });
    drafts.getState().edit('orders', { name: 'Orders' });
    await store.allowHosts('orders', recorded.hosts);
    expect(wire.log.at(-1)).toMatchObject({
      name: 'profiles.save',
      params: { profile: { scriptHosts: ['typed.example.test', 'login.example.test'] } },
    });
    expect(outcome()).toMatchObject({ kind: 'done', error: null });
  });

  it('adds no host that is typed already, whatever stands between them', async () => {
    const { store, drafts } = await start();
    await store.record('orders', 'default');
    const scriptHosts = 'half-typed/;login.example.test';
    drafts.getState().edit('orders', { scriptHosts });
    await store.allowHosts('orders', recorded.hosts);
    expect(drafts.getState().patches.orders).toEqual({ scriptHosts });
  });

  it('brings back no note that was dismissed while hosts were being allowed', async () => {
    const { store, outcome } = await start();
    await store.record('orders', 'default');
    const work = store.allowHosts('orders', recorded.hosts);
    store.dismiss('orders');
    await work;
    expect(outcome()).toBeUndefined();
  });

  it('leaves the script alone when it fails, and says nothing of what the person ended', async () => {
    for (const code of ['consent_page_failed', 'consent_cancelled'] as const) {
      const { store, text, outcome } = await start({
        'scripts.record': async () => {
          throw new AppError(code, 'It ended.');
        },
      });
      await store.record('orders', 'default');
      expect(text()).toBe('saved();');
      expect(outcome()?.kind).toBe(code === 'consent_cancelled' ? undefined : 'failed');
    }
  });

  it('begins none while one is under way, in whichever window, and stops that one', async () => {
    const { wire, store, steps, called } = await start();
    wire.emit({ kind: 'recording', profile: 'orders', steps: 3 });
    await store.record('orders', 'default');
    expect(called()).not.toContain('scripts.record');
    await store.stop('orders');
    expect(called()).toContain('scripts.cancelRecording');
    expect(steps()).toBeUndefined();
  });

  it('begins one alone, however often it is asked', async () => {
    const { store, called, answer, work } = await startHeld();
    await store.record('orders', 'default');
    answer.open();
    await work;
    expect(called().filter((name) => name === 'scripts.record')).toHaveLength(1);
  });

  it('records nothing with settings that cannot be saved', async () => {
    const { store, drafts, called, outcome } = await start();
    drafts.getState().edit('orders', { name: '' });
    await store.record('orders', 'default');
    expect(called()).not.toContain('scripts.record');
    expect(outcome()).toMatchObject({ kind: 'failed', error: { code: 'profile_incomplete' } });
  });

  it('gives no script of one project to another, and takes nothing from it', async () => {
    const { wire, openOther, text, outcome, steps, answer, work } = await startHeld();
    openOther();
    expect(steps()).toBeUndefined();
    wire.emit({ kind: 'recording', profile: 'orders', steps: 2 });
    answer.open();
    await work;
    expect(text()).not.toBe('recorded();');
    expect(outcome()).toBeUndefined();
    await expect.poll(steps).toBe(2);
  });
});
