import { describe, expect, it } from 'vitest';
import { createManagerStore } from '../../../../renderer/features/auth-manager/manager-store.ts';
import { createProfileDrafts } from '../../../../renderer/features/auth-manager/profile-drafts.ts';
import { createTokenStore } from '../../../../renderer/features/auth-manager/token-store.ts';
import type { Handlers } from '../../../../shared/contract/router.ts';
import { AppError } from '../../../../shared/errors.ts';
import { emptyStatus, fakeEngine, heldAccess, readyStore, sampleProject } from '../../fake-engine.ts';

async function start(handlers: Partial<Handlers> = {}) {
  const wire = fakeEngine(handlers);
  const engine = await readyStore(wire);
  const drafts = createProfileDrafts(engine);
  const profile = () => {
    const project = engine.getState().snapshot?.project;
    return project?.kind === 'open' ? project.project.profiles[0]?.profile : undefined;
  };
  const sent = (name: string) => wire.log.filter((entry) => entry.name === name);
  return { wire, engine, drafts, tokens: createTokenStore(engine, drafts), profile, sent };
}

describe('profile drafts', () => {
  it('save on commit, once, and only what changed', async () => {
    const { drafts, profile, sent } = await start();
    drafts.getState().edit('orders', { scope: 'openid' });
    expect(sent('profiles.save')).toEqual([]);
    await drafts.getState().commit('orders');
    await drafts.getState().commit('orders');
    expect(sent('profiles.save')).toHaveLength(1);
    expect(profile()?.scope).toBe('openid');
    expect(drafts.getState()).toMatchObject({
      patches: { orders: {} },
      saves: { orders: { kind: 'saved' } },
    });
  });

  it('keep what is typed while a save is under way', async () => {
    const { drafts, sent } = await start({
      'profiles.save': async () => {
        drafts.getState().edit('orders', { scope: 'openid email' });
        return {};
      },
    });
    drafts.getState().edit('orders', { scope: 'openid' });
    await drafts.getState().commit('orders');
    expect(drafts.getState().patches.orders).toEqual({ scope: 'openid email' });
    expect(sent('profiles.save')).toHaveLength(1);
  });

  it('keep what is typed when it is invalid or could not be saved, and say why', async () => {
    const { drafts } = await start({
      'profiles.save': async () => {
        throw new AppError('disk_full', 'The disk is full.');
      },
    });
    drafts.getState().edit('orders', { name: ' ' });
    expect(await drafts.getState().commit('orders')).toBe(false);
    expect(drafts.getState().saves.orders).toMatchObject({
      kind: 'invalid',
      issues: { name: 'a name is needed' },
    });
    drafts.getState().edit('orders', { name: 'New name' });
    expect(await drafts.getState().commit('orders')).toBe(false);
    expect(drafts.getState().saves.orders).toMatchObject({ kind: 'failed', error: { code: 'disk_full' } });
    expect(drafts.getState().patches.orders).toEqual({ name: 'New name' });
  });

  it('let an edit from outside show in the fields that were not touched, and save both', async () => {
    const { wire, drafts, profile, sent } = await start();
    drafts.getState().edit('orders', { scope: 'openid' });
    const project = sampleProject();
    const outside = project.profiles.map((entry) => ({
      ...entry,
      profile: { ...entry.profile, name: 'Outside' },
    }));
    wire.emit({ kind: 'project', state: { kind: 'open', project: { ...project, profiles: outside } } });
    await drafts.getState().commit('orders');
    expect(profile()).toMatchObject({ name: 'Outside', scope: 'openid' });
    expect(sent('profiles.save')[0]?.params).toMatchObject({ profile: { name: 'Outside', scope: 'openid' } });
  });

  it('keep a typed redirect URI through a grant that has none', async () => {
    const { drafts, profile } = await start();
    drafts
      .getState()
      .edit('orders', { redirectUri: 'http://127.0.0.1/mine', grantKind: 'client_credentials' });
    await drafts.getState().commit('orders');
    drafts.getState().edit('orders', { grantKind: 'authorization_code' });
    await drafts.getState().commit('orders');
    expect(profile()?.grant).toEqual({ kind: 'authorization_code', redirectUri: 'http://127.0.0.1/mine' });
  });

  it('never reach a profile of the same id in another project', async () => {
    const { wire, drafts } = await start();
    drafts.getState().edit('orders', { scope: 'openid' });
    wire.emit({ kind: 'project', state: { kind: 'open', project: sampleProject('/other') } });
    expect(drafts.getState().patches).toEqual({});
  });
});

describe('token store', () => {
  const held = emptyStatus('orders', { access: heldAccess(0, 60_000) });

  it('saves what was typed before it asks for a token, and keeps the new status', async () => {
    const { wire, drafts, tokens, engine } = await start({ 'tokens.get': async () => held });
    drafts.getState().edit('orders', { scope: 'openid' });
    const before = wire.log.length;
    const asked = tokens.getState().get('orders');
    expect(tokens.getState().pending.orders).toBe(true);
    await asked;
    expect(wire.log.slice(before).map(({ name }) => name)).toEqual(['profiles.save', 'tokens.get']);
    expect(engine.getState().snapshot?.tokens.statuses.orders).toEqual(held);
    expect(tokens.getState()).toMatchObject({ pending: { orders: false }, failures: { orders: null } });
  });

  it('asks for no token while the profile cannot be saved, and says so', async () => {
    const { drafts, tokens, sent } = await start({ 'tokens.get': async () => held });
    drafts.getState().edit('orders', { name: '' });
    await tokens.getState().get('orders');
    expect(sent('tokens.get')).toEqual([]);
    expect(tokens.getState().failures.orders).toMatchObject({ code: 'profile_incomplete' });
  });

  it('keeps the failure with the server’s words until the next try', async () => {
    let refused = true;
    const { tokens } = await start({
      'tokens.refresh': async () => {
        if (!refused) return held;
        throw new AppError('refresh_refused', 'Refused.', {
          server: { error: 'invalid_grant', status: 400 },
        });
      },
    });
    await tokens.getState().refresh('orders');
    expect(tokens.getState().failures.orders).toMatchObject({ server: { error: 'invalid_grant' } });
    refused = false;
    await tokens.getState().refresh('orders');
    expect(tokens.getState().failures.orders).toBeNull();
  });

  it('hands a revealed token on and keeps it nowhere', async () => {
    const { tokens, engine, drafts } = await start({
      'tokens.reveal': async () => ({ accessToken: 'MARKER-TOKEN' }),
    });
    let copied = '';
    await tokens.getState().reveal('orders', async (token) => {
      copied = token;
    });
    expect(copied).toBe('MARKER-TOKEN');
    const states = [tokens.getState(), engine.getState(), drafts.getState()];
    expect(JSON.stringify(states)).not.toContain('MARKER');
  });
});

describe('Auth Manager store', () => {
  it('stores a secret, keeps no value of it, and knows that it is stored', async () => {
    let stored = false;
    const { engine } = await start({
      'secrets.save': async () => {
        stored = true;
        return {};
      },
      'secrets.list': async () => ({ secrets: [{ name: 's', stored }] }),
    });
    const manager = createManagerStore(engine);
    expect(await manager.getState().storeSecret('orders', 'clientSecret', 's', 'MARKER-SECRET')).toBe(true);
    expect(engine.getState().snapshot?.tokens.secrets).toEqual([{ name: 's', stored: true }]);
    expect(JSON.stringify([manager.getState(), engine.getState()])).not.toContain('MARKER');
  });

  it('selects a new profile, and says where discovery failed', async () => {
    const { engine } = await start({
      'profiles.create': async () => ({ id: 'billing' }),
      'profiles.discover': async () => {
        throw new AppError('discovery_failed', 'No document.');
      },
    });
    const manager = createManagerStore(engine);
    expect(await manager.getState().create('Billing')).toBeNull();
    expect(manager.getState().selected).toBe('billing');
    expect(await manager.getState().discover('billing', 'https://x')).toBeNull();
    expect(manager.getState().failures['billing:discover']).toMatchObject({ code: 'discovery_failed' });
  });
});
