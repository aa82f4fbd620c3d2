import { afterAll, beforeAll, expect, test } from 'vitest';
import { startFrontChannelServer } from '../../electron/oauth/grants/front-channel-server.ts';
import { endChromium, sendTo, statusOf, tokenEvents } from '../../fixtures/engine.ts';
import { type OidcServer, oidcRedirectUri } from '../../fixtures/oidc-server.ts';
import { openServerProject, profile, type ServerProfile } from '../../fixtures/server-project.ts';
import { sendJson, startWebServer } from '../../fixtures/web-server.ts';

let server: OidcServer;
beforeAll(async () => {
  server = await startFrontChannelServer();
});
afterAll(async () => {
  await endChromium();
  await server.close();
});

/** The server signs in and consents by itself, so that the script has nothing to do. */
async function openProject(grant: Record<string, unknown>) {
  const settings = {
    grant: { redirectUri: oidcRedirectUri, ...grant } as ServerProfile['grant'],
    server: { issuer: server.url },
    ...{ client: { kind: 'none' as const, id: 'front' }, scope: 'openid orders' },
  };
  return (await openServerProject(settings, { script: "log('nothing to do');" })).engine;
}

test.each([
  ['implicit', 'id_token token', 'default'],
  ['implicit', 'id_token', 'form_post'],
  ['authorization_code', 'code', 'form_post'],
  ['authorization_code', 'code', 'fragment'],
  ['authorization_code', 'code id_token', 'default'],
  ['authorization_code', 'code id_token token', 'form_post'],
])('%s, %s by %s: a token comes through a real browser', async (kind, responseType, responseMode) => {
  const engine = await openProject({ kind, responseType, responseMode });
  const status = await engine.call('tokens.get', { profile });
  expect(status).toMatchObject({ access: { kind: 'held', subject: 'ada' }, idTokenHeld: true });
  // What the script logged, where it came that far, is told after it.
  const obtained = (await tokenEvents(engine)).filter((event) => event.kind === 'obtained');
  expect(obtained).toMatchObject([{ grant: kind }]);
});

test('an implicit token has no refresh token: a send gets another one by consent when it has expired', async () => {
  const api = await startWebServer((_, response) => sendJson(response, {}));
  const engine = await openProject({ kind: 'implicit', responseType: 'id_token token' });
  await sendTo(engine, api.url, profile);
  engine.clock.aheadMs = 301_000;
  await sendTo(engine, api.url, profile);
  await api.close();
  const [first, second] = api.requests.map(({ headers }) => headers.authorization);
  expect([first, second]).toEqual([expect.stringMatching(/^Bearer /), expect.stringMatching(/^Bearer /)]);
  expect(second).not.toBe(first);
  expect((await statusOf(engine, profile)).refresh.kind).toBe('none');
  const obtained = (await tokenEvents(engine)).filter(({ kind }) => kind === 'obtained');
  expect(obtained.map(({ title }) => title)).toEqual([
    'Obtained by consent, unattended',
    'Obtained by consent, unattended',
  ]);
});
