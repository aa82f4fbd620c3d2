import { describe, expect, it } from 'vitest';
import {
  createScriptStore,
  scriptOf,
  sourceOf,
} from '../../../../renderer/features/automation/script-store.ts';
import type { Handlers } from '../../../../shared/contract/router.ts';
import { AppError } from '../../../../shared/errors.ts';
import { fakeEngine, readyStore } from '../../fake-engine.ts';

async function start(handlers: Partial<Handlers> = {}) {
  const wire = fakeEngine({
    'scripts.read': async () => ({ source: 'saved();' }),
    'scripts.check': async () => ({ error: null }),
    'scripts.save': async () => ({}),
    ...handlers,
  });
  const scripts = createScriptStore(await readyStore(wire));
  const script = () => scripts.getState().scripts.orders;
  return { wire, store: scripts.getState(), state: scripts.getState, script };
}

describe('script store', () => {
  it('never loses what was typed to a reading from disk', async () => {
    const { store, script } = await start();
    await store.read('orders');
    store.edit('orders', 'typed();');
    await store.read('orders');
    expect(script()).toMatchObject({ saved: 'saved();', draft: 'typed();' });
  });

  it('deletes an empty script, and keeps what was typed when saving fails', async () => {
    let full = false;
    const { wire, store, script } = await start({
      'scripts.save': async () => {
        if (full) throw new AppError('disk_full', 'The disk is full.');
        return {};
      },
    });
    await store.read('orders');
    store.edit('orders', '  ');
    await store.save('orders');
    expect(wire.log.at(-1)?.params).toEqual({ profile: 'orders', source: null, base: 'saved();' });
    full = true;
    store.edit('orders', 'typed();');
    await store.save('orders');
    expect(script()).toMatchObject({ draft: 'typed();', saving: false, failure: { code: 'disk_full' } });
  });

  it('reads the script of a profile whose id is the name of something that every object has', async () => {
    const { store, state } = await start();
    expect(scriptOf(state(), 'constructor')).toBeUndefined();
    await store.read('constructor');
    expect(scriptOf(state(), 'constructor')).toMatchObject({ saved: 'saved();', draft: null });
  });

  it('forgets the answer of a check that a later keystroke overtook', async () => {
    const { store, script } = await start({
      'scripts.check': async () => {
        store.edit('orders', 'fine();');
        return { error: { code: 'script_syntax', message: 'Unexpected end.', details: { line: 1 } } };
      },
    });
    store.edit('orders', 'broken(');
    await store.check('orders');
    const now = script();
    expect(now?.syntax).toBeNull();
    expect(now && sourceOf(now)).toBe('fine();');
  });
});
