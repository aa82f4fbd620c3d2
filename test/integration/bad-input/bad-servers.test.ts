import { afterAll, describe, expect, onTestFinished, test } from 'vitest';
import {
  endChromium,
  failureIn,
  rejectionOf,
  resultOf,
  sendTo,
  startEngine,
  statusOf,
  tokenEvents,
} from '../../fixtures/engine.ts';
import { temporaryFolder } from '../../fixtures/temporary-folder.ts';
import { startTlsServer } from '../../fixtures/tls-server.ts';
import { closedPort, type SeenRequest, sendJson, startWebServer } from '../../fixtures/web-server.ts';
import { createProject, profileId, saveProfile } from './projects.ts';

afterAll(endChromium);

async function startServer(answer: Parameters<typeof startWebServer>[0]) {
  const server = await startWebServer(answer);
  onTestFinished(() => server.close());
  return server;
}

const html = '<!doctype html><title>Welcome</title><h1>Company portal</h1>';

/** The addresses of servers that are no use, by what is wrong with them. */
async function badAddresses() {
  // With a certificate that nobody trusts.
  const untrusted = await startTlsServer({ certificate: 'self-signed' });
  const page = await startServer((_, response) => {
    response.writeHead(200, { 'content-type': 'text/html' }).end(html);
  });
  return {
    notAUrl: 'orders.example/token',
    unreachable: `http://127.0.0.1:${await closedPort()}/token`,
    untrusted: `https://127.0.0.1:${untrusted.port}/token`,
    noTls: `${page.url.replace('http:', 'https:')}/token`,
    page: `${page.url}/token`,
  };
}

test('a request to a bad address fails with a code, and the next one goes out', async () => {
  const engine = await startEngine({ folder: await temporaryFolder() });
  await createProject(engine);
  const bad = await badAddresses();
  const failures = {
    url_invalid: [bad.notAUrl, 'ftp://127.0.0.1/', 'http://', ''],
    server_unreachable: [bad.unreachable],
    tls_error: [bad.untrusted, bad.noTls],
  };
  for (const [code, addresses] of Object.entries(failures)) {
    for (const address of addresses) {
      const failure = failureIn(await sendTo(engine, address));
      expect(failure, address).toMatchObject({ code, action: expect.any(String) });
      if (code !== 'url_invalid') expect(failure.message).toContain(new URL(address).host);
    }
  }
  // What an API answers is an answer, whatever it is.
  expect(resultOf(await sendTo(engine, bad.page))).toBe(200);
});

test('a bad token URL fails Get Access Token with a code that stands in status and timeline', async () => {
  const engine = await startEngine({ folder: await temporaryFolder() });
  await createProject(engine);
  const bad = await badAddresses();
  const expected = {
    notAUrl: ['url_invalid', 'Token URL'],
    unreachable: ['server_unreachable', '127.0.0.1'],
    untrusted: ['tls_error', 'certificate'],
    noTls: ['tls_error', 'TLS'],
    page: ['token_response_invalid', 'HTML'],
  } as const;
  for (const [kind, [code, words]] of Object.entries(expected)) {
    const tokenUrl = bad[kind as keyof typeof expected];
    await saveProfile(engine, {
      grant: { kind: 'client_credentials' },
      server: { issuer: '', authorizationUrl: '', tokenUrl },
    });
    const failure = await rejectionOf(engine.call('tokens.get', { profile: profileId }));
    expect(failure, kind).toMatchObject({ code, action: expect.any(String) });
    expect(failure.message, kind).toContain(words);
    expect((await statusOf(engine, profileId)).failure, kind).toEqual(failure);
    expect((await tokenEvents(engine)).at(-1), kind).toMatchObject({
      kind: 'obtain_failed',
      error: { code },
    });
  }
});

test('a bad issuer fails with discovery_failed and all that was tried', async () => {
  const engine = await startEngine({ folder: await temporaryFolder() });
  await createProject(engine);
  const bad = await badAddresses();
  for (const address of [bad.unreachable, bad.untrusted, bad.page]) {
    const failure = await rejectionOf(engine.call('profiles.discover', { issuer: address }));
    expect(failure, address).toMatchObject({ code: 'discovery_failed', action: expect.any(String) });
    expect(failure.message).toContain(new URL(address).host);
  }
  const failure = await rejectionOf(engine.call('profiles.discover', { issuer: 'orders' }));
  expect(failure).toMatchObject({ code: 'url_invalid', details: { field: 'server.issuer' } });
});

test('a bad authorization URL ends the consent with a code and its host', async () => {
  const engine = await startEngine({ folder: await temporaryFolder() });
  await createProject(engine, { script: `await page.getByLabel('User').click({ timeout: 300 });` });
  const bad = await badAddresses();
  const tokenUrl = 'http://127.0.0.1/token';
  const codeOf = async (authorizationUrl: string) => {
    await saveProfile(engine, { server: { issuer: '', authorizationUrl, tokenUrl } });
    const failure = await rejectionOf(engine.call('tokens.get', { profile: profileId }));
    expect(failure.action, authorizationUrl).toEqual(expect.any(String));
    return failure;
  };
  expect(await codeOf(bad.notAUrl)).toMatchObject({
    code: 'url_invalid',
    details: { field: 'server.authorizationUrl' },
  });
  for (const address of [bad.unreachable, bad.untrusted, bad.noTls]) {
    const failure = await codeOf(address);
    expect(failure.code, address).toBe('consent_page_failed');
    expect(failure.message).toContain(new URL(address).host);
  }
  // A page that is no sign-in page: the script says what it looked for, the error what was there instead.
  expect(await codeOf(bad.page)).toMatchObject({
    code: 'script_step_failed',
    details: { line: 1, title: 'Welcome', text: 'Company portal' },
  });
});

type Answer = Parameters<typeof startWebServer>[0];

describe('a refresh that the server cannot answer', () => {
  const tokens = { access_token: 'a', refresh_token: 'r', token_type: 'bearer', expires_in: 300 };
  const failures: [name: string, code: string, answer: Answer][] = [
    ['500', 'token_server_failed', (_, response) => response.writeHead(500).end('Oops')],
    ['429', 'token_server_failed', (_, response) => response.writeHead(429, { 'retry-after': '3600' }).end()],
    ['a page', 'token_response_invalid', (_, response) => response.end(html)],
    ['a cut answer', 'token_response_invalid', (_, response) => response.end('{"access_token":"b')],
    ['a closed connection', 'server_unreachable', (_, response) => response.destroy()],
  ];

  test.each(failures)('%s fails the send with %s and loses no token', async (_, code, fail) => {
    const engine = await startEngine({ folder: await temporaryFolder() });
    let answer: Answer = (_, response) => sendJson(response, tokens);
    const server = await startServer((request: SeenRequest, response) => {
      if (request.path === '/api') return void response.end('{}');
      answer(request, response);
    });
    await createProject(engine, {
      profile: {
        grant: { kind: 'client_credentials' },
        server: { issuer: '', authorizationUrl: '', tokenUrl: `${server.url}/token` },
      },
    });
    await engine.call('tokens.get', { profile: profileId });
    engine.clock.aheadMs = 301_000;
    answer = fail;
    expect(failureIn(await sendTo(engine, `${server.url}/api`, profileId))).toMatchObject({
      code,
      action: expect.any(String),
    });
    expect(await statusOf(engine, profileId)).toMatchObject({
      access: { kind: 'held' },
      refresh: { kind: 'usable' },
      activity: { kind: 'idle' },
      failure: { code },
    });

    answer = (_, response) => sendJson(response, { ...tokens, access_token: 'b' });
    const exchange = await sendTo(engine, `${server.url}/api`, profileId);
    expect([resultOf(exchange), exchange.tokenUse.kind]).toEqual([200, 'updated']);
    expect(
      server.requests.filter(({ form }) => form.get('grant_type') === 'client_credentials'),
    ).toHaveLength(1);
    expect((await statusOf(engine, profileId)).failure).toBeNull();
  });
});

test('a server that never answers is given up on by hand, and the profile can be used again at once', async () => {
  const engine = await startEngine({ folder: await temporaryFolder() });
  let hang = true;
  const server = await startServer((_, response) => {
    if (!hang) sendJson(response, { access_token: 'a', token_type: 'bearer' });
  });
  await createProject(engine, {
    profile: {
      grant: { kind: 'client_credentials' },
      server: { issuer: '', authorizationUrl: '', tokenUrl: server.url },
    },
  });
  const waiting = rejectionOf(engine.call('tokens.get', { profile: profileId }));
  await expect.poll(() => server.requests.length).toBe(1);
  // Also when the profile has become unusable meanwhile.
  await saveProfile(engine, { scope: '{{missing}}' });
  await engine.call('tokens.cancel', { profile: profileId });
  expect((await waiting).code).toBe('consent_cancelled');

  const send = sendTo(engine, `${server.url}/api`);
  await expect.poll(() => server.requests.length).toBe(2);
  await engine.call('requests.cancel', { id: 'unsaved' });
  expect(failureIn(await send).code).toBe('cancelled');

  hang = false;
  await saveProfile(engine, {
    grant: { kind: 'client_credentials' },
    server: { issuer: '', authorizationUrl: '', tokenUrl: server.url },
  });
  expect(await engine.call('tokens.get', { profile: profileId })).toMatchObject({ access: { kind: 'held' } });
});

test('an engine that ends while servers hang ends at once, and whoever waits hears of it', async () => {
  const engine = await startEngine({ folder: await temporaryFolder() });
  const server = await startServer(() => {});
  await createProject(engine, {
    profile: {
      server: { issuer: '', authorizationUrl: `${server.url}/authorize`, tokenUrl: `${server.url}/token` },
    },
    script: `await page.getByLabel('User').click();`,
  });
  const waiting = [
    rejectionOf(engine.call('tokens.get', { profile: profileId })),
    sendTo(engine, `${server.url}/api`).then(failureIn),
    sendTo(engine, `${server.url}/api`, profileId).then(failureIn),
  ];
  await expect
    .poll(() => server.requests.map(({ path }) => path.split('?')[0]).sort())
    .toEqual(['/api', '/authorize']);
  await engine.dispose();
  const failures = await Promise.all(waiting);
  expect(failures.map(({ code }) => code)).toEqual(['cancelled', 'server_unreachable', 'cancelled']);
});
