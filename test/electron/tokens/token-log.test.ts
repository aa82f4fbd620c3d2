import { appendFile, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { projectMark, timelineFile } from '../../../electron/tokens/timeline-file.ts';
import { createTokenLog, type TokenLog } from '../../../electron/tokens/token-log.ts';
import type { AppError } from '../../../shared/errors.ts';
import { keptTokenEvents, type TokenEvent } from '../../../shared/model/token.ts';
import { temporaryFolder } from '../../fixtures/temporary-folder.ts';

const key = { project: '/projects/orders', profile: 'orders', persona: 'admin', environment: 'staging' };

interface Process extends TokenLog {
  told: TokenEvent[];
  problems: AppError[];
}

/** A process over a timeline file; without a path its events are its own. */
function startProcess(path?: string, now: () => number = Date.now): Process {
  const told: TokenEvent[] = [];
  const problems: AppError[] = [];
  const file = path === undefined ? null : timelineFile(path, now);
  const log = createTokenLog({
    now,
    file: () => file,
    onEvent: (event) => told.push(event),
    onProblem: (problem) => problems.push(problem),
  });
  return { ...log, told, problems };
}

function add(log: TokenLog, title: string, project = key.project): string {
  const event = { kind: 'obtained', trigger: 'get', title, detail: '' } as const;
  return log.add({ ...key, project }, event);
}

const titles = async (log: TokenLog, project = key.project) =>
  (await log.events(project)).map(({ title }) => title);

test('an event says whose it is, and is told at once', async () => {
  const log = startProcess(undefined, () => 7);
  const id = add(log, 'one');
  expect(log.told).toMatchObject([
    { id, atMs: 7, profile: 'orders', persona: 'admin', environment: 'staging', waited: [], waitedCount: 0 },
  ]);
  expect(await log.events(key.project)).toEqual(log.told);
});

test('events outlive their process, each project sees its own, and the file does not tell where projects lie', async () => {
  const path = join(await temporaryFolder(), 'data', 'timeline.jsonl');
  const first = startProcess(path);
  add(first, 'one');
  add(first, 'other', '/projects/billing');
  await first.flush();
  const second = startProcess(path);
  expect(await titles(second)).toEqual(['one']);
  expect(await titles(second, '/projects/billing')).toEqual(['other']);
  const text = await readFile(path, 'utf8');
  expect(text).not.toContain('/projects');
  expect(text).toContain(projectMark(key.project));
  expect((await stat(path)).mode & 0o077).toBe(0);
});

test('what another process adds is taken over in the order of time, and told once it is followed', async () => {
  const path = join(await temporaryFolder(), 'timeline.jsonl');
  let nowMs = 1;
  const [desktop, cli] = [startProcess(path, () => nowMs), startProcess(path, () => nowMs)];
  add(cli, 'before');
  await cli.flush();
  expect(await titles(desktop)).toEqual(['before']);
  expect(desktop.told).toEqual([]);
  nowMs = 3;
  add(desktop, 'mine');
  nowMs = 2;
  add(cli, 'theirs');
  await Promise.all([desktop.flush(), cli.flush()]);
  await desktop.follow();
  expect(desktop.told.map(({ title }) => title)).toEqual(['mine', 'theirs']);
  expect(await titles(desktop)).toEqual(['before', 'theirs', 'mine']);
  expect(await titles(cli)).toEqual(['before', 'theirs', 'mine']);
});

test('many processes that write at once lose no event', async () => {
  const path = join(await temporaryFolder(), 'timeline.jsonl');
  const processes = Array.from({ length: 5 }, () => startProcess(path));
  for (let round = 0; round < 40; round += 1) {
    for (const [index, log] of processes.entries()) add(log, `${index}-${round}`);
    if (round % 10 === 0) await Promise.all(processes.map((log) => log.flush()));
  }
  await Promise.all(processes.map((log) => log.flush()));
  expect(processes.flatMap(({ problems }) => problems)).toEqual([]);
  const seen = await titles(startProcess(path));
  expect(new Set(seen).size).toBe(200);
});

test('a damaged line, a line cut by a full disk and a line of another version cost only themselves', async () => {
  const path = join(await temporaryFolder(), 'timeline.jsonl');
  const log = startProcess(path);
  add(log, 'one');
  await log.flush();
  await appendFile(path, 'no json\n{"project":1}\n{"project":"x","event":{"id":"cut');
  add(log, 'two');
  await log.flush();
  expect(await titles(startProcess(path))).toEqual(['one', 'two']);
});

test('old events are trimmed by count, in memory and in the file', async () => {
  const path = join(await temporaryFolder(), 'timeline.jsonl');
  const log = startProcess(path);
  add(log, 'x'.repeat(1000));
  await log.flush();
  const line = await readFile(path, 'utf8');
  const lines = Array.from({ length: 14_000 }, (_, index) =>
    line.replace(/"id":"[^"]+"/, `"id":"${index}"`).replace(/x{1000}/, `n${index} ${'x'.repeat(990)}`),
  );
  await writeFile(path, lines.join(''));
  const before = (await stat(path)).size;
  expect(before).toBeGreaterThan(16_000_000);
  add(log, 'newest');
  await log.flush();
  expect((await stat(path)).size).toBeLessThan(8_500_000);
  const seen = await titles(startProcess(path));
  expect(seen.length).toBeLessThanOrEqual(keptTokenEvents);
  expect(seen.length).toBeGreaterThan(5_000);
  expect(seen.at(-1)).toBe('newest');
  expect(seen.at(-2)).toContain('n13999 ');

  const memory = startProcess();
  for (let count = 0; count < keptTokenEvents + 3_000; count += 1) add(memory, String(count));
  const kept = await titles(memory);
  expect([kept.length, kept.at(-1)]).toEqual([keptTokenEvents, String(keptTokenEvents + 2_999)]);
});

test("another's older events cut none of ours", async () => {
  const path = join(await temporaryFolder(), 'timeline.jsonl');
  const other = startProcess(path, () => 1);
  for (let count = 0; count < keptTokenEvents; count += 1) add(other, String(count));
  await other.flush();
  const log = startProcess(path, () => 2);
  for (let count = 0; count < keptTokenEvents; count += 1) add(log, 'ours');
  const kept = await titles(log);
  expect([kept.length, new Set(kept)]).toEqual([keptTokenEvents, new Set(['ours'])]);
});

test('a timeline that cannot be written is told of, and the events of the process are there all the same', async () => {
  const folder = await temporaryFolder();
  await writeFile(join(folder, 'data'), 'a file where the folder should be');
  const log = startProcess(join(folder, 'data', 'timeline.jsonl'));
  add(log, 'one');
  await log.flush();
  expect(await titles(log)).toEqual(['one']);
  expect(log.problems[0]).toMatchObject({ code: 'file_write_failed' });
});
