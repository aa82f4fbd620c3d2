import { describe, expect, it } from 'vitest';
import { type Discovered, serverKey } from '../../../../renderer/features/auth-manager/form/discovered.ts';
import { AppError } from '../../../../shared/errors.ts';
import { serverSchema } from '../../../../shared/model/profile.ts';
import { serverSupportSchema } from '../../../../shared/model/server-support.ts';
import { sampleProject } from '../../fake-engine.ts';
import { gate } from '../automation/rig.ts';
import { start } from './rig.ts';

const supports = serverSupportSchema.parse({
  ...{ scopes: null, grantTypes: ['implicit'], responseTypes: null, responseModes: null, pkce: null },
  ...{ clientAuthentication: null, assertionAlgorithms: null, dpopAlgorithms: null, acrValues: null },
  ...{ requestObjectAlgorithms: null, pushedRequestRequired: false },
});

/** What the server at an address tells; the one at `more` has more endpoints. */
function told(issuer: string): Discovered {
  const pushedAuthorizationUrl = issuer.includes('more') ? `${issuer}/par` : '';
  const urls = {
    tokenUrl: `${issuer}/token`,
    authorizationUrl: `${issuer}/authorize`,
    pushedAuthorizationUrl,
  };
  return { ...serverSchema.parse({ issuer, ...urls }), supports };
}

/** Servers that answer at once, but the slow one, which waits for `answer`. */
async function rig(slow: () => Discovered = () => told('https://slow.more')) {
  const waiting = gate();
  const stores = await start({
    'profiles.discover': async ({ issuer }) => {
      if (!issuer.includes('slow')) return told(issuer.replace('{{host}}', 'staging.example'));
      await waiting.opened;
      return slow();
    },
  });
  const { drafts, manager, wire } = stores;
  return {
    ...stores,
    answer: waiting.open,
    discover: (issuer: string) => {
      drafts.getState().edit('orders', { issuer });
      return manager.getState().discover('orders');
    },
    openOther: () =>
      wire.emit({
        kind: 'project',
        state: { kind: 'open', project: sampleProject('/other'), trusted: true },
      }),
  };
}

describe('a discovery', () => {
  it('fills in what the server names, asked as the profile has certificates verified', async () => {
    const { drafts, discover, profile, sent } = await rig();
    drafts.getState().edit('orders', { verifyTls: false, revocationUrl: 'https://mine/revoke' });
    await discover(' https://a.example ');
    expect(sent('profiles.discover')).toEqual([{ issuer: 'https://a.example', verifyTls: false }]);
    expect(profile()?.server).toMatchObject({
      issuer: ' https://a.example ',
      tokenUrl: 'https://a.example/token',
      revocationUrl: 'https://mine/revoke',
    });
  });

  it('that answers late changes nothing for the issuer that came after it', async () => {
    const { discover, answer, manager, profile } = await rig();
    const late = discover('https://slow.more');
    await discover('https://b.example');
    const filled = profile()?.server;
    expect(filled).toMatchObject({ tokenUrl: 'https://b.example/token', pushedAuthorizationUrl: '' });
    answer();
    await late;
    expect(profile()?.server).toEqual(filled);
    expect(manager.getState().discovering.orders).toBeNull();
  });

  it('that fails late says nothing about the issuer that came after it', async () => {
    const { discover, answer, manager } = await rig(() => {
      throw new AppError('discovery_failed', 'No document.');
    });
    const late = discover('https://slow.more');
    await discover('https://b.example');
    answer();
    await late;
    expect(manager.getState().failures['orders:discover']).toBeNull();
  });

  it('says why it failed', async () => {
    const { discover, answer, manager } = await rig(() => {
      throw new AppError('discovery_failed', 'No document.');
    });
    answer();
    await discover('https://slow.more');
    expect(manager.getState().failures['orders:discover']).toMatchObject({ code: 'discovery_failed' });
    expect(manager.getState().discovering.orders).toBeNull();
  });

  it('never reaches a profile of the same id in another project', async () => {
    const { discover, answer, openOther, drafts, manager, sent } = await rig();
    const late = discover('https://slow.more');
    openOther();
    drafts.getState().edit('orders', { issuer: 'https://slow.more' });
    answer();
    await late;
    expect(drafts.getState().patches.orders).toEqual({ issuer: 'https://slow.more' });
    expect(sent('profiles.save')).toEqual([]);
    expect(manager.getState().found).toEqual({});
    expect(manager.getState().discovering).toEqual({});
  });

  it('tells of no failure in another project', async () => {
    const { discover, answer, openOther, drafts, manager } = await rig(() => {
      throw new AppError('discovery_failed', 'No document.');
    });
    const late = discover('https://slow.more');
    openOther();
    drafts.getState().edit('orders', { issuer: 'https://slow.more' });
    answer();
    await late;
    expect(manager.getState().failures).toEqual({});
  });

  it('takes away what another server named and this one does not', async () => {
    const { discover, profile } = await rig();
    await discover('https://a.more');
    expect(profile()?.server.pushedAuthorizationUrl).toBe('https://a.more/par');
    await discover('https://b.example');
    expect(profile()?.server).toMatchObject({
      tokenUrl: 'https://b.example/token',
      pushedAuthorizationUrl: '',
    });
  });

  it('writes no address down where the issuer holds a variable', async () => {
    const { discover, drafts, manager, profile } = await rig();
    drafts.getState().edit('orders', { revocationUrl: 'https://mine/revoke' });
    await discover('https://{{host}}');
    expect(profile()?.server).toEqual(
      serverSchema.parse({ issuer: 'https://{{host}}', revocationUrl: 'https://mine/revoke' }),
    );
    expect(manager.getState().found[serverKey('https://{{host}}', null)]).toEqual(
      told('https://staging.example'),
    );
  });

  it('takes away the addresses of one environment that were written down before', async () => {
    const { discover, profile } = await rig();
    await discover('https://staging.example');
    await discover('https://{{host}}');
    expect(profile()?.server).toEqual(serverSchema.parse({ issuer: 'https://{{host}}' }));
  });
});

describe('what a server has told', () => {
  it('is kept by its issuer, and by the environment where that decides which server it is', () => {
    expect(serverKey(' https://a ', 'staging')).toBe(serverKey('https://a', null));
    expect(serverKey('https://{{host}}', 'staging')).not.toBe(serverKey('https://{{host}}', 'production'));
  });
});
