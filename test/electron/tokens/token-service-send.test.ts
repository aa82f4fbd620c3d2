import { describe, expect, test } from 'vitest';
import { Secret } from '../../../shared/secret.ts';
import { sending, startRig, tokenOf, until, withToken } from './service-rig.ts';

describe('a send, automatic', () => {
  test('uses a usable token, with no request and no event', async () => {
    const { service, subject, server, events } = await withToken();
    const told = events.length;
    const token = await service.forSend(subject(), sending);
    expect(token).toMatchObject({
      tokenType: 'Bearer',
      use: { kind: 'valid', profile: 'orders', persona: 'default' },
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
    expect(token.use).toEqual({ kind: 'updated', profile: 'orders', persona: 'default', after401: false });
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

  test('fails with project_not_trusted where the script may not run and nobody is here, naming both ways out', async () => {
    const rig = await startRig();
    const { service, events } = await rig.engine();
    await expect(service.forSend(rig.subject({ trusted: false }), sending)).rejects.toMatchObject({
      code: 'project_not_trusted',
      message: expect.stringContaining('scripts/orders.js'),
      action: expect.stringMatching(/trust the project.*Get Access Token/),
    });
    expect(events).toMatchObject([{ kind: 'not_sent', trigger: 'send' }]);
    expect([rig.server.counts, rig.consent.waiting]).toEqual([{}, 0]);
  });

  test('repeats a silent grant', async () => {
    const rig = await startRig();
    const { service } = await rig.engine();
    const silent = rig.subject({
      profile: { ...rig.subject().profile, grant: { kind: 'client_credentials' } },
      hasScript: false,
    });
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
    // Which of them reads the vault first, and so is first, is the disk's to say.
    expect(tokens.map(tokenOf).sort()).toEqual(['access-1-marker', 'access-2-marker']);
    const last = tokens.map(tokenOf).indexOf('access-2-marker');
    const stale = [alice, bob].map(async (subject) => (await service.status(subject)).access);
    expect(await Promise.all(stale)).toMatchObject([{ stale: last !== 0 }, { stale: last !== 1 }]);
  });
});

describe('a 401 from the API', () => {
  test('updates the token once, in Automatic mode', async () => {
    const { service, subject, events } = await withToken();
    const rejected = (await service.forSend(subject(), sending)).accessToken;
    const token = await service.after401(subject(), rejected, sending);
    expect([tokenOf(token), token?.use]).toEqual([
      'access-2-marker',
      { kind: 'updated', profile: 'orders', persona: 'default', after401: true },
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
