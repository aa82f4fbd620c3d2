import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { defectExitCode } from '../../../electron/hosts/last-resort.ts';
import { findElectron, root } from '../../fixtures/electron-runtime.ts';
import { temporaryFolder } from '../../fixtures/temporary-folder.ts';
import { profile, startMarkedEngine } from './marked-project.ts';
import { type MarkedServer, startMarkedServer } from './marked-server.ts';
import { secrets, stem } from './markers.ts';
import { expectNoSecret, startRecorder } from './recorder.ts';

/**
 * Loaded into a host before its own code: when a file appears it fails in a way that nobody foresaw, with a secret in
 * everything that an error has.
 */
const bomb = `const { existsSync } = require('node:fs');
const { isMainThread } = require('node:worker_threads');
const { BOMB_FILE: file, BOMB_TEXT: text, BOMB_KIND: kind } = process.env;
function error() {
  const cause = new Error('cause ' + text + '\\n    at ' + text + ' (x:1:1)');
  const made = Object.assign(new TypeError(text + '\\n    at ' + text + ' (x:1:1)', { cause }), { token: text });
  return new AggregateError([made], text, { cause: made });
}
if (isMainThread && file !== undefined) {
  const timer = setInterval(() => {
    if (!existsSync(file)) return;
    clearInterval(timer);
    if (kind === 'rejection') Promise.reject(error());
    else if (kind === 'text') throw text;
    else throw error();
  }, 20);
  timer.unref();
}`;

const kinds = ['error', 'rejection', 'text'];
const electron = findElectron();

interface Scene {
  server: MarkedServer;
  folder: string;
  project: string;
  /** Starts a host whose bomb goes off once its token request is on the wire. */
  start(program: string, parameters: string[]): Host;
  expectNoSecret(what: string): void;
}

interface Host {
  child: ChildProcess;
  printed(): string;
  /** What it ended with. */
  ended: Promise<number | null>;
}

async function setTheScene(kind: string): Promise<Scene> {
  const server = await startMarkedServer();
  const folder = await temporaryFolder();
  const recorder = startRecorder();
  // A window needs nobody to ask for the token: it is due to be renewed as soon as the project is open again.
  const renewAhead = { kind: 'on', seconds: 3600 } as const;
  const maker = await startMarkedEngine(server, {
    ...{ on: folder, recorder, profile: { grant: { kind: 'password' }, renewAhead } },
    ...{ clock: { aheadMs: -200_000 }, passphrase: 'p' },
  });
  await maker.call('tokens.get', { profile });
  await maker.dispose();
  await writeFile(join(maker.dataFolder, 'config.json'), JSON.stringify({ lastProject: maker.project }));
  const trigger = join(folder, 'trigger');
  const preload = join(folder, 'bomb.cjs');
  await writeFile(preload, bomb);
  await mkdir(join(folder, 'tmp'));
  server.answers.token = 'hangs';
  server.onRequest = (path) => {
    if (path === '/token') writeFileSync(trigger, '');
  };
  const env = {
    ...process.env,
    ...Object.fromEntries(Object.entries(secrets).map(([name, value]) => [`GRANTWRIGHT_VAR_${name}`, value])),
    GRANTWRIGHT_DATA_DIR: maker.dataFolder,
    GRANTWRIGHT_PROJECTS_DIR: maker.projectsFolder,
    GRANTWRIGHT_VAULT_KEY: 'p',
    GRANTWRIGHT_OPEN: 'no',
    GRANTWRIGHT_DEBUG: '',
    TMPDIR: join(folder, 'tmp'),
    NODE_OPTIONS: `--require=${preload}`,
    ...{ BOMB_FILE: trigger, BOMB_TEXT: `b0mb-${stem} &"\n${stem}`, BOMB_KIND: kind },
  };
  function start(program: string, parameters: string[]): Host {
    const child = spawn(program, parameters, { env, stdio: ['ignore', 'pipe', 'pipe'] });
    let text = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk) => {
        text += String(chunk);
      });
    }
    const ended = new Promise<number | null>((resolve) => child.on('close', (code) => resolve(code)));
    onTestFinished(async () => {
      child.kill('SIGKILL');
      await ended;
    });
    return { child, ended, printed: () => text };
  }
  return {
    ...{ server, folder, project: maker.project, start },
    expectNoSecret(what) {
      expect(existsSync(trigger)).toBe(true);
      recorder.lookAt(folder);
      expectNoSecret(what, recorder.places(), server);
    },
  };
}

describe.each(kinds)('an unforeseen failure (%s) in the middle of a token request', (kind) => {
  const expectCleanEnd = (text: string) => {
    expect(text).toContain('This is a defect');
    expect(text).not.toContain(stem);
  };

  test('ends the command line, which tells where and not what', async () => {
    const scene = await setTheScene(kind);
    const parameters = ['token', 'refresh', profile, '-p', scene.project];
    const host = scene.start(process.execPath, [join(root, 'dist', 'engine', 'cli.js'), ...parameters]);
    expect(await host.ended).toBe(defectExitCode);
    expectCleanEnd(host.printed());
    scene.expectNoSecret(`the command line dying of ${kind}`);
  });

  test('ends the web host, which tells where and not what', async () => {
    const scene = await setTheScene(kind);
    const host = scene.start(process.execPath, [join(root, 'dist', 'engine', 'web.js')]);
    expect(await host.ended).toBe(defectExitCode);
    expectCleanEnd(host.printed());
    scene.expectNoSecret(`the web host dying of ${kind}`);
  });

  test.skipIf(electron.kind === 'missing')(
    'ends the desktop app, which shows and tells nothing of it',
    async () => {
      if (electron.kind === 'missing') return;
      const scene = await setTheScene(kind);
      const asRoot = process.platform === 'linux' && process.getuid?.() === 0;
      const host = scene.start(electron.path, [...(asRoot ? ['--no-sandbox'] : []), root]);
      expect(await host.ended).toBe(defectExitCode);
      expectCleanEnd(host.printed());
      scene.expectNoSecret(`the desktop app dying of ${kind}`);
    },
  );
});

test('a reader that has gone is no defect: the command goes on to its end', async () => {
  const child = spawn(process.execPath, [join(root, 'dist', 'engine', 'cli.js'), '--help'], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  child.stdout.destroy();
  let told = '';
  child.stderr.on('data', (chunk) => {
    told += String(chunk);
  });
  const code = await new Promise((resolve) => child.on('close', resolve));
  expect([code, told]).toEqual([0, '']);
});
