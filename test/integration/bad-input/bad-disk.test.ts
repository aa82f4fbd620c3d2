import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { KeyValueFile } from '../../../electron/services/settings.ts';
import {
  endChromium,
  failureIn,
  openSample,
  rejectionOf,
  resultOf,
  sendSaved,
  startEngine,
  statusOf,
  type TestEngine,
  type TestEngineOptions,
} from '../../fixtures/engine.ts';
import { mountSmallDisk, type SmallDisk } from '../../fixtures/small-disk.ts';
import { temporaryFolder } from '../../fixtures/temporary-folder.ts';
import { until } from '../../fixtures/until.ts';

afterAll(endChromium);

const profile = 'orders-api';
const probe = mountSmallDisk(64);
probe?.remove();

describe.skipIf(probe === null)('a disk', () => {
  let disk: SmallDisk;
  beforeEach(() => {
    const mounted = mountSmallDisk(256);
    if (mounted === null) throw new Error('no disk can be mounted here');
    disk = mounted;
  });
  const engines: TestEngine[] = [];
  afterEach(async () => {
    // Before the disk goes: an engine that ends still writes.
    await Promise.all(engines.splice(0).map((engine) => engine.dispose()));
    disk.remove();
  });

  async function start(options: Omit<TestEngineOptions, 'folder'> = {}): Promise<TestEngine> {
    const engine = await startEngine({ folder: disk.folder, ...options });
    engines.push(engine);
    return engine;
  }

  /** The sample project, opened and with a token, all of it on the small disk. */
  async function startOnDisk() {
    const engine = await start();
    const folder = await openSample(engine);
    const before = await engine.call('tokens.get', { profile });
    // The vault's copy and the timeline follow on what has been answered.
    const locks = ['vault.lock', 'timeline.jsonl.lock'].map((name) => join(engine.dataFolder, name));
    await until(() => !locks.some(existsSync));
    return { engine, folder, before };
  }

  const states = [
    { state: 'full', code: 'disk_full', spoil: () => disk.fill(), mend: () => disk.free() },
    {
      state: 'read-only',
      code: 'file_write_failed',
      spoil: () => disk.setReadOnly(true),
      mend: () => disk.setReadOnly(false),
    },
  ];

  test.each(states)(
    '$state: nothing is saved, nothing is lost, and it goes on once it is mended',
    async (given) => {
      const { code, spoil, mend } = given;
      const { engine, folder, before } = await startOnDisk();
      const readAll = async () => {
        const names = await readdir(folder, { recursive: true, withFileTypes: true });
        const files = names
          .filter((entry) => entry.isFile())
          .map((entry) => join(entry.parentPath, entry.name));
        return Promise.all(
          [...files, join(engine.dataFolder, 'vault.json')].sort().map((file) => readFile(file)),
        );
      };
      const stored = await readAll();
      spoil();
      const script = await engine.call('scripts.read', { profile });
      const writes = [
        () => engine.call('profiles.create', { name: 'New' }),
        () => engine.call('requests.create', { name: 'New' }),
        () => engine.call('scripts.save', { profile, source: '// new' }),
        () => engine.call('secrets.save', { name: 'orders_service_secret', value: 'new' }),
        () => engine.call('project.create', { folder: join(disk.folder, 'a', 'b'), name: 'New' }),
        () => engine.call('tokens.get', { profile }),
        () => engine.call('tokens.forget', { profile }),
      ];
      for (const [index, write] of writes.entries()) {
        const failure = await rejectionOf(write());
        expect(failure, `write ${index}`).toMatchObject({ code, action: expect.any(String) });
        expect(failure.message, `write ${index}`).toContain(disk.folder);
      }
      // A token that is still good needs no disk.
      expect(resultOf(await sendSaved(engine, 'orders/list'))).toBe(200);
      engine.clock.aheadMs = 301_000;
      expect(failureIn(await sendSaved(engine, 'orders/list'))).toMatchObject({ code });
      expect(await statusOf(engine, profile)).toMatchObject({
        access: before.access,
        refresh: { kind: 'usable' },
      });
      expect(await engine.call('scripts.read', { profile })).toEqual(script);
      expect(await readAll()).toEqual(stored);

      mend();
      const exchange = await sendSaved(engine, 'orders/list');
      expect([resultOf(exchange), exchange.tokenUse.kind]).toEqual([200, 'updated']);
      expect((await statusOf(engine, profile)).failure).toBeNull();
      await engine.call('scripts.save', { profile, source: '// new' });
    },
  );

  test('full in the middle of a refresh: the new token set is used from memory, and stored once there is room', async () => {
    const { engine } = await startOnDisk();
    engine.clock.aheadMs = 301_000;
    // Room for the locks, but not for the vault.
    disk.fill(2);
    const exchange = await sendSaved(engine, 'orders/list');
    expect([resultOf(exchange), exchange.tokenUse.kind]).toEqual([200, 'updated']);
    expect(await statusOf(engine, profile)).toMatchObject({
      access: { kind: 'held' },
      failure: { code: 'disk_full' },
    });
    const { accessToken } = await engine.call('tokens.reveal', { profile });
    disk.free();
    await engine.dispose();

    const next = await start();
    await next.call('project.open', { folder: join(next.projectsFolder, 'playground-sample') });
    expect(await next.call('tokens.reveal', { profile })).toEqual({ accessToken });
  });

  test.each(states)(
    '$state at the start: the app opens and says so, and the vault opens once it is mended',
    async (given) => {
      const { code, spoil, mend } = given;
      const settings = new Map<string, unknown>();
      const file: KeyValueFile = {
        get: (key) => settings.get(key),
        set() {
          throw new Error('ENOSPC');
        },
      };
      await mkdir(join(disk.folder, 'data'));
      spoil();
      const engine = await start({ settings: file });
      expect(await engine.call('vault.status', {})).toMatchObject({ kind: 'failed', error: { code } });

      // A project elsewhere can be opened, worked with and closed though the settings cannot be written.
      const elsewhere = await startEngine({ folder: await temporaryFolder() });
      const folder = await openSample(elsewhere);
      settings.set('trustedProjects', [folder]);
      const state = await engine.call('project.open', { folder });
      expect(state).toMatchObject({ project: { folder, problems: [{ code: 'file_write_failed' }] } });
      expect((await engine.call('playground.start', {})).kind).toBe('running');
      expect(failureIn(await sendSaved(engine, 'orders/list'))).toMatchObject({ code });
      expect((await rejectionOf(engine.call('settings.setTheme', { theme: 'dark' }))).code).toBe(
        'file_write_failed',
      );

      mend();
      await expect.poll(async () => resultOf(await sendSaved(engine, 'orders/list'))).toBe(200);
      expect(await engine.call('vault.status', {})).toMatchObject({ kind: 'open' });
      expect(engine.events).toContainEqual({
        kind: 'vault',
        status: expect.objectContaining({ kind: 'open' }),
      });
      expect((await rejectionOf(engine.call('project.close', {}))).code).toBe('file_write_failed');
      expect(await engine.call('project.current', {})).toEqual({ kind: 'closed' });
    },
  );
});
