import { describe, expect, it } from 'vitest';
import {
  createPageScriptStore,
  isChanged,
  pageScriptsOf,
} from '../../../../renderer/features/automation/page-script-store.ts';
import { createScriptStore, scriptOf } from '../../../../renderer/features/automation/script-store.ts';
import type { Handlers } from '../../../../shared/contract/router.ts';
import { AppError } from '../../../../shared/errors.ts';
import type { PageScript } from '../../../../shared/model/page-script.ts';
import { fakeEngine, readyStore, sampleProject } from '../../fake-engine.ts';

const page = (name: string, source = ''): PageScript => ({ name, url: '', selector: '', source });

async function start(handlers: Partial<Handlers> = {}) {
  const disk = { pages: [page('A', 'a()'), page('B'), page('C')] };
  let held = Promise.resolve();
  /** Holds the engine's answers back, until what `close` gives is called. */
  const gate = {
    close: (): (() => void) => {
      let open = (): void => undefined;
      held = new Promise((resolve) => {
        open = resolve;
      });
      return open;
    },
  };
  const reading = { also: (): void => undefined };
  const wire = fakeEngine({
    'pageScripts.read': async () => {
      const { pages } = disk;
      await held;
      return { pages };
    },
    'pageScripts.save': async ({ pages, base }) => {
      await held;
      if (JSON.stringify(base) !== JSON.stringify(disk.pages)) {
        throw new AppError('script_changed', 'Changed.');
      }
      disk.pages = pages;
      return {};
    },
    'pageScripts.check': async ({ pages }) => {
      await held;
      return { errors: pages.map(() => null) };
    },
    'pageScripts.convert': async () => {
      await held;
      return { source: 'converted();', notes: ['A, line 1: look.'] };
    },
    'scripts.read': async () => {
      reading.also();
      return { source: 'saved();' };
    },
    'scripts.check': async () => ({ error: null }),
    ...handlers,
  });
  const engine = await readyStore(wire);
  const scripts = createScriptStore(engine);
  const store = createPageScriptStore(engine, scripts);
  await store.getState().read('orders');
  const state = () => {
    const found = pageScriptsOf(store.getState(), 'orders');
    if (found === undefined) throw new Error('not read');
    return found;
  };
  const key = (name: string) => state().rows.find((row) => row.name === name)?.key ?? -1;
  return {
    disk,
    gate,
    reading,
    wire,
    scripts,
    profiles: () => store.getState().profiles,
    openOther: () => {
      const project = sampleProject('/projects/other');
      wire.emit({ kind: 'project', state: { kind: 'open', trusted: true, project } });
    },
    actions: store.getState(),
    state,
    key,
    names: () => state().rows.map(({ name }) => name),
  };
}

describe('page script store', () => {
  it('moves a page script to its place in the list as it is afterwards', async () => {
    const { actions, key, names } = await start();
    actions.move('orders', key('A'), 2);
    expect(names()).toEqual(['B', 'C', 'A']);
    actions.move('orders', key('A'), 0);
    actions.move('orders', key('B'), -5);
    expect(names()).toEqual(['B', 'A', 'C']);
    actions.move('orders', 999, 0);
    expect(names()).toEqual(['B', 'A', 'C']);
  });

  it('loses neither when the file changes under what is not saved, and takes the file’s when told to', async () => {
    const { disk, actions, key, state, names } = await start();
    actions.edit('orders', key('A'), { source: 'typed()' });
    await actions.read('orders');
    expect(state().conflict).toBeNull();
    disk.pages = [page('Outside')];
    await actions.read('orders');
    await actions.read('orders');
    expect(state().conflict).toEqual({ theirs: [page('Outside')] });
    expect(names()).toEqual(['A', 'B', 'C']);
    await actions.save('orders');
    expect(disk.pages).toEqual([page('Outside')]);
    actions.takeTheirs('orders');
    expect(names()).toEqual(['Outside']);
    expect(state()).toMatchObject({ conflict: null, saved: [page('Outside')] });
    disk.pages = [page('Again')];
    await actions.read('orders');
    expect(names()).toEqual(['Again']);
  });

  it('finds at saving that the file was changed, keeps mine when told to, and then writes over it', async () => {
    const { disk, actions, key, state, names } = await start();
    actions.edit('orders', key('A'), { source: 'typed()' });
    disk.pages = [page('Outside')];
    await actions.save('orders');
    expect(disk.pages).toEqual([page('Outside')]);
    expect(state()).toMatchObject({
      conflict: { theirs: [page('Outside')] },
      saving: false,
      failure: null,
    });
    actions.keepMine('orders');
    await actions.save('orders');
    expect(disk.pages.map(({ source }) => source)).toEqual(['typed()', '', '']);
    expect(names()).toEqual(['A', 'B', 'C']);
    expect(isChanged(state())).toBe(false);
  });

  it('writes nothing when nothing was changed', async () => {
    const { wire, actions, key } = await start();
    await actions.save('orders');
    actions.edit('orders', key('A'), { source: 'typed()' });
    await Promise.all([actions.save('orders'), actions.save('orders')]);
    expect(wire.log.filter(({ name }) => name === 'pageScripts.save')).toHaveLength(1);
  });

  it('takes no answer that was overtaken for news', async () => {
    const { actions, gate, key, state } = await start();
    const open = gate.close();
    actions.edit('orders', key('A'), { source: 'typed()' });
    const work = [actions.read('orders'), actions.save('orders'), actions.read('orders')];
    open();
    await Promise.all(work);
    expect(state()).toMatchObject({ conflict: null });
    expect(isChanged(state())).toBe(false);
  });

  it.each(['read', 'save', 'check', 'convert'] as const)(
    'tells nothing of another project: %s',
    async (what) => {
      const { actions, gate, key, profiles, scripts, openOther } = await start();
      actions.edit('orders', key('A'), { source: 'typed()' });
      const open = gate.close();
      const work = actions[what]('orders');
      openOther();
      open();
      await work;
      expect(profiles()).toEqual({});
      expect(scripts.getState().scripts).toEqual({});
    },
  );

  it('gives no converted script to a project that is opened while the script is read', async () => {
    const { actions, scripts, openOther, reading } = await start();
    reading.also = openOther;
    expect(await actions.convert('orders')).toBe(false);
    expect(scripts.getState().scripts).toEqual({});
  });

  it('saves what is there, calls what has no name by its place, and keeps what is typed meanwhile', async () => {
    const { disk, gate, wire, actions, key, state } = await start();
    actions.edit('orders', key('B'), { name: '  ' });
    const open = gate.close();
    const saving = actions.save('orders');
    await expect.poll(() => wire.log.at(-1)?.name).toBe('pageScripts.save');
    actions.edit('orders', key('C'), { source: 'late()' });
    open();
    await saving;
    expect(disk.pages.map(({ name }) => name)).toEqual(['A', 'Page 2', 'C']);
    expect(isChanged(state())).toBe(true);
    await actions.save('orders');
    expect(isChanged(state())).toBe(false);
    expect(disk.pages[2]?.source).toBe('late()');
  });

  it('loses nothing when saving fails', async () => {
    const { actions, state, names } = await start({
      'pageScripts.save': async () => {
        throw new AppError('disk_full', 'The disk is full.');
      },
    });
    actions.add('orders');
    await actions.save('orders');
    expect(state()).toMatchObject({ failure: { code: 'disk_full' }, saving: false });
    expect(names()).toEqual(['A', 'B', 'C', 'Page 4']);
    expect(isChanged(state())).toBe(true);
  });

  it('keeps a syntax error with its page script wherever that goes, and forgets one that is outdated', async () => {
    const error = { code: 'script_syntax' as const, message: 'Bad.' };
    const { actions, key, state } = await start({
      'pageScripts.check': async ({ pages }) => ({
        errors: pages.map(({ source }) => (source === 'a()' ? error : null)),
      }),
    });
    await actions.check('orders');
    actions.move('orders', key('A'), 2);
    expect(state().syntax).toEqual({ [key('A')]: error });
    actions.edit('orders', key('A'), { source: 'b()' });
    const checking = actions.check('orders');
    actions.edit('orders', key('A'), { source: 'a()' });
    await checking;
    expect(state().syntax).toEqual({ [key('A')]: error });
  });

  it('puts the converted script into the script editor as a draft', async () => {
    const { actions, scripts, state } = await start();
    expect(await actions.convert('orders')).toBe(true);
    expect(scriptOf(scripts.getState(), 'orders')).toMatchObject({
      saved: 'saved();',
      draft: 'converted();',
    });
    expect(state().notes).toEqual(['A, line 1: look.']);
    actions.dismissNotes('orders');
    expect(state().notes).toBeNull();
  });
});
