import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { hostsOfLogin } from '../../../../electron/consent/automation/allowed-hosts.ts';
import { runScript } from '../../../../electron/consent/automation/run-script.ts';
import { AppError } from '../../../../shared/errors.ts';
import { Secret } from '../../../../shared/secret.ts';
import { launchChromium } from '../../../fixtures/chromium.ts';
import { corpus, type Escape } from './corpus.ts';

const login = `<title>Login</title><p>p</p><input id="user"><input type="file" id="file"><select id="s"><option>a</select>
  <button id="ask" onclick="confirm('Sure?')">Ask</button><p id="long">${'a'.repeat(3000)}!</p>`;

let browser: Browser;
let folder: string;
const servers: Server[] = [];
const canaryRequests: string[] = [];

async function listen(answer: (url: string) => string): Promise<string> {
  const server = createServer((request, response) => {
    response.setHeader('content-type', 'text/html').end(answer(request.url ?? ''));
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Whatever of the engine's own a script could have bent. */
function builtIns(): string {
  const all = [Object, Array, Function, String, RegExp, Promise, Map, Symbol, JSON, Reflect, globalThis];
  return JSON.stringify(
    all.map((one) => {
      const own = 'prototype' in one ? [one, one.prototype] : [one];
      return own.map((part) => Reflect.ownKeys(part).map(String));
    }),
  );
}

beforeAll(async () => {
  browser = await launchChromium();
  folder = await mkdtemp(join(tmpdir(), 'escapes-'));
});
afterAll(async () => {
  await browser.close();
  for (const server of servers) server.close();
  await rm(folder, { recursive: true });
});

const values = new Map<string, string>();
beforeAll(async () => {
  values.set('home', await listen(() => login));
  values.set(
    'canary',
    await listen((url) => {
      canaryRequests.push(url);
      return 'canary';
    }),
  );
  values.set('file', join(folder, 'escaped'));
});

interface Attempt {
  name: string;
  code: string;
  log: string[];
  told: string;
  /** What the page was after it. */
  page: string;
}

async function attempt({ kind, name, source }: Escape): Promise<Attempt> {
  const context = await browser.newContext();
  try {
    const page = await context.newPage();
    const home = values.get('home') ?? '';
    await page.goto(home);
    const hosts = hostsOfLogin(home, []);
    hosts.follow(page, home);
    const log: string[] = [];
    const failure = await runScript({
      ...{ source, fileName: 'a.js', page, hosts, stepLimitMs: 2000, timeLimitMs: 90_000 },
      vars: { ...Object.fromEntries(values), user: 'alice', password: new Secret('hunter22') },
      onLog: (line) => log.push(line),
    }).then(
      () => null,
      (thrown: unknown) => AppError.from(thrown),
    );
    const ran = await page.evaluate(() => `${Reflect.get(window, 'ran')}`);
    return {
      name: `${kind}: ${name}`,
      code: failure?.code ?? 'none',
      log,
      told: JSON.stringify(failure?.toWire() ?? null),
      page: `${ran} ${new URL(page.url()).origin === home}`,
    };
  } finally {
    await context.close();
  }
}

/** Several at once, as flows do. */
async function attemptAll(escapes: readonly Escape[]): Promise<Attempt[]> {
  const left = [...escapes];
  const done: Attempt[] = [];
  const work = async (): Promise<void> => {
    for (let next = left.shift(); next !== undefined; next = left.shift()) done.push(await attempt(next));
  };
  await Promise.all(Array.from({ length: 4 }, work));
  return done;
}

test('no script of the corpus runs anything outside, reaches anything but its page, or hangs', async () => {
  expect(corpus.length).toBeGreaterThanOrEqual(60);
  const before = builtIns();
  const done = await attemptAll(corpus);
  expect(done).toHaveLength(corpus.length);
  for (const { name, code, log, told, page } of done) {
    expect.soft(log.join('\n'), name).not.toContain('ESCAPED');
    expect
      .soft(
        [
          'none',
          'script_failed',
          'script_limit',
          'script_step_failed',
          'script_syntax',
          'script_host_not_allowed',
        ],
        name,
      )
      .toContain(code);
    expect.soft(told.length, name).toBeLessThan(5000);
    expect.soft(`${told}${log.join()}`, name).not.toContain('hunter22');
    expect.soft(page, name).toBe('undefined true');
  }
  expect(canaryRequests).toEqual([]);
  expect(await readdir(folder)).toEqual([]);
  expect(builtIns()).toBe(before);
  // The engine still answers, and the traps are such that they would have shown.
  const [alive] = await attemptAll([
    {
      kind: 'none',
      name: 'alive',
      source: `await page.fill('#user', vars.user); log(await page.inputValue('#user'), 'ESCAPED')`,
    },
  ]);
  expect(alive).toMatchObject({ code: 'none', log: ['[user] ESCAPED'], page: 'undefined true' });
}, 240_000);
