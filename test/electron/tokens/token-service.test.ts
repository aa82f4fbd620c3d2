import { readFileSync } from 'node:fs';
import { mkdir, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import type { TokenForSend } from '../../../electron/tokens/token-service.ts';
import { tokenEntryName } from '../../../electron/tokens/token-subject.ts';
import { memoryVault } from '../../../electron/tokens/vault.ts';
import { AppError } from '../../../shared/errors.ts';
import { type TokenStatus, tokenEventSchema, tokenStatusSchema } from '../../../shared/model/token.ts';
import { Secret } from '../../../shared/secret.ts';
import { startRig, until } from './service-rig.ts';

const sending = { requestName: 'GET /orders' };
const tokenOf = (token: TokenForSend | null) => token?.accessToken.reveal();

/** A rig with one engine that holds the token `access-1-marker`. */
async function withToken() {
  const rig = await startRig();
  const engine = await rig.engine();
  await engine.service.get(rig.subject());
  const expire = () => {
    rig.clock.nowMs += 3_600_000;
  };
  return { ...rig, ...engine, rig, subject: rig.subject, expire };
}

describe('a send, automatic', () => {
  test('uses a usable token, with no request and no event', async () => {
    const { service, subject, server, events } = await withToken();
    const told = events.length;
    const token = await service.forSend(subject(), sending);
    expect(token).toMatchObject({
      tokenType: 'Bearer',
      use: { kind: 'valid', profile: 'orders' },
      eventIds: [],
    });
    expect([tokenOf(token), server.counts, events.length]).toEqual([
      'access-1-marker',
      { authorization_code: 1 },
      told,
    ]);
  });

  test('refreshes an expired token in the background, and tells the request so', async () => {
    const { service, subject, server, expire, events } = await withToken();
    expire();
    const token = await service.forSend(subject(), sending);
    expect(token.use).toEqual({ kind: 'updated', profile: 'orders', after401: false });
    expect(tokenOf(token)).toBe('access-2-marker');
    expect(server.counts.refresh_token).toBe(1);
    expect(events.at(-1)).toMatchObject({
      kind: 'refreshed',
      title: 'Refreshed in the background',
      detail: '0 ms · new refresh token stored',
      trigger: 'send',
    });
    expect(token.eventIds).toEqual([events.at(-1)?.id]);
  });

  test('obtains the first token by the script, unattended', async () => {
    const rig = await startRig();
    const { service, events } = await rig.engine();
    const token = await service.forSend(rig.subject(), sending);
    expect(tokenOf(token)).toBe('access-1-marker');
    expect(events.map((event) => event.title)).toEqual([
      'Consent started, unattended',
      'Obtained by consent, unattended',
    ]);
    expect(token.eventIds).toEqual(events.map((event) => event.id));
  });

  test('opens consent for the person where there is no script, with the URL they may have to open', async () => {
    const rig = await startRig();
    rig.person.present = true;
    const { service, statuses } = await rig.engine();
    const token = service.forSend(rig.subject({ hasScript: false }), sending);
    await until(() => rig.consent.waiting === 1);
    expect(statuses.at(-1)?.activity).toMatchObject({
      kind: 'consent',
      attended: true,
      openUrl: 'http://127.0.0.1/authorize',
    });
    rig.consent.work();
    expect(tokenOf(await token)).toBe('access-1-marker');
    expect(statuses.at(-1)?.activity).toEqual({ kind: 'idle' });
  });

  test('fails with consent_required where there is neither script nor person, naming both ways out', async () => {
    const rig = await startRig();
    const { service, events } = await rig.engine();
    const told: string[] = [];
    const failing = service.forSend(rig.subject({ hasScript: false }), {
      ...sending,
      onEventId: (id) => told.push(id),
    });
    await expect(failing).rejects.toMatchObject({
      code: 'consent_required',
      message: expect.stringContaining('“Orders API”'),
      action: expect.stringMatching(/automation script.*Get Access Token/),
    });
    expect(events).toMatchObject([{ kind: 'not_sent', trigger: 'send' }]);
    expect(told).toEqual(events.map((event) => event.id));
    expect(rig.server.counts).toEqual({});
  });

  test('repeats a silent grant', async () => {
    const rig = await startRig();
    const { service } = await rig.engine();
    const silent = rig.subject({ silentGrant: true, hasScript: false });
    await service.forSend(silent, sending);
    rig.clock.nowMs += 3_600_000;
    expect(tokenOf(await service.forSend(silent, sending))).toBe('access-2-marker');
    expect(rig.server.counts).toEqual({ client_credentials: 2 });
  });

  test('a thousand at once on an expired token cause one refresh', async () => {
    const { service, subject, server, expire, events } = await withToken();
    expire();
    const warnings: unknown[] = [];
    const warn = (warning: unknown) => warnings.push(warning);
    process.on('warning', warn);
    const { signal } = new AbortController();
    const sends = Array.from({ length: 1000 }, () => service.forSend(subject(), { ...sending, signal }));
    const tokens = await Promise.all(sends);
    process.off('warning', warn);
    expect(new Set(tokens.map(tokenOf))).toEqual(new Set(['access-2-marker']));
    expect([server.counts.refresh_token, server.reuses, server.mostAtOnce]).toEqual([1, 0, 1]);
    expect(new Set(tokens.flatMap((token) => token.eventIds))).toEqual(new Set([events.at(-1)?.id]));
    expect(warnings).toEqual([]);
  });

  test('sends from two processes cause one refresh', async () => {
    const { rig, service, subject, server, expire } = await withToken();
    const other = await rig.engine();
    expire();
    const sends = [service, other.service].flatMap((one) =>
      Array.from({ length: 50 }, () => one.forSend(subject(), sending)),
    );
    expect(new Set((await Promise.all(sends)).map(tokenOf))).toEqual(new Set(['access-2-marker']));
    expect([server.counts.refresh_token, server.reuses]).toEqual([1, 0]);
  });
});

describe('a refresh that fails', () => {
  test.each([
    [
      'invalid_grant',
      { status: 400, body: '{"error":"invalid_grant","error_description":"it has expired"}' },
    ],
    ['invalid_request', { status: 400, body: '{"error":"invalid_request"}' }],
    ['HTTP 400', { status: 400, body: '' }],
    ['HTTP 403', { status: 403, body: '' }],
  ])('refused with %s goes on with consent by the script', async (words, refusal) => {
    const { service, subject, server, expire, events } = await withToken();
    expire();
    server.refusal = refusal;
    const token = await service.forSend(subject(), sending);
    expect(tokenOf(token)).toBe('access-2-marker');
    expect(server.counts).toEqual({ authorization_code: 2, refresh_token: 1 });
    const told = events.filter(({ id }) => token.eventIds.includes(id));
    expect(told.map(({ title }) => title)).toEqual([
      `Refresh refused: ${words}`,
      'Consent started, unattended',
      'Obtained by consent, unattended',
    ]);
    expect(told[0]?.detail).toContain('consent follows, worked by the script');
  });

  test('refused without saying that the token is dead is not tried again by itself, but by hand', async () => {
    const { service, subject, server, expire } = await withToken();
    const automatic = subject({ hasScript: false });
    expire();
    server.refusal = { status: 400, body: '{"error":"invalid_request"}' };
    for (let times = 0; times < 3; times += 1) {
      await expect(service.forSend(automatic, sending)).rejects.toMatchObject({
        code: 'consent_required',
      });
    }
    expect(server.counts.refresh_token).toBe(1);
    expect((await service.status(automatic)).refresh).toEqual({ kind: 'refused', reason: 'invalid_request' });
    server.refusal = null;
    const status = await service.refresh(automatic);
    expect([status.refresh.kind, status.failure]).toEqual(['usable', null]);
  });

  test('refused, with neither script nor person, keeps the words of the server', async () => {
    const { service, subject, server, expire } = await withToken();
    expire();
    server.refusal = { status: 400, body: '{"error":"invalid_grant"}' };
    await expect(service.forSend(subject({ hasScript: false }), sending)).rejects.toMatchObject({
      code: 'consent_required',
      message: expect.stringContaining('(invalid_grant)'),
      server: { error: 'invalid_grant', status: 400 },
    });
  });

  test('with invalid_client stops, and loses nothing', async () => {
    const { service, subject, server, expire, vault } = await withToken();
    const stored = await vault.read(tokenEntryName(subject().key));
    expire();
    server.refusal = { status: 401, body: '{"error":"invalid_client"}' };
    await expect(service.forSend(subject(), sending)).rejects.toMatchObject({ code: 'invalid_client' });
    expect(server.counts.authorization_code).toBe(1);
    expect(await vault.read(tokenEntryName(subject().key))).toBe(stored);
  });

  test.each([
    ['a 500', { status: 500, body: '' } as const],
    ['a 429', { status: 429, body: '' } as const],
    ['a lost connection', 'hang up' as const],
  ])('with %s loses nothing, and works the next time', async (_, refusal) => {
    const { service, subject, server, expire, vault, events } = await withToken();
    const stored = await vault.read(tokenEntryName(subject().key));
    expire();
    server.refusal = refusal;
    await expect(service.forSend(subject(), sending)).rejects.toMatchObject({
      code: expect.stringMatching(/token_server_failed|server_unreachable/),
    });
    expect(await vault.read(tokenEntryName(subject().key))).toBe(stored);
    expect(events.at(-1)).toMatchObject({
      kind: 'refresh_failed',
      detail: expect.stringContaining('Nothing was lost'),
    });
    expect((await service.status(subject())).failure?.code).toBeDefined();
    server.refusal = null;
    expect(tokenOf(await service.forSend(subject(), sending))).toBe('access-2-marker');
    expect((await service.status(subject())).failure).toBeNull();
    expect(server.counts.authorization_code).toBe(1);
  });

  test('fails for all who wait for it, after one request', async () => {
    const { service, subject, server, expire } = await withToken();
    expire();
    server.refusal = { status: 500, body: '' };
    const sends = Array.from({ length: 100 }, () => service.forSend(subject(), sending));
    const outcomes = await Promise.allSettled(sends);
    expect(outcomes.every(({ status }) => status === 'rejected')).toBe(true);
    expect(server.counts.refresh_token).toBe(1);
  });
});

describe('Manual mode', () => {
  test('sends with the expired token, marked, and does nothing else', async () => {
    const { service, subject, server, expire, events } = await withToken();
    expire();
    const token = await service.forSend(subject({ refreshMode: 'manual' }), sending);
    expect([tokenOf(token), token.use]).toEqual(['access-1-marker', { kind: 'expired', profile: 'orders' }]);
    expect(events.at(-1)).toMatchObject({
      kind: 'sent_expired',
      title: 'GET /orders sent with an expired token',
      detail: 'Manual mode, so nothing was done',
    });
    expect(server.counts).toEqual({ authorization_code: 1 });
  });

  test('does not send without a token', async () => {
    const rig = await startRig();
    const { service, events } = await rig.engine();
    const told: string[] = [];
    const options = { ...sending, onEventId: (id: string) => told.push(id) };
    await expect(service.forSend(rig.subject({ refreshMode: 'manual' }), options)).rejects.toMatchObject({
      code: 'token_missing',
      action: expect.stringContaining('Get Access Token'),
    });
    expect(events).toMatchObject([{ kind: 'not_sent', title: 'GET /orders not sent' }]);
    expect(told).toEqual([events[0]?.id]);
  });

  test('does not send with a token of other settings, and says why', async () => {
    const { service, subject } = await withToken();
    const other = subject({ refreshMode: 'manual', vars: { user: 'bob' } });
    await expect(service.forSend(other, sending)).rejects.toMatchObject({
      code: 'token_missing',
      message: expect.stringContaining('settings have changed'),
    });
  });

  test('shows Refresh exactly while there is a refresh token', async () => {
    const rig = await startRig();
    const { service, statuses } = await rig.engine();
    const manual = rig.subject({ refreshMode: 'manual' });
    expect((await service.status(manual)).refreshShown).toBe(false);
    await service.get(manual);
    expect(statuses.at(-1)?.refreshShown).toBe(true);
    expect((await service.status(rig.subject())).refreshShown).toBe(false);
    expect((await service.status(rig.subject())).refreshNowShown).toBe(true);
    await service.status(manual);
    rig.server.refusal = { status: 400, body: '{"error":"invalid_grant"}' };
    await expect(service.refresh(manual)).rejects.toMatchObject({ code: 'refresh_refused' });
    expect(statuses.at(-1)).toMatchObject({ refreshShown: false, refresh: { kind: 'none' } });
  });

  test('takes Refresh away the moment its token expires, unasked', async () => {
    const rig = await startRig();
    rig.server.refreshExpiresIn = 0.05;
    const { service, statuses } = await rig.engine();
    await service.get(rig.subject({ refreshMode: 'manual' }));
    expect(statuses.at(-1)?.refreshShown).toBe(true);
    rig.clock.nowMs += 60;
    await until(() => statuses.at(-1)?.refresh.kind === 'expired');
    expect(statuses.at(-1)?.refreshShown).toBe(false);
  });
});

describe('the Refresh button', () => {
  test('refreshes a token that is still valid, in either mode', async () => {
    const { service, subject, events } = await withToken();
    for (const refreshMode of ['manual', 'automatic'] as const) {
      const status = await service.refresh(subject({ refreshMode }));
      expect(status).toMatchObject({ access: { kind: 'held' }, activity: { kind: 'idle' }, failure: null });
      expect(events.at(-1)?.title).toBe('Refreshed by hand');
    }
    expect(tokenOf(await service.forSend(subject(), sending))).toBe('access-3-marker');
  });

  test("keeps the server's words and never goes on to consent", async () => {
    const { service, subject, server, events } = await withToken();
    server.refusal = { status: 400, body: '{"error":"invalid_grant","error_description":"too old"}' };
    await expect(service.refresh(subject())).rejects.toMatchObject({
      code: 'refresh_refused',
      server: { error: 'invalid_grant', errorDescription: 'too old', status: 400 },
    });
    expect(server.counts.authorization_code).toBe(1);
    expect(events.at(-1)).toMatchObject({
      kind: 'refresh_refused',
      title: 'Refresh refused: invalid_grant',
      detail: 'too old · the refresh token was dropped',
    });
    await expect(service.refresh(subject())).rejects.toMatchObject({ code: 'refresh_token_missing' });
    expect((await service.status(subject())).access.kind).toBe('held');
  });

  test('keeps the old refresh token when the server sends no new one', async () => {
    const { service, subject, server, events } = await withToken();
    server.rotates = false;
    await service.refresh(subject());
    await service.refresh(subject());
    expect([server.counts.refresh_token, server.reuses]).toEqual([2, 0]);
    expect(events.at(-1)?.detail).toBe('0 ms · refresh token kept');
  });

  test('says so when there is nothing to refresh with', async () => {
    const rig = await startRig();
    const { service } = await rig.engine();
    await expect(service.refresh(rig.subject())).rejects.toMatchObject({ code: 'refresh_token_missing' });
  });

  test('pressed in two processes at once refreshes once', async () => {
    const { rig, service, subject, server, statuses } = await withToken();
    const other = await rig.engine();
    const open = server.hold();
    const both = [service.refresh(subject()), other.service.refresh(subject())];
    await until(() => server.counts.refresh_token === 1);
    const shown = () => [statuses, other.statuses].map((one) => one.at(-1)?.activity.kind).sort();
    await until(() => shown().join() === 'refreshing,requesting');
    open();
    await Promise.all(both);
    expect([server.counts.refresh_token, server.reuses]).toEqual([1, 0]);
    expect((await other.service.reveal(subject())).reveal()).toBe('access-2-marker');
  });

  test('a send that met it goes on with consent when it is refused', async () => {
    const { service, subject, server, expire } = await withToken();
    expire();
    server.refusal = { status: 400, body: '{"error":"invalid_grant"}' };
    const open = server.hold();
    const pressed = service.refresh(subject()).catch((thrown: unknown) => thrown);
    await until(() => server.counts.refresh_token === 1);
    const sent = service.forSend(subject(), sending);
    open();
    expect(await pressed).toMatchObject({ code: 'refresh_refused' });
    expect(tokenOf(await sent)).toBe('access-2-marker');
    expect(server.counts).toEqual({ authorization_code: 2, refresh_token: 1 });
  });
});

describe('Get Access Token', () => {
  test('repeats the grant with the script, also in Manual mode and with a valid token', async () => {
    const { service, subject, server, statuses } = await withToken();
    const status = await service.get(subject({ refreshMode: 'manual' }));
    expect(status.activity).toEqual({ kind: 'idle' });
    expect(server.counts).toEqual({ authorization_code: 2 });
    expect(statuses.map(({ activity }) => activity.kind)).toContain('consent');
  });

  test('waits for a refresh that is on the wire, and then repeats the grant all the same', async () => {
    const { service, subject, server } = await withToken();
    const open = server.hold();
    const refreshed = service.refresh(subject());
    await until(() => server.counts.refresh_token === 1);
    const got = service.get(subject());
    open();
    await Promise.all([refreshed, got]);
    expect([server.counts, server.mostAtOnce]).toEqual([{ authorization_code: 2, refresh_token: 1 }, 1]);
  });

  test('tells that the person closed the window, and keeps the old token', async () => {
    const { rig, service, subject, events } = await withToken();
    rig.person.present = true;
    const got = service.get(subject({ hasScript: false })).catch((thrown: unknown) => thrown);
    await until(() => rig.consent.waiting === 1);
    rig.consent.closeWindow();
    expect(await got).toMatchObject({ code: 'consent_window_closed' });
    expect(events.at(-1)).toMatchObject({ kind: 'consent_cancelled', title: 'Consent cancelled' });
    expect((await service.status(subject())).access.kind).toBe('held');
  });

  test('can be cancelled; those who wait fail, nothing is lost, and it works again', async () => {
    const { rig, service, subject, statuses } = await withToken();
    rig.person.present = true;
    const attended = subject({ hasScript: false });
    const got = [service.get(attended), service.get(attended)].map((one) =>
      one.catch((thrown: unknown) => thrown),
    );
    await until(() => rig.consent.waiting === 1);
    service.cancel(attended.key);
    for (const outcome of await Promise.all(got))
      expect(outcome).toMatchObject({ code: 'consent_cancelled' });
    await until(() => statuses.at(-1)?.activity.kind === 'idle');
    expect(statuses.at(-1)?.failure).toBeNull();
    const again = service.get(attended);
    await until(() => rig.consent.waiting === 1);
    rig.consent.work();
    await again;
    expect(tokenOf(await service.forSend(attended, sending))).toBe('access-2-marker');
  });

  test('can be cancelled while it waits for another process', async () => {
    const { rig, service, subject, statuses } = await withToken();
    const other = await rig.engine();
    rig.person.present = true;
    const attended = subject({ hasScript: false });
    const theirs = other.service.get(attended).catch((thrown: unknown) => thrown);
    await until(() => rig.consent.waiting === 1);
    const mine = service.get(attended).catch((thrown: unknown) => thrown);
    await until(() => statuses.at(-1)?.activity.kind === 'requesting');
    service.cancel(attended.key);
    expect(await mine).toMatchObject({ code: 'consent_cancelled' });
    rig.consent.closeWindow();
    expect(await theirs).toMatchObject({ code: 'consent_window_closed' });
  });
});

describe('those who wait', () => {
  test('can give up without harming the others', async () => {
    const { service, subject, server, expire } = await withToken();
    expire();
    const open = server.hold();
    const abort = new AbortController();
    const leaving = service.forSend(subject(), { ...sending, signal: abort.signal });
    const staying = service.forSend(subject(), sending);
    await until(() => server.counts.refresh_token === 1);
    abort.abort();
    await expect(leaving).rejects.toMatchObject({ code: 'cancelled' });
    open();
    expect(tokenOf(await staying)).toBe('access-2-marker');
  });

  test('and all give up: a refresh on the wire is let finish, and its token is stored', async () => {
    const { service, subject, server, expire } = await withToken();
    expire();
    const open = server.hold();
    const abort = new AbortController();
    const leaving = service.forSend(subject(), { ...sending, signal: abort.signal });
    await until(() => server.counts.refresh_token === 1);
    abort.abort();
    await expect(leaving).rejects.toMatchObject({ code: 'cancelled' });
    open();
    expect(tokenOf(await service.forSend(subject(), sending))).toBe('access-2-marker');
    expect([server.counts.refresh_token, server.reuses]).toEqual([1, 0]);
  });

  test('and all give up: a refusal that comes later opens no consent', async () => {
    const { service, subject, server, expire, statuses } = await withToken();
    expire();
    server.refusal = { status: 400, body: '{"error":"invalid_grant"}' };
    const open = server.hold();
    const abort = new AbortController();
    const leaving = service.forSend(subject(), { ...sending, signal: abort.signal });
    await until(() => server.counts.refresh_token === 1);
    abort.abort();
    await expect(leaving).rejects.toMatchObject({ code: 'cancelled' });
    open();
    await until(() => statuses.at(-1)?.activity.kind === 'idle');
    expect(server.counts.authorization_code).toBe(1);
  });

  test('and all give up: consent that waits for the person is cancelled', async () => {
    const rig = await startRig();
    rig.person.present = true;
    const { service, events } = await rig.engine();
    const abort = new AbortController();
    const options = { ...sending, signal: abort.signal };
    const leaving = service.forSend(rig.subject({ hasScript: false }), options);
    await until(() => rig.consent.waiting === 1);
    abort.abort();
    await expect(leaving).rejects.toMatchObject({ code: 'cancelled' });
    await until(() => rig.consent.waiting === 0);
    await until(() => events.at(-1)?.kind === 'consent_cancelled');
  });

  test('with a signal that is aborted already cause no request', async () => {
    const { service, subject, server, expire } = await withToken();
    expire();
    const options = { ...sending, signal: AbortSignal.abort() };
    await expect(service.forSend(subject(), options)).rejects.toMatchObject({ code: 'cancelled' });
    expect(tokenOf(await service.forSend(subject(), sending))).toBe('access-2-marker');
    expect(server.counts.refresh_token).toBe(1);
  });

  test('for the token of other settings do not get this one', async () => {
    const rig = await startRig();
    const { service } = await rig.engine();
    const [alice, bob] = ['alice', 'bob'].map((user) => rig.subject({ vars: { user } }));
    if (alice === undefined || bob === undefined) throw new Error('unreachable');
    const tokens = await Promise.all([service.forSend(alice, sending), service.forSend(bob, sending)]);
    expect(tokens.map(tokenOf)).toEqual(['access-1-marker', 'access-2-marker']);
    expect((await service.status(bob)).access).toMatchObject({ stale: false });
  });
});

describe('a 401 from the API', () => {
  test('updates the token once, in Automatic mode', async () => {
    const { service, subject, events } = await withToken();
    const rejected = (await service.forSend(subject(), sending)).accessToken;
    const token = await service.after401(subject(), rejected, sending);
    expect([tokenOf(token), token?.use]).toEqual([
      'access-2-marker',
      { kind: 'updated', profile: 'orders', after401: true },
    ]);
    expect(events.slice(-2).map(({ title }) => title)).toEqual([
      'GET /orders rejected by the API',
      'Refreshed after the API rejected the token',
    ]);
    expect(token?.eventIds).toEqual(events.slice(-2).map(({ id }) => id));
  });

  test('takes the token that has come in the meantime', async () => {
    const { service, subject, server } = await withToken();
    const token = await service.after401(subject(), new Secret('an older one'), sending);
    expect([tokenOf(token), server.counts]).toEqual(['access-1-marker', { authorization_code: 1 }]);
  });

  test('of a thousand requests at once updates the token once', async () => {
    const { service, subject, server } = await withToken();
    const rejected = (await service.forSend(subject(), sending)).accessToken;
    const tokens = await Promise.all(
      Array.from({ length: 1000 }, () => service.after401(subject(), rejected, sending)),
    );
    expect(new Set(tokens.map(tokenOf))).toEqual(new Set(['access-2-marker']));
    expect(server.counts.refresh_token).toBe(1);
  });

  test('does nothing in Manual mode, and says so', async () => {
    const { service, subject, server, events } = await withToken();
    const rejected = (await service.forSend(subject(), sending)).accessToken;
    expect(await service.after401(subject({ refreshMode: 'manual' }), rejected, sending)).toBeNull();
    expect(events.at(-1)).toMatchObject({
      kind: 'rejected_by_api',
      detail: '401 · Manual mode, so nothing was done',
    });
    expect(server.counts).toEqual({ authorization_code: 1 });
  });
});

describe('a token set', () => {
  test('is on the disk before anyone sees it', async () => {
    const rig = await startRig();
    const stored = () =>
      Object.keys(JSON.parse(readFileSync(join(rig.folder, 'vault.json'), 'utf8')).entries).length;
    const seen: number[] = [];
    const watch = ({ access }: TokenStatus) => access.kind === 'held' && seen.push(stored());
    const { service } = await rig.engine({ watch });
    const sends = Array.from({ length: 20 }, () => service.forSend(rig.subject(), sending).then(stored));
    expect(new Set(await Promise.all(sends))).toEqual(new Set([1]));
    expect(new Set(seen)).toEqual(new Set([1]));
  });

  test('outlives the process', async () => {
    const { rig, service, subject, server } = await withToken();
    await service.dispose();
    const next = await rig.engine();
    expect(tokenOf(await next.service.forSend(subject(), sending))).toBe('access-1-marker');
    expect(server.counts).toEqual({ authorization_code: 1 });
  });

  test('that cannot be stored is used, shown as such, and stored with the next write', async () => {
    const { rig, service, subject, server, expire, events } = await withToken();
    expire();
    await mkdir(join(rig.folder, 'vault.lock'));
    expect(tokenOf(await service.forSend(subject(), sending))).toBe('access-2-marker');
    expect((await service.status(subject())).failure?.code).toBe('file_write_failed');
    expect(events.at(-1)).toMatchObject({
      kind: 'refreshed',
      detail: expect.stringContaining('not stored'),
      error: { code: 'file_write_failed' },
    });
    expect(tokenOf(await service.forSend(subject(), sending))).toBe('access-2-marker');
    await rmdir(join(rig.folder, 'vault.lock'));
    await service.get(subject({ key: { ...subject().key, profile: 'another' } }));
    expect((await service.status(subject())).failure).toBeNull();
    const next = await rig.engine();
    expect(tokenOf(await next.service.forSend(subject(), sending))).toBe('access-2-marker');
    expect([server.counts.refresh_token, server.reuses]).toEqual([1, 0]);
  });

  test('that cannot be stored is stored when the process ends in good order', async () => {
    const { rig, service, subject } = await withToken();
    await mkdir(join(rig.folder, 'vault.lock'));
    await service.refresh(subject());
    await rmdir(join(rig.folder, 'vault.lock'));
    await service.dispose();
    const next = await rig.engine();
    expect((await next.service.reveal(subject())).reveal()).toBe('access-2-marker');
  });

  test('that could not be stored never replaces a later one of another process', async () => {
    const { rig, service, subject, clock } = await withToken();
    const blockade = join(rig.folder, 'vault.lock');
    await mkdir(blockade);
    await service.refresh(subject());
    await rmdir(blockade);
    clock.nowMs += 1;
    const other = await rig.engine();
    await other.service.get(subject());
    await service.get(subject({ key: { ...subject().key, profile: 'another' } }));
    expect((await other.service.reveal(subject())).reveal()).toBe('access-3-marker');
    expect((await service.reveal(subject())).reveal()).toBe('access-3-marker');
    expect((await service.status(subject())).failure).toBeNull();
  });

  test('that another process has obtained ends the failure shown here', async () => {
    const { rig, service, subject, server } = await withToken();
    server.refusal = { status: 500, body: '' };
    await service.refresh(subject()).catch(() => {});
    expect((await service.status(subject())).failure?.code).toBe('token_server_failed');
    await (await rig.engine()).service.get(subject());
    expect((await service.status(subject())).failure).toBeNull();
  });

  test('of other settings is shown as stale, not used, and not refreshed with', async () => {
    const { service, subject, server, events } = await withToken();
    const other = subject({ vars: { user: 'bob' } });
    expect(await service.status(other)).toMatchObject({
      access: { kind: 'held', stale: true },
      refresh: { kind: 'none' },
      refreshNowShown: false,
    });
    await service.status(other);
    expect(events.filter(({ kind }) => kind === 'became_stale')).toHaveLength(1);
    expect(tokenOf(await service.forSend(other, sending))).toBe('access-2-marker');
    expect(server.counts).toEqual({ authorization_code: 2 });
  });

  test('of settings changed during an update is shown under the new ones', async () => {
    const { rig, service, subject, statuses } = await withToken();
    rig.person.present = true;
    const got = service.get(subject({ hasScript: false }));
    await until(() => rig.consent.waiting === 1);
    await service.status(subject({ hasScript: false, vars: { user: 'bob' } }));
    rig.consent.work();
    await got;
    await service.status(subject({ hasScript: false, vars: { user: 'bob' } }));
    expect(statuses.at(-1)?.access).toMatchObject({ stale: true });
  });

  test('is its own for each environment and persona', async () => {
    const { service, subject } = await withToken();
    const staging = subject({ key: { ...subject().key, environment: 'staging' } });
    expect((await service.status(staging)).access.kind).toBe('none');
  });

  test('is forgotten only when the person says so', async () => {
    const { rig, service, subject, events } = await withToken();
    const status = await service.forget(subject());
    expect([status.access.kind, status.refresh.kind]).toEqual(['none', 'none']);
    expect(events.at(-1)?.kind).toBe('forgotten');
    await expect(service.reveal(subject())).rejects.toMatchObject({ code: 'token_missing' });
    expect(await (await rig.engine()).vault.list('token/')).toEqual([]);
  });

  test('does not come back by an update that was under way when it was forgotten', async () => {
    const { rig, service, subject } = await withToken();
    rig.person.present = true;
    const got = service.get(subject({ hasScript: false })).catch((thrown: unknown) => thrown);
    await until(() => rig.consent.waiting === 1);
    await service.forget(subject());
    expect(await got).toMatchObject({ code: 'consent_cancelled' });
    expect((await service.status(subject())).access.kind).toBe('none');
  });

  test('is revealed with an event that tells of it, and not of the token', async () => {
    const { service, subject, events } = await withToken();
    expect((await service.reveal(subject())).reveal()).toBe('access-1-marker');
    expect(events.at(-1)?.kind).toBe('revealed');
  });

  test('that cannot be read says so, keeps the rest going, and can be forgotten', async () => {
    const { service, subject, vault } = await withToken();
    await vault.write(tokenEntryName(subject().key), '{"format":1,"accessToken":"marker"}');
    await expect(service.forSend(subject(), sending)).rejects.toMatchObject({ code: 'vault_damaged' });
    expect((await service.status(subject())).failure?.code).toBe('vault_damaged');
    expect((await service.forget(subject())).failure).toBeNull();
    expect(tokenOf(await service.forSend(subject(), sending))).toBe('access-2-marker');
  });
});

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
  expect(rig.server.counts).toEqual({});
  chosen = true;
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
  expect((await (await rig.engine()).service.reveal(subject())).reveal()).toBe('access-2-marker');
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
  expect(service.events()).toEqual(events);
  expect(inspect([token, events, statuses], { depth: 9 })).not.toMatch(/(access|refresh)-\d-marker/);
});

test('keeps the last 1000 events', async () => {
  const { service, subject } = await withToken();
  for (let times = 0; times < 2_500; times += 1) await service.reveal(subject());
  expect(service.events()).toHaveLength(1000);
  expect(new Set(service.events().map(({ id }) => id)).size).toBe(1000);
});
