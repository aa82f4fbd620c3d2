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

/** So many consents in a row in one consent browser; how many fail, and why. */
async function consentsInARow(name, start, count) {
  const folder = await mkdtemp(join(tmpdir(), 'grantwright-measure-'));
  const host = await start(folder);
  await host.call('project.openSample', {});
  const failures = [];
  const times = [];
  for (let round = 0; round < count; round += 1) {
    const from = performance.now();
    const reply = await host.call('tokens.get', { profile });
    times.push(performance.now() - from);
    if (reply.kind !== 'result') failures.push(`${round + 1}: ${reply.error.code} ${reply.error.message}`);
  }
  await host.end();
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  times.sort((a, b) => a - b);
  const middle = Math.round(times[Math.floor(count / 2)]);
  const slowest = Math.round(times[count - 1]);
  console.log(
    `${name.padEnd(34)}${count} consents, ${failures.length} failed, median ${middle} ms, slowest ${slowest} ms`,
  );
  for (const failure of failures) console.log(`  ${failure}`);
}

async function measure(name, start) {
  const folder = await mkdtemp(join(tmpdir(), 'grantwright-measure-'));
  const startedAt = performance.now();
  const host = await start(folder);
  const first = performance.now() - startedAt;
  await host.call('project.openSample', {});
  const times = [];
  for (let round = 0; round < rounds; round += 1) {
    const from = performance.now();
    const reply = await host.call('tokens.get', { profile });
    if (reply.kind !== 'result') throw new Error(`${name}: ${reply.error.code} ${reply.error.message}`);
    times.push(performance.now() - from);
  }
  await host.end();
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  const [cold, ...warm] = times;
  warm.sort((a, b) => a - b);
  const ms = (value) => `${Math.round(value)} ms`.padStart(9);
  console.log(
    `${name.padEnd(34)}${ms(first)}${ms(cold)}${ms(warm[Math.floor(warm.length / 2)])}${ms(warm[warm.length - 1])}`,
  );
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

ensureBuilt();
const [what, count] = process.argv.slice(2);
if (what === 'consents') await measureConsents(Number(count ?? 200));
else {
  if (what !== 'tokens') await measureHosts();
  await measureTokens();
}
