import { readFileSync } from 'node:fs';
import { mkdir, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { tokenEntryName } from '../../../electron/tokens/token-subject.ts';
import type { Vault } from '../../../electron/tokens/vault.ts';
import { AppError } from '../../../shared/errors.ts';
import type { TokenStatus } from '../../../shared/model/token.ts';
import { type Rig, revealed, sending, startRig, tokenOf, until, withToken } from './service-rig.ts';

/** Keeps the vault from being written: a folder stands where its lock would be. */
async function blockWrites({ folder }: Rig, vault: Vault): Promise<void> {
  await vault.close();
  await mkdir(join(folder, 'vault.lock'));
}

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
    const { rig, service, subject, server, expire, events, vault } = await withToken();
    expire();
    await blockWrites(rig, vault);
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
    const { rig, service, subject, vault } = await withToken();
    await blockWrites(rig, vault);
    await service.refresh(subject());
    await rmdir(join(rig.folder, 'vault.lock'));
    await service.dispose();
    const next = await rig.engine();
    expect(await revealed(next.service, subject())).toBe('access-2-marker');
  });

  test('that could not be stored never replaces a later one of another process', async () => {
    const { rig, service, subject, clock, vault } = await withToken();
    await blockWrites(rig, vault);
    await service.refresh(subject());
    await rmdir(join(rig.folder, 'vault.lock'));
    clock.nowMs += 1;
    const other = await rig.engine();
    await other.service.get(subject());
    await service.get(subject({ key: { ...subject().key, profile: 'another' } }));
    expect(await revealed(other.service, subject())).toBe('access-3-marker');
    expect(await revealed(service, subject())).toBe('access-3-marker');
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
    await expect(revealed(service, subject())).rejects.toMatchObject({ code: 'token_missing' });
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

  test('is revealed with an event that tells which token it was, and not of its value', async () => {
    const { service, subject, events } = await withToken();
    expect(await revealed(service, subject())).toBe('access-1-marker');
    expect(events.at(-1)).toMatchObject({ kind: 'revealed', title: 'Access token revealed' });
    await service.reveal(subject(), 'id_token', ({ idToken }) => idToken);
    expect(events.at(-1)).toMatchObject({ kind: 'revealed', title: 'Id token revealed' });
    expect(JSON.stringify(events)).not.toContain('marker');
  });

  test('is not told to be revealed where nothing could be taken of it', async () => {
    const { service, subject, events } = await withToken();
    const nothing = service.reveal(subject(), 'id_token', () => {
      throw new AppError('token_missing', 'There is none.');
    });
    await expect(nothing).rejects.toMatchObject({ code: 'token_missing' });
    expect(events.map(({ kind }) => kind)).not.toContain('revealed');
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
