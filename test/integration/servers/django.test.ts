import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { endChromium, rejectionOf, resultOf, sendTo, statusOf } from '../../fixtures/engine.ts';
import type { ServerProfile } from '../../fixtures/server-project.ts';
import { openServerProject, profile } from '../../fixtures/server-project.ts';
import {
  type DjangoServer,
  djangoMissing,
  djangoSecret,
  startDjango,
} from '../../fixtures/servers/django.ts';

const missing = djangoMissing();
if (missing !== null) console.log(`Not tried against Django OAuth Toolkit: ${missing}.`);

const redirectUri = 'http://127.0.0.1/callback';
/** Django's own login page, then the toolkit's own consent page. */
const script = `
  await page.getByLabel('Username:').fill(vars.user);
  await page.getByLabel('Password:').fill(vars.password);
  await page.getByRole('button', { name: 'Log in' }).click();
  await page.getByRole('button', { name: 'Authorize' }).click();
`;

let server: DjangoServer;
beforeAll(async () => {
  if (missing === null) server = await startDjango();
});
afterAll(async () => {
  await server?.close();
  await endChromium();
});

/** The toolkit's document lies where no issuer's does without a slash at its end. */
const atServer = () => ({ issuer: `${server.url}/o` });
const basic = (id: string) => ({ kind: 'client_secret_basic' as const, id, secret: '{{secret}}' });
const codeGrant = { kind: 'authorization_code' as const, redirectUri };

async function project(settings: ServerProfile) {
  return openServerProject(settings, { secrets: { secret: djangoSecret }, script });
}

describe.skipIf(missing !== null)('Django OAuth Toolkit', () => {
  it.each<[string, ServerProfile['client']]>([
    ['a public client', { kind: 'none', id: 'public' }],
    ['a Basic header', { kind: 'client_secret_basic', id: 'code', secret: '{{secret}}' }],
    ['the secret in the body', { kind: 'client_secret_post', id: 'code', secret: '{{secret}}' }],
  ])('signs alice in through its own pages, with %s, and refreshes', async (_what, client) => {
    const { engine } = await project({ grant: codeGrant, server: atServer(), client, scope: 'openid read' });
    await engine.call('tokens.get', { profile });
    expect(resultOf(await sendTo(engine, `${server.url}/orders`, profile))).toBe(200);
    const { accessToken: first } = await engine.call('tokens.reveal', { profile });
    const refreshed = await engine.call('tokens.refresh', { profile });
    expect(refreshed).toMatchObject({ access: { kind: 'held', subject: '1' }, refresh: { kind: 'usable' } });
    expect((await engine.call('tokens.reveal', { profile })).accessToken).not.toBe(first);
    // A second one with the token that came by rotation.
    await engine.call('tokens.refresh', { profile });
    expect(resultOf(await sendTo(engine, `${server.url}/orders`, profile))).toBe(200);
    const { tokens } = await engine.call('tokens.inspect', { profile });
    expect(tokens.find(({ token }) => token === 'id_token')?.content).toMatchObject({
      verification: { kind: 'valid' },
    });
  });

  it('takes a token by the implicit grant, which has no refresh token', async () => {
    const { engine } = await project({
      grant: { kind: 'implicit', redirectUri },
      server: atServer(),
      client: { kind: 'none', id: 'implicit' },
      scope: 'read',
    });
    expect(await engine.call('tokens.get', { profile })).toMatchObject({
      access: { kind: 'held', tokenType: 'Bearer' },
      refresh: { kind: 'none' },
    });
    expect(resultOf(await sendTo(engine, `${server.url}/orders`, profile))).toBe(200);
  });

  it.each(['code id_token', 'code token', 'code id_token token'] as const)(
    'takes tokens by the hybrid flow %s',
    async (responseType) => {
      const { engine } = await project({
        grant: { ...codeGrant, responseType },
        server: atServer(),
        client: basic('hybrid'),
        scope: 'openid read',
      });
      await engine.call('tokens.get', { profile });
      expect(resultOf(await sendTo(engine, `${server.url}/orders`, profile))).toBe(200);
    },
  );

  it('takes a password, and the client’s own word', async () => {
    const { engine, save } = await project({
      grant: { kind: 'password' },
      server: atServer(),
      client: basic('password'),
      scope: 'read',
    });
    expect(resultOf(await sendTo(engine, `${server.url}/orders`, profile))).toBe(200);
    await save({
      grant: { kind: 'client_credentials' },
      server: atServer(),
      client: basic('machine'),
      scope: 'read',
    });
    expect(resultOf(await sendTo(engine, `${server.url}/orders`, profile))).toBe(200);
  });

  it('refuses a Basic header that is not form-encoded, and says so', async () => {
    const { engine } = await project({
      grant: { kind: 'client_credentials' },
      server: atServer(),
      client: { ...basic('machine'), encoding: 'raw' },
      scope: 'read',
    });
    expect(await rejectionOf(engine.call('tokens.get', { profile }))).toMatchObject({
      code: 'invalid_client',
      server: { status: 401, error: 'invalid_client' },
    });
  });

  it('revokes, and answers a dead token with 403', async () => {
    const { engine } = await project({
      grant: { kind: 'password' },
      server: { ...atServer(), revocationUrl: `${server.url}/o/revoke_token/` },
      client: basic('password'),
      scope: 'read',
    });
    await engine.call('tokens.get', { profile });
    const { accessToken } = await engine.call('tokens.reveal', { profile });
    expect((await engine.call('tokens.revoke', { profile })).revoked).toEqual([
      'refresh_token',
      'access_token',
    ]);
    const answer = await fetch(`${server.url}/orders`, {
      headers: { authorization: `Bearer ${accessToken}` },
    });
    expect(answer.status).toBe(403);
  });

  it('says what a wrong scope was, and where a page of its own stops', async () => {
    const { engine, save } = await project({
      grant: codeGrant,
      server: atServer(),
      client: basic('code'),
      scope: 'nonsense',
    });
    expect(await rejectionOf(engine.call('tokens.get', { profile }))).toMatchObject({
      server: { error: 'invalid_scope' },
    });
    // An unknown redirect URI never reaches a redirect: the person sees a page.
    await save({
      grant: { ...codeGrant, redirectUri: 'http://127.0.0.1/other' },
      server: atServer(),
      client: basic('code'),
    });
    expect((await rejectionOf(engine.call('tokens.get', { profile }))).code).toMatch(/^script_step_failed$/);
  });

  it('begins with a refresh token that was got elsewhere', async () => {
    const { engine } = await project({
      grant: { kind: 'refresh_token', refreshToken: '{{refresh}}' },
      server: atServer(),
      client: basic('password'),
    });
    const form = { grant_type: 'password', username: 'alice', password: 'alice-pw', scope: 'read' };
    const body = new URLSearchParams({ ...form, client_id: 'password', client_secret: djangoSecret });
    const answer = await (await fetch(`${server.url}/o/token/`, { method: 'POST', body })).json();
    await engine.call('secrets.save', { name: 'refresh', value: answer.refresh_token });
    await engine.call('tokens.get', { profile });
    // The first one is dead by now: rotation.
    await engine.call('tokens.get', { profile });
    expect(await statusOf(engine, profile)).toMatchObject({ refresh: { kind: 'usable' }, failure: null });
    expect(resultOf(await sendTo(engine, `${server.url}/orders`, profile))).toBe(200);
  });
});
