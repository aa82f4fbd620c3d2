import { afterAll, expect, test } from 'vitest';
import { endChromium } from '../../fixtures/engine.ts';
import { echoWritings } from './echo.ts';
import { type LoginAnswer, loginFailures } from './marked-pages.ts';
import {
  markedProfile,
  profile,
  type RecordedEngine,
  send,
  signIn,
  startMarkedEngine,
} from './marked-project.ts';
import { type MarkedServer, startMarkedServer } from './marked-server.ts';

afterAll(endChromium);

const quick = '{ timeout: 300 }';

/** Reads the whole page into the log, where it is one that repeats everything, and fails. */
const tellsAll = `${signIn}
log(await page.url());
log(await page.title());
log(await page.locator('#all').innerText(${quick}));
log(await page.getByLabel('Echo').inputValue(${quick}));
throw new Error(await page.locator('#all').innerText());`;

/** Scripts that fail, each with a secret in another part of its failure. */
const clumsy = [
  `throw new Error('It was ' + vars.password);`,
  `throw vars.password;`,
  `throw new Error('${'x'.repeat(480)}' + vars.password);`,
  `vars[vars.password];`,
  `page[vars.password]();`,
  `log(vars.password); await page.getByLabel(vars.password).click(${quick});`,
  `await page.getByText('${'x'.repeat(75)}' + vars.password).click(${quick});`,
  `await page.getByRole('button', { name: vars.seed }).click(${quick});`,
  `await page.locator(vars.password + ' >> nonsense=').click(${quick});`,
  `await page.getByLabel('Password').fill({ password: vars.password });`,
  `await page.getByLabel('Password').press(vars.password, ${quick});`,
  `await page.waitForURL(vars.password, ${quick});`,
  `await page.goto('http://127.0.0.1:1/?of=' + encodeURIComponent(vars.password));`,
  `await page.goto('http://127.0.0.1:1/${'x'.repeat(150)}?of=' + vars.seed + vars.seed);`,
  `await page.getByLabel('Password').fill(vars.password);
log(await page.getByLabel('Password').inputValue());
await page.getByText('Welcome').click(${quick});`,
  `log('${'x'.repeat(990)}' + vars.password);
throw 1;`,
];

/** Those that repeat what they know, in another writing each time. */
const echoing: LoginAnswer[] = ['page', 'refused', 'denied', 'error_is_echo', 'bad_issuer'];

async function getWith(engine: RecordedEngine, source: string): Promise<string> {
  await engine.call('scripts.save', { profile, source });
  return engine.try('tokens.get', { profile });
}

test('a consent that goes well, and what the script logs of it, tells no secret', async () => {
  const server = await startMarkedServer();
  const script = `log(vars.password, vars.seed, await page.url(), await page.title());\n${signIn}`;
  const engine = await startMarkedEngine(server, { script });
  for (const tokenForm of ['long', 'jwt'] as const) {
    Object.assign(server.answers, { token: 'echoing', tokenForm });
    await engine.call('tokens.get', { profile });
    engine.clock.aheadMs += 301_000;
    expect(await send(engine, `${server.url}/api`)).toMatchObject({ tokenUse: { kind: 'updated' } });
    server.answers.token = 'refused';
    engine.clock.aheadMs += 301_000;
    // The refused refresh is followed by consent, whose code is then refused too.
    expect(await send(engine, `${server.url}/api`)).toMatchObject({ outcome: { kind: 'failed' } });
    engine.clock.aheadMs = 0;
  }
  const { events } = await engine.call('tokens.events', {});
  expect(events.map(({ kind }) => kind)).toEqual(
    expect.arrayContaining(['consent_started', 'script_log', 'obtained', 'refreshed', 'refresh_refused']),
  );
  engine.expectNoSecret('consent worked by a script');
});

test.each(loginFailures)(
  'a login that ends as %s tells nothing of what the page repeats',
  async (failure) => {
    const server = await startMarkedServer();
    server.answers.login = failure;
    const engine = await startMarkedEngine(server);
    const rounds = echoing.includes(failure) ? echoWritings : 2;
    for (let round = 0; round < rounds; round += 1) {
      expect(await getWith(engine, round === 0 ? signIn : tellsAll), failure).not.toBe('done');
    }
    expect(await send(engine, `${server.url}/api`)).toMatchObject({ outcome: { kind: 'failed' } });
    engine.expectNoSecret(`a login that ends as ${failure}`);
  },
);

test('a script that fails tells no secret that it was given', async () => {
  const server = await startMarkedServer();
  const engine = await startMarkedEngine(server);
  await engine.call('tokens.get', { profile });
  // What is forgotten the server would repeat, and nobody could know it for a secret.
  await engine.call('tokens.forget', { profile });
  server.forget();
  for (const source of clumsy) expect(await getWith(engine, source), source).not.toBe('done');
  engine.expectNoSecret('scripts that fail with secrets in hand');
});

test('a code whose exchange fails tells nothing', async () => {
  const server = await startMarkedServer();
  const engine = await startMarkedEngine(server);
  for (const token of [
    'refused',
    'error_is_echo',
    'html_error',
    'bad_id_token',
    'tokens_in_error',
  ] as const) {
    server.answers.token = token;
    expect(await engine.try('tokens.get', { profile }), token).not.toBe('done');
  }
  engine.expectNoSecret('codes whose exchange fails');
});

async function keptSession(): Promise<{ engine: RecordedEngine; server: MarkedServer }> {
  const server = await startMarkedServer();
  const engine = await startMarkedEngine(server, { profile: { session: 'kept' } });
  expect(await engine.call('tokens.get', { profile })).toMatchObject({ sessionKept: true });
  return { engine, server };
}

test('a kept session is in the vault alone, whatever the server repeats of it', async () => {
  const { engine, server } = await keptSession();
  const reads = `log(await page.locator('#all').innerText(${quick}));\nthrow new Error(await page.title());`;
  for (const login of ['well', 'page', 'refused', 'denied', 'error_is_echo'] as const) {
    server.answers.login = login;
    for (let round = 0; round < 2; round += 1) await getWith(engine, reads);
  }
  server.answers.login = 'well';
  await engine.call('tokens.get', { profile });
  await engine.call('profiles.renamePersona', { profile, from: 'default', to: 'other' });
  expect(await engine.call('tokens.clearSession', { profile })).toMatchObject({ sessionKept: false });
  engine.expectNoSecret('a kept session');
});

test('logging out, well or not, tells nothing of the id token, the session or the page', async () => {
  const { engine, server } = await keptSession();
  const ends = ['returns', 'returns_error', 'page', 'asks', 'refused', 'lost', 'closed'] as const;
  const outcomes = new Map<string, string>();
  for (const answer of ends) {
    server.answers.endSession = answer;
    for (let round = 0; round < 2; round += 1) {
      outcomes.set(answer, await engine.try('tokens.logout', { profile }));
    }
  }
  expect(Object.fromEntries(outcomes)).toMatchObject({
    ...{ returns: 'done', page: 'done', asks: 'logout_unconfirmed', refused: 'consent_page_failed' },
  });
  // Each logout left another cookie, which the next sign-in brings along and replaces.
  for (const login of ['denied', 'error_is_echo'] as const) {
    server.answers.login = login;
    expect(await engine.try('tokens.get', { profile })).toBe('consent_denied');
  }
  const noReturn = markedProfile(server, { session: 'fresh', postLogoutRedirectUri: '' });
  await engine.call('profiles.save', { id: profile, profile: noReturn });
  for (const answer of ends) {
    server.answers.endSession = answer;
    await engine.try('tokens.logout', { profile });
  }
  const nowhere = { ...noReturn, server: { ...noReturn.server, endSessionUrl: 'http://127.0.0.1:1/end' } };
  await engine.call('profiles.save', { id: profile, profile: nowhere });
  expect(await engine.try('tokens.logout', { profile })).toBe('consent_page_failed');
  engine.expectNoSecret('logging out at the provider');
});
