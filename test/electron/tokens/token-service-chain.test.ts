import { describe, expect, test } from 'vitest';
import { Secret } from '../../../shared/secret.ts';
import { type Rig, sending, startRig, tokenOf } from './service-rig.ts';

/** The profile whose grant is a refresh token that the person has pasted. */
function pasted(rig: Rig, token = 'pasted-1') {
  const grant = { kind: 'refresh_token' as const, refreshToken: new Secret(token) };
  return rig.subject({ profile: { ...rig.subject().profile, grant }, hasScript: false });
}

describe('the refresh token as a grant of its own', () => {
  test('begins with the pasted one, then sends the newest alone, on Get Access Token too', async () => {
    const rig = await startRig();
    const { service } = await rig.engine();
    await service.get(pasted(rig));
    await service.get(pasted(rig));
    rig.clock.nowMs += 3_600_000;
    expect(tokenOf(await service.forSend(pasted(rig), sending))).toBe('access-3-marker');
    expect([rig.server.counts, rig.server.reuses]).toEqual([{ refresh_token: 3 }, 0]);
  });

  test('begins anew with another one that was pasted, also when the chain was broken', async () => {
    const rig = await startRig();
    const { service } = await rig.engine();
    await service.get(pasted(rig));
    rig.server.refusal = { status: 400, body: '{"error":"invalid_grant"}' };
    await expect(service.get(pasted(rig))).rejects.toMatchObject({
      code: 'refresh_refused',
      action: expect.stringContaining('store it in the profile'),
    });
    rig.server.refusal = null;
    await service.get(pasted(rig, 'pasted-2'));
    expect([rig.server.counts, rig.server.reuses]).toEqual([{ refresh_token: 3 }, 0]);
  });

  test('never sends the pasted one again once the server took it, and says what to do', async () => {
    const rig = await startRig();
    const { service, events } = await rig.engine();
    await service.get(pasted(rig));
    rig.clock.nowMs += 3_600_000;
    rig.server.refusal = { status: 400, body: '{"error":"invalid_grant"}' };
    await expect(service.forSend(pasted(rig), sending)).rejects.toMatchObject({
      code: 'refresh_token_spent',
      message: expect.stringMatching(/used already.*: invalid_grant\.$/),
      action: expect.stringContaining('store it in the profile'),
      server: { error: 'invalid_grant' },
    });
    expect(events.at(-2)?.detail).toContain('another refresh token must be stored in the profile');
    rig.server.refusal = null;
    await expect(service.get(pasted(rig))).rejects.toMatchObject({ code: 'refresh_token_spent' });
    expect([rig.server.counts, rig.server.reuses]).toEqual([{ refresh_token: 2 }, 0]);
  });

  test.each([true, false])(
    'goes on with the newest when other settings change, as long as the pasted one is the same; rotates: %s',
    async (rotates) => {
      const rig = await startRig();
      rig.server.rotates = rotates;
      const { service } = await rig.engine();
      await service.get(pasted(rig));
      const changed = pasted(rig);
      const other = { ...changed, profile: { ...changed.profile, scope: 'other' } };
      const status = await service.status(other);
      expect(status).toMatchObject({ access: { stale: true }, refresh: { kind: 'usable' } });
      expect(tokenOf(await service.forSend(other, sending))).toBe('access-2-marker');
      expect((await service.status(other)).access).toMatchObject({ stale: false, scope: ['other'] });
      await service.get(other);
      expect([rig.server.counts, rig.server.reuses]).toEqual([{ refresh_token: 3 }, 0]);
    },
  );

  test('tries a refused one again by hand alone, and stops at its refusal', async () => {
    const rig = await startRig();
    const { service } = await rig.engine();
    await service.get(pasted(rig));
    rig.server.refusal = { status: 400, body: '' };
    await expect(service.get(pasted(rig))).rejects.toMatchObject({ code: 'refresh_refused' });
    rig.clock.nowMs += 3_600_000;
    await expect(service.forSend(pasted(rig), sending)).rejects.toMatchObject({
      code: 'refresh_token_spent',
    });
    expect(rig.server.counts).toEqual({ refresh_token: 2 });
    rig.server.refusal = null;
    await service.get(pasted(rig));
    expect([rig.server.counts, rig.server.reuses]).toEqual([{ refresh_token: 3 }, 0]);
  });

  test('keeps the chain over a failure in passing, and begins anew when the tokens were forgotten', async () => {
    const rig = await startRig();
    const { service } = await rig.engine();
    await service.get(pasted(rig));
    rig.server.refusal = 'hang up';
    await expect(service.get(pasted(rig))).rejects.toMatchObject({ code: 'server_unreachable' });
    rig.server.refusal = null;
    await service.get(pasted(rig));
    await service.forget(pasted(rig));
    rig.server.rotates = false;
    await expect(service.get(pasted(rig))).rejects.toMatchObject({ server: { error: 'invalid_grant' } });
    expect(rig.server.reuses).toBe(1);
  });
});
