import { expect, test } from 'vitest';
import { rejectionOf, statusOf, tokenEvents } from '../../fixtures/engine.ts';
import { until } from '../../fixtures/until.ts';
import { gate, openProject, profile, saveProfile, startServer } from './orders-server.ts';

test('the tokens of one server are not shown to another one when they are revoked or asked about', async () => {
  const [own, stranger] = [await startServer(), await startServer()];
  const engine = await openProject(own);
  await engine.call('tokens.get', { profile });
  await saveProfile(engine, stranger, {
    server: {
      tokenUrl: `${stranger.url}/token`,
      revocationUrl: `${stranger.url}/revoke`,
      introspectionUrl: `${stranger.url}/introspect`,
    },
  });
  expect(await statusOf(engine, profile)).toMatchObject({ access: { stale: true } });
  for (const command of ['tokens.introspect', 'tokens.revoke'] as const) {
    expect(await rejectionOf(engine.call(command, { profile }))).toMatchObject({ code: 'token_missing' });
  }
  const seen = stranger.requests.map(({ path, form }) => `${path} ${form.get('token')}`);
  expect(seen, 'a stale token set is not used').toEqual([]);
});

test('what the timeline says of a revocation that is cancelled is what happened', async () => {
  const server = await startServer();
  const engine = await openProject(server);
  await engine.call('tokens.get', { profile });
  const hold = gate();
  server.revoke = (_, response) => void hold.opened.then(() => response.writeHead(200).end());
  const revoking = engine.call('tokens.revoke', { profile }).then(
    () => 'revoked',
    () => 'not revoked',
  );
  await until(() => server.count('/revoke') === 1);
  // The other window's Forget, or Cancel.
  const forgetting = engine.call('tokens.forget', { profile });
  hold.open();
  await forgetting;
  const last = (await tokenEvents(engine)).filter(({ kind }) => kind === 'revoked' || kind === 'end_failed');
  expect([await revoking, server.count('/revoke'), last[0]?.kind]).toEqual(['revoked', 2, 'revoked']);
});
