import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { storedKey, valueField } from '../../../../renderer/features/auth-manager/secret-store.ts';
import type { Settings } from '../../../../shared/contract/calls.ts';
import { AppError } from '../../../../shared/errors.ts';
import { emptyStatus, sampleProject } from '../../fake-engine.ts';
import { start, two, withTwo } from './rig.ts';

describe('secret values of personas', () => {
  const vault = (whileStoring: () => void = () => {}) => {
    const stored: Record<string, string> = {};
    return {
      stored,
      handlers: {
        ...withTwo,
        'secrets.save': async ({ name, value }: { name: string; value: string }) => {
          stored[name] = value;
          whileStoring();
          return {};
        },
      },
    };
  };

  it('go to a variable of their persona, and no value stays in the window', async () => {
    const { stored, handlers } = vault();
    const { secrets, drafts, engine, manager, profile } = await start(handlers);
    expect(await secrets.getState().storeValue('orders', 'reader', 'user', 'MARKER')).toBe(true);
    expect(await secrets.getState().storeValue('orders', 'admin', 'password', 'MARKER')).toBe(true);
    expect(Object.keys(stored)).toEqual(['orders..reader.user', 'orders.password']);
    expect(profile()?.personas[1]?.values).toEqual([
      { name: 'user', kind: 'secret', value: '{{orders..reader.user}}' },
    ]);
    const states = [secrets.getState(), drafts.getState(), engine.getState(), manager.getState()];
    expect(JSON.stringify(states)).not.toContain('MARKER');
  });

  it('keep what was typed elsewhere while they were being stored', async () => {
    const { handlers } = vault(() => {
      drafts.getState().edit('orders', {
        personas: [...two, { name: 'guest', values: [{ name: 'user', kind: 'plain', value: 'typed' }] }],
      });
    });
    const { secrets, drafts, profile } = await start(handlers);
    await secrets.getState().storeValue('orders', 'admin', 'password', 'secret');
    expect(profile()?.personas.map(({ name }) => name)).toEqual(['admin', 'reader', 'guest']);
    expect(profile()?.personas[2]?.values[0]?.value).toBe('typed');
  });

  it('stay plain when the vault refuses, and the failure is found by persona and name', async () => {
    const { secrets, manager, profile } = await start({
      ...withTwo,
      'secrets.save': async () => {
        throw new AppError('vault_locked', 'Locked.');
      },
    });
    expect(await secrets.getState().storeValue('orders', 'reader', 'user', 'bob')).toBe(false);
    expect(profile()?.personas).toEqual(two);
    expect(manager.getState().failures[`orders:${valueField('reader', 'user')}`]).toMatchObject({
      code: 'vault_locked',
    });
    expect(manager.getState().failures[`orders:${valueField('admin', 'user')}`]).toBeUndefined();
  });

  it('are stored though nobody can tell what the vault holds by then, and the window says so', async () => {
    const { handlers } = vault();
    const { secrets, manager, engine, profile } = await start({
      ...handlers,
      'secrets.list': async () => {
        throw new AppError('vault_unreadable', 'Damaged.');
      },
    });
    engine.getState().update((snapshot) => ({ ...snapshot, tokens: { ...snapshot.tokens, problem: null } }));
    expect(await secrets.getState().storeValue('orders', 'reader', 'user', 'bob')).toBe(true);
    expect(profile()?.personas[1]?.values[0]?.value).toBe('{{orders..reader.user}}');
    expect(Object.values(manager.getState().failures)).toEqual([null]);
    expect(engine.getState().snapshot?.tokens.problem).toMatchObject({ code: 'vault_unreadable' });
  });

  it('are in the vault and in the profile before a token is asked for with them', async () => {
    let store = (): void => {};
    const asked = new Promise<void>((resolve) => {
      store = resolve;
    });
    const { secrets, tokens, wire } = await start({
      ...withTwo,
      'secrets.save': async () => {
        await asked;
        return {};
      },
      'tokens.get': async () => emptyStatus('orders'),
    });
    const before = wire.log.length;
    const stored = [
      secrets.getState().storeValue('orders', 'reader', 'user', 'bob'),
      secrets.getState().storeValue('orders', 'admin', 'user', 'alice'),
    ];
    const got = tokens.getState().get('orders', 'reader');
    await tokens.getState().get('billing', 'default');
    store();
    await Promise.all([...stored, got]);
    const names = wire.log.slice(before).map(({ name }) => name);
    expect(names.lastIndexOf('profiles.save')).toBeLessThan(names.lastIndexOf('tokens.get'));
    expect(names.filter((name) => name === 'tokens.get')).toHaveLength(2);
  });
});

describe('secrets that are stored at the same time', () => {
  it('never get the same variable', async () => {
    const { secrets, drafts, profile, sent } = await start({ ...withTwo, 'secrets.save': async () => ({}) });
    const first = secrets.getState().storeValue('orders', 'admin', 'user', 'alice');
    // The reader is the first persona then, whose variable is named as the admin's was.
    drafts.getState().edit('orders', { personas: [...two].reverse() });
    const second = secrets.getState().storeValue('orders', 'reader', 'user', 'bob');
    await Promise.all([first, second]);
    expect(sent('secrets.save')).toEqual([
      { name: 'orders.user', value: 'alice' },
      { name: 'orders.user-2', value: 'bob' },
    ]);
    expect(profile()?.personas.map(({ values }) => values[0]?.value)).toEqual([
      '{{orders.user-2}}',
      '{{orders.user}}',
    ]);
  });

  it('keep their variable when one is stored once more', async () => {
    const { secrets, sent } = await start({ ...withTwo, 'secrets.save': async () => ({}) });
    await Promise.all([
      secrets.getState().storeValue('orders', 'reader', 'user', 'one'),
      secrets.getState().storeValue('orders', 'reader', 'user', 'two'),
    ]);
    expect(sent('secrets.save')).toMatchObject([
      { name: 'orders..reader.user' },
      { name: 'orders..reader.user' },
    ]);
  });
});

describe('a secret that is being stored while another project is opened', () => {
  it('changes no profile of the same id there, nor shows its failure there', async () => {
    for (const fails of [false, true]) {
      const { secrets, drafts, manager, wire, sent } = await start({
        'secrets.save': async () => {
          const project = sampleProject('/other');
          wire.emit({ kind: 'project', state: { kind: 'open', project, trusted: true } });
          if (fails) throw new AppError('vault_locked', 'Locked.');
          return {};
        },
      });
      expect(await secrets.getState().storeSlot('orders', 'clientSecret', 'one')).toBe(false);
      expect(drafts.getState().patches).toEqual({});
      expect(sent('profiles.save')).toEqual([]);
      expect(manager.getState().failures).toEqual({});
    }
  });
});

describe('the client secret', () => {
  it('goes to its own variable, or to the one that the profile names', async () => {
    const { secrets, drafts, profile, sent } = await start({ 'secrets.save': async () => ({}) });
    drafts.getState().edit('orders', { clientKind: 'client_secret_post' });
    expect(await secrets.getState().storeSlot('orders', 'clientSecret', 'one')).toBe(true);
    expect(profile()?.client).toMatchObject({ secret: '{{orders_client_secret}}' });
    drafts.getState().edit('orders', { clientSecret: '{{shared}}' });
    expect(await secrets.getState().storeSlot('orders', 'clientSecret', 'two')).toBe(true);
    expect(sent('secrets.save')).toEqual([
      { name: 'orders_client_secret', value: 'one' },
      { name: 'shared', value: 'two' },
    ]);
  });
});

describe('keys and tokens', () => {
  const stored = { 'secrets.save': async () => ({}), ...withTwo };
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-384' });
  const pem = String(privateKey.export({ format: 'pem', type: 'pkcs8' }));

  it('go to variables of their own, without the blanks around them', async () => {
    const { secrets, drafts, profile, sent } = await start(stored);
    drafts.getState().edit('orders', { grantKind: 'refresh_token' });
    expect(await secrets.getState().storeSlot('orders', 'refreshToken', ' MARKER\n')).toBe(true);
    expect(await secrets.getState().storeSlot('orders', 'clientSecret', ' kept ')).toBe(true);
    expect(sent('secrets.save')).toEqual([
      { name: 'orders_given_refresh_token', value: 'MARKER' },
      { name: 'orders_client_secret', value: ' kept ' },
    ]);
    expect(profile()?.grant).toEqual({
      kind: 'refresh_token',
      refreshToken: '{{orders_given_refresh_token}}',
    });
  });

  it('choose an algorithm that the key can sign with, and keep what is known of it, not the key', async () => {
    const { secrets, drafts, profile, manager, engine } = await start(stored);
    drafts.getState().edit('orders', { clientKind: 'private_key_jwt' });
    expect(await secrets.getState().storeSlot('orders', 'clientKey.key', pem)).toBe(true);
    expect(profile()?.client).toMatchObject({ key: { key: '{{orders_client_key}}', algorithm: 'ES384' } });
    expect(secrets.getState().keys).toEqual({
      [storedKey('orders_client_key', null)]: { format: 'PEM', maker: 'P-384' },
    });
    const states = [secrets.getState(), drafts.getState(), engine.getState(), manager.getState()];
    expect(JSON.stringify(states)).not.toContain(pem.split('\n')[1]);
  });

  it('are known in the environment that they were stored in, until they are forgotten or another project is open', async () => {
    let settings: Settings = { theme: 'system', environment: null, personas: {}, recentProjects: [] };
    const { secrets, drafts, wire, sent } = await start({ ...stored, 'settings.read': async () => settings });
    const store = () => secrets.getState().storeSlot('orders', 'clientKey.key', pem);
    const known = () => Object.keys(secrets.getState().keys);
    drafts.getState().edit('orders', { clientKind: 'private_key_jwt' });
    await store();
    settings = { ...settings, environment: 'staging' };
    wire.emit({ kind: 'settings', settings });
    await store();
    const inNone = storedKey('orders_client_key', null);
    expect(known()).toEqual([inNone, storedKey('orders_client_key', 'staging')]);
    await secrets.getState().forget('orders', 'clientKey.key', 'orders_client_key');
    expect(sent('secrets.save').at(-1)).toEqual({ name: 'orders_client_key', value: '' });
    expect(known()).toEqual([inNone]);
    const project = sampleProject('/other');
    wire.emit({ kind: 'project', state: { kind: 'open', project, trusted: true } });
    expect(known()).toEqual([]);
  });

  it('never take a variable that another secret of the profile stands on', async () => {
    const { secrets, drafts, profile } = await start(stored);
    drafts.getState().edit('orders', {
      clientKind: 'private_key_jwt',
      requestObject: 'signed',
      requestKey: { key: '{{orders_client_key}}', passphrase: '', algorithm: 'ES384', keyId: '' },
    });
    expect(await secrets.getState().storeSlot('orders', 'clientKey.key', pem)).toBe(true);
    expect(profile()?.client).toMatchObject({ key: { key: '{{orders_client_key-2}}' } });
  });
});
