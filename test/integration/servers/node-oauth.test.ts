import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { endChromium, rejectionOf, resultOf, sendTo, tokenEvents } from '../../fixtures/engine.ts';
import { openServerProject, profile, type ServerProfile } from '../../fixtures/server-project.ts';
import { type NodeOAuthServer, startNodeOAuth } from '../../fixtures/servers/node-oauth.ts';

const redirectUri = 'http://127.0.0.1/callback';
const script = "await page.getByRole('button', { name: 'Allow' }).click();";

let server: NodeOAuthServer;
beforeAll(async () => {
  server = await startNodeOAuth();
});
afterAll(async () => {
  await server.close();
  await endChromium();
});

const project = (settings: Omit<ServerProfile, 'server'>) =>
  openServerProject(
    { ...settings, server: { authorizationUrl: `${server.url}/authorize`, tokenUrl: `${server.url}/token` } },
    { secrets: { secret: 's3cret' }, script },
  );
const basic = { kind: 'client_secret_basic', id: 'orders', secret: '{{secret}}' } as const;
const post = { kind: 'client_secret_post', id: 'orders', secret: '{{secret}}' } as const;

describe('@node-oauth/oauth2-server', () => {
  it.each([
    ['S256', basic],
    ['S256', post],
    ['S256', { kind: 'none', id: 'public' } as const],
    ['none', basic],
  ] as const)('gives a code for PKCE %s to the client %o, and rotates', async (pkce, client) => {
    const grant = { kind: 'authorization_code', redirectUri, pkce } as const;
    const { engine } = await project({ grant, client, scope: 'orders' });
    await engine.call('tokens.get', { profile });
    expect(resultOf(await sendTo(engine, `${server.url}/orders`, profile))).toBe(200);
    await engine.call('tokens.refresh', { profile });
    await engine.call('tokens.refresh', { profile });
    expect(resultOf(await sendTo(engine, `${server.url}/orders`, profile))).toBe(200);
    const [code, first, second] = server.tokenRequests().slice(-3);
    expect(code?.form.get('code_verifier') === null).toBe(pkce === 'none');
    expect(first?.form.get('refresh_token')).not.toBe(second?.form.get('refresh_token'));
  });

  it('refuses PKCE plain in its own words', async () => {
    const grant = { kind: 'authorization_code', redirectUri, pkce: 'plain' } as const;
    const { engine } = await project({ grant, client: basic, scope: 'orders' });
    expect(await rejectionOf(engine.call('tokens.get', { profile }))).toMatchObject({
      server: { error: 'invalid_request', errorDescription: expect.stringContaining('S256') },
    });
  });

  it('takes a password and the client’s own word', async () => {
    const { engine, save } = await project({ grant: { kind: 'password' }, client: basic, scope: 'orders' });
    expect(resultOf(await sendTo(engine, `${server.url}/orders`, profile))).toBe(200);
    await save({
      ...{ grant: { kind: 'client_credentials' }, client: post, scope: 'orders' },
      server: { tokenUrl: `${server.url}/token` },
    });
    expect(resultOf(await sendTo(engine, `${server.url}/orders`, profile))).toBe(200);
  });

  it('refuses another password and another secret, in its own words', async () => {
    const persona = { name: 'eve', values: [{ name: 'user', kind: 'plain' as const, value: 'eve' }] };
    const password = { name: 'password', kind: 'plain' as const, value: 'wrong' };
    const { engine } = await project({
      ...{ grant: { kind: 'password' }, client: basic, scope: 'orders' },
      personas: [{ ...persona, values: [...persona.values, password] }],
    });
    expect(await rejectionOf(engine.call('tokens.get', { profile }))).toMatchObject({
      code: 'token_request_refused',
      server: { status: 400, error: 'invalid_grant' },
    });
    await engine.call('secrets.save', { name: 'secret', value: 'another' });
    expect(await rejectionOf(engine.call('tokens.get', { profile }))).toMatchObject({
      code: 'invalid_client',
    });
  });

  it('refuses a dead refresh token, and consent follows by itself', async () => {
    const grant = { kind: 'authorization_code', redirectUri } as const;
    const { engine } = await project({ grant, client: basic, scope: 'orders' });
    await engine.call('tokens.get', { profile });
    server.forgetRefreshTokens();
    engine.clock.aheadMs = 700_000;
    expect(resultOf(await sendTo(engine, `${server.url}/orders`, profile))).toBe(200);
    const events = (await tokenEvents(engine)).map(({ kind }) => kind);
    expect(events.slice(-3)).toEqual(['refresh_refused', 'consent_started', 'obtained']);
  });
});
