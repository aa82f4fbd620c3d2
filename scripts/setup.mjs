// Makes a fresh clone ready: dependencies from the lockfile, then the build. Only Node's own modules are used here,
// because nothing else is there yet.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));

const installStamp = join(root, 'node_modules', '.grantwright-installed');
const buildStamp = join(root, 'dist', '.built');
const sources = [
  'shared',
  'electron',
  'renderer',
  'vite.config.ts',
  'scripts/build.mjs',
  'package-lock.json',
];

function hashOf(paths) {
  const hash = createHash('sha256');
  const add = (path) => {
    const full = join(root, path);
    if (!existsSync(full)) return;
    let entries;
    try {
      entries = readdirSync(full, { withFileTypes: true });
    } catch {
      hash.update(`${path}\0`).update(readFileSync(full));
      return;
    }
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) add(`${path}/${entry.name}`);
  };
  for (const path of paths) add(path);
  return hash.digest('hex');
}

function stampIs(file, value) {
  return existsSync(file) && readFileSync(file, 'utf8') === value;
}

function stamp(file, value) {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, value);
}

/** Ends with a clear line when this Node is too old. */
export function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  console.error(
    `Grantwright needs Node 20.19 or later; this is ${process.versions.node}. See https://nodejs.org`,
  );
  process.exit(1);
}

/** Runs a program to its end; ends this process with its exit code when it fails. */
export function run(command, parameters, options = {}) {
  const result = spawnSync(command, parameters, { cwd: root, stdio: 'inherit', ...options });
  if (result.status === 0) return;
  if (result.error) console.error(`${command} could not be started: ${result.error.message}`);
  process.exit(result.status ?? 1);
}

function npm(parameters) {
  // npm names its own script when it runs us; else it is found on the PATH, as npm.cmd on Windows.
  const script = process.env.npm_execpath;
  if (script?.endsWith('.js')) run(process.execPath, [script, ...parameters]);
  else run('npm', parameters, { shell: process.platform === 'win32' });
}

/** Installs the dependencies when they are missing or older than the lockfile. */
export function ensureDependencies() {
  checkNode();
  const wanted = hashOf(['package-lock.json']);
  if (stampIs(installStamp, wanted)) return;
  console.error('Installing dependencies from the lockfile (once) ...');
  npm(['ci', '--no-audit', '--no-fund', '--loglevel=error', '--include=dev']);
  stamp(installStamp, wanted);
}

/** Installs and builds whatever is missing or stale. */
export function ensureBuilt() {
  ensureDependencies();
  const wanted = hashOf(sources);
  if (stampIs(buildStamp, wanted)) return;
  console.error('Building ...');
  run(process.execPath, [join(root, 'scripts', 'build.mjs')]);
  stamp(buildStamp, wanted);
}
