import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ChildProgram, childProgram } from '../../fixtures/child-process.ts';
import { temporaryFolder } from '../../fixtures/temporary-folder.ts';
import { open } from './vault-folder.ts';

let writer: ChildProgram;
beforeAll(async () => {
  writer = await childProgram('vault-writer');
});
afterAll(() => writer.remove());

test('two processes that write different entries at once lose nothing', async () => {
  const folder = await temporaryFolder();
  const children = ['token/a', 'token/b'].map((entry) => writer.start(folder, entry, '25'));
  await Promise.all(children.map((child) => child.ended()));
  const vault = await open(folder);
  for (const entry of ['token/a', 'token/b']) expect(await vault.read(entry)).toMatch(/^25:x+:25$/);
  expect(vault.problems()).toEqual([]);
}, 60_000);

test('each value is read as soon as another process has said that it is stored', async () => {
  const folder = await temporaryFolder();
  const vault = await open(folder);
  const child = writer.start(folder, 'token/a', '60');
  for (let number = 1; number <= 60; number += 1) {
    await child.printed(number);
    const printed = Number(child.lines.at(-1));
    expect(Number((await vault.read('token/a'))?.split(':')[0])).toBeGreaterThanOrEqual(printed);
  }
  await child.ended();
}, 60_000);
