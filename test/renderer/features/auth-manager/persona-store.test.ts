import { describe, expect, it } from 'vitest';
import {
  activePersona,
  commonPersona,
  personaNames,
} from '../../../../renderer/features/auth-manager/personas.ts';
import { AppError } from '../../../../shared/errors.ts';
import { newProfile } from '../../../../shared/model/profile.ts';
import { until } from '../../../fixtures/until.ts';
import { gate } from '../automation/rig.ts';
import { projectWith, start, two, withTwo } from './rig.ts';

const settings = { theme: 'system' as const, environment: null, recentProjects: [] };

function profileWith(...names: string[]) {
  return { ...newProfile('x'), personas: names.map((name) => ({ name, values: [] })) };
}

describe('the active persona', () => {
  it('is the chosen one even when it is gone, and the first while there is no choice', () => {
    const profile = profileWith('admin', 'reader');
    const active = (chosen: Record<string, string>, id = 'a') => activePersona({ id, profile }, chosen);
    expect([active({}), active({ a: 'reader' }), active({ a: 'gone' })]).toEqual(['admin', 'reader', 'gone']);
    expect(active({}, 'constructor')).toBe('admin');
    expect(personaNames(profile, 'gone')).toEqual(['admin', 'reader', 'gone']);
  });

  it('is common when all profiles with several agree, and none otherwise', () => {
    const profiles = [
      { id: 'a', profile: profileWith('admin', 'reader') },
      { id: 'b', profile: profileWith('admin', 'guest') },
      { id: 'c', profile: profileWith('default') },
    ];
    expect(commonPersona(profiles, {})).toEqual({ names: ['admin', 'reader', 'guest'], active: 'admin' });
    expect(commonPersona(profiles, { a: 'reader' })?.active).toBeNull();
    expect(commonPersona(profiles.slice(2), {})).toBeNull();
  });

  it('is chosen at the engine, for one profile or for all, and shown at once', async () => {
    const { personas, engine, sent } = await start({
      ...withTwo,
      'settings.setPersona': async ({ persona }) => ({ ...settings, personas: { orders: persona } }),
    });
    await personas.getState().choose('orders', 'reader');
    expect(engine.getState().snapshot?.settings.personas).toEqual({ orders: 'reader' });
    await personas.getState().choose(null, 'admin');
    expect(engine.getState().snapshot?.settings.personas).toEqual({ orders: 'admin' });
    expect(sent('settings.setPersona')).toEqual([
      { profile: 'orders', persona: 'reader' },
      { profile: null, persona: 'admin' },
    ]);
  });

  it('stays when it could not be chosen, and the window says why until it could', async () => {
    let gone = true;
    const { personas, engine } = await start({
      'settings.setPersona': async () => {
        if (gone) throw new AppError('persona_not_found', 'Gone.');
        return { ...settings, personas: {} };
      },
    });
    const problem = () => personas.getState().choiceFailure;
    await personas.getState().choose('orders', 'reader');
    expect(engine.getState().snapshot?.settings.personas).toEqual({});
    expect(problem()).toMatchObject({ code: 'persona_not_found' });
    gone = false;
    await personas.getState().choose('orders', 'reader');
    expect(problem()).toBeNull();
  });

  it('is on its way until the last of several choices has answered', async () => {
    const answers: (() => void)[] = [];
    const { personas } = await start({
      ...withTwo,
      'settings.setPersona': async () => {
        await new Promise<void>((resolve) => answers.push(resolve));
        return { ...settings, personas: {} };
      },
    });
    const both = ['reader', 'admin'].map((name) => personas.getState().choose('orders', name));
    await until(() => answers.length === 2);
    answers[0]?.();
    await both[0];
    expect(personas.getState().choosing).toBe(true);
    answers[1]?.();
    await both[1];
    expect(personas.getState().choosing).toBe(false);
  });
});

describe('personas of a profile', () => {
  it('begin with the value names of the first one, and nothing of its values', async () => {
    const { personas, profile } = await start(withTwo);
    expect(await personas.getState().add('orders', 'guest')).toBeNull();
    expect(profile()?.personas[2]).toEqual({
      name: 'guest',
      values: [
        { name: 'user', kind: 'plain', value: '' },
        { name: 'password', kind: 'secret', value: '' },
      ],
    });
  });

  it('have a name each, which another cannot take', async () => {
    const { personas, sent } = await start(withTwo);
    expect(await personas.getState().add('orders', 'reader')).toMatchObject({ code: 'name_taken' });
    expect(await personas.getState().rename('orders', 'admin', 'reader')).toMatchObject({
      code: 'name_taken',
    });
    expect(await personas.getState().rename('orders', 'admin', 'admin')).toBeNull();
    for (const name of [' ', 'x'.repeat(121)]) {
      expect(await personas.getState().add('orders', name)).toMatchObject({ code: 'name_invalid' });
      expect(await personas.getState().rename('orders', 'admin', name)).toMatchObject({
        code: 'name_invalid',
      });
    }
    expect([...sent('profiles.save'), ...sent('profiles.renamePersona')]).toEqual([]);
  });

  it('are removed but for the last', async () => {
    const { personas, profile, wire } = await start({
      ...withTwo,
      'settings.setPersona': async ({ persona }) => ({ ...settings, personas: { orders: persona } }),
    });
    const before = wire.log.length;
    await personas.getState().remove('orders', 'admin');
    await personas.getState().remove('orders', 'reader');
    expect(profile()?.personas.map(({ name }) => name)).toEqual(['reader']);
    // It was the active one: another is, before it goes.
    expect(wire.log.slice(before).map(({ name }) => name)).toEqual(['settings.setPersona', 'profiles.save']);
  });

  it('stay when another one cannot be made the active one', async () => {
    const { personas, profile } = await start(withTwo);
    await personas.getState().remove('orders', 'admin');
    expect(profile()?.personas.map(({ name }) => name)).toEqual(['admin', 'reader']);
  });

  it('are renamed after what was typed was saved, and nothing is saved under the old name later', async () => {
    const { personas, drafts, profile, engine, wire, sent } = await start({
      ...withTwo,
      'settings.read': async () => ({ ...settings, personas: { orders: 'owner' } }),
      'profiles.renamePersona': async () => ({}),
    });
    engine
      .getState()
      .update((snapshot) => ({ ...snapshot, settings: { ...settings, personas: { orders: 'admin' } } }));
    // An empty row stays in the draft after a save.
    const rows = [...(two[0]?.values ?? []), { name: '', kind: 'plain' as const, value: '' }];
    drafts.getState().edit('orders', {
      scope: 'openid',
      personas: two.map((persona) => (persona.name === 'admin' ? { ...persona, values: rows } : persona)),
    });
    const before = wire.log.length;
    expect(await personas.getState().rename('orders', 'admin', 'owner')).toBeNull();
    expect(wire.log.slice(before, before + 2).map(({ name }) => name)).toEqual([
      'profiles.save',
      'profiles.renamePersona',
    ]);
    expect(sent('profiles.renamePersona')).toEqual([{ profile: 'orders', from: 'admin', to: 'owner' }]);
    expect(engine.getState().snapshot?.settings.personas).toEqual({ orders: 'owner' });
    drafts.getState().edit('orders', { scope: 'openid email' });
    await drafts.getState().commit('orders');
    expect(profile()?.personas.map(({ name }) => name)).toEqual(['owner', 'reader']);
  });

  it('are renamed once their secrets are in the vault, and keep them', async () => {
    const vault = gate();
    const { personas, secrets, profile } = await start({
      ...withTwo,
      'secrets.save': async () => {
        await vault.opened;
        return {};
      },
      'profiles.renamePersona': async () => ({}),
    });
    const stored = secrets.getState().storeValue('orders', 'reader', 'user', 'bob');
    const renamed = personas.getState().rename('orders', 'reader', 'guest');
    vault.open();
    await Promise.all([stored, renamed]);
    expect(profile()?.personas[1]).toEqual({
      name: 'guest',
      values: [{ name: 'user', kind: 'secret', value: '{{orders..reader.user}}' }],
    });
  });

  it.each(['profiles.save', 'profiles.renamePersona', 'settings.setPersona'] as const)(
    'are changed in no other project that is opened during %s',
    async (name) => {
      const answer = <Result>(of: string, result: Result) => ({
        [of]: async () => {
          const project = projectWith(two, '/other');
          if (of === name) wire.emit({ kind: 'project', state: { kind: 'open', project, trusted: true } });
          return result;
        },
      });
      const { wire, drafts, personas, profile } = await start({
        ...withTwo,
        ...answer('profiles.save', {}),
        ...answer('profiles.renamePersona', {}),
        ...answer('settings.setPersona', { ...settings, personas: {} }),
      });
      drafts.getState().edit('orders', { scope: 'openid' });
      if (name === 'settings.setPersona') await personas.getState().remove('orders', 'admin');
      else await personas.getState().rename('orders', 'admin', 'owner');
      expect(profile()?.personas).toEqual(two);
      expect(wire.log.findLast((call) => /[.](save|rename|set)/.test(call.name))?.name).toBe(name);
    },
  );

  it('keep their name when what was typed cannot be saved or the engine refuses', async () => {
    const { personas, drafts, profile, sent } = await start({
      ...withTwo,
      'profiles.renamePersona': async () => {
        throw new AppError('disk_full', 'The disk is full.');
      },
    });
    expect(await personas.getState().rename('orders', 'admin', 'owner')).toMatchObject({ code: 'disk_full' });
    drafts.getState().edit('orders', { name: '' });
    expect(await personas.getState().rename('orders', 'admin', 'owner')).toMatchObject({
      code: 'profile_incomplete',
    });
    expect(sent('profiles.renamePersona')).toHaveLength(1);
    expect(profile()?.personas[0]?.name).toBe('admin');
  });
});
