import { describe, expect, it } from 'vitest';
import { statusKey } from '../../../../renderer/api/snapshot.ts';
import type { TokenStoreState } from '../../../../renderer/features/auth-manager/token-store.ts';
import { AppError } from '../../../../shared/errors.ts';
import { emptyStatus, heldAccess, sampleProject } from '../../fake-engine.ts';
import { start } from './rig.ts';

const admin = statusKey('orders', 'admin');
const reader = statusKey('orders', 'reader');
const held = emptyStatus('orders', { persona: 'admin', access: heldAccess(0, 60_000) });
const empty = emptyStatus('orders', { persona: 'admin' });
const of = { profile: 'orders', persona: 'admin' };

describe('token store', () => {
  it('saves what was typed before it asks for a token of the persona, and keeps the new status', async () => {
    const { wire, drafts, tokens, engine, sent } = await start({ 'tokens.get': async () => held });
    drafts.getState().edit('orders', { scope: 'openid' });
    const before = wire.log.length;
    const asked = tokens.getState().get('orders', 'admin');
    expect(tokens.getState().pending).toEqual({ [admin]: true });
    await asked;
    expect(wire.log.slice(before).map(({ name }) => name)).toEqual(['profiles.save', 'tokens.get']);
    expect(sent('tokens.get')).toEqual([of]);
    expect(engine.getState().snapshot?.tokens.statuses[admin]).toEqual(held);
    expect(engine.getState().snapshot?.tokens.statuses[reader]).toBeUndefined();
    expect(tokens.getState()).toMatchObject({ pending: { [admin]: false }, failures: { [admin]: null } });
  });

  it('asks for no token while the profile cannot be saved, and says so', async () => {
    const { drafts, tokens, sent } = await start({ 'tokens.get': async () => held });
    drafts.getState().edit('orders', { name: '' });
    await tokens.getState().get('orders', 'admin');
    expect(sent('tokens.get')).toEqual([]);
    expect(tokens.getState().failures[admin]).toMatchObject({ code: 'profile_incomplete' });
    expect(tokens.getState().failures[reader]).toBeUndefined();
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
    await tokens.getState().refresh('orders', 'admin');
    expect(tokens.getState().failures[admin]).toMatchObject({ server: { error: 'invalid_grant' } });
    refused = false;
    await tokens.getState().refresh('orders', 'admin');
    expect(tokens.getState().failures[admin]).toBeNull();
  });

  it('cancels and forgets the token set of the persona, not of the active one', async () => {
    const { tokens, sent } = await start({
      'tokens.cancel': async () => ({}),
      'tokens.forget': async () => empty,
    });
    await tokens.getState().cancel('orders', 'admin');
    await tokens.getState().forget('orders', 'admin');
    expect([sent('tokens.cancel'), sent('tokens.forget')]).toEqual([[of], [of]]);
  });

  it('hands a revealed token on and keeps it nowhere', async () => {
    const { tokens, engine, drafts, copied } = await start({
      'tokens.reveal': async () => ({ accessToken: 'MARKER-TOKEN' }),
      'tokens.revealCredential': async () => ({ kind: 'header', name: 'X-Key', value: 'MARKER-TOKEN' }),
    });
    expect(await tokens.getState().reveal('orders', 'admin')).toBe(true);
    await tokens.getState().act('copy', 'orders', 'admin');
    expect(copied).toEqual(['MARKER-TOKEN', 'MARKER-TOKEN']);
    await tokens.getState().act('copy_credential', 'orders', 'admin');
    await tokens.getState().act('copy_curl', 'orders', 'admin');
    expect(copied.slice(2)).toEqual([
      'X-Key: MARKER-TOKEN',
      "curl -H 'X-Key: MARKER-TOKEN' 'https://api.example.com/'",
    ]);
    expect(tokens.getState().actions[admin]?.copy_credential).toEqual({
      kind: 'done',
      outcome: { kind: 'copied', what: 'the header X-Key' },
    });
    const states = [tokens.getState(), engine.getState(), drafts.getState()];
    expect(JSON.stringify(states)).not.toContain('MARKER');
  });

  it('takes no answer for the token set of another environment', async () => {
    const { tokens, engine } = await start({
      'tokens.get': async () => {
        engine.getState().update((snapshot) => ({
          ...snapshot,
          settings: { ...snapshot.settings, environment: 'staging' },
        }));
        return held;
      },
    });
    await tokens.getState().get('orders', 'admin');
    expect(engine.getState().snapshot?.tokens.statuses[admin]).toBeUndefined();
    expect(tokens.getState().pending).toEqual({});
  });

  it.each([
    { name: 'tokens.get', ask: async ({ get }: TokenStoreState) => get('orders', 'admin') },
    { name: 'tokens.revoke', ask: async ({ act }: TokenStoreState) => act('revoke', 'orders', 'admin') },
  ])('asks for no $name in another project that is opened while it saves', async ({ name, ask }) => {
    const { wire, drafts, tokens, sent } = await start({
      'profiles.save': async () => {
        const project = sampleProject('/other');
        wire.emit({ kind: 'project', state: { kind: 'open', project, trusted: true } });
        return {};
      },
      'tokens.get': async () => held,
      'tokens.revoke': async () => ({ revoked: [], status: empty }),
    });
    drafts.getState().edit('orders', { scope: 'openid' });
    await ask(tokens.getState());
    expect(sent('profiles.save')).toHaveLength(1);
    expect(sent(name)).toEqual([]);
    const { pending, failures, actions } = tokens.getState();
    expect({ pending, failures, actions }).toEqual({ pending: {}, failures: {}, actions: {} });
  });
});

describe('actions of the Token tab', () => {
  const introspection = {
    token: 'access_token',
    active: true,
    claims: [{ name: 'sub', value: 'alice' }],
  } as const;

  it('name the persona and the token, and keep what came of each beside the others', async () => {
    const { tokens, sent } = await start({
      'tokens.introspect': async ({ token }) => ({
        ...introspection,
        token,
        claims: [...introspection.claims],
      }),
    });
    await tokens.getState().act('introspect_access', 'orders', 'admin');
    await tokens.getState().act('introspect_refresh', 'orders', 'admin');
    expect(sent('tokens.introspect')).toEqual([of, { ...of, token: 'refresh_token' }]);
    expect(tokens.getState().actions).toEqual({
      [admin]: {
        introspect_access: { kind: 'done', outcome: { kind: 'introspected', introspection } },
        introspect_refresh: {
          kind: 'done',
          outcome: {
            kind: 'introspected',
            introspection: { ...introspection, token: 'refresh_token' },
          },
        },
      },
    });
  });

  it('save what was typed before the server is asked, and ask nothing while it cannot be saved', async () => {
    const { wire, tokens, drafts, sent } = await start({
      'tokens.introspect': async () => introspectionOf(),
    });
    drafts.getState().edit('orders', { introspectionUrl: 'https://id.example.com/introspect' });
    const before = wire.log.length;
    await tokens.getState().act('introspect_access', 'orders', 'admin');
    expect(wire.log.slice(before).map(({ name }) => name)).toEqual(['profiles.save', 'tokens.introspect']);
    drafts.getState().edit('orders', { marginSeconds: 'x' });
    await tokens.getState().act('introspect_access', 'orders', 'admin');
    expect(sent('tokens.introspect')).toHaveLength(1);
    expect(tokens.getState().actions[admin]?.introspect_access).toMatchObject({
      kind: 'failed',
      error: { code: 'profile_incomplete' },
    });
  });

  function introspectionOf() {
    return { ...introspection, claims: [...introspection.claims] };
  }

  it('take the new status over, and let what was told of tokens go once they are gone', async () => {
    const { tokens, engine } = await start({
      'tokens.introspect': async () => introspectionOf(),
      'tokens.revoke': async () => ({ status: empty, revoked: ['refresh_token', 'access_token'] }),
    });
    engine.getState().update((snapshot) => ({
      ...snapshot,
      tokens: { ...snapshot.tokens, statuses: { [admin]: held } },
    }));
    await tokens.getState().act('introspect_access', 'orders', 'admin');
    await tokens.getState().act('revoke', 'orders', 'admin');
    expect(engine.getState().snapshot?.tokens.statuses[admin]).toEqual(empty);
    expect(tokens.getState().actions[admin]).toEqual({
      revoke: { kind: 'done', outcome: { kind: 'revoked', revoked: ['refresh_token', 'access_token'] } },
    });
  });

  it('are no longer told of a token that was replaced', async () => {
    const { tokens } = await start({
      'tokens.introspect': async () => introspectionOf(),
      'tokens.get': async () => held,
    });
    await tokens.getState().act('introspect_access', 'orders', 'admin');
    await tokens.getState().get('orders', 'admin');
    expect(tokens.getState().actions[admin]).toEqual({});
  });

  it('keep a failure beside the button that caused it, apart from failed updates', async () => {
    const { tokens } = await start({
      'tokens.logout': async () => {
        throw new AppError('logout_unconfirmed', 'The server asks.', { action: 'Answer it.' });
      },
    });
    await tokens.getState().act('logout', 'orders', 'admin');
    expect(tokens.getState().actions[admin]?.logout).toMatchObject({
      kind: 'failed',
      error: { code: 'logout_unconfirmed' },
    });
    expect(tokens.getState().failures[admin]).toBeUndefined();
  });

  it('are done once however often they are asked for while under way', async () => {
    const { tokens, sent } = await start({ 'tokens.clearSession': async () => empty });
    const { act } = tokens.getState();
    await Promise.all([
      act('clear_session', 'orders', 'admin'),
      act('clear_session', 'orders', 'admin'),
      act('clear_session', 'orders', 'reader'),
    ]);
    expect(sent('tokens.clearSession')).toEqual([of, { ...of, persona: 'reader' }]);
  });

  it('are no longer told once another persona is looked at, but for those under way', async () => {
    let answer = (): void => {};
    const asked = new Promise<void>((resolve) => {
      answer = resolve;
    });
    const { tokens } = await start({
      'tokens.forget': async () => empty,
      'tokens.logout': async () => {
        await asked;
        return { status: empty, end: 'returned' };
      },
    });
    const { act, look } = tokens.getState();
    await act('forget', 'orders', 'admin');
    const loggedOut = act('logout', 'orders', 'admin');
    look('orders', 'admin');
    expect(Object.keys(tokens.getState().actions[admin] ?? {})).toEqual(['forget', 'logout']);
    look('orders', 'reader');
    expect(tokens.getState().actions[admin]).toEqual({ logout: { kind: 'running' } });
    answer();
    await loggedOut;
    expect(tokens.getState().actions[admin]?.logout).toMatchObject({ outcome: { end: 'returned' } });
  });

  it('are forgotten with the project, whatever comes later', async () => {
    const { tokens, wire } = await start({
      'tokens.introspect': async () => {
        wire.emit({
          kind: 'project',
          state: { kind: 'open', project: sampleProject('/other'), trusted: true },
        });
        return introspectionOf();
      },
    });
    await tokens.getState().act('introspect_access', 'orders', 'admin');
    expect(tokens.getState().actions).toEqual({});
  });
});
