import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { findChromium } from '../../../electron/consent/browsers/find-chromium.ts';
import { cli, type Ended } from '../../fixtures/cli.ts';
import { temporaryFolder } from '../../fixtures/temporary-folder.ts';
import type { EndpointAnswer } from './marked-endpoints.ts';
import { type ProfileChanges, profile, startMarkedEngine } from './marked-project.ts';
import { type MarkedServer, startMarkedServer } from './marked-server.ts';
import { secrets, stem } from './markers.ts';
import { expectNoSecret, type Recorder, startRecorder } from './recorder.ts';

/** The command line on a marked server's project; all that it prints and leaves behind is recorded. */
interface RecordedCli {
  run(...parameters: string[]): Promise<Ended>;
  /** As `run`, but its standard output is not recorded. */
  reveal(...parameters: string[]): Promise<Ended>;
  folder: string;
  recorder: Recorder;
  expectNoSecret(what: string): void;
}

const given = Object.fromEntries(
  Object.entries(secrets).map(([name, value]) => [`GRANTWRIGHT_VAR_${name}`, value]),
);

async function startRecordedCli(
  server: MarkedServer,
  changes: ProfileChanges,
  vaultKey: string | null,
): Promise<RecordedCli> {
  const folder = await temporaryFolder();
  const recorder = startRecorder();
  const maker = await startMarkedEngine(server, { on: folder, profile: changes, recorder });
  await maker.dispose();
  // Whatever a process leaves lying about, the browser's profile too, is then found here.
  const temporary = join(folder, 'tmp');
  await mkdir(temporary);
  const env = {
    ...{ ...given, TMPDIR: temporary, GRANTWRIGHT_DEBUG: '', GRANTWRIGHT_TRUST_SCRIPTS: 'yes' },
    ...(vaultKey === null ? {} : { GRANTWRIGHT_VAULT_KEY: vaultKey }),
  };
  server.onRequest = () => recorder.lookAt(folder);
  const run = async (parameters: string[]) => {
    const ended = await cli(folder, [...parameters, '-p', maker.project], env);
    recorder.record(`what ${parameters.join(' ')} wrote to standard error`, ended.err);
    recorder.lookAt(folder);
    return ended;
  };
  return {
    ...{ folder, recorder },
    async run(...parameters) {
      const ended = await run(parameters);
      recorder.record(`what ${parameters.join(' ')} printed`, ended.out);
      return ended;
    },
    reveal: (...parameters) => run(parameters),
    expectNoSecret: (what) => expectNoSecret(what, recorder.places(), server),
  };
}

/** A program that writes down its environment and its parameters, and then becomes the Chromium of this machine. */
async function chromiumThatTells(folder: string): Promise<string> {
  const found = await findChromium();
  if (found === null) throw new Error('there is no Chromium here');
  const { executablePath, args, env } = found;
  const path = join(folder, 'chromium');
  const given = Object.entries(env).map(([name, value]) => `export ${name}='${value}'`);
  const lines = ['#!/bin/sh', 'env > "$0-started-$$"', 'echo "$@" >> "$0-started-$$"', ...given];
  await writeFile(path, [...lines, `exec '${executablePath}' ${args.join(' ')} "$@"`].join('\n'), {
    mode: 0o755,
  });
  return path;
}

const vaultKey = `v4ult-${stem}-key`;
const password = { grant: { kind: 'password' } } as const;

test('getting, looking at and refreshing a token tell nothing of it, while all goes well', async () => {
  const server = await startMarkedServer();
  server.answers.token = 'echoing';
  const command = await startRecordedCli(server, password, vaultKey);
  const token = (name: string, ...more: string[]) => command.run('token', name, profile, ...more);
  for (const name of ['get', 'status', 'introspect', 'refresh']) {
    expect(await token(name), name).toMatchObject({ code: 0 });
  }
  server.answers.introspect = 'echoing';
  for (const kind of ['access_token', 'refresh_token']) await token('introspect', '--token', kind);
  const events = join(command.folder, 'events.json');
  expect((await command.run('send', 'list', '-i', '--timeline', events)).code).toBe(0);
  command.expectNoSecret('token get, status, introspect and refresh, and send');
});

test('only --reveal prints a token, and that alone', async () => {
  const server = await startMarkedServer();
  const command = await startRecordedCli(server, password, vaultKey);
  for (const name of ['get', 'refresh']) {
    const { code, out } = await command.reveal('token', name, profile, '--reveal');
    expect(code).toBe(0);
    const lines = out.split('\n');
    expect(lines).toHaveLength(2);
    expect(server.made.has(lines[0] ?? '')).toBe(true);
  }
  command.expectNoSecret('token --reveal, but for standard output');
});

test('ending a token and reading the timeline tell nothing of it', async () => {
  const server = await startMarkedServer();
  Object.assign(server.answers, { token: 'echoing', revoke: 'echoing' });
  const command = await startRecordedCli(server, password, vaultKey);
  for (const name of ['get', 'revoke', 'get', 'clear-session', 'forget', 'status']) {
    expect(await command.run('token', name, profile), name).toMatchObject({ code: 0 });
    if (name === 'revoke') server.forget();
  }
  const { out } = await command.run('timeline', '--json');
  expect(JSON.parse(out).events.length).toBeGreaterThanOrEqual(5);
  await command.run('timeline');
  command.expectNoSecret('token revoke, clear-session and forget, and timeline');
});

const failures: EndpointAnswer[] = ['refused', 'error_is_echo', 'form_error', 'html_error', 'bad_id_token'];
const runs = failures.flatMap((failure) => [
  { failure, kept: 'in a vault', key: vaultKey },
  { failure, kept: 'in memory', key: null },
]);

test.each(runs)(
  'with tokens $kept, commands tell nothing of a server that answers $failure',
  async (given) => {
    const { failure, key, kept } = given;
    const server = await startMarkedServer();
    const command = await startRecordedCli(server, password, key);
    if (key !== null) await command.run('token', 'get', profile);
    Object.assign(server.answers, { token: failure, revoke: failure, introspect: failure });
    for (const name of ['get', 'refresh', 'introspect', 'revoke']) await command.run('token', name, profile);
    await command.run('token', 'refresh', profile, '--reveal');
    server.answers.api = 'invalid_token';
    const sent = await command.run('send', 'list', '--timeline', join(command.folder, 'events.json'));
    expect(sent.code).not.toBe(0);
    await command.run('timeline', '--json');
    command.expectNoSecret(`commands against a server that answers ${failure}, tokens ${kept}`);
  },
);

test('consent from the command line, and what its browser leaves behind, tell nothing', async () => {
  const server = await startMarkedServer();
  const command = await startRecordedCli(server, { session: 'kept' }, vaultKey);
  // What a browser is started with, its environment too, is noted beside it.
  process.env.GRANTWRIGHT_CHROMIUM = await chromiumThatTells(command.folder);
  onTestFinished(() => {
    delete process.env.GRANTWRIGHT_CHROMIUM;
  });
  expect((await command.run('send', 'list')).code).toBe(0);
  expect((await command.run('token', 'logout', profile)).code).toBe(0);
  for (const login of ['denied', 'refused', 'error_is_echo'] as const) {
    server.answers.login = login;
    expect((await command.run('token', 'get', profile)).code, login).toBe(2);
  }
  server.answers.endSession = 'refused';
  expect((await command.run('token', 'logout', profile)).code).toBe(2);
  const started = (await readdir(command.folder)).filter((name) => name.startsWith('chromium-started'));
  expect(started.length).toBeGreaterThan(3);
  command.expectNoSecret('consent from the command line');
});

test('a command line that is wrong does not repeat the values in it', async () => {
  const server = await startMarkedServer();
  const command = await startRecordedCli(server, password, vaultKey);
  const wrong = [
    ['--vars', `orders_secret=${stem}`],
    [`--vars=orders_secret=${stem}`],
    ['--var', stem],
    [`--var=${stem}`],
    ['--var', `=${stem}`],
    [`orders_secret=${stem}`],
  ];
  const mistakes = wrong.map((parameters) => ['token', 'get', profile, ...parameters]);
  // The wrong ones stand in their own command lines; only what they print and leave is looked at.
  server.onRequest = () => undefined;
  for (const parameters of mistakes) {
    const { code } = await command.run(...parameters);
    expect(code, parameters.join(' ')).not.toBe(0);
  }
  expect((await command.run('token', 'get', profile)).code).toBe(0);
  command.expectNoSecret('command lines that are wrong');
});
