// `npm start`: sets up, then opens the app in Electron where that can be had, else as the web host, saying why.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ensureBuilt, root } from './setup.mjs';

const electronFolder = join(root, 'node_modules', 'electron');

/** The binary's path when it is there whole: `path.txt` is the last thing that Electron's own installer writes. */
function installedElectron() {
  const name =
    { darwin: 'Electron.app/Contents/MacOS/Electron', win32: 'electron.exe' }[process.platform] ?? 'electron';
  const override = process.env.ELECTRON_OVERRIDE_DIST_PATH;
  const path = override ? join(override, name) : join(electronFolder, 'dist', name);
  const whole = override !== undefined || existsSync(join(electronFolder, 'path.txt'));
  return whole && existsSync(path) ? path : undefined;
}

/** Whether Electron's downloads answer at all; a machine that cannot reach them should not be kept waiting. */
async function downloadsAnswer() {
  const from = process.env.ELECTRON_MIRROR ?? process.env.npm_config_electron_mirror ?? 'https://github.com';
  return fetch(from, { method: 'HEAD', redirect: 'manual', signal: AbortSignal.timeout(5000) }).then(
    () => true,
    () => false,
  );
}

/** The Electron to run, fetched if need be; or why there is none. */
async function findElectron() {
  if (process.env.GRANTWRIGHT_HOST === 'web') return { reason: 'GRANTWRIGHT_HOST=web asks for it' };
  if (process.platform === 'linux' && !process.env.DISPLAY && !process.env.WAYLAND_DISPLAY) {
    return { reason: 'there is no display' };
  }
  const installed = installedElectron();
  if (installed) return { path: installed };
  if (!(await downloadsAnswer()))
    return { reason: "Electron's binary is not here and its downloads cannot be reached" };
  const version = JSON.parse(readFileSync(join(electronFolder, 'package.json'), 'utf8')).version;
  console.error(`Fetching Electron ${version} ...`);
  const fetched = spawnSync(process.execPath, [join(electronFolder, 'install.js')], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'pipe'],
    encoding: 'utf8',
    timeout: 10 * 60_000,
  });
  const path = fetched.status === 0 ? installedElectron() : undefined;
  const why = fetched.stderr?.trim().split('\n')[0] || 'it took too long';
  return path ? { path } : { reason: `Electron's binary could not be downloaded (${why})` };
}

function runWebHost(reason) {
  console.error(`Starting as the web host: ${reason}.`);
  return spawn(process.execPath, [join(root, 'dist', 'engine', 'web.js'), ...process.argv.slice(2)], {
    cwd: root,
    stdio: 'inherit',
  });
}

function runElectron(path) {
  const asRoot = process.platform === 'linux' && process.getuid?.() === 0;
  const parameters = [...(asRoot ? ['--no-sandbox'] : []), root, ...process.argv.slice(2)];
  return spawn(path, parameters, { cwd: root, stdio: 'inherit' });
}

/** Waits for the app's end, passing on the signals that are meant for it. */
function follow(child, onFailedStart) {
  const startedAt = Date.now();
  let asked = false;
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => {
      asked = true;
      // On Windows kill() ends a process at once; Ctrl+C has reached it by itself already.
      if (process.platform !== 'win32') child.kill(signal);
    });
  }
  child.on('error', (error) => onFailedStart(error.message));
  child.on('exit', (code, signal) => {
    const failed = !asked && (signal !== null || code !== 0) && Date.now() - startedAt < 5000;
    if (failed) onFailedStart(`Electron ended with ${signal ?? `code ${code}`}`);
    else process.exit(code ?? 0);
  });
}

ensureBuilt();
const electron = await findElectron();
if (electron.path) {
  follow(runElectron(electron.path), (reason) => follow(runWebHost(reason), () => process.exit(1)));
} else {
  follow(runWebHost(electron.reason), () => process.exit(1));
}
