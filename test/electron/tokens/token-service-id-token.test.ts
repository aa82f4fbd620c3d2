import { UnsecuredJWT } from 'jose';
import { describe, expect, test } from 'vitest';
import type { TokenSubject } from '../../../electron/tokens/token-subject.ts';
import { type Rig, sending, startRig } from './service-rig.ts';

const minuteMs = 60_000;

/** A server whose access tokens live for ten hours, and its id tokens, of these grants alone, for ten minutes. */
async function start(grants: string[], changes: Partial<TokenSubject> = {}) {
  const rig = await startRig();
  let serial = 0;
  rig.server.expiresIn = 36_000;
  rig.server.idToken = (grant) => {
    serial += 1;
    const ends = Math.floor((rig.clock.nowMs + 10 * minuteMs) / 1000);
    const idToken = new UnsecuredJWT({}).setJti(`id-${serial}`).setExpirationTime(ends).encode();
    return grants.includes(grant) ? idToken : null;
  };
  const engine = await rig.engine();
  const subject = rig.subject({ placedToken: 'id_token', ...changes });
  const send = (own = subject) => engine.service.forSend(own, sending);
  return { ...engine, rig, server: rig.server, subject, send };
}

const pass = ({ clock }: Rig, minutes: number) => {
  clock.nowMs += minutes * minuteMs;
};

describe('where the id token goes along', () => {
  test('its end counts, less the margin, and is shown', async () => {
    const { rig, server, send, service, subject } = await start(['authorization_code', 'refresh_token']);
    const first = await send();
    const { access } = await service.status(subject);
    const endMs = rig.clock.nowMs + 10 * minuteMs;
    expect(access).toMatchObject({ expiresAtMs: endMs, usableUntilMs: endMs - 30_000 });
    pass(rig, 9);
    expect((await send()).idToken?.reveal()).toBe(first.idToken?.reveal());
    pass(rig, 1);
    const second = await send();
    expect(second.use.kind).toBe('updated');
    expect(second.idToken?.reveal()).not.toBe(first.idToken?.reveal());
    expect(server.counts).toEqual({ authorization_code: 1, refresh_token: 1 });
  });

  test.each([
    [60_000, 60_000],
    [-60_000, -60_000],
    // As little as measuring is wrong by.
    [5_000, null],
    [null, null],
  ])('its end is that of a server whose clock is ahead by %s ms, moved by %s', async (aheadMs, movedMs) => {
    const { rig, server, send, service, subject } = await start(['authorization_code']);
    server.clockAheadMs = aheadMs;
    await send();
    const { access, clockAheadMs } = await service.status(subject);
    expect(access).toMatchObject({ expiresAtMs: rig.clock.nowMs + 10 * minuteMs - (movedMs ?? 0) });
    expect(clockAheadMs).toBe(movedMs);
  });

  test('one that is good still is sent though the refresh after a 401 brought no other', async () => {
    const { rig, server, send, service, subject, events } = await start(['authorization_code']);
    const first = await send();
    pass(rig, 1);
    const told = events.length;
    const second = await service.after401(subject, first.accessToken, sending);
    expect(second?.idToken?.reveal()).toBe(first.idToken?.reveal());
    expect(events.slice(told).map(({ kind }) => kind)).toEqual(['rejected_by_api', 'refreshed']);
    expect(server.counts).toEqual({ authorization_code: 1, refresh_token: 1 });
  });

  test('the access token counts too, where it ends first', async () => {
    const { rig, server, send } = await start(['authorization_code', 'refresh_token']);
    server.expiresIn = 120;
    await send();
    pass(rig, 3);
    await send();
    expect(server.counts).toEqual({ authorization_code: 1, refresh_token: 1 });
  });

  test('only the access token counts where that goes along', async () => {
    const { rig, server, send } = await start(['authorization_code'], { placedToken: 'access_token' });
    await send();
    pass(rig, 60);
    await send();
    expect(server.counts).toEqual({ authorization_code: 1 });
  });

  test('the next row follows on a refresh that brings none, in one update, and a second refresh does not', async () => {
    const { rig, server, send, events, statuses } = await start(['authorization_code']);
    const first = await send();
    pass(rig, 10);
    const told = events.length;
    const shown = statuses.length;
    const second = await send();
    expect(second.idToken?.reveal()).not.toBe(first.idToken?.reveal());
    expect(server.counts).toEqual({ authorization_code: 2, refresh_token: 1 });
    const since = events.slice(told);
    expect(since.map(({ kind }) => kind)).toEqual(['refreshed', 'consent_started', 'obtained']);
    expect(second.eventIds).toEqual(since.map(({ id }) => id));
    const activities = statuses.slice(shown).map(({ activity }) => activity.kind);
    expect(activities.indexOf('idle', activities.indexOf('refreshing'))).toBe(activities.length - 1);
    await send();
    expect(server.counts).toEqual({ authorization_code: 2, refresh_token: 1 });
  });

  test('many sends at once take that way once', async () => {
    const { rig, server, send } = await start(['authorization_code']);
    await send();
    pass(rig, 10);
    const all = await Promise.all(Array.from({ length: 20 }, () => send()));
    expect(new Set(all.map(({ idToken }) => idToken?.reveal())).size).toBe(1);
    expect(server.counts).toEqual({ authorization_code: 2, refresh_token: 1 });
  });

  test('a send fails rather than to carry one that is over, where nobody can consent', async () => {
    const { rig, server, send, subject } = await start(['authorization_code']);
    await send();
    pass(rig, 10);
    const alone = { ...subject, hasScript: false };
    await expect(send(alone)).rejects.toMatchObject({ code: 'consent_required' });
    await expect(send(alone)).rejects.toMatchObject({ code: 'consent_required' });
    expect(server.counts).toEqual({ authorization_code: 1, refresh_token: 1 });
  });

  test('a grant that brings none any more is not repeated for want of one', async () => {
    const grants = ['authorization_code'];
    const { rig, server, send } = await start(grants);
    await send();
    pass(rig, 10);
    grants.pop();
    expect((await send()).idToken).toBeNull();
    expect((await send()).idToken).toBeNull();
    expect(server.counts).toEqual({ authorization_code: 2, refresh_token: 1 });
  });

  test('no renewal is planned that would not bring it', async () => {
    const lifetimes = { accessMs: null, refreshMs: null, marginMs: 30_000, renewAheadMs: minuteMs };
    const { rig, send, service, subject } = await start(['authorization_code'], { lifetimes });
    await send();
    const endMs = rig.clock.nowMs + 10 * minuteMs;
    expect((await service.status(subject)).renewsAtMs).toBe(endMs - 30_000 - minuteMs);
    pass(rig, 2);
    const { renewsAtMs, refresh } = await service.refresh(subject);
    expect([renewsAtMs, refresh.kind]).toEqual([null, 'usable']);
  });

  test('the Refresh button goes on to refresh', async () => {
    const { rig, server, send, service, subject } = await start(['authorization_code']);
    await send();
    for (let round = 0; round < 2; round += 1) {
      pass(rig, 10);
      await service.refresh(subject);
    }
    expect(server.counts).toEqual({ authorization_code: 1, refresh_token: 2 });
  });

  test('Manual mode sends it all the same, and says so', async () => {
    const { rig, server, send, service, subject } = await start(['authorization_code'], {
      refreshMode: 'manual',
    });
    await service.get(subject);
    pass(rig, 10);
    expect((await send()).use.kind).toBe('expired');
    expect(server.counts).toEqual({ authorization_code: 1 });
  });

  test('one kept for days is over, however long ago it was', async () => {
    const { rig, server, send, service, subject } = await start(['authorization_code']);
    await send();
    pass(rig, 3 * 24 * 60);
    await service.refresh(subject);
    await send();
    expect(server.counts).toEqual({ authorization_code: 2, refresh_token: 1 });
  });
});
