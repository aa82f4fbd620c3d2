import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { mountSmallDisk, type SmallDisk } from '../../fixtures/small-disk.ts';
import { profile, type RecordedEngine, send, startMarkedEngine } from './marked-project.ts';
import { type MarkedServer, startMarkedServer } from './marked-server.ts';

const grant = { kind: 'password' } as const;

/** Everything that reads or writes the vault and may fail. */
async function touchEverything(engine: RecordedEngine, server: MarkedServer): Promise<string[]> {
  engine.clock.aheadMs += 301_000;
  const outcomes = [
    (await send(engine, `${server.url}/api`)).outcome.kind,
    await engine.try('tokens.get', { profile }),
    await engine.try('tokens.refresh', { profile }),
    await engine.try('tokens.introspect', { profile }),
    await engine.try('secrets.save', { name: 'api_key', value: 'k3y-zqm4rk3r-again' }),
    await engine.try('profiles.renamePersona', { profile, from: 'default', to: 'other' }),
    await engine.try('scripts.save', { profile, source: '// new' }),
    await engine.try('tokens.revoke', { profile }),
    await engine.try('tokens.clearSession', { profile }),
    await engine.try('tokens.forget', { profile }),
    await engine.try('vault.status', {}),
    await engine.try('tokens.statuses', {}),
    await engine.try('tokens.events', {}),
  ];
  return outcomes;
}

test('a vault that is damaged, and what is kept of it, tells no secret', async () => {
  const server = await startMarkedServer();
  const engine = await startMarkedEngine(server, { profile: { grant } });
  const vault = join(engine.dataFolder, 'vault.json');
  await engine.call('tokens.get', { profile });
  const good = await readFile(vault, 'utf8');
  const damages = ['', '{"format": 1, "keys": [', good.slice(0, -200), good.replace(/(": ")..../g, '$1AAAA')];
  for (const damage of damages) {
    await writeFile(vault, damage);
    await touchEverything(engine, server);
  }
  // The copy of the last write follows on its answer.
  await vi.waitUntil(() => !existsSync(join(engine.dataFolder, 'vault.lock')), { timeout: 10_000 });
  // The copy first: from it the vault would be mended at once.
  for (const file of [join(engine.dataFolder, 'vault.backup.json'), vault])
    await writeFile(file, 'beyond repair');
  const outcomes = await touchEverything(engine, server);
  expect(outcomes).toContain('vault_damaged');
  await writeFile(vault, good);
  engine.expectNoSecret('a vault damaged in many ways');
});

const probe = mountSmallDisk(64);
probe?.remove();

describe.skipIf(probe === null)('a disk', () => {
  let disk: SmallDisk;
  beforeEach(() => {
    const mounted = mountSmallDisk(512);
    if (mounted === null) throw new Error('no disk can be mounted here');
    disk = mounted;
  });
  afterEach(() => disk.remove());

  test.each([
    { state: 'full', told: 'disk_full', spoil: () => disk.fill(), mend: () => disk.free() },
    { state: 'almost full', told: 'failed', spoil: () => disk.fill(1), mend: () => disk.free() },
    {
      state: 'read-only',
      told: 'file_write_failed',
      spoil: () => disk.setReadOnly(true),
      mend: () => disk.setReadOnly(false),
    },
  ])(
    '$state: no failure tells a secret, and no half-written file holds one',
    async ({ spoil, mend, state, told }) => {
      const server = await startMarkedServer();
      const engine = await startMarkedEngine(server, { profile: { grant }, on: disk.folder });
      await engine.call('tokens.get', { profile });
      // The engine may just be writing the copy of its vault.
      await vi.waitFor(spoil, { timeout: 10_000 });
      const outcomes = await touchEverything(engine, server);
      expect(outcomes).toContain(told);
      engine.recorder.lookAt(disk.folder);
      mend();
      await touchEverything(engine, server);
      engine.expectNoSecret(`a disk that is ${state}`);
    },
  );
});
