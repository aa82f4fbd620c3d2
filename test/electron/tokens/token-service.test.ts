import { inspect } from 'node:util';
import { expect, test } from 'vitest';
import { memoryVault } from '../../../electron/tokens/vault.ts';
import { AppError } from '../../../shared/errors.ts';
import { tokenEventSchema, tokenStatusSchema } from '../../../shared/model/token.ts';
import { revealed, sending, startRig, until, withToken } from './service-rig.ts';

test('a vault that waits for a choice stops everything before a token is asked for', async () => {
  const rig = await startRig();
  let chosen = false;
  const memory = memoryVault();
  const vault = () => {
    if (chosen) return memory;
    throw new AppError('vault_choice_needed', 'No keychain here.');
  };
  const { service } = await rig.engine({ vault });
  await expect(service.forSend(rig.subject(), sending)).rejects.toMatchObject({
    code: 'vault_choice_needed',
  });
  await expect(service.get(rig.subject())).rejects.toMatchObject({ code: 'vault_choice_needed' });
  expect((await service.status(rig.subject())).failure?.code).toBe('vault_choice_needed');
  await expect(service.forget(rig.subject())).rejects.toMatchObject({ code: 'vault_choice_needed' });
  expect(rig.server.counts).toEqual({});
  chosen = true;
  await service.forget(rig.subject());
  await service.get(rig.subject());
  expect(rig.server.counts).toEqual({ authorization_code: 1 });
  expect((await service.status(rig.subject())).failure).toBeNull();
});

test('closing lets a refresh on the wire finish, stores its token, and starts nothing new', async () => {
  const { rig, service, subject, server, expire } = await withToken();
  expire();
  const open = server.hold();
  const sent = service.forSend(subject(), sending).catch((thrown: unknown) => thrown);
  await until(() => server.counts.refresh_token === 1);
  const closed = service.dispose();
  expect(await sent).toMatchObject({ code: 'cancelled' });
  await expect(service.get(subject())).rejects.toMatchObject({ code: 'cancelled' });
  open();
  await closed;
  expect(await revealed((await rig.engine()).service, subject())).toBe('access-2-marker');
});

test('a subscriber to events and statuses gets what the contract declares, and no token', async () => {
  const { service, subject, server, expire, events, statuses } = await withToken();
  expire();
  server.refusal = { status: 400, body: '{"error":"invalid_grant"}' };
  const token = await service.forSend(subject(), sending);
  server.refusal = { status: 500, body: '' };
  await service.refresh(subject()).catch(() => {});
  await service.after401(subject({ refreshMode: 'manual' }), token.accessToken, sending);
  for (const event of events) tokenEventSchema.parse(event);
  for (const status of statuses) tokenStatusSchema.parse(status);
  expect(await service.events(subject().key.project)).toEqual(events);
  expect(inspect([token, events, statuses], { depth: 9 })).not.toMatch(/(access|refresh)-\d-marker/);
});

test('tells the events of the project that is asked for, and of no other', async () => {
  const { service, subject } = await withToken();
  const { key } = subject();
  const other = subject({ key: { ...key, project: '/projects/billing' } });
  await service.get(other);
  const ids = async (project: string) => (await service.events(project)).map(({ id }) => id);
  const [orders, billing] = [await ids(key.project), await ids('/projects/billing')];
  expect([orders.length, billing.length]).toEqual([2, 2]);
  expect(new Set([...orders, ...billing]).size).toBe(4);
});

test('a script may ask only whoever could work screens at that moment', async () => {
  const rig = await startRig();
  const { service } = await rig.engine();
  const { offered } = rig.consent;
  await service.get(rig.subject());
  rig.person.present = true;
  await service.get(rig.subject());
  const byHand = service.get(rig.subject({ hasScript: false }));
  await until(() => rig.consent.waiting === 1);
  rig.consent.work();
  await byHand;
  rig.person.present = false;
  rig.person.readsCodes = true;
  const grant = { kind: 'device_code' as const };
  await service.get(rig.subject({ profile: { ...rig.subject().profile, grant } }));
  expect(offered).toEqual([[], ['onHandOver', 'onQuestion', 'onAnswer'], ['onQuestion', 'onAnswer'], []]);
});
