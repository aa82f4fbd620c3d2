import { describe, expect, it } from 'vitest';
import { createTrustStore } from '../../../../renderer/features/project/trust-store.ts';
import type { ProjectState } from '../../../../shared/contract/calls.ts';
import { AppError } from '../../../../shared/errors.ts';
import { type FakeEngine, fakeEngine, readyStore, sampleProject } from '../../fake-engine.ts';

const openState = (trusted: boolean, folder?: string): ProjectState => ({
  kind: 'open',
  project: sampleProject(folder),
  trusted,
});

const review = { folder: '/projects/orders', name: 'Orders', scripts: [] };

async function rig(given: Parameters<typeof fakeEngine>[0] = {}) {
  const wire: FakeEngine = fakeEngine({
    'project.current': async () => openState(false),
    'scripts.review': async () => review,
    'project.trust': async () => openState(true),
    'project.distrust': async () => openState(false),
    ...given,
  });
  const engine = await readyStore(wire);
  const store = createTrustStore(engine);
  return { wire, store, engine };
}

describe('trust store', () => {
  it('asks with what would run, and gives the answer for that folder', async () => {
    const { wire, store, engine } = await rig();
    await store.getState().review();
    expect(store.getState()).toMatchObject({ asked: review, busy: false });
    await store.getState().trust();
    expect(wire.log.at(-1)).toEqual({ name: 'project.trust', params: { folder: '/projects/orders' } });
    expect(store.getState().asked).toBeNull();
    expect(engine.getState().snapshot?.project).toMatchObject({ trusted: true });
    await store.getState().distrust();
    expect(engine.getState().snapshot?.project).toMatchObject({ trusted: false });
  });

  it('drops the question when another project is opened', async () => {
    const { wire, store } = await rig();
    await store.getState().review();
    wire.emit({ kind: 'project', state: openState(false, '/other') });
    expect(store.getState().asked).toBeNull();
    await store.getState().trust();
    expect(wire.log.map(({ name }) => name)).not.toContain('project.trust');
  });

  it('does not ask about a project that was open when the reading began', async () => {
    const { wire, store } = await rig({
      'scripts.review': async () => {
        wire.emit({ kind: 'project', state: openState(false, '/other') });
        return review;
      },
    });
    await store.getState().review();
    expect(store.getState()).toMatchObject({ asked: null, busy: false });
  });

  it('keeps the question, with the reason, when the answer cannot be kept', async () => {
    const { store } = await rig({
      'project.trust': async () => {
        throw new AppError('file_write_failed', 'The settings could not be written.');
      },
    });
    await store.getState().review();
    await store.getState().trust();
    expect(store.getState()).toMatchObject({ asked: review, failure: { code: 'file_write_failed' } });
    store.getState().dismiss();
    expect(store.getState()).toMatchObject({ asked: null, failure: null });
  });
});
