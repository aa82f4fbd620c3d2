import { generateKeyPairSync } from 'node:crypto';
import { afterAll, expect, test } from 'vitest';
import { endChromium } from '../../fixtures/engine.ts';
import { echoWritings } from './echo.ts';
import { endpointFailures } from './marked-endpoints.ts';
import { loginFailures } from './marked-pages.ts';
import { markedProfile, type ProfileChanges, profile, send, startMarkedEngine } from './marked-project.ts';
import { startMarkedServer } from './marked-server.ts';

afterAll(endChromium);

type Grant = NonNullable<ProfileChanges['grant']>;

const key = { key: '{{orders_key}}', algorithm: 'ES256' } as const;
const silent: Grant[] = [
  { kind: 'refresh_token', refreshToken: '{{orders_password}}' },
  { kind: 'token_exchange', subjectToken: '{{orders_password}}', actorToken: '{{api_key}}' },
  { kind: 'jwt_bearer', assertion: { kind: 'given', assertion: '{{api_key}}' } },
  { kind: 'jwt_bearer', assertion: { kind: 'signed', key, subject: '{{orders_user}}' } },
];
const elsewhere: Grant[] = [
  { kind: 'device_code' },
  { kind: 'ciba', hintValue: '{{orders_user}}', bindingMessage: '{{api_key}}' },
  { kind: 'ciba', hint: 'id_token_hint', hintValue: '{{orders_password}}' },
];

async function startWith(grant: Grant) {
  const server = await startMarkedServer();
  const engine = await startMarkedEngine(server, {
    ...{ profile: { grant }, script: null },
    personPresent: () => true,
  });
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const jwk = privateKey.export({ format: 'jwk' });
  server.seen.add(jwk.d ?? '');
  await engine.call('secrets.save', { name: 'orders_key', value: JSON.stringify(jwk) });
  return { server, engine };
}

const named = (grants: Grant[]) => grants.map((grant) => [grant.kind, grant] as const);

test.each(named(silent))('%s tells no secret, well or failed', async (_, grant) => {
  const { server, engine } = await startWith(grant);
  for (const answer of ['well', 'echoing'] as const) {
    server.answers.token = answer;
    await engine.call('tokens.get', { profile });
    expect((await send(engine, `${server.url}/api`)).outcome.kind).toBe('response');
  }
  for (const failure of endpointFailures.filter((each) => !['closed', 'server_failed'].includes(each))) {
    for (let round = 0; round < echoWritings; round += 1) {
      await engine.call('tokens.forget', { profile });
      server.forget();
      server.answers.token = failure;
      expect(await engine.try('tokens.get', { profile })).not.toBe('done');
    }
  }
  await engine.call('tokens.events', {});
  engine.expectNoSecret(grant.kind);
});

test.each(named(elsewhere))(
  '%s tells no secret, well or failed',
  async (_, grant) => {
    const { server, engine } = await startWith(grant);
    for (const answer of ['well', 'echoing'] as const) {
      Object.assign(server.answers, { approval: answer, token: answer });
      await engine.call('tokens.get', { profile });
    }
    for (const failure of ['refused', 'error_is_echo', 'tokens_in_error'] as const) {
      await engine.call('tokens.forget', { profile });
      server.forget();
      Object.assign(server.answers, { approval: 'well', token: failure });
      expect(await engine.try('tokens.get', { profile })).not.toBe('done');
    }
    for (const failure of endpointFailures.filter((each) => !['closed', 'server_failed'].includes(each))) {
      server.answers.approval = failure;
      for (let round = 0; round < echoWritings; round += 1)
        expect(await engine.try('tokens.get', { profile })).not.toBe('done');
    }
    await engine.call('tokens.events', {});
    engine.expectNoSecret(grant.kind);
  },
  60_000,
);

test('the implicit grant tells no secret, well or failed', async () => {
  const grant = { kind: 'implicit', redirectUri: 'http://127.0.0.1:1/callback' } as const;
  const server = await startMarkedServer();
  const engine = await startMarkedEngine(server, { profile: { grant, scope: 'orders' } });
  await engine.call('tokens.get', { profile });
  expect((await send(engine, `${server.url}/api`)).outcome.kind).toBe('response');
  for (const failure of loginFailures.filter((each) => !['closed', 'lost', 'code_twice'].includes(each))) {
    server.answers.login = failure;
    await engine.call('profiles.save', {
      id: profile,
      profile: markedProfile(server, { grant, scope: 'orders' }),
    });
    expect(await engine.try('tokens.get', { profile })).not.toBe('done');
  }
  await engine.call('tokens.events', {});
  engine.expectNoSecret('implicit');
}, 120_000);
