import { describe, expect, test } from 'vitest';
import { revealed, sending, startRig, tokenOf, until, withToken } from './service-rig.ts';

describe('Manual mode', () => {
  test('sends with the expired token, marked, and does nothing else', async () => {
    const { service, subject, server, expire, events } = await withToken();
    expire();
    const token = await service.forSend(subject({ refreshMode: 'manual' }), sending);
    expect([tokenOf(token), token.use]).toEqual([
      'access-1-marker',
      { kind: 'expired', profile: 'orders', persona: 'default' },
    ]);
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
    await until(() => shown().join() === 'elsewhere,refreshing');
    open();
    await Promise.all(both);
    expect([server.counts.refresh_token, server.reuses]).toEqual([1, 0]);
    expect(await revealed(other.service, subject())).toBe('access-2-marker');
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
    await until(() => statuses.at(-1)?.activity.kind === 'elsewhere');
    expect(statuses.at(-1)?.activity).toMatchObject({
      what: `consent in progress for “Orders API” in the test (process ${process.pid})`,
    });
    service.cancel(attended.key);
    expect(await mine).toMatchObject({ code: 'consent_cancelled' });
    rig.consent.closeWindow();
    expect(await theirs).toMatchObject({ code: 'consent_window_closed' });
  });
});
