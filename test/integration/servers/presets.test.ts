import { afterAll, describe, expect, it, onTestFinished } from 'vitest';
import { type PresetValues, presets, profileOf } from '../../../shared/presets/index.ts';
import { endChromium, rejectionOf, resultOf, sendTo, statusOf } from '../../fixtures/engine.ts';
import * as cloud from '../../fixtures/servers/cloud-makers.ts';
import * as makers from '../../fixtures/servers/makers.ts';
import { type Maker, type Proof, standInClient, startStandIn } from '../../fixtures/servers/stand-in.ts';
import { openServerProject, profile } from './server-project.ts';

afterAll(endChromium);

interface Row {
  preset: string;
  maker: Maker;
  /** What a tester fills in, beside client id and secret; `{url}` is the server's address. */
  values?: PresetValues;
  proof: Proof['kind'];
  /** Seconds until the access token ends, by what the server, or else the profile, says. */
  expiresIn: number | null;
  /** As the token set has them. */
  scopes: string[];
  /** What a wrong secret comes to, where the server does not say `invalid_client`. */
  wrongSecret?: 'token_request_refused';
  /** Seconds until the refresh token ends; default: not said. */
  refreshExpiresIn?: number;
}

const rows: Row[] = [
  {
    preset: 'openid_connect',
    maker: makers.plain,
    values: { issuer: '{url}' },
    proof: 'basic',
    expiresIn: 600,
    scopes: ['openid', 'offline_access'],
  },
  {
    preset: 'oauth',
    maker: makers.plain,
    values: { authorizationUrl: '{url}/authorize', tokenUrl: '{url}/token', scope: 'orders' },
    proof: 'basic',
    expiresIn: 600,
    scopes: ['orders'],
  },
  {
    preset: 'keycloak',
    maker: makers.keycloak,
    values: { url: '{url}', realm: 'shop' },
    proof: 'basic',
    expiresIn: 1800,
    wrongSecret: 'token_request_refused',
    scopes: ['openid'],
    refreshExpiresIn: 1_209_600,
  },
  {
    preset: 'apiax',
    maker: makers.apiax,
    proof: 'none',
    expiresIn: 1800,
    scopes: ['openid'],
    refreshExpiresIn: 1_209_600,
  },
  {
    preset: 'wso2',
    maker: makers.wso2,
    values: { url: '{url}' },
    proof: 'basic',
    expiresIn: 3600,
    scopes: ['openid'],
  },
  {
    preset: 'wso2',
    maker: makers.wso2WithoutRenewal,
    values: { url: '{url}' },
    proof: 'basic',
    expiresIn: 3600,
    scopes: ['openid'],
  },
  {
    preset: 'processmaker',
    maker: makers.passport,
    values: { url: '{url}' },
    proof: 'body',
    expiresIn: 1_296_000,
    scopes: [],
  },
  { preset: 'google', maker: makers.google, proof: 'body', expiresIn: 3599, scopes: ['openid', 'email'] },
  {
    preset: 'microsoft',
    maker: makers.microsoft,
    proof: 'body',
    expiresIn: 3599,
    scopes: ['openid', 'offline_access', 'https://graph.microsoft.com/.default'],
  },
  {
    preset: 'microsoft',
    maker: makers.microsoftTenant,
    values: { tenant: 'contoso.onmicrosoft.com' },
    proof: 'body',
    expiresIn: 3599,
    scopes: ['openid', 'offline_access', 'https://graph.microsoft.com/.default'],
  },
  {
    preset: 'microsoft',
    maker: makers.microsoftConsumers,
    values: { tenant: 'consumers' },
    proof: 'body',
    expiresIn: 3599,
    scopes: ['openid', 'offline_access', 'https://graph.microsoft.com/.default'],
  },
  {
    preset: 'microsoft_v1',
    maker: makers.microsoftV1,
    values: { resource: 'https://graph.microsoft.com' },
    proof: 'body',
    expiresIn: 3599,
    scopes: ['user_impersonation'],
  },
  {
    preset: 'okta',
    maker: cloud.okta,
    values: { domain: '{url}' },
    proof: 'basic',
    expiresIn: 3600,
    scopes: ['openid', 'offline_access'],
  },
  {
    preset: 'auth0',
    maker: cloud.auth0,
    values: { domain: '{url}', audience: 'https://orders.example.com' },
    proof: 'body',
    expiresIn: 86_400,
    wrongSecret: 'token_request_refused',
    scopes: ['openid', 'offline_access'],
  },
  {
    preset: 'cognito',
    maker: cloud.cognito,
    values: { domain: '{url}', pool: 'eu-central-1_Ab' },
    proof: 'basic',
    expiresIn: 3600,
    scopes: ['openid'],
  },
  {
    preset: 'salesforce',
    maker: cloud.salesforce,
    values: { url: '{url}' },
    proof: 'body',
    expiresIn: 7200,
    scopes: ['api', 'refresh_token'],
  },
  {
    preset: 'github',
    maker: cloud.github,
    values: { url: '{url}', scope: 'read:user repo' },
    proof: 'body',
    expiresIn: 28_800,
    scopes: ['read:user', 'repo'],
    refreshExpiresIn: 15_897_600,
  },
  {
    preset: 'github',
    maker: cloud.githubForm,
    values: { url: '{url}', scope: 'read:user repo' },
    proof: 'body',
    expiresIn: 28_800,
    scopes: ['read:user', 'repo'],
    refreshExpiresIn: 15_897_600,
  },
  {
    preset: 'gitlab',
    maker: cloud.gitlab,
    values: { url: '{url}' },
    proof: 'body',
    expiresIn: 7200,
    scopes: ['openid', 'read_api'],
  },
  {
    preset: 'pingone',
    maker: cloud.pingOne,
    values: { domain: '{url}', environment: 'env' },
    proof: 'basic',
    expiresIn: 3600,
    scopes: ['openid'],
  },
  {
    preset: 'pingfederate',
    maker: cloud.pingFederate,
    values: { url: '{url}' },
    proof: 'basic',
    expiresIn: 7199,
    scopes: ['openid'],
  },
  {
    preset: 'slack',
    maker: cloud.slack,
    values: { scope: 'channels:read,chat:write' },
    proof: 'body',
    expiresIn: 43_200,
    scopes: ['channels:read', 'chat:write'],
  },
];

/** A stand-in, and an engine with the profile that a tester gets of the preset for it. */
async function open(id: string, maker: Maker, given: PresetValues = {}) {
  const server = await startStandIn(maker);
  onTestFinished(() => server.close());
  const preset = presets.find((one) => one.id === id);
  if (preset === undefined) throw new Error(`there is no preset ${id}`);
  const own = (values: [string, string][]) =>
    Object.fromEntries(values.map(([name, value]) => [name, value.replaceAll('{url}', server.url)]));
  const typed = own(preset.fields.map(({ name, value }) => [name, value]));
  const values = { ...typed, ...own(Object.entries(given)) };
  const whole = { ...values, clientId: standInClient.id, clientSecret: standInClient.secret };
  const { name: _name, ...made } = JSON.parse(JSON.stringify(profileOf(preset, 'Orders', whole)));
  // What is in the cloud stands here.
  made.server = JSON.parse(JSON.stringify(made.server).replace(/https:\/\/[^/"]+/g, server.url));
  if (made.client.secret === '') made.client.secret = '{{secret}}';
  if (made.grant.refreshToken === '') made.grant.refreshToken = '{{refresh}}';
  const script = "await page.getByRole('button', { name: 'Continue' }).click();";
  const { engine } = await openServerProject(made, { secrets: { secret: standInClient.secret }, script });
  const api = async () => resultOf(await sendTo(engine, `${server.url}/api`, profile));
  return { server, engine, api };
}

describe.each(rows.map((row) => [row.preset, row] as const))('the preset %s', (_name, row) => {
  it('gets a token, refreshes it, and takes its refusals for what they are', async () => {
    const { server, engine, api } = await open(row.preset, row.maker, row.values);
    const status = await engine.call('tokens.get', { profile });
    expect(await api()).toBe(200);
    expect(server.tokenRequests().map(({ proof }) => proof.kind)).toEqual([row.proof]);
    const { access, refresh } = status;
    if (access.kind !== 'held') throw new Error('no token is held');
    const seconds = (endMs: number | null) => endMs && (endMs - access.issuedAtMs) / 1000;
    expect([seconds(access.expiresAtMs), access.scope]).toEqual([row.expiresIn, row.scopes]);
    expect(refresh).toMatchObject({ kind: 'usable' });
    expect(seconds(refresh.kind === 'usable' ? refresh.expiresAtMs : null)).toBe(
      row.refreshExpiresIn ?? null,
    );

    // Twice, since the second goes out with what the first one brought.
    await engine.call('tokens.refresh', { profile });
    await engine.call('tokens.refresh', { profile });
    expect(await api()).toBe(200);
    const { form } = server.tokenRequests().at(-1) ?? { form: new URLSearchParams() };
    expect(form.get('grant_type')).toBe('refresh_token');

    server.endTokens();
    const refused = await rejectionOf(engine.call('tokens.refresh', { profile }));
    expect(refused.code).toBe('refresh_refused');
    expect((await statusOf(engine, profile)).refresh.kind).not.toBe('usable');
    // Automatic mode goes on by itself.
    engine.clock.aheadMs = 2_000_000_000;
    expect(await api()).toBe(200);

    if (row.proof === 'none') return;
    await engine.call('secrets.save', { name: 'secret', value: 'another' });
    expect(await rejectionOf(engine.call('tokens.get', { profile }))).toMatchObject({
      code: row.wrongSecret ?? 'invalid_client',
      action: expect.stringContaining('client secret'),
    });
  });
});

describe('presets without a screen', () => {
  it.each([
    ['client_credentials', makers.machine, { tokenUrl: '{url}/token' }, 'basic'],
    ['microsoft_app', makers.microsoftApp, { tenant: 'contoso.onmicrosoft.com' }, 'body'],
  ] as const)('%s repeats its grant', async (id, maker, values, proof) => {
    const { server, engine, api } = await open(id, maker, values);
    expect(await api()).toBe(200);
    engine.clock.aheadMs = 100_000_000;
    expect(await api()).toBe(200);
    expect(server.tokenRequests().map((one) => [one.proof.kind, one.form.get('grant_type')])).toEqual([
      [proof, 'client_credentials'],
      [proof, 'client_credentials'],
    ]);
  });

  it('processmaker_refresh begins with a pasted refresh token', async () => {
    const { server, engine, api } = await open('processmaker_refresh', makers.passport, { url: '{url}' });
    await engine.call('secrets.save', { name: 'refresh', value: server.giveRefreshToken('') });
    await engine.call('tokens.get', { profile });
    expect(await api()).toBe(200);
    await engine.call('tokens.get', { profile });
    expect(await api()).toBe(200);
  });
});

it('Google gives no refresh token to who does not ask for it', async () => {
  const { engine } = await open('google', { ...makers.google, check: () => 'Access blocked' });
  expect(await rejectionOf(engine.call('tokens.get', { profile }))).toMatchObject({
    code: 'script_step_failed',
  });
});
