// `npm test`: sets up, then runs everything: types, lint, and each kind of test. Ends with the count over all.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
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
    failures: status === 0 ? [] : [`${name} (its messages are above)`],
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
  // A run that failed with no failing test (a broken hook, an unhandled error) is a failure all the same.
  const broken = [`the run of the ${kind} tests (its messages are above)`];
  if (!existsSync(report)) {
    return { name: kind, passed: 0, failed: 1, skipped: 0, failures: broken, seconds };
  }
  const { numPassedTests, numFailedTests, numPendingTests, numTodoTests, testResults } = JSON.parse(
    readFileSync(report, 'utf8'),
  );
  const isBroken = numFailedTests === 0 && status !== 0;
  return {
    name: kind,
    passed: numPassedTests,
    failed: isBroken ? 1 : numFailedTests,
    skipped: numPendingTests + numTodoTests,
    failures: isBroken ? broken : testResults.flatMap(failuresIn),
    seconds,
  };
}

/** The tests of a file that failed, each with its first words: what came before may be long gone from a CI's log. */
function failuresIn({ name, assertionResults }) {
  return assertionResults
    .filter(({ status }) => status === 'failed')
    .map(({ fullName, failureMessages }) => {
      const words = failureMessages.join('\n').split('\n').slice(0, 12).join('\n    ');
      return `${relative(root, name)} > ${fullName}\n    ${words}`;
    });
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

const failures = results.flatMap((result) => result.failures);
if (failures.length > 0) console.log(`\nfailed:\n  ${failures.join('\n  ')}`);

console.log('\nkind          passed  failed  skipped  seconds');
for (const { name, passed, failed, skipped, seconds } of results) {
  const cells = [passed, failed, skipped].map((count, column) => String(count).padStart([6, 7, 8][column]));
  console.log(`${name.padEnd(13)} ${cells.join(' ')}  ${seconds.toFixed(1).padStart(7)}`);
}
const sum = (key) => results.reduce((total, result) => total + result[key], 0);
console.log(`\n${sum('passed')} passed, ${sum('failed')} failed, ${sum('skipped')} skipped`);
process.exitCode = sum('failed') === 0 ? 0 : 1;
