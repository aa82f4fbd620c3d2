// `npm test`: sets up, then runs everything: types, lint, and each kind of test. Ends with the count over all.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureBuilt, root } from './setup.mjs';

const kinds = ['unit', 'architecture', 'contract', 'integration', 'e2e'];

const bin = (name, file) => join(root, 'node_modules', name, file);

/** A check that has no count of its own counts as one test. */
function runCheck(name, parameters) {
  console.log(`\n== ${name}`);
  const startedAt = Date.now();
  const { status } = spawnSync(process.execPath, parameters, { cwd: root, stdio: 'inherit' });
  return {
    name,
    passed: status === 0 ? 1 : 0,
    failed: status === 0 ? 0 : 1,
    skipped: 0,
    seconds: (Date.now() - startedAt) / 1000,
  };
}

/** Electron wants a display: under Linux without one, a virtual one where it is installed. */
function withDisplay(command, parameters) {
  const bare = process.platform === 'linux' && !process.env.DISPLAY && !process.env.WAYLAND_DISPLAY;
  const hasXvfb = bare && spawnSync('xvfb-run', ['--help'], { stdio: 'ignore' }).status === 0;
  return hasXvfb ? ['xvfb-run', ['--auto-servernum', command, ...parameters]] : [command, parameters];
}

function runKind(kind, folder) {
  console.log(`\n== ${kind} tests`);
  const report = join(folder, `${kind}.json`);
  const parameters = [
    bin('vitest', 'vitest.mjs'),
    'run',
    '--project',
    kind,
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${report}`,
    // These mostly wait, for servers and browsers of their own: two files at once leave no core idle.
    ...(kind === 'integration' ? ['--maxWorkers=2'] : []),
  ];
  const [command, all] =
    kind === 'e2e' || kind === 'contract' || kind === 'integration'
      ? withDisplay(process.execPath, parameters)
      : [process.execPath, parameters];
  const startedAt = Date.now();
  const { status } = spawnSync(command, all, { cwd: root, stdio: 'inherit' });
  const seconds = (Date.now() - startedAt) / 1000;
  if (!existsSync(report)) return { name: kind, passed: 0, failed: 1, skipped: 0, seconds };
  const { numPassedTests, numFailedTests, numPendingTests, numTodoTests } = JSON.parse(
    readFileSync(report, 'utf8'),
  );
  // A run that failed with no failing test (a broken hook, an unhandled error) is a failure all the same.
  const failed = numFailedTests === 0 && status !== 0 ? 1 : numFailedTests;
  return { name: kind, passed: numPassedTests, failed, skipped: numPendingTests + numTodoTests, seconds };
}

/** What tried to break the invariants of a token's life, as the tests have recorded it. */
function printAttempts(file) {
  if (!existsSync(file)) return;
  const lines = readFileSync(file, 'utf8').split('\n').filter(Boolean);
  const attempts = lines.map((line) => JSON.parse(line));
  console.log('\ninvariant               attempts   broken  tried by');
  for (const { invariant, what, attempts: count, broken, detail } of attempts) {
    const cells = [String(count).padStart(9), String(broken).padStart(8)];
    console.log(`${invariant.padEnd(22)} ${cells.join(' ')}  ${what}`);
    const facts = Object.entries(detail ?? {}).map(([name, value]) => `${name} ${value}`);
    if (facts.length > 0) console.log(`${''.padEnd(42)}${facts.join(', ')}`);
  }
}

ensureBuilt();
const folder = mkdtempSync(join(tmpdir(), 'grantwright-test-'));
const attemptsFile = join(folder, 'attempts.jsonl');
process.env.GRANTWRIGHT_ATTEMPTS_FILE = attemptsFile;
const results = [
  runCheck('types', [bin('typescript', 'bin/tsc'), '--noEmit']),
  runCheck('lint', [bin('@biomejs/biome', 'bin/biome'), 'check', '--error-on-warnings', '.']),
  ...kinds.map((kind) => runKind(kind, folder)),
];
printAttempts(attemptsFile);
rmSync(folder, { recursive: true, force: true });

console.log('\nkind          passed  failed  skipped  seconds');
for (const { name, passed, failed, skipped, seconds } of results) {
  const cells = [passed, failed, skipped].map((count, column) => String(count).padStart([6, 7, 8][column]));
  console.log(`${name.padEnd(13)} ${cells.join(' ')}  ${seconds.toFixed(1).padStart(7)}`);
}
const sum = (key) => results.reduce((total, result) => total + result[key], 0);
console.log(`\n${sum('passed')} passed, ${sum('failed')} failed, ${sum('skipped')} skipped`);
process.exitCode = sum('failed') === 0 ? 0 : 1;
