// `npm run measure`: how long the first window takes, and unattended consent in each consent browser, on this machine;
// then what a send pays for its token (test/measure/send-latency.ts). Each host is the built one, started as a person
// starts it; consent is the sample's script on the playground. `npm run measure tokens` does the second alone.
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

async function measureHosts() {
  const electron = process.env.ELECTRON_OVERRIDE_DIST_PATH ?? join(root, 'node_modules', 'electron', 'dist');
  const executable = join(electron, process.platform === 'win32' ? 'electron.exe' : 'electron');
  console.log(
    `${''.padEnd(34)}${'first'.padStart(9)}${'consent'.padStart(9)}${'median'.padStart(9)}${'slowest'.padStart(9)}`,
  );
  console.log(
    `${''.padEnd(34)}${'window'.padStart(9)}${'cold'.padStart(9)}${`of ${rounds - 1}`.padStart(9)}`,
  );
  await measure('web host, chromium', startWeb);
  if (existsSync(executable))
    await measure('desktop, electron-window', (folder) => startDesktop(folder, executable));
  else console.log('desktop, electron-window: not measured, there is no Electron here');
}

ensureBuilt();
if (process.argv[2] !== 'tokens') await measureHosts();
console.log('\nwhat a send pays for its token');
await measureInside('send-latency');
