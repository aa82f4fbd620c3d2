import { generateKeyPairSync } from 'node:crypto';
import { afterAll, expect, test } from 'vitest';
import { endChromium } from '../../fixtures/engine.ts';
import { echoWritings } from './echo.ts';
import {
  markedProfile,
  type ProfileChanges,
  profile,
  type RecordedEngine,
  send,
  startMarkedEngine,
} from './marked-project.ts';
import { type MarkedServer, startMarkedServer } from './marked-server.ts';

afterAll(endChromium);

const grant = { kind: 'password' } as const;
const dpop = { kind: 'on' } as const;
const key = { key: '{{orders_key}}', algorithm: 'ES256' } as const;

/** Stores a key of which no part may be found anywhere. */
async function storeKey(engine: RecordedEngine, server: MarkedServer): Promise<void> {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const jwk = privateKey.export({ format: 'jwk' });
  server.seen.add(jwk.d ?? '');
  await engine.call('secrets.save', { name: 'orders_key', value: JSON.stringify(jwk) });
}

const clients: [string, NonNullable<ProfileChanges['client']>][] = [
  ['client_secret_jwt', { kind: 'client_secret_jwt', id: 'orders-app', secret: '{{orders_secret}}' }],
  ['private_key_jwt', { kind: 'private_key_jwt', id: 'orders-app', key }],
];

test.each(clients)(
  'assertions by %s and DPoP proofs are told nowhere, whatever the server repeats',
  async (_, client) => {
    const server = await startMarkedServer();
    const engine = await startMarkedEngine(server, { profile: { grant, client, protection: { dpop } } });
    await storeKey(engine, server);
    for (const failure of ['error_is_echo'] as const) {
      for (let round = 0; round < echoWritings; round += 1) {
        Object.assign(server.answers, { token: 'well', introspect: 'well' });
        engine.clock.aheadMs = 0;
        await engine.call('tokens.get', { profile });
        const exchange = await send(engine, `${server.url}/api`);
        expect(exchange.request.headers.map(({ name }) => name)).toContain('DPoP');
        engine.clock.aheadMs = 301_000;
        Object.assign(server.answers, { token: failure, introspect: failure });
        expect(await engine.try('tokens.introspect', { profile, token: 'access_token' })).not.toBe('done');
        expect((await send(engine, `${server.url}/api`)).outcome.kind).toBe('failed');
        await engine.call('tokens.forget', { profile });
        server.forget();
      }
    }
    engine.expectNoSecret('client assertions and DPoP proofs');
  },
);

test('pushed and signed requests are told nowhere, well or failed', async () => {
  const server = await startMarkedServer();
  const requestObject = { kind: 'signed', key } as const;
  for (const protection of [
    { pushedRequest: true },
    { pushedRequest: true, requestObject, dpop },
    { requestObject },
  ]) {
    const engine = await startMarkedEngine(server, { profile: { protection } });
    await storeKey(engine, server);
    await engine.call('tokens.get', { profile });
    const failures = 'pushedRequest' in protection ? (['error_is_echo'] as const) : [];
    for (const failure of failures) {
      server.answers.pushed = failure;
      for (let round = 0; round < echoWritings; round += 1) {
        expect(await engine.try('tokens.get', { profile })).not.toBe('done');
      }
    }
    server.answers.pushed = 'well';
    await engine.call('profiles.save', { id: profile, profile: markedProfile(server, { protection }) });
    engine.expectNoSecret('pushed and signed requests');
  }
});
