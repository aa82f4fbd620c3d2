import { describe, expect, it } from 'vitest';
import { createScriptStore } from '../../../../renderer/features/automation/script-store.ts';
import { AppError } from '../../../../shared/errors.ts';
import { fakeEngine, readyStore, sampleProject } from '../../fake-engine.ts';

/** A script's file, and a window on it; `gate` holds the engine's answers back while it is set. */
async function start(first: string | null = 'one') {
  const disk = { text: first };
  const gate: { open: Promise<void> } = { open: Promise.resolve() };
  const wire = fakeEngine({
    'scripts.read': async () => {
      const source = disk.text;
      await gate.open;
      return { source };
    },
    'scripts.check': async () => {
      await gate.open;
      return { error: null };
    },
    'scripts.save': async ({ source, base }) => {
      await gate.open;
      if (disk.text !== base && disk.text !== source) throw new AppError('script_changed', 'Changed.');
      disk.text = source;
      return {};
    },
  });
  const scripts = createScriptStore(await readyStore(wire));
  const script = () => scripts.getState().scripts.orders;
  await scripts.getState().read('orders');
  return { disk, gate, wire, store: scripts.getState(), script };
}

describe('a script that is changed outside', () => {
  it('is followed while nothing is typed, and when it is deleted', async () => {
    const { disk, store, script } = await start();
    disk.text = 'two';
    await store.read('orders');
    expect(script()).toMatchObject({ saved: 'two', draft: null, conflict: null });
    disk.text = null;
    await store.read('orders');
    expect(script()).toMatchObject({ saved: null, draft: null, conflict: null });
  });

  it.each([
    ['another text', 'theirs'],
    ['deleted', null],
  ])('loses neither text: %s', async (_how, theirs) => {
    const { disk, store, script } = await start();
    store.edit('orders', 'mine');
    disk.text = theirs;
    await store.read('orders');
    expect(script()).toMatchObject({ draft: 'mine', conflict: { theirs } });
    await store.save('orders');
    expect(disk.text).toBe(theirs);
    store.edit('orders', 'one');
    expect(script()).toMatchObject({ draft: 'one', conflict: { theirs } });
  });

  it('keeps mine, which the next save writes', async () => {
    const { disk, store, script } = await start();
    store.edit('orders', 'mine');
    disk.text = 'theirs';
    await store.read('orders');
    store.keepMine('orders');
    expect(script()).toMatchObject({ draft: 'mine', conflict: null });
    expect(disk.text).toBe('theirs');
    await store.read('orders');
    expect(script()).toMatchObject({ draft: 'mine', conflict: null });
    await store.save('orders');
    expect(disk.text).toBe('mine');
    expect(script()).toMatchObject({ saved: 'mine', draft: null });
  });

  it('takes the file’s, or asks again when it was changed once more', async () => {
    const { disk, store, script } = await start();
    store.edit('orders', 'mine');
    disk.text = 'theirs';
    await store.read('orders');
    store.keepMine('orders');
    disk.text = 'theirs again';
    await store.save('orders');
    expect(script()).toMatchObject({
      draft: 'mine',
      conflict: { theirs: 'theirs again' },
      saving: false,
      failure: null,
    });
    store.takeTheirs('orders');
    expect(script()).toMatchObject({ saved: 'theirs again', draft: null, conflict: null });
  });

  it('is a conflict found at saving, when no event has told of the change yet', async () => {
    const { disk, store, script } = await start();
    store.edit('orders', 'mine');
    disk.text = 'theirs';
    await store.save('orders');
    expect(disk.text).toBe('theirs');
    expect(script()).toMatchObject({ draft: 'mine', conflict: { theirs: 'theirs' }, saving: false });
  });

  it('is no conflict when both wrote the same, or the file is as it was again', async () => {
    const { disk, store, script } = await start();
    store.edit('orders', 'same');
    disk.text = 'same';
    await store.read('orders');
    expect(script()).toMatchObject({ saved: 'same', draft: null, conflict: null });
    store.edit('orders', 'mine');
    disk.text = 'theirs';
    await store.read('orders');
    disk.text = 'same';
    await store.read('orders');
    expect(script()).toMatchObject({ draft: 'mine', conflict: null });
  });

  it('is not taken for changed by this window’s own save, whatever is typed or read meanwhile', async () => {
    const { disk, gate, store, script } = await start();
    let open: () => void = () => undefined;
    gate.open = new Promise((resolve) => {
      open = resolve;
    });
    store.edit('orders', 'two');
    const work = [store.read('orders'), store.save('orders'), store.read('orders')];
    store.edit('orders', 'three');
    open();
    await Promise.all(work);
    expect(disk.text).toBe('three');
    store.edit('orders', 'four');
    const saving = store.save('orders');
    const reading = store.read('orders');
    await saving;
    store.edit('orders', 'five');
    await reading;
    expect(script()).toMatchObject({ saved: 'four', draft: 'five', conflict: null });
  });

  it('keeps the line ends of its file, and is not taken for changed because of them', async () => {
    const { disk, store, script } = await start('a\r\nb\r\n');
    store.edit('orders', 'a\nb\n');
    expect(script()).toMatchObject({ draft: null });
    store.edit('orders', 'a\nc\n');
    await store.save('orders');
    expect(disk.text).toBe('a\r\nc\r\n');
    expect(script()).toMatchObject({ draft: null, conflict: null });
  });

  it('of another project is not told here', async () => {
    const { gate, wire, store, script } = await start();
    let open: () => void = () => undefined;
    gate.open = new Promise((resolve) => {
      open = resolve;
    });
    store.edit('orders', 'mine');
    const work = Promise.all([store.save('orders'), store.read('orders'), store.check('orders')]);
    wire.emit({
      kind: 'project',
      state: { kind: 'open', trusted: true, project: sampleProject('/projects/other') },
    });
    open();
    await work;
    expect(script()).toBeUndefined();
  });
});
