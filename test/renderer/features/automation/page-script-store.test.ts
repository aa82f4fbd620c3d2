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
import { fakeEngine, readyStore } from '../../fake-engine.ts';

const page = (name: string, source = ''): PageScript => ({ name, url: '', selector: '', source });

async function start(handlers: Partial<Handlers> = {}) {
  const disk = { pages: [page('A', 'a()'), page('B'), page('C')] };
  const wire = fakeEngine({
    'pageScripts.read': async () => ({ pages: disk.pages }),
    'pageScripts.save': async ({ pages }) => {
      disk.pages = pages;
      return {};
    },
    'pageScripts.check': async ({ pages }) => ({ errors: pages.map(() => null) }),
    'pageScripts.convert': async () => ({ source: 'converted();', notes: ['A, line 1: look.'] }),
    'scripts.read': async () => ({ source: 'saved();' }),
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
    scripts,
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

  it('keeps what was changed here when the file changes, says so, and takes the file over when told to', async () => {
    const { disk, actions, key, state, names } = await start();
    actions.edit('orders', key('A'), { source: 'typed()' });
    await actions.read('orders');
    expect(state()).toMatchObject({ changedOutside: false });
    disk.pages = [page('Outside')];
    await actions.read('orders');
    await actions.read('orders');
    expect(state().changedOutside).toBe(true);
    expect(names()).toEqual(['A', 'B', 'C']);
    actions.discard('orders');
    expect(names()).toEqual(['Outside']);
    expect(state().changedOutside).toBe(false);
    disk.pages = [page('Again')];
    await actions.read('orders');
    expect(names()).toEqual(['Again']);
  });

  it('saves what is there, calls what has no name by its place, and keeps what is typed meanwhile', async () => {
    const { disk, actions, key, state } = await start({});
    actions.edit('orders', key('B'), { name: '  ' });
    const saving = actions.save('orders');
    actions.edit('orders', key('C'), { source: 'late()' });
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
