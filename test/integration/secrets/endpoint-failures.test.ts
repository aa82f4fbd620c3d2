import { expect, test } from 'vitest';
import { closedPort } from '../../fixtures/web-server.ts';
import { echoWritings } from './echo.ts';
import { type EndpointAnswer, endpointFailures } from './marked-endpoints.ts';
import { markedProfile, profile, type RecordedEngine, send, startMarkedEngine } from './marked-project.ts';
import { type MarkedServer, startMarkedServer } from './marked-server.ts';

const grant = { kind: 'password' } as const;

/** These are tried again after a pause each time, so that a few of them must do. */
const slow: EndpointAnswer[] = ['closed', 'server_failed'];

/** An engine that holds a token set which has expired. */
async function withExpiredToken(engine: RecordedEngine, server: MarkedServer): Promise<void> {
  server.answers.token = 'well';
  engine.clock.aheadMs = 0;
  await engine.call('tokens.get', { profile });
  await engine.call('tokens.reveal', { profile });
  engine.clock.aheadMs = 301_000;
}

/** Asks for the token in every way, while the token endpoint fails. */
async function askInEveryWay(engine: RecordedEngine, server: MarkedServer, failure: EndpointAnswer) {
  server.answers.token = failure;
  const outcomes = [
    await engine.try('tokens.refresh', { profile }),
    await engine.try('tokens.get', { profile }),
    (await send(engine, `${server.url}/api`)).outcome.kind,
  ];
  expect(outcomes, failure).not.toContain('done');
  expect(outcomes.at(-1), failure).toBe('failed');
  await engine.call('tokens.statuses', {});
  // From now on the server knows what the client has dropped.
  await engine.call('tokens.forget', { profile });
  server.forget();
}

test.each([...endpointFailures, 'bad_id_token' as const])(
  'the token endpoint answers %s: nothing that it repeats is told',
  async (failure) => {
    const server = await startMarkedServer();
    const engine = await startMarkedEngine(server, { profile: { grant } });
    const rounds = slow.includes(failure) ? 1 : echoWritings;
    for (let round = 0; round < rounds; round += 1) {
      await withExpiredToken(engine, server);
      await askInEveryWay(engine, server, failure);
    }
    engine.expectNoSecret(`a token endpoint that answers ${failure}`);
  },
);

test('a 401 with an update that fails, a refused refresh in Manual mode and a post of the secret tell nothing', async () => {
  const server = await startMarkedServer();
  const client = { kind: 'client_secret_post' as const, id: 'orders-app', secret: '{{orders_secret}}' };
  const engine = await startMarkedEngine(server, { profile: { grant, client } });
  for (let round = 0; round < echoWritings; round += 1) {
    await withExpiredToken(engine, server);
    engine.clock.aheadMs = 0;
    Object.assign(server.answers, { token: 'error_is_echo', api: 'invalid_token' });
    expect(await send(engine, `${server.url}/api`)).toMatchObject({ outcome: { kind: 'failed' } });
    server.answers.api = 'well';
    await engine.call('tokens.forget', { profile });
    server.forget();
  }
  const manual = markedProfile(server, { grant, client, refreshMode: 'manual' });
  await engine.call('profiles.save', { id: profile, profile: manual });
  await withExpiredToken(engine, server);
  expect(await send(engine, `${server.url}/api`)).toMatchObject({ tokenUse: { kind: 'expired' } });
  server.answers.token = 'refused_in_json';
  expect(await engine.try('tokens.refresh', { profile })).toBe('refresh_refused');
  engine.expectNoSecret('updates that fail after a 401, and in Manual mode');
});

test('revocation and introspection that fail tell nothing of what the server repeats', async () => {
  const server = await startMarkedServer();
  const engine = await startMarkedEngine(server, { profile: { grant } });
  await engine.call('tokens.get', { profile });
  for (const failure of endpointFailures) {
    Object.assign(server.answers, { revoke: failure, introspect: failure });
    for (let round = 0; round < echoWritings; round += 1) {
      // Nothing is wrong with a revocation whose answer is no JSON.
      const revoked = await engine.try('tokens.revoke', { profile });
      if (revoked === 'done') {
        server.forget();
        await engine.call('tokens.get', { profile });
      }
      for (const token of ['access_token', 'refresh_token'] as const) {
        expect(await engine.try('tokens.introspect', { profile, token }), failure).not.toBe('done');
      }
    }
  }
  engine.expectNoSecret('revocation and introspection that fail in every way');
});

test('an address with a secret in it is told without it', async () => {
  const server = await startMarkedServer();
  const engine = await startMarkedEngine(server, { profile: { grant } });
  const save = (urls: object) =>
    engine.call('profiles.save', { id: profile, profile: markedProfile(server, { grant, server: urls }) });
  await engine.call('tokens.get', { profile });
  await save({ issuer: `${server.url}/{{api_key}}/of` });
  expect(await engine.try('tokens.get', { profile })).toBe('discovery_failed');
  expect(await engine.try('profiles.discover', { issuer: `${server.url}/{{api_key}}` })).toBe(
    'discovery_failed',
  );
  await save({ tokenUrl: `${server.url}/{{api_key}}` });
  expect(await engine.try('tokens.get', { profile })).toBe('token_request_refused');
  for (const tokenUrl of ['https://{{api_key}}/token', 'https://of.{{api_key}}.example/', '{{api_key}}']) {
    await save({ tokenUrl });
    expect(await engine.try('tokens.get', { profile }), tokenUrl).toBe('url_invalid');
    await engine.call('tokens.statuses', {});
  }
  await save({ tokenUrl: `http://127.0.0.1:${await closedPort()}/{{api_key}}?key={{api_key}}` });
  expect(await engine.try('tokens.get', { profile })).toBe('server_unreachable');
  engine.expectNoSecret('addresses of a server with a secret in them');
});
