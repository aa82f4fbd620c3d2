import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { format, inspect } from 'node:util';
import { afterAll, expect, test, vi } from 'vitest';
import type { EngineClient } from '../../../shared/contract/router.ts';
import { AppError } from '../../../shared/errors.ts';
import { endChromium, startEngine, type TestEngine } from '../../fixtures/engine.ts';
import { temporaryFolder } from '../../fixtures/temporary-folder.ts';
import { type MarkedServer, startMarkedServer, type TokenFailure } from './marked-server.ts';
import { createProject, profileId } from './projects.ts';

afterAll(endChromium);

const secrets = {
  orders_secret: 'cl13nt-m4rk s%+/:&="é',
  orders_password: 'pa55w0rd-m4rk  &<"é',
  api_key: 'k3y-m4rk /+&"é',
  broken_key: 'br0ken-m4rk\nnext line',
};

const signIn = `await page.getByLabel('Password').fill(vars.password);
await page.getByRole('button', { name: 'Sign in' }).click();`;
const waits = `\nawait page.getByText('Welcome').click({ timeout: 300 });`;

/** The ways in which a secret could stand somewhere. */
function writings(secret: string): string[] {
  const form = new URLSearchParams([['', secret]]).toString().slice(1);
  const json = JSON.stringify(secret).slice(1, -1);
  const basic = Buffer.from(`orders-app:${form}`).toString('base64');
  return [secret, secret.replace(/\s+/g, ' '), encodeURIComponent(secret), form, json, basic];
}

/** All that a person, a log or a file could hold of the engine's work. */
async function startRecorded(server: MarkedServer) {
  const recorded: string[] = [];
  const record = (what: unknown) => recorded.push(JSON.stringify(what) ?? '', inspect(what, { depth: 20 }));
  for (const method of ['log', 'info', 'warn', 'error', 'debug'] as const) {
    vi.spyOn(console, method).mockImplementation((...parts) => void recorded.push(format(...parts)));
  }
  for (const stream of [process.stdout, process.stderr]) {
    const write = stream.write.bind(stream);
    vi.spyOn(stream, 'write').mockImplementation((chunk) => {
      recorded.push(String(chunk));
      return write(chunk);
    });
  }
  const settings = new Map<string, unknown>();
  const engine = await startEngine({
    folder: await temporaryFolder(),
    settings: { get: (key) => settings.get(key), set: (key, value) => void settings.set(key, value) },
  });
  const call: EngineClient = async (name, params) => {
    try {
      const result = await engine.call(name, params);
      if (name !== 'tokens.reveal') record(result);
      return result;
    } catch (thrown) {
      record(thrown instanceof AppError ? thrown.toWire() : thrown);
      record(thrown);
      throw thrown;
    }
  };
  const project = await createProject(
    { ...engine, call },
    {
      profile: {
        server: { issuer: '', authorizationUrl: `${server.url}/authorize`, tokenUrl: `${server.url}/token` },
        client: { kind: 'client_secret_basic', id: 'orders-app', secret: '{{orders_secret}}' },
        scope: 'openid orders',
        personas: [
          { name: 'default', values: [{ name: 'password', kind: 'secret', value: '{{orders_password}}' }] },
        ],
      },
      script: signIn,
    },
  );
  await mkdir(join(project, 'environments'));
  const environment = { name: 'Dev', secrets: ['api_key', 'broken_key'] };
  await writeFile(join(project, 'environments', 'dev.json'), JSON.stringify(environment));
  await call('project.open', { folder: project });
  for (const [name, value] of Object.entries(secrets)) await call('secrets.save', { name, value });

  /** Everything recorded so far, with the engine's events and files. */
  async function everything(): Promise<string[]> {
    record(engine.events);
    record([...settings]);
    for (const folder of [project, engine.dataFolder]) {
      const entries = await readdir(folder, { recursive: true, withFileTypes: true });
      for (const entry of entries.filter((each) => each.isFile())) {
        recorded.push(entry.name, await readFile(join(entry.parentPath, entry.name), 'latin1'));
        recorded.push(await readFile(join(entry.parentPath, entry.name), 'utf8'));
      }
    }
    return recorded;
  }
  return { engine: { ...engine, call }, everything };
}

const around = (place: string, text: string) => {
  const at = place.indexOf(text);
  return place.slice(Math.max(0, at - 200), at + text.length + 20);
};

async function expectNoSecretIn(places: string[], server: MarkedServer): Promise<void> {
  const marked = [...Object.values(secrets), ...server.seen].filter((secret) => secret !== '');
  expect(marked.length).toBeGreaterThan(8);
  const found = marked
    .flatMap(writings)
    .flatMap((text) =>
      places.filter((place) => place.includes(text)).map((place) => [text, around(place, text)]),
    );
  expect(found).toEqual([]);
}

const get = (engine: TestEngine) => engine.call('tokens.get', { profile: profileId }).catch(() => null);

/** Sends with the profile's token, or with headers of its own. */
function send(engine: TestEngine, url: string, headers: Record<string, string> = {}) {
  const list = Object.entries(headers).map(([name, value]) => ({ name, value }));
  const auth = list.length > 0 ? { kind: 'none' as const } : { kind: 'profile' as const, profile: profileId };
  return engine.call('requests.send', {
    id: 'orders',
    request: { name: 'Orders', url, headers: list, auth },
  });
}

test('when all goes well, no secret is anywhere but on the wire', async () => {
  const server = await startMarkedServer();
  const { engine, everything } = await startRecorded(server);
  expect(await get(engine)).toMatchObject({ access: { kind: 'held' }, failure: null });
  expect(await send(engine, `${server.url}/api`)).toMatchObject({ outcome: { response: { status: 200 } } });
  engine.clock.aheadMs = 301_000;
  expect(await send(engine, `${server.url}/api`)).toMatchObject({ tokenUse: { kind: 'updated' } });
  await engine.call('tokens.refresh', { profile: profileId });
  const { accessToken } = await engine.call('tokens.reveal', { profile: profileId });
  server.seen.add(accessToken);
  const query = await send(engine, `${server.url}/api?key={{api_key}}`, { 'x-key': 'Key {{api_key}}' });
  expect(query.request).toMatchObject({
    url: `${server.url}/api?key=••••••••`,
    headers: expect.arrayContaining([{ name: 'x-key', value: 'Key ••••••••' }]),
  });
  await engine.call('secrets.list', {});
  await engine.call('tokens.statuses', {});
  await engine.call('tokens.forget', { profile: profileId });
  await expectNoSecretIn(await everything(), server);
});

test('when a token request fails, no secret that the server repeats is told', async () => {
  const failures: TokenFailure[] = ['refused', 'refused_in_json', 'html', 'cut', 'bad_id_token'];
  const server = await startMarkedServer();
  const { engine, everything } = await startRecorded(server);
  for (const failure of failures) {
    server.failing.token = null;
    await get(engine);
    const { accessToken } = await engine.call('tokens.reveal', { profile: profileId });
    server.seen.add(accessToken);
    engine.clock.aheadMs += 301_000;
    server.failing.token = failure;
    expect(await send(engine, `${server.url}/api`), failure).toMatchObject({ outcome: { kind: 'failed' } });
    expect(await get(engine), failure).toBeNull();
    await engine.call('tokens.refresh', { profile: profileId }).catch(() => null);
    engine.clock.aheadMs = 0;
  }
  await expectNoSecretIn(await everything(), server);
});

test('when consent or a script fails, no secret of the page is told', async () => {
  const server = await startMarkedServer();
  const { engine, everything } = await startRecorded(server);
  const scripts = [
    signIn + waits,
    `throw new Error('It was ' + vars.password);`,
    `log(vars.password); await page.getByLabel(vars.password).click({ timeout: 300 });`,
    `await page.getByLabel('Password').fill({ password: vars.password });`,
    `await page.getByLabel('Password').fill(vars.password);\nlog(await page.getByLabel('Password').inputValue());${waits}`,
  ];
  for (const login of ['page', 'denied'] as const) {
    server.failing.login = login;
    for (const source of scripts) {
      await engine.call('scripts.save', { profile: profileId, source });
      expect(await get(engine)).toBeNull();
    }
    expect(await send(engine, `${server.url}/api`)).toMatchObject({ outcome: { kind: 'failed' } });
  }
  await expectNoSecretIn(await everything(), server);
});

test('when the API fails, or a request cannot be sent, no secret in it is told', async () => {
  const server = await startMarkedServer();
  const { engine, everything } = await startRecorded(server);
  await get(engine);
  for (const api of ['invalid_token', 'closed'] as const) {
    server.failing.api = api;
    await send(engine, `${server.url}/api`);
    await send(engine, `${server.url}/api?{{api_key}}`, { 'x-key': '{{api_key}}' });
  }
  for (const url of [
    'http://{{api_key}}/',
    'http://u:{{api_key}}@127.0.0.1/',
    '{{api_key}}',
    'http://[{{api_key}}',
  ]) {
    expect(await send(engine, url)).toMatchObject({ outcome: { error: { code: 'url_invalid' } } });
  }
  const broken = await send(engine, `${server.url}/api`, { 'x-key': '{{broken_key}}' });
  expect(broken).toMatchObject({ outcome: { error: { code: 'request_invalid' } } });
  await expectNoSecretIn(await everything(), server);
});
