import { expect, test, vi } from 'vitest';
import type { TokenEventKind } from '../../../shared/model/token.ts';
import {
  markedProfile,
  persona,
  profile,
  type RecordedEngine,
  send,
  startMarkedEngine,
} from './marked-project.ts';
import { type MarkedServer, startMarkedServer, type TokenForm } from './marked-server.ts';

const grant = { kind: 'password' } as const;
const renewAhead = { kind: 'on', seconds: 3600 } as const;

async function untilEvent(engine: RecordedEngine, kind: TokenEventKind, count = 1): Promise<void> {
  await vi.waitFor(
    async () => {
      const { events } = await engine.call('tokens.events', {});
      const found = events.filter((event) => event.kind === kind).length;
      if (found < count) throw new Error(`${found} of ${count} times ${kind}`);
    },
    { timeout: 20_000, interval: 50 },
  );
}

/** Every way to a token and to its end, while all goes well. */
async function throughLife(engine: RecordedEngine, server: MarkedServer): Promise<void> {
  const api = `${server.url}/api`;
  await engine.call('tokens.get', { profile });
  expect(await send(engine, api)).toMatchObject({ tokenUse: { kind: 'valid' } });
  engine.clock.aheadMs += 301_000;
  expect(await send(engine, api)).toMatchObject({ tokenUse: { kind: 'updated', after401: false } });
  server.answers.api = 'invalid_token';
  expect(await send(engine, api)).toMatchObject({ tokenUse: { kind: 'updated', after401: true } });
  server.answers.api = 'well';
  await engine.call('tokens.refresh', { profile });
  await engine.call('tokens.reveal', { profile });
  for (const token of ['access_token', 'refresh_token'] as const) {
    expect((await engine.call('tokens.introspect', { profile, token })).active).toBe(true);
  }
  await engine.call('tokens.statuses', {});
  await engine.call('secrets.list', {});
  expect((await engine.call('tokens.revoke', { profile })).revoked).toHaveLength(2);
  server.forget();
  await engine.call('tokens.get', { profile });
  await engine.call('tokens.forget', { profile });
  server.forget();
  engine.clock.aheadMs = 0;
}

const forms: TokenForm[] = ['long', 'short', 'jwt'];
const clients = ['client_secret_basic', 'client_secret_post'] as const;

test.each(forms)('%s tokens: no secret is anywhere but on the wire while all goes well', async (form) => {
  const server = await startMarkedServer();
  server.answers.tokenForm = form;
  const engine = await startMarkedEngine(server, { profile: { grant } });
  for (const kind of clients) {
    const client = { kind, id: 'orders-app', secret: '{{orders_secret}}' };
    await engine.call('profiles.save', { id: profile, profile: markedProfile(server, { grant, client }) });
    await throughLife(engine, server);
    // The same once more, with answers that repeat everything in every place.
    Object.assign(server.answers, { token: 'echoing', revoke: 'echoing', introspect: 'echoing' });
    server.answers.dateAheadMs = 3_600_000;
    await throughLife(engine, server);
    Object.assign(server.answers, { token: 'well', revoke: 'well', introspect: 'well', dateAheadMs: null });
  }
  const { events } = await engine.call('tokens.events', {});
  expect(events.map(({ kind }) => kind)).toEqual(
    expect.arrayContaining([
      'obtained',
      'refreshed',
      'rejected_by_api',
      'revoked',
      'introspected',
      'forgotten',
    ]),
  );
  expect(events.map(({ kind }) => kind)).toContain('clock_differs');
  engine.expectNoSecret(`password grant, ${form} tokens, refreshes, introspection and revocation, echoed`);
});

test('a renewal ahead of the expiry, well or failed, tells no secret', async () => {
  const server = await startMarkedServer();
  server.answers.token = 'echoing';
  const engine = await startMarkedEngine(server, { profile: { grant } });
  await engine.call('tokens.get', { profile });
  engine.clock.aheadMs = 200_000;
  server.answers.token = 'error_is_echo';
  await engine.call('profiles.save', { id: profile, profile: markedProfile(server, { grant, renewAhead }) });
  await untilEvent(engine, 'refresh_refused');
  server.answers.token = 'echoing';
  // What the server refuses a renewal is for the next send to mend.
  engine.clock.aheadMs = 301_000;
  expect(await send(engine, `${server.url}/api`)).toMatchObject({ tokenUse: { kind: 'updated' } });
  await untilEvent(engine, 'obtained', 2);
  engine.expectNoSecret('renewals ahead of the expiry');
});

test('personas, environments, renaming, deleting and opening again tell no secret', async () => {
  const server = await startMarkedServer();
  const personas = [persona('admin'), persona('reader')];
  const engine = await startMarkedEngine(server, { profile: { grant, personas } });
  const api = `${server.url}/api`;
  for (const name of ['admin', 'reader']) {
    await engine.call('settings.setPersona', { profile, persona: name });
    expect(await send(engine, api)).toMatchObject({ outcome: { kind: 'response' } });
    expect(await send(engine, api, {}, 'admin')).toMatchObject({ tokenUse: { persona: 'admin' } });
  }
  await engine.call('profiles.renamePersona', { profile, from: 'reader', to: 'writer' });
  expect(await send(engine, api)).toMatchObject({ tokenUse: { kind: 'valid', persona: 'writer' } });
  await engine.call('settings.setEnvironment', { environment: null });
  // The secrets of no environment are others.
  expect(await engine.try('tokens.get', { profile })).toBe('secret_missing');
  await engine.call('settings.setEnvironment', { environment: 'dev' });
  await engine.call('project.close', {});
  await engine.call('project.open', { folder: engine.project });
  expect(await engine.try('tokens.get', { profile, persona: 'nobody' })).toBe('persona_not_found');
  await engine.call('profiles.delete', { id: profile });
  await engine.call('tokens.events', {});
  engine.expectNoSecret('personas, environments, rename, delete, reopen');
});

test('two engines on one vault tell no secret of each other', async () => {
  const server = await startMarkedServer();
  server.answers.token = 'echoing';
  const one = await startMarkedEngine(server, { profile: { grant } });
  const folder = one.dataFolder.replace(/\/data$/, '');
  const other = await startMarkedEngine(server, { folder, recorder: one.recorder });
  await other.call('tokens.events', {});
  await one.call('tokens.get', { profile });
  const told = () =>
    other.events.some((event) => event.kind === 'token_event' && event.event.kind === 'obtained');
  await vi.waitUntil(told, { timeout: 20_000 });
  for (const engine of [one, other]) engine.clock.aheadMs = 301_000;
  const sent = await Promise.all([one, other].map((engine) => send(engine, `${server.url}/api`)));
  expect(sent.map(({ outcome }) => outcome.kind)).toEqual(['response', 'response']);
  server.answers.token = 'refused';
  for (const engine of [one, other]) await engine.try('tokens.refresh', { profile });
  await one.call('tokens.forget', { profile });
  await vi.waitUntil(() => other.events.some((event) => JSON.stringify(event).includes('"forgotten"')), {
    timeout: 20_000,
  });
  one.expectNoSecret('one of two engines');
  other.expectNoSecret('two engines on one vault');
});

test('a timeline read back, with lines of others in it, tells no secret', async () => {
  const server = await startMarkedServer();
  server.answers.token = 'echoing';
  const engine = await startMarkedEngine(server, { profile: { grant } });
  for (let round = 0; round < 50; round += 1) await engine.call('tokens.get', { profile });
  await engine.dispose();
  const again = await startMarkedEngine(server, {
    folder: engine.dataFolder.replace(/\/data$/, ''),
    recorder: engine.recorder,
  });
  expect((await again.call('tokens.events', {})).events.length).toBeGreaterThanOrEqual(50);
  again.expectNoSecret('a timeline read back by another engine');
});
