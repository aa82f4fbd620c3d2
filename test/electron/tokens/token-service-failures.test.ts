import { describe, expect, test } from 'vitest';
import { tokenEntryName } from '../../../electron/tokens/token-subject.ts';
import { sending, tokenOf, withToken } from './service-rig.ts';

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
      detail: expect.stringContaining('Nothing that is stored was lost'),
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
