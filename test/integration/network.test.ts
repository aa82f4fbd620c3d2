import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, expect, onTestFinished, test } from 'vitest';
import { networkSchema } from '../../shared/model/network.ts';
import { profileSchema } from '../../shared/model/profile.ts';
import {
  endChromium,
  failureIn,
  rejectionOf,
  resultOf,
  sendTo,
  type TestEngine,
} from '../fixtures/engine.ts';
import { startHttpProxy } from '../fixtures/http-proxy.ts';
import { openServerProject, type ServerProfile } from '../fixtures/server-project.ts';
import { pem, startTlsServer, type TlsVisit, tlsFile } from '../fixtures/tls-server.ts';
import { sendJson, startWebServer } from '../fixtures/web-server.ts';

afterAll(endChromium);

const json = (body: unknown) => ({
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
});

/** A token endpoint, its discovery document, revocation and introspection, and an API. */
function answers(url: () => string) {
  return ({ path }: TlsVisit) => {
    if (path.startsWith('/.well-known/')) return json({ issuer: url(), token_endpoint: `${url()}/token` });
    if (path === '/token')
      return json({ access_token: `t-${Date.now()}`, token_type: 'Bearer', expires_in: 300 });
    if (path === '/introspect') return json({ active: true });
    return json({});
  };
}

type Network = Parameters<typeof networkSchema.parse>[0] & object;

/** A project with one silent profile that trusts the test CA. */
async function project(profile: Partial<ServerProfile>, network: Network = {}): Promise<TestEngine> {
  const { engine, project: own } = await openServerProject({
    ...{ grant: { kind: 'client_credentials' }, server: {} },
    client: { kind: 'tls_client_auth', id: 'app' },
    ...profile,
  });
  await mkdir(join(own, 'certificates'));
  await writeFile(join(own, 'certificates', 'ca.pem'), pem('ca'));
  const whole = networkSchema.parse({ trustedCertificates: ['certificates/ca.pem'], ...network });
  await engine.call('project.saveNetwork', { network: whole });
  return engine;
}

const serverOf = (url: string) => ({
  ...profileSchema.shape.server.parse({}),
  ...{ tokenUrl: `${url}/token`, introspectionUrl: `${url}/introspect`, revocationUrl: `${url}/revoke` },
});

test('every request to the server shows the client certificate, which a persona may have of its own', async () => {
  let url = '';
  const server = await startTlsServer({ asksForCertificate: true, answer: answers(() => url) });
  url = `https://127.0.0.1:${server.port}`;
  const engine = await project(
    {
      server: serverOf(url),
      personas: [
        { name: 'first', values: [{ name: 'login_cert', kind: 'secret', value: '{{cert_one}}' }] },
        { name: 'second', values: [{ name: 'login_cert', kind: 'secret', value: '{{cert_two}}' }] },
      ],
    },
    { clientCertificates: [{ host: '127.0.0.1', certificate: '{{login_cert}}' }] },
  );
  const both = (name: string) => `${pem(name)}${pem(`${name}-key`)}`;
  await engine.call('secrets.save', { name: 'cert_one', value: both('client') });
  await engine.call('secrets.save', { name: 'cert_two', value: both('other-client') });
  for (const [persona, client] of [
    ['first', 'orders-client'],
    ['second', 'other-client'],
  ] as const) {
    server.visits.length = 0;
    await engine.call('tokens.get', { profile: 'orders', persona });
    expect(resultOf(await sendTo(engine, `${url}/api`, 'orders', persona))).toBe(200);
    await engine.call('tokens.introspect', { profile: 'orders', persona });
    await engine.call('tokens.revoke', { profile: 'orders', persona });
    expect(server.visits.map(({ path }) => path)).toEqual(['/token', '/api', '/introspect', '/revoke']);
    expect(new Set(server.visits.map((visit) => visit.client))).toEqual(new Set([client]));
  }
});

test('discovery goes by the project’s network, and what was found without a check is not trusted with one', async () => {
  let url = '';
  const proxy = await startHttpProxy();
  const server = await startTlsServer({ answer: answers(() => url) });
  url = `https://id.orders.test:${server.port}`;
  const custom = { kind: 'custom', url: `http://127.0.0.1:${proxy.port}` };
  const engine = await project(
    {
      ...{ client: { kind: 'none' as const, id: 'app' } },
      server: { ...serverOf(''), tokenUrl: '', issuer: url },
    },
    { proxy: custom },
  );
  expect(await engine.call('profiles.discover', { issuer: url })).toMatchObject({ tokenUrl: `${url}/token` });
  await engine.call('tokens.get', { profile: 'orders' });
  expect(server.visits.map(({ path }) => path).at(-1)).toBe('/token');

  await engine.call('project.saveNetwork', { network: networkSchema.parse({ proxy: custom }) });
  expect(await engine.call('profiles.discover', { issuer: url, verifyTls: false })).toMatchObject({
    tokenUrl: `${url}/token`,
  });
  const refused = await rejectionOf(engine.call('tokens.get', { profile: 'orders' }));
  expect(refused).toMatchObject({
    code: 'discovery_failed',
    message: expect.stringContaining('certificate'),
  });
});

test('a token request has the time of its profile, an API request that of the project', async () => {
  const silent = await startWebServer(() => undefined);
  onTestFinished(() => silent.close());
  const engine = await project(
    { server: serverOf(silent.url), client: { kind: 'none', id: 'app' }, timeoutSeconds: 1 },
    { requestTimeoutSeconds: 1 },
  );
  expect(await rejectionOf(engine.call('tokens.get', { profile: 'orders' }))).toMatchObject({
    code: 'request_timeout',
  });
  expect(failureIn(await sendTo(engine, silent.url))).toMatchObject({ code: 'request_timeout' });
});

test('what is wrong in the network is told by what needs it, and every other profile goes on', async () => {
  let url = '';
  const server = await startTlsServer({ asksForCertificate: true, answer: answers(() => url) });
  url = `https://127.0.0.1:${server.port}`;
  const engine = await project(
    { server: serverOf(url) },
    { clientCertificates: [{ host: '127.0.0.1', certificate: '{{cert}}', passphrase: '{{cert_pass}}' }] },
  );
  const get = () => rejectionOf(engine.call('tokens.get', { profile: 'orders' }));
  const { statuses } = await engine.call('tokens.statuses', {});
  expect(statuses[0]?.failure).toBeNull();
  expect(await get()).toMatchObject({ code: 'secret_missing', message: expect.stringContaining('cert') });
  await engine.call('secrets.save', { name: 'cert', value: tlsFile('client.p12').toString('base64') });
  await engine.call('secrets.save', { name: 'cert_pass', value: 'wrong-marker' });
  const wrong = await get();
  expect(wrong).toMatchObject({ code: 'network_invalid', message: expect.stringContaining('passphrase') });
  expect(JSON.stringify([wrong, engine.events])).not.toContain('wrong-marker');
  await engine.call('secrets.save', { name: 'cert_pass', value: 'open-sesame' });
  expect(await engine.call('tokens.get', { profile: 'orders' })).toMatchObject({ access: { kind: 'held' } });
  expect((await engine.call('secrets.list', {})).secrets.map(({ name }) => name)).toEqual([
    'cert',
    'cert_pass',
  ]);
});

test('it is read once for a send, a new token and a repeat included, and for a status not at all', async () => {
  const api = await startWebServer(({ headers }, response) => {
    const good = headers.authorization === 'Bearer t-2';
    const challenge = { 'www-authenticate': 'Bearer error="invalid_token"' };
    response.writeHead(good ? 200 : 401, good ? {} : challenge).end();
  });
  onTestFinished(() => api.close());
  let count = 0;
  const tokens = await startWebServer((_, response) => {
    count += 1;
    sendJson(response, { access_token: `t-${count}`, token_type: 'Bearer', expires_in: 300 });
  });
  onTestFinished(() => tokens.close());
  const engine = await project(
    { server: serverOf(tokens.url), client: { kind: 'none', id: 'app' } },
    { clientCertificates: [{ host: 'elsewhere.test', certificate: '{{cert}}' }] },
  );
  let reads = 0;
  Object.defineProperty(engine.variables, 'cert', {
    get() {
      reads += 1;
      return pem('client');
    },
  });
  const readsOf = async (work: Promise<unknown>) => {
    const before = reads;
    await work;
    return reads - before;
  };
  expect(await readsOf(engine.call('tokens.statuses', {}))).toBe(0);
  expect(await readsOf(engine.call('tokens.get', { profile: 'orders' }))).toBe(1);
  const repeated = sendTo(engine, api.url, 'orders');
  expect(await readsOf(repeated)).toBe(1);
  expect([resultOf(await repeated), count, api.requests.length]).toEqual([200, 2, 2]);
  expect(await readsOf(sendTo(engine, api.url, 'orders'))).toBe(1);
  expect(await readsOf(engine.call('tokens.statuses', {}))).toBe(0);
});

test('what a proxy repeats of its password in place of an answer is told to nobody', async () => {
  const proxy = await startWebServer(({ headers }, response) => {
    const proof = String(headers['proxy-authorization']);
    const plain = Buffer.from(proof.replace('Basic ', ''), 'base64').toString();
    sendJson(response, { error: 'access_denied', error_description: `${proof} is ${plain}` }, 403);
  });
  onTestFinished(() => proxy.close());
  const password = 'open-marker-sesame';
  const engine = await project(
    { server: serverOf('http://id.orders.test'), client: { kind: 'none', id: 'app' } },
    { proxy: { kind: 'custom', url: proxy.url, user: 'me', password: '{{proxy_password}}' } },
  );
  await engine.call('secrets.save', { name: 'proxy_password', value: password });
  const refused = await rejectionOf(engine.call('tokens.get', { profile: 'orders' }));
  expect(refused.server).toMatchObject({ status: 403, error: 'access_denied' });
  const base64 = Buffer.from(password).toString('base64').slice(4, 12);
  const told = JSON.stringify([refused, engine.events]);
  expect(proxy.requests[0]?.headers['proxy-authorization']).toMatch(/^Basic /);
  expect([told.includes(password), told.includes(base64)]).toEqual([false, false]);
});
