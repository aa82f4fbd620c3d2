import { describe, expect, it } from 'vitest';
import { formOf, switched } from '../../../../renderer/features/auth-manager/profile-form.ts';
import { AppError } from '../../../../shared/errors.ts';
import { sampleProject } from '../../fake-engine.ts';
import { start } from './rig.ts';

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

  it('keep what a switch away takes along, though a save that was under way says the same', async () => {
    const { drafts, profile } = await start({
      'profiles.save': async ({ profile: saved }) => {
        if (saved.grant.kind !== 'authorization_code') return {};
        // As when another grant is chosen before the redirect URI is saved.
        const typed = { ...formOf(saved), ...drafts.getState().patches.orders };
        drafts.getState().edit('orders', switched(typed, { grantKind: 'token_exchange' }));
        return {};
      },
    });
    drafts.getState().edit('orders', { redirectUri: 'http://127.0.0.1/elsewhere' });
    await drafts.getState().commit('orders');
    await drafts.getState().commit('orders');
    expect(profile()?.grant.kind).toBe('token_exchange');
    drafts.getState().edit('orders', { grantKind: 'implicit' });
    await drafts.getState().commit('orders');
    expect(profile()?.grant).toMatchObject({ redirectUri: 'http://127.0.0.1/elsewhere' });
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
    wire.emit({
      kind: 'project',
      state: { kind: 'open', project: { ...project, profiles: outside }, trusted: true },
    });
    await drafts.getState().commit('orders');
    expect(profile()).toMatchObject({ name: 'Outside', scope: 'openid' });
    expect(sent('profiles.save')[0]).toMatchObject({ profile: { name: 'Outside', scope: 'openid' } });
  });

  it('keep a typed redirect URI through a grant that has none', async () => {
    const { drafts, profile } = await start();
    drafts
      .getState()
      .edit('orders', { redirectUri: 'http://127.0.0.1/mine', grantKind: 'client_credentials' });
    await drafts.getState().commit('orders');
    drafts.getState().edit('orders', { grantKind: 'authorization_code' });
    await drafts.getState().commit('orders');
    expect(profile()?.grant).toMatchObject({
      kind: 'authorization_code',
      redirectUri: 'http://127.0.0.1/mine',
    });
  });

  it('never reach a profile of the same id in another project', async () => {
    const { wire, drafts } = await start();
    drafts.getState().edit('orders', { scope: 'openid' });
    wire.emit({ kind: 'project', state: { kind: 'open', project: sampleProject('/other'), trusted: true } });
    expect(drafts.getState().patches).toEqual({});
  });

  it('are known to nobody in another project that is opened while they are saved', async () => {
    const { wire, drafts, profile } = await start({
      'profiles.save': async () => {
        const project = sampleProject('/other');
        wire.emit({ kind: 'project', state: { kind: 'open', project, trusted: true } });
        return {};
      },
    });
    drafts.getState().edit('orders', { scope: 'openid' });
    expect(await drafts.getState().commit('orders')).toBe(true);
    expect(profile()?.scope).toBe('');
    expect(drafts.getState().patches).toEqual({});
    expect(drafts.getState().saves).toEqual({});
  });
});

describe('Auth Manager store', () => {
  it('stores a secret, keeps no value of it, and knows that it is stored', async () => {
    let stored = false;
    const { engine, manager } = await start({
      'secrets.save': async () => {
        stored = true;
        return {};
      },
      'secrets.list': async () => ({ secrets: [{ name: 's', stored }] }),
    });
    expect(await manager.getState().storeSecret('orders', 'clientSecret', 's', 'MARKER-SECRET')).toBe(true);
    expect(engine.getState().snapshot?.tokens.secrets).toEqual([{ name: 's', stored: true }]);
    expect(JSON.stringify([manager.getState(), engine.getState()])).not.toContain('MARKER');
  });

  it('selects a new profile', async () => {
    const { manager } = await start({ 'profiles.create': async () => ({ id: 'billing' }) });
    expect(await manager.getState().create('Billing')).toBeNull();
    expect(manager.getState().selected).toBe('billing');
  });
});
