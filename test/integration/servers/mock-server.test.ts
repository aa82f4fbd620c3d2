import { OAuth2Server } from 'oauth2-mock-server';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { endChromium, rejectionOf, statusOf } from '../../fixtures/engine.ts';
import { openServerProject, profile, type ServerProfile } from '../../fixtures/server-project.ts';

const redirectUri = 'http://127.0.0.1/callback';

let server: OAuth2Server;
let issuer: string;
beforeAll(async () => {
  server = new OAuth2Server();
  await server.issuer.keys.generate('RS256');
  await server.issuer.keys.generate('RS256');
  await server.start(0, '127.0.0.1');
  issuer = server.issuer.url ?? '';
});
afterAll(async () => {
  await server.stop();
  await endChromium();
});

const project = (settings: Omit<ServerProfile, 'server'>) =>
  openServerProject(
    { ...settings, server: { issuer } },
    // It asks nobody: the redirect comes at once.
    { secrets: { secret: 's3cret' }, script: "log('begun');" },
  );
const basic = { kind: 'client_secret_basic', id: 'orders', secret: '{{secret}}' } as const;

describe('oauth2-mock-server', () => {
  it.each(['S256', 'plain', 'none'] as const)(
    'gives a code with PKCE %s and JWTs that verify',
    async (pkce) => {
      const grant = { kind: 'authorization_code', redirectUri, pkce } as const;
      const { engine } = await project({ grant, client: basic, scope: 'openid orders' });
      let asked: { query: Record<string, unknown> } | undefined;
      server.service.once('beforeAuthorizeRedirect', (_redirect, request) => {
        asked = request;
      });
      await engine.call('tokens.get', { profile });
      expect(asked?.query.code_challenge_method).toBe(pkce === 'none' ? undefined : pkce);
      expect(asked?.query).toHaveProperty('state');
      await engine.call('tokens.refresh', { profile });
      const { tokens } = await engine.call('tokens.inspect', { profile });
      expect(
        tokens.map(({ token, content }) => [token, content.kind === 'jwt' && content.verification.kind]),
      ).toEqual([
        ['access_token', 'valid'],
        ['id_token', 'valid'],
        ['refresh_token', false],
      ]);
    },
  );

  it('shows a token that another key has signed since', async () => {
    const { engine } = await project({
      grant: { kind: 'client_credentials' },
      client: basic,
      scope: 'orders',
    });
    server.service.once('beforeResponse', ({ body }) => {
      const [header, claims] = String(body.access_token).split('.');
      body.access_token = `${header}.${claims}.${Buffer.from('forged'.repeat(40)).toString('base64url')}`;
    });
    await engine.call('tokens.get', { profile });
    const [access] = (await engine.call('tokens.inspect', { profile })).tokens;
    expect(access?.content).toMatchObject({ verification: { kind: 'wrong_key' } });
  });

  it('takes a password, and the client’s own word', async () => {
    const { engine, save } = await project({ grant: { kind: 'password' }, client: basic, scope: 'orders' });
    expect(await engine.call('tokens.get', { profile })).toMatchObject({ access: { kind: 'held' } });
    await save({ grant: { kind: 'client_credentials' }, client: basic, scope: 'orders', server: { issuer } });
    expect(await engine.call('tokens.get', { profile })).toMatchObject({ refresh: { kind: 'none' } });
  });

  it('is understood when it answers with another status, type or expiry', async () => {
    const { engine } = await project({
      grant: { kind: 'client_credentials' },
      client: basic,
      scope: 'orders',
    });
    server.service.once('beforeResponse', (response) => {
      response.body.expires_in = '120.5';
      response.body.token_type = 'bearer';
    });
    await engine.call('tokens.get', { profile });
    const { access } = await statusOf(engine, profile);
    expect(access.kind === 'held' && (access.expiresAtMs ?? 0) - access.issuedAtMs).toBe(120_500);
    server.service.once('beforeResponse', (response) => {
      response.statusCode = 401;
      response.body = { error: 'unauthorized_client' };
    });
    expect(await rejectionOf(engine.call('tokens.get', { profile }))).toMatchObject({
      server: { status: 401, error: 'unauthorized_client' },
    });
  });

  it('revokes', async () => {
    const { engine } = await project({
      ...{ grant: { kind: 'authorization_code', redirectUri }, client: basic, scope: 'openid' },
    });
    await engine.call('tokens.get', { profile });
    expect((await engine.call('tokens.revoke', { profile })).revoked).toEqual([
      'refresh_token',
      'access_token',
    ]);
  });
});
