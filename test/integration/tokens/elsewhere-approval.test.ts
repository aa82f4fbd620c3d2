import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ApprovalServer, startApprovalServer } from '../../fixtures/approval-server.ts';
import {
  endChromium,
  rejectionOf,
  statusOf,
  type TestEngine,
  type TestEngineOptions,
  tokenEvents,
} from '../../fixtures/engine.ts';
import { openServerProject, profile, type ServerProfile } from '../../fixtures/server-project.ts';
import { until, untilPasses } from '../../fixtures/until.ts';
import { sendJson, startWebServer } from '../../fixtures/web-server.ts';

let server: ApprovalServer;
beforeAll(async () => {
  server = await startApprovalServer();
});
afterAll(async () => {
  await endChromium();
  await server.close();
});

// The server wants five seconds between two questions.
const patience = { timeout: 60_000 };

/** Works the server's pages for development, from the login on. */
const signIn = `await page.getByPlaceholder('Enter any login').fill(vars.user);
  await page.getByPlaceholder('and password').fill('any');
  await page.getByRole('button', { name: 'Sign-in' }).click();
  await page.getByRole('button', { name: 'Continue' }).click();`;

async function openProject(
  grant: ServerProfile['grant'],
  options: Partial<TestEngineOptions> = {},
  deviceAuthorizationUrl = '',
): Promise<TestEngine> {
  const settings: ServerProfile = {
    ...{ grant, client: { kind: 'none', id: 'asking' }, scope: 'openid orders' },
    server: { issuer: server.url, deviceAuthorizationUrl },
    personas: [{ name: 'default', values: [{ name: 'user', kind: 'plain', value: 'ada' }] }],
  };
  return (await openServerProject(settings, options)).engine;
}

/** What the window shows while the update waits. */
function shown(engine: TestEngine) {
  return untilPasses(async () => {
    const { activity } = await statusOf(engine, profile);
    if (activity.kind !== 'device' && activity.kind !== 'backchannel')
      throw new Error(`It is ${activity.kind}.`);
    return activity;
  });
}

test(
  'a person sees the code, enters it on another device, and the token comes by itself',
  patience,
  async () => {
    const engine = await openProject({ kind: 'device_code' }, { personPresent: () => true });
    const getting = engine.call('tokens.get', { profile });
    const activity = await shown(engine);
    if (activity.kind !== 'device') throw new Error('There is no code.');
    expect(activity.verificationUri).toBe(`${server.url}/device`);
    expect(activity.verificationUriComplete).toContain(activity.userCode);
    await server.answerCode(activity.userCode, 'allow');
    expect((await getting).access).toMatchObject({ kind: 'held', subject: 'ada' });
    const events = await tokenEvents(engine);
    expect(events.map(({ kind, title, grant }) => [kind, title, grant])).toEqual([
      ['consent_started', 'Device code shown', null],
      ['obtained', 'Obtained by consent', 'device_code'],
    ]);
    expect(JSON.stringify(events)).not.toContain(activity.userCode);
  },
);

test('a person who cancels waits no longer, and the server is asked no more', patience, async () => {
  const engine = await openProject({ kind: 'device_code' }, { personPresent: () => true });
  const getting = rejectionOf(engine.call('tokens.get', { profile }));
  await shown(engine);
  await engine.call('tokens.cancel', { profile });
  expect((await getting).code).toBe('consent_cancelled');
  await until(async () => (await statusOf(engine, profile)).activity.kind === 'idle');
});

test('a script enters the code, signs in and allows the access, unattended', patience, async () => {
  const engine = await openProject({ kind: 'device_code' });
  await engine.call('scripts.save', {
    profile,
    source: `await page.getByText(vars.user_code).waitFor();
      log('begun');
      await page.getByRole('button', { name: 'Continue' }).click();
      ${signIn}`,
  });
  const status = await engine.call('tokens.get', { profile });
  expect(status.access).toMatchObject({ kind: 'held', subject: 'ada', scope: ['openid', 'orders'] });
  expect((await tokenEvents(engine)).map(({ title }) => title)).toEqual([
    'Consent started, unattended',
    'Obtained by consent, unattended',
    'The script logged a line',
  ]);
});

test('a script types the code where the address does not hold it', patience, async () => {
  const plain = await startWebServer(async ({ form }, response) => {
    const answer = await fetch(`${server.url}/device/auth`, { method: 'POST', body: form });
    sendJson(response, { ...Object(await answer.json()), verification_uri_complete: undefined });
  });
  const engine = await openProject({ kind: 'device_code' }, {}, plain.url);
  const source = `await page.locator('input[name=user_code]').fill(vars.user_code);
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.getByText(vars.user_code).waitFor();
    await page.getByRole('button', { name: 'Continue' }).click();
    ${signIn}`;
  await engine.call('scripts.save', { profile, source });
  expect((await engine.call('tokens.get', { profile })).access).toMatchObject({ subject: 'ada' });
  await plain.close();
});

test('a script on trial enters the code too', patience, async () => {
  const engine = await openProject({ kind: 'device_code' });
  const source = `await page.getByRole('button', { name: 'Continue' }).click();\n${signIn}`;
  const run = await engine.call('testRuns.start', {
    ...{ profile, trial: { kind: 'script', source }, visible: false, stepping: false },
  });
  expect(run).toMatchObject({ outcome: { kind: 'token_obtained' }, steps: { length: 5 } });
  const asked = await openProject({ kind: 'ciba' });
  const none = asked.call('testRuns.start', {
    ...{ profile, trial: { kind: 'script', source }, visible: false, stepping: false },
  });
  expect((await rejectionOf(none)).code).toBe('not_supported_here');
});

test("a script that presses the wrong button ends with the server's refusal", patience, async () => {
  const engine = await openProject({ kind: 'device_code' });
  const source = "await page.getByRole('button', { name: 'Abort' }).click();";
  await engine.call('scripts.save', { profile, source });
  const error = await rejectionOf(engine.call('tokens.get', { profile }));
  expect([error.code, error.server?.error]).toEqual(['consent_denied', 'access_denied']);
});

test('with no script and nobody who could read the code it says so, and asks for none', async () => {
  const engine = await openProject({ kind: 'device_code' });
  expect((await rejectionOf(engine.call('tokens.get', { profile }))).code).toBe('consent_required');
});

test('who can only read a code is asked for that, and for no screens', async () => {
  const personPresent = (grant?: string) => grant === 'device_code';
  const engine = await openProject({ kind: 'device_code' }, { personPresent });
  const getting = rejectionOf(engine.call('tokens.get', { profile }));
  await shown(engine);
  await engine.call('tokens.cancel', { profile });
  await getting;
});

test('somebody approves on their own device, though nobody is here', patience, async () => {
  const engine = await openProject({ kind: 'ciba', bindingMessage: 'Orders W4' });
  const getting = engine.call('tokens.get', { profile });
  expect(await shown(engine)).toMatchObject({ kind: 'backchannel', who: 'ada', bindingMessage: 'Orders W4' });
  expect(server.questions.at(-1)).toEqual({ hint: 'ada', words: 'Orders W4' });
  await server.answerQuestion('allow');
  expect((await getting).access).toMatchObject({ kind: 'held', subject: 'ada' });
  expect((await tokenEvents(engine)).map(({ title, detail }) => [title, detail.split(' · ')[0]])).toEqual([
    ['Approval asked for', 'Waiting for ada to approve on their device'],
    ['Obtained by approval on another device', expect.stringMatching(/ s$/)],
  ]);
});
