import { afterAll, describe, expect, it, onTestFinished } from 'vitest';
import { presets, profileOf } from '../../../shared/presets/index.ts';
import { endChromium, rejectionOf, resultOf, sendTo, statusOf } from '../../fixtures/engine.ts';
import { openServerProject, profile } from '../../fixtures/server-project.ts';
import { loginRows, machineRows, type PresetRow, pastedRow } from '../../fixtures/servers/preset-rows.ts';
import { standInClient, startStandIn } from '../../fixtures/servers/stand-in.ts';

afterAll(endChromium);

/** A stand-in, and an engine with the profile that a tester gets of the preset for it. */
async function open(row: PresetRow) {
  const server = await startStandIn(row.maker);
  onTestFinished(() => server.close());
  const preset = presets.find(({ id }) => id === row.preset);
  if (preset === undefined) throw new Error(`there is no preset ${row.preset}`);
  const own = (values: [string, string][]) =>
    Object.fromEntries(values.map(([name, value]) => [name, value.replaceAll('{url}', server.url)]));
  const typed = own(preset.fields.map(({ name, value }) => [name, value]));
  const values = { ...typed, ...own(Object.entries(row.values ?? {})) };
  const whole = { ...values, clientId: standInClient.id, clientSecret: standInClient.secret };
  const { name: _name, ...made } = JSON.parse(JSON.stringify(profileOf(preset, 'Orders', whole)));
  // What is in the cloud stands here.
  made.server = JSON.parse(JSON.stringify(made.server).replace(/https:\/\/[^/"]+/g, server.url));
  if (made.client.secret === '') made.client.secret = '{{secret}}';
  if (made.grant.refreshToken === '') made.grant.refreshToken = '{{refresh}}';
  const script = "await page.getByRole('button', { name: 'Continue' }).click();";
  const { engine, save } = await openServerProject(made, {
    secrets: { secret: standInClient.secret },
    script,
  });
  const api = async () => resultOf(await sendTo(engine, `${server.url}/api`, profile));
  return { server, engine, save, made, api };
}

describe.each(loginRows.map((row) => [row.preset, row] as const))('the preset %s', (_name, row) => {
  it('gets a token, refreshes it, and takes its refusals for what they are', async () => {
    const { server, engine, api } = await open(row);
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
    const [first, second] = server.tokenRequests().slice(-2);
    expect([first, second].map((one) => one?.form.get('grant_type'))).toEqual(Array(2).fill('refresh_token'));
    const rotates = first?.form.get('refresh_token') !== second?.form.get('refresh_token');
    expect(rotates).toBe(row.maker.rotation.startsWith('new'));

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
  it.each(machineRows)('$preset repeats its grant', async (row) => {
    const { server, engine, api } = await open(row);
    expect(await api()).toBe(200);
    engine.clock.aheadMs = 100_000_000;
    expect(await api()).toBe(200);
    expect(server.tokenRequests().map((one) => [one.proof.kind, one.form.get('grant_type')])).toEqual([
      [row.proof, 'client_credentials'],
      [row.proof, 'client_credentials'],
    ]);
  });

  it('processmaker_refresh begins with a pasted refresh token', async () => {
    const { server, engine, api } = await open(pastedRow);
    await engine.call('secrets.save', { name: 'refresh', value: server.giveRefreshToken('') });
    await engine.call('tokens.get', { profile });
    expect(await api()).toBe(200);
    await engine.call('tokens.get', { profile });
    expect(await api()).toBe(200);
  });
});

it('Google gives no refresh token to who does not ask for it', async () => {
  const row = loginRows.find(({ preset }) => preset === 'google');
  if (row === undefined) throw new Error('Google is not tried');
  const { engine, save, made } = await open(row);
  await save({ ...made, parameters: [] });
  expect(await engine.call('tokens.get', { profile })).toMatchObject({
    access: { kind: 'held' },
    refresh: { kind: 'none' },
  });
});
