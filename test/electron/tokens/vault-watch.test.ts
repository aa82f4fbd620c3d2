import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest';
import { watchFile } from '../../../electron/tokens/vault-watch.ts';
import { type ChildProgram, childProgram } from '../../fixtures/child-process.ts';
import { temporaryFolder } from '../../fixtures/temporary-folder.ts';
import { filled, main, open } from './vault-folder.ts';

let writer: ChildProgram;
beforeAll(async () => {
  writer = await childProgram('vault-writer');
});
afterAll(() => writer.remove());

/** Watches a folder and keeps the times at which it was told of a change. */
function watched(folder: string) {
  const told: number[] = [];
  const watch = watchFile(folder, 'vault.json', () => told.push(performance.now()));
  onTestFinished(watch.close);
  const toldAgain = async () => {
    const before = told.length;
    await vi.waitFor(() => expect(told.length).toBeGreaterThan(before), { timeout: 10_000, interval: 5 });
  };
  return { told, watch, toldAgain };
}

test('tells when this process has written, and when another one has', async () => {
  const folder = await filled();
  const { toldAgain } = watched(folder);
  const vault = await open(folder);
  const first = toldAgain();
  await vault.write('token/a', 'new');
  await first;
  await vault.close();
  const second = toldAgain();
  await writer.start(folder, 'token/b', '1').ended();
  await second;
  expect(await vault.read('token/b')).toMatch(/^1:/);
}, 30_000);

test('tells of many writes together, at most every 50 ms, and of the last one', async () => {
  const folder = await filled();
  const { told, toldAgain } = watched(folder);
  const vault = await open(folder);
  for (let number = 0; number < 60; number += 1) await vault.write('token/a', `${number}`);
  const last = toldAgain();
  await vault.write('token/a', 'last');
  await last;
  const gaps = told.slice(1).map((at, index) => at - (told[index] ?? 0));
  expect(gaps.length).toBeGreaterThan(0);
  expect(Math.min(...gaps)).toBeGreaterThan(45);
});

test('says nothing of its lock, its copy and what else is in the folder', async () => {
  const folder = await filled();
  const { told, toldAgain } = watched(folder);
  await writeFile(join(folder, 'vault.lock'), '');
  await writeFile(join(folder, 'vault.backup.json'), '');
  await rm(join(folder, 'vault.lock'));
  await writeFile(join(folder, 'new'), 'x');
  // Four times as long as it takes to tell of a change.
  await new Promise((resolve) => setTimeout(resolve, 200));
  expect(told).toEqual([]);
  const first = toldAgain();
  await rename(join(folder, 'new'), main(folder));
  await first;
  expect(told).toHaveLength(1);
});

test('goes on when the folder comes later, goes, and comes again', async () => {
  const folder = join(await temporaryFolder(), 'later');
  const { toldAgain } = watched(folder);
  for (const content of ['a', 'b', 'c']) {
    const told = toldAgain();
    await mkdir(folder);
    await writeFile(main(folder), content);
    await told;
    const again = toldAgain();
    await writeFile(join(folder, 'new'), `${content} again`);
    await rename(join(folder, 'new'), main(folder));
    await again;
    await rm(folder, { recursive: true });
  }
}, 30_000);

test('tells nothing where nothing can be watched, and nothing after it is closed', async () => {
  const folder = await filled();
  const { told: none } = watched(main(folder));
  watchFile('\0', 'vault.json', () => none.push(0)).close();
  const { told, watch } = watched(folder);
  const other = watched(folder);
  watch.close();
  watch.close();
  const seen = other.toldAgain();
  await (await open(folder)).write('token/a', 'new');
  await seen;
  expect([none, told]).toEqual([[], []]);
});
