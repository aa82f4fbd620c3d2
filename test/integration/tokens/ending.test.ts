import { afterAll, expect, test } from 'vitest';
import {
  endChromium,
  failureIn,
  rejectionOf,
  resultOf,
  sendTo,
  statusOf,
  tokenEvents,
} from '../../fixtures/engine.ts';
import { closedPort } from '../../fixtures/web-server.ts';
import { openProject, ownPlayground, profile, saveProfile } from './playground-project.ts';

afterAll(endChromium);

test('revoking ends both tokens at the server, and deletes them here', async () => {
  const { engine, playground, ordersUrl } = await openProject(await ownPlayground());
  await engine.call('tokens.get', { profile });
  const { accessToken } = await engine.call('tokens.reveal', { profile });
  const api = () => fetch(ordersUrl, { headers: { authorization: `Bearer ${accessToken}` } });
  expect((await api()).status).toBe(200);
  const { status, revoked } = await engine.call('tokens.revoke', { profile });
  expect(revoked).toEqual(['refresh_token', 'access_token']);
  expect(status).toMatchObject({ access: { kind: 'none' }, refresh: { kind: 'none' }, failure: null });
  expect((await api()).status).toBe(401);
  expect(playground.status().counters.revocation).toBe(2);
  expect((await tokenEvents(engine)).at(-1)).toMatchObject({
    kind: 'revoked',
    title: 'Revoked at the server',
    detail: 'refresh token and access token · deleted here too',
    error: null,
  });
  expect(await rejectionOf(engine.call('tokens.revoke', { profile }))).toMatchObject({
    code: 'token_missing',
  });
});

test('a revocation that fails deletes nothing, and says why', async () => {
  const playground = await ownPlayground();
  const { engine, ordersUrl } = await openProject(playground);
  await engine.call('tokens.get', { profile });
  const revocationUrl = `http://127.0.0.1:${await closedPort()}/revoke`;
  await saveProfile(engine, playground, { server: { issuer: playground.url, revocationUrl } });
  expect(await rejectionOf(engine.call('tokens.revoke', { profile }))).toMatchObject({
    code: 'server_unreachable',
    action: expect.any(String),
  });
  expect((await tokenEvents(engine)).at(-1)).toMatchObject({
    kind: 'end_failed',
    title: 'Not revoked at the server',
    error: { code: 'server_unreachable' },
  });
  expect(await statusOf(engine, profile)).toMatchObject({ refresh: { kind: 'usable' }, failure: null });
  expect(resultOf(await sendTo(engine, ordersUrl, profile))).toBe(200);
  expect(playground.status().counters.password).toBe(1);
});

test('a send that comes while the tokens are being revoked never goes out with them', async () => {
  const { engine, playground, ordersUrl } = await openProject(await ownPlayground());
  await engine.call('tokens.get', { profile });
  const [, ...exchanges] = await Promise.all([
    engine.call('tokens.revoke', { profile }),
    ...Array.from({ length: 20 }, () => sendTo(engine, ordersUrl, profile)),
  ]);
  expect(exchanges.map(resultOf)).toEqual(Array(20).fill(200));
  expect(playground.status().counters.reused).toBe(0);
});

test('introspection tells what the server thinks, and changes nothing', async () => {
  const { engine, playground } = await openProject(await ownPlayground());
  await engine.call('tokens.get', { profile });
  const access = await engine.call('tokens.introspect', { profile });
  expect(access).toMatchObject({ token: 'access_token', active: true });
  expect(access.claims.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['client_id', 'scope', 'exp']),
  );
  const refresh = await engine.call('tokens.introspect', { profile, token: 'refresh_token' });
  expect(refresh).toMatchObject({ token: 'refresh_token', active: true });
  await playground.revokeAll();
  expect(await engine.call('tokens.introspect', { profile })).toMatchObject({ active: false });
  expect(await statusOf(engine, profile)).toMatchObject({ refresh: { kind: 'usable' } });
  const { accessToken } = await engine.call('tokens.reveal', { profile });
  expect(JSON.stringify([access, refresh])).not.toContain(accessToken);
  expect((await tokenEvents(engine)).filter(({ kind }) => kind === 'introspected')).toHaveLength(3);
});

test('a server without the endpoint is named with what to do', async () => {
  const playground = await ownPlayground();
  const { engine } = await openProject(playground);
  const server = { tokenUrl: `${playground.url}/token` };
  await saveProfile(engine, playground, { server });
  await engine.call('tokens.get', { profile });
  for (const name of ['tokens.revoke', 'tokens.introspect', 'tokens.logout'] as const) {
    expect(await rejectionOf(engine.call(name, { profile })), name).toMatchObject({
      code: 'endpoint_missing',
      action: expect.any(String),
    });
  }
  expect(await statusOf(engine, profile)).toMatchObject({ access: { kind: 'held' } });
});

test('forgetting deletes here alone: the server still takes the token', async () => {
  const { engine, ordersUrl } = await openProject(await ownPlayground(), {
    profile: { refreshMode: 'manual' },
  });
  await engine.call('tokens.get', { profile });
  const { accessToken } = await engine.call('tokens.reveal', { profile });
  expect(await engine.call('tokens.forget', { profile })).toMatchObject({
    access: { kind: 'none' },
    refresh: { kind: 'none' },
  });
  expect(failureIn(await sendTo(engine, ordersUrl, profile))).toMatchObject({ code: 'token_missing' });
  const response = await fetch(ordersUrl, { headers: { authorization: `Bearer ${accessToken}` } });
  expect(response.status).toBe(200);
});

test('inspection decodes what is held, and verifies it with the keys of the server', async () => {
  const { engine } = await openProject(await ownPlayground());
  expect(await rejectionOf(engine.call('tokens.inspect', { profile }))).toMatchObject({
    code: 'token_missing',
  });
  await engine.call('tokens.get', { profile });
  const inspection = await engine.call('tokens.inspect', { profile });
  const [access, id, refresh] = inspection.tokens;
  expect([access?.content.kind, refresh?.content.kind]).toEqual(['opaque', 'opaque']);
  expect(id?.content).toMatchObject({
    kind: 'jwt',
    verification: { kind: 'valid' },
    header: expect.arrayContaining([{ name: 'alg', value: 'RS256' }]),
    claims: expect.arrayContaining([{ name: 'sub', value: 'alice' }]),
  });
  const scopes = ['openid', 'offline_access', 'orders.read'];
  expect(inspection.scopes).toEqual({ asked: scopes, granted: scopes });
  const { value } = await engine.call('tokens.revealCredential', { profile });
  expect(value).toMatch(/^Bearer .{20,}$/);
  expect(JSON.stringify(inspection)).not.toContain(value.slice('Bearer '.length));
  expect((await tokenEvents(engine)).map(({ kind }) => kind)).toEqual(['obtained', 'revealed']);
});
