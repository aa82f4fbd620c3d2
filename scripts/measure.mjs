// `npm run measure`: how long the first window takes, and unattended consent in each consent browser, on this machine;
// then what a send pays for its token (test/measure/send-latency.ts). Each host is the built one, started as a person
// starts it; consent is the sample's script on the playground. `npm run measure tokens` does the second alone;
// `npm run measure consents [how many]` what a consent costs beyond plain Playwright (test/measure/consent-cost.ts), and
// 200 unattended consents in a row in each consent browser, with the number of failures.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { ensureBuilt, root } from './setup.mjs';

const rounds = 15;
const profile = 'orders-api';

function environment(folder) {
  return {
    ...process.env,
    GRANTWRIGHT_DATA_DIR: join(folder, 'data'),
    GRANTWRIGHT_PROJECTS_DIR: join(folder, 'projects'),
    GRANTWRIGHT_VAULT_KEY: 'a key for measuring',
    GRANTWRIGHT_OPEN: 'no',
  };
}

/** The web host over HTTP: from the start of the process until its page answers. */
async function startWeb(folder) {
  const child = spawn(process.execPath, [join(root, 'dist', 'engine', 'web.js')], {
    env: environment(folder),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let address;
  for await (const line of createInterface({ input: child.stdout })) {
    address = /http:\/\/127\.0\.0\.1:\d+\/#token=\w+/.exec(line)?.[0];
    if (address) break;
  }
  const { origin, hash } = new URL(address);
  await (await fetch(origin)).text();
  const call = async (name, params) => {
    const response = await fetch(`${origin}/api/call/${name}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${hash.replace('#token=', '')}` },
      body: JSON.stringify(params),
    });
    return response.json();
  };
  return { call, end: () => child.kill() };
}

/** The desktop app in Electron: from the start of the process until its window has drawn. */
async function startDesktop(folder, executablePath) {
  const { _electron } = await import('playwright-core');
  const args = [...(process.getuid?.() === 0 ? ['--no-sandbox'] : []), root];
  const app = await _electron.launch({ executablePath, args, env: environment(folder) });
  const page = await app.firstWindow();
  await page.getByRole('button', { name: 'Try the sample project' }).waitFor();
  const call = (name, params) =>
    page.evaluate(([name, params]) => window.grantwright[name](params), [name, params]);
  return { call, end: () => app.close() };
}

/** Does something with the sample open in a host of its own, and tells how long the host took to come; it ends with that. */
async function withHost(start, work) {
  const folder = await mkdtemp(join(tmpdir(), 'grantwright-measure-'));
  let host;
  try {
    const from = performance.now();
    host = await start(folder);
    const startedMs = performance.now() - from;
    await host.call('project.openSample', {});
    return await work(host, startedMs);
  } finally {
    await host?.end();
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** So many consents one after another: what each took, and why those failed that did. */
async function timedConsents(host, count) {
  const times = [];
  const failures = [];
  for (let round = 1; round <= count; round += 1) {
    const from = performance.now();
    const reply = await host.call('tokens.get', { profile });
    times.push(performance.now() - from);
    if (reply.kind !== 'result') failures.push(`${round}: ${reply.error.code} ${reply.error.message}`);
  }
  return { times, failures };
}

const ms = (value) => `${Math.round(value)} ms`;
const sorted = (times) => [...times].sort((a, b) => a - b);
const median = (times) => sorted(times)[Math.floor(times.length / 2)];

/** How many of so many consents in a row fail in one consent browser, and why. */
function consentsInARow(name, start, count) {
  return withHost(start, async (host) => {
    const { times, failures } = await timedConsents(host, count);
    const took = `median ${ms(median(times))}, slowest ${ms(Math.max(...times))}`;
    console.log(`${name.padEnd(34)}${count} consents, ${failures.length} failed, ${took}`);
    for (const failure of failures) console.log(`  ${failure}`);
  });
}

/** How long the first window takes, the first consent, and those after it. */
function measure(name, start) {
  return withHost(start, async (host, startedMs) => {
    const { times, failures } = await timedConsents(host, rounds);
    if (failures.length > 0) throw new Error(`${name}: consent ${failures.join('; ')}`);
    const [cold, ...warm] = times;
    const cells = [startedMs, cold, median(warm), Math.max(...warm)].map((value) => ms(value).padStart(9));
    console.log(`${name.padEnd(34)}${cells.join('')}`);
  });
}

/** Bundles and runs a measuring program; what it finds it prints itself. */
async function measureInside(name, ...parameters) {
  const { build } = await import('vite');
  const outDir = await mkdtemp(join(root, 'node_modules', '.measure-'));
  const rolldownOptions = { output: { entryFileNames: `${name}.mjs` } };
  const ssr = join(root, 'test', 'measure', `${name}.ts`);
  await build({
    configFile: false,
    logLevel: 'error',
    build: { ssr, outDir, emptyOutDir: false, rolldownOptions },
  });
  const child = spawn(process.execPath, [join(outDir, `${name}.mjs`), ...parameters], { stdio: 'inherit' });
  await once(child, 'exit');
  await rm(outDir, { recursive: true, force: true });
  if (child.exitCode !== 0) throw new Error(`${name} failed`);
}

function findElectron() {
  const folder = process.env.ELECTRON_OVERRIDE_DIST_PATH ?? join(root, 'node_modules', 'electron', 'dist');
  return join(folder, process.platform === 'win32' ? 'electron.exe' : 'electron');
}

/** Does it in each host that is to be had: each has its own consent browser. */
async function inEachHost(work) {
  await work('web host, chromium', startWeb);
  const executable = findElectron();
  const start = (folder) => startDesktop(folder, executable);
  if (existsSync(executable)) await work('desktop, electron-window', start);
  else console.log('desktop, electron-window: not measured, there is no Electron here');
}

async function measureHosts() {
  const row = (...cells) => console.log(`${''.padEnd(34)}${cells.map((cell) => cell.padStart(9)).join('')}`);
  row('first', 'consent', 'median', 'slowest');
  row('window', 'cold', `of ${rounds - 1}`);
  await inEachHost(measure);
}

async function measureConsents(count) {
  console.log('what a consent costs beyond plain Playwright');
  await measureInside('consent-cost');
  console.log('\nunattended consents in a row');
  await inEachHost((name, start) => consentsInARow(name, start, count));
}

async function measureTokens() {
  console.log('\nwhat a send pays for its token');
  await measureInside('send-latency');
}

/** How many consents are asked for; 200 by default. */
function countOf(text = '200') {
  if (/^[1-9]\d{0,5}$/.test(text)) return Number(text);
  console.error(`“${text}” is no number of consents: write a whole number from 1 on, such as 200.`);
  process.exit(2);
}

const [what, ...rest] = process.argv.slice(2);
const count = countOf(what === 'consents' ? rest[0] : undefined);
ensureBuilt();
if (what === 'consents') await measureConsents(count);
else {
  if (what !== 'tokens') await measureHosts();
  await measureTokens();
}
