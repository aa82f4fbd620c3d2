import { generateKeyPair, SignJWT } from 'jose';
import { expect, it, onTestFinished } from 'vitest';
import { rejectionOf, resultOf, sendTo, tokenEvents } from '../../fixtures/engine.ts';
import { openServerProject, profile } from '../../fixtures/server-project.ts';
import { sendJson, startWebServer } from '../../fixtures/web-server.ts';

it('an API gets an id token that has not ended, as a bearer token, in place of a bound access token', async () => {
  let serial = 0;
  const clock = { aheadMs: 0 };
  const { privateKey } = await generateKeyPair('RS256');
  const idTokenNow = () => {
    const nowSeconds = Math.floor((Date.now() + clock.aheadMs) / 1000);
    const claims = { iss: server.url, aud: 'orders', sub: 'alice', iat: nowSeconds, exp: nowSeconds + 600 };
    return new SignJWT(claims).setProtectedHeader({ alg: 'RS256' }).sign(privateKey);
  };
  const server = await startWebServer(async ({ path }, response) => {
    if (path !== '/token') return sendJson(response, {});
    serial += 1;
    const tokens = { access_token: `at-${serial}`, id_token: await idTokenNow(), token_type: 'DPoP' };
    return sendJson(response, { ...tokens, expires_in: 36_000 });
  });
  onTestFinished(() => server.close());
  const { engine } = await openServerProject({
    grant: { kind: 'password' },
    server: { tokenUrl: `${server.url}/token` },
    client: { kind: 'none', id: 'orders' },
    scope: 'openid',
    protection: { dpop: { kind: 'on' } },
    placedToken: 'id_token',
  });
  const api = async () => {
    expect(resultOf(await sendTo(engine, `${server.url}/api`, profile))).toBe(200);
    return server.requests.at(-1)?.headers;
  };
  const first = await api();
  expect(first?.authorization).toMatch(/^Bearer eyJ/);
  expect(first?.dpop).toBeUndefined();
  expect((await api())?.authorization).toBe(first?.authorization);
  clock.aheadMs = 11 * 60_000;
  engine.clock.aheadMs = clock.aheadMs;
  expect((await api())?.authorization).not.toBe(first?.authorization);
  expect(server.requests.filter(({ path }) => path === '/token')).toHaveLength(2);
  const { value } = await engine.call('tokens.revealCredential', { profile });
  expect(value).toBe(server.requests.at(-1)?.headers.authorization);
  expect((await tokenEvents(engine)).at(-1)).toMatchObject({ kind: 'revealed', title: 'Id token revealed' });
});

it('a person who would take it is told that there is none, and nobody that it was revealed', async () => {
  const server = await startWebServer((_, response) =>
    sendJson(response, { access_token: 'at', token_type: 'Bearer' }),
  );
  onTestFinished(() => server.close());
  const { engine } = await openServerProject({
    grant: { kind: 'client_credentials' },
    server: { tokenUrl: `${server.url}/token` },
    client: { kind: 'none', id: 'orders' },
    placedToken: 'id_token',
  });
  await engine.call('tokens.get', { profile });
  const failure = await rejectionOf(engine.call('tokens.revealCredential', { profile }));
  expect(failure).toMatchObject({ code: 'token_missing', action: expect.stringContaining('openid') });
  expect((await tokenEvents(engine)).map(({ kind }) => kind)).toEqual(['obtained']);
});
