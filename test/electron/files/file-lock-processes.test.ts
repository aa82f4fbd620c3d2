import { readdir, readFile, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Child, type ChildProgram, childProgram } from '../../fixtures/child-process.ts';
import { temporaryFolder } from '../../fixtures/temporary-folder.ts';
import { record } from './lock-files.ts';

let contender: ChildProgram;
let user: ChildProgram;
beforeAll(async () => {
  [contender, user] = await Promise.all([childProgram('lock-contender'), childProgram('lock-user')]);
});
afterAll(async () => {
  await Promise.all([contender, user].map((program) => program.remove()));
});

/** Waits for a line that begins so, from the line `from` on; answers with the rest of it. */
async function heard(child: Child, beginning: string, from = 0): Promise<string> {
  for (let count = from + 1; ; count += 1) {
    await child.printed(count);
    const line = child.lines[count - 1];
    if (line?.startsWith(beginning)) return line.slice(beginning.length).trim();
  }
}

test('eight that meet dead locks together take each over one at a time', async () => {
  const folder = await temporaryFolder();
  const locks = 60;
  for (let index = 0; index < locks; index += 1) await writeFile(join(folder, `${index}.lock`), record());
  const children = Array.from({ length: 8 }, () => contender.start(folder, String(locks)));
  await Promise.all(children.map((child) => child.printed(1)));
  for (const child of children) child.tell('go');
  await Promise.all(children.map((child) => child.ended()));
  expect(children.flatMap((child) => child.lines.slice(1))).toEqual([]);
  for (let index = 0; index < locks; index += 1) {
    expect(await readFile(join(folder, `${index}.count`), 'utf8')).toBe('8');
  }
  expect((await readdir(folder)).filter((name) => !name.endsWith('.count'))).toEqual([]);
}, 60_000);

test('a waiting process hears what the holder in another process says', async () => {
  const path = join(await temporaryFolder(), 'a.lock');
  const holder = user.start(path, 'updating the token');
  await heard(holder, 'held');
  const waiter = user.start(path, 'waiting');
  const first = JSON.parse(await heard(waiter, 'waits'));
  expect(first).toMatchObject({ purpose: 'updating the token', pid: holder.pid, host: hostname() });
  holder.tell('describe consent in progress');
  expect(JSON.parse(await heard(waiter, 'waits', 1))).toEqual({ ...first, purpose: 'consent in progress' });
  holder.tell('release');
  await heard(waiter, 'held');
  waiter.tell('release');
  await Promise.all([holder, waiter].map((child) => child.ended()));
}, 30_000);

test('of eight that wait one goes on when the holder is killed, and so on to the last', async () => {
  const folder = await temporaryFolder();
  const path = join(folder, 'a.lock');
  const first = user.start(path, 'number 0');
  await heard(first, 'held');
  const waiting = Array.from({ length: 8 }, (_, index) => user.start(path, `number ${index + 1}`));
  const all = [first, ...waiting];
  await Promise.all(waiting.map((child) => heard(child, 'waits')));
  const holds = all.map((child) => heard(child, 'held').then(() => child));
  const alive = new Set(all);
  while (alive.size > 1) {
    const inside = await Promise.race(holds.filter((_, index) => alive.has(all[index] ?? first)));
    expect([...alive].filter((child) => child.lines.includes('held'))).toEqual([inside]);
    alive.delete(inside);
    await inside.kill();
  }
  const [last = first] = alive;
  await heard(last, 'held');
  last.tell('release');
  await last.ended();
  expect(all.flatMap((child) => child.lines).filter((line) => line === 'overlap')).toEqual([]);
  expect(await readdir(folder)).toEqual([]);
}, 60_000);

test('a waiter that is told to stop harms nobody', async () => {
  const path = join(await temporaryFolder(), 'a.lock');
  const holder = user.start(path, 'holding');
  await heard(holder, 'held');
  const [goes, stays] = [user.start(path, 'going'), user.start(path, 'staying')];
  await Promise.all([goes, stays].map((child) => heard(child, 'waits')));
  goes.tell('abort');
  await heard(goes, 'cancelled');
  await goes.ended();
  holder.tell('describe still here');
  expect(JSON.parse(await heard(stays, 'waits', 1))).toMatchObject({
    pid: holder.pid,
    purpose: 'still here',
  });
  holder.tell('release');
  await heard(stays, 'held');
  stays.tell('release');
  await Promise.all([holder, stays].map((child) => child.ended()));
  expect([holder, stays].flatMap((child) => child.lines)).not.toContain('overlap');
}, 30_000);
