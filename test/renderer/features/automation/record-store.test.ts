import { describe, expect, it } from 'vitest';
import { createProfileDrafts } from '../../../../renderer/features/auth-manager/index.ts';
import { createRecordStore, recordingOf } from '../../../../renderer/features/automation/record-store.ts';
import { createScriptStore, sourceOf } from '../../../../renderer/features/automation/script-store.ts';
import type { Handlers } from '../../../../shared/contract/router.ts';
import { AppError } from '../../../../shared/errors.ts';
import { fakeEngine, readyStore, sampleProject } from '../../fake-engine.ts';

const recorded = {
  source: 'recorded();',
  missing: [{ name: 'user', secret: false, differs: false }],
  hosts: ['login.example.test'],
};

async function start(handlers: Partial<Handlers> = {}) {
  const wire = fakeEngine({
    'scripts.read': async () => ({ source: 'saved();' }),
    'scripts.check': async () => ({ error: null }),
    'scripts.record': async () => recorded,
    'scripts.cancelRecording': async () => ({}),
    ...handlers,
  });
  const engine = await readyStore(wire);
  const scripts = createScriptStore(engine);
  const store = createRecordStore({ engine, drafts: createProfileDrafts(engine), scripts });
  await scripts.getState().read('orders');
  const text = () => {
    const script = scripts.getState().scripts.orders;
    return script && sourceOf(script);
  };
  const state = () => recordingOf(store.getState(), 'orders');
  return { wire, engine, store: store.getState(), scripts: scripts.getState(), text, state };
}

describe('record store', () => {
  it('puts the script into the editor, unsaved, and what stood there back', async () => {
    const { wire, store, scripts, text, state } = await start();
    scripts.edit('orders', 'typed();');
    await store.record('orders', 'default');
    expect(text()).toBe('recorded();');
    const { missing, hosts } = recorded;
    expect(state()).toEqual({ kind: 'done', persona: 'default', missing, hosts, before: 'typed();' });
    await store.allowHosts('orders');
    expect(wire.log.at(-1)).toMatchObject({
      name: 'profiles.save',
      params: { id: 'orders', profile: { scriptHosts: hosts } },
    });
    expect(state()).toMatchObject({ kind: 'done', hosts: [] });
    store.putBack('orders');
    expect(text()).toBe('typed();');
    expect(state()).toBeUndefined();
  });

  it('leaves the script alone when it fails, and says nothing of what the person ended', async () => {
    for (const code of ['consent_page_failed', 'consent_cancelled'] as const) {
      const { store, text, state } = await start({
        'scripts.record': async () => {
          throw new AppError(code, 'It ended.');
        },
      });
      await store.record('orders', 'default');
      expect(text()).toBe('saved();');
      expect(state()?.kind).toBe(code === 'consent_cancelled' ? undefined : 'failed');
    }
  });

  it('gives no script of one project to another', async () => {
    let finish = (): void => undefined;
    const { wire, store, text, state } = await start({
      'scripts.record': () =>
        new Promise((resolve) => {
          finish = () => resolve(recorded);
        }),
    });
    const work = store.record('orders', 'default');
    await expect.poll(() => state()?.kind).toBe('recording');
    await expect.poll(() => wire.log.some(({ name }) => name === 'scripts.record')).toBe(true);
    wire.emit({
      kind: 'project',
      state: { kind: 'open', trusted: true, project: sampleProject('/projects/other') },
    });
    await expect.poll(state).toBeUndefined();
    finish();
    await work;
    expect(text()).not.toBe('recorded();');
  });
});
