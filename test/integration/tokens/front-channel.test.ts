import { afterAll, beforeAll, expect, test } from 'vitest';
import { profileSchema } from '../../../shared/model/profile.ts';
import { startFrontChannelServer } from '../../electron/oauth/grants/front-channel-server.ts';
import { endChromium, sendTo, startEngine, statusOf, tokenEvents } from '../../fixtures/engine.ts';
import { type OidcServer, oidcRedirectUri } from '../../fixtures/oidc-server.ts';
import { temporaryFolder } from '../../fixtures/temporary-folder.ts';
import { sendJson, startWebServer } from '../../fixtures/web-server.ts';
import { profile } from './orders-server.ts';

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
  const engine = await startEngine({ folder: await temporaryFolder() });
  await engine.call('project.create', { folder: `${engine.projectsFolder}/orders`, name: 'Orders' });
  await engine.call('profiles.create', { name: 'Orders' });
  const saved = profileSchema.parse({
    ...{ name: 'Orders', grant: { redirectUri: oidcRedirectUri, ...grant }, server: { issuer: server.url } },
    ...{ client: { kind: 'none', id: 'front' }, scope: 'openid orders' },
  });
  await engine.call('profiles.save', { id: profile, profile: saved });
  await engine.call('scripts.save', { profile, source: "log('nothing to do');" });
  return engine;
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
  expect((await tokenEvents(engine)).at(-1)).toMatchObject({ kind: 'obtained', grant: kind });
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
