import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { profileSchema } from '../../../shared/model/profile.ts';
import { endChromium, startEngine, statusOf, type TestEngine } from '../../fixtures/engine.ts';
import { oidcRedirectUri, startOidcServer } from '../../fixtures/oidc-server.ts';
import { temporaryFolder } from '../../fixtures/temporary-folder.ts';

afterAll(endChromium);

const profile = 'orders';

/** Sends to the API with the profile's token: how that stood, what came of it, and the names of the headers. */
async function send(engine: TestEngine, url: string) {
  const auth = { kind: 'profile' as const, profile, persona: null };
  const request = { name: 'Me', url, auth };
  const { outcome, tokenUse, request: sent } = await engine.call('requests.send', { id: 'me', request });
  const status = outcome.kind === 'response' ? outcome.response.status : outcome.error;
  return { status, use: tokenUse.kind, headers: sent.headers.map(({ name }) => name) };
}

test('tokens bound to a key are refreshed and used with it by every engine that shares the vault', async () => {
  const server = await startOidcServer({
    adjust: (configuration) => ({
      ...configuration,
      features: {
        ...configuration.features,
        dPoP: { enabled: true, nonceSecret: randomBytes(32), requireNonce: () => true },
        userinfo: { enabled: true },
      },
    }),
  });
  const folder = await temporaryFolder();
  const project = join(folder, 'projects', 'orders');
  try {
    const first = await startEngine({ folder });
    await first.call('project.create', { folder: project, name: 'Orders' });
    await first.call('profiles.create', { name: 'Orders' });
    const saved = profileSchema.parse({
      name: 'Orders',
      grant: { kind: 'authorization_code', redirectUri: oidcRedirectUri },
      server: { issuer: server.url },
      client: { kind: 'none', id: 'none' },
      scope: 'openid offline_access',
      parameters: [{ name: 'prompt', value: 'consent', to: ['authorization'] }],
      protection: { pushedRequest: true, dpop: { kind: 'on' } },
    });
    await first.call('profiles.save', { id: profile, profile: saved });
    await first.call('scripts.save', { profile, source: "log('nothing to do here');" });
    await first.call('requests.create', { name: 'Me' });
    await first.call('tokens.get', { profile });
    expect(await statusOf(first, profile)).toMatchObject({ access: { tokenType: 'DPoP' }, failure: null });
    const used = await send(first, `${server.url}/me`);
    expect(used).toMatchObject({ status: 200, use: 'valid' });
    expect(used.headers).toContain('DPoP');
    await first.dispose();

    const second = await startEngine({ folder });
    await second.call('project.open', { folder: project });
    expect(await send(second, `${server.url}/me`)).toMatchObject({ status: 200, use: 'valid' });
    await second.call('tokens.refresh', { profile });
    expect(await send(second, `${server.url}/me`)).toMatchObject({ status: 200, use: 'valid' });
    const { events } = await second.call('tokens.events', {});
    expect(events.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['obtained', 'refreshed']));
    expect(events.filter(({ error }) => error !== null)).toEqual([]);
  } finally {
    await server.close();
  }
});
