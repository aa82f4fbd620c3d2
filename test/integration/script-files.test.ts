import { existsSync } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { endChromium, openSample, rejectionOf, startEngine } from '../fixtures/engine.ts';
import { temporaryFolder } from '../fixtures/temporary-folder.ts';
import { until } from '../fixtures/until.ts';

afterAll(endChromium);

const profile = 'orders-api';

test('the type file follows the project, and its writing is no edit of the project', async () => {
  const engine = await startEngine({ folder: await temporaryFolder() });
  const folder = await openSample(engine);
  const types = () => readFile(join(folder, 'scripts/grantwright.d.ts'), 'utf8');
  expect(await types()).toContain('readonly "password": string;');
  const told = () => engine.events.filter(({ kind }) => kind === 'project').length;

  const text = await readFile(join(folder, 'profiles/orders-api.json'), 'utf8');
  await writeFile(join(folder, 'profiles/orders-api.json'), text.replaceAll('"password"', '"passphrase"'));
  await until(async () => (await types()).includes('readonly "passphrase": string;'));

  const before = told();
  await writeFile(join(folder, 'scripts/grantwright.d.ts'), 'edited');
  // Later than the type file's, so by the time that this edit was told, the other would have been.
  await writeFile(join(folder, 'requests/orders/new.json'), '{"name":"New","url":""}');
  await until(() => told() > before);
  await until(async () => (await types()).includes('readonly "passphrase": string;'));
  expect(told() - before).toBe(1);
});

test('a command line leaves the folder as it is', async () => {
  const base = await temporaryFolder();
  const folder = await openSample(await startEngine({ folder: base, followsOthers: false }));
  expect(existsSync(join(folder, 'scripts/orders-api.js'))).toBe(true);
  expect(existsSync(join(folder, 'scripts/grantwright.d.ts'))).toBe(false);
});

test('a save tells when the file is another one by now', async () => {
  const engine = await startEngine({ folder: await temporaryFolder() });
  const folder = await openSample(engine);
  const { source: base } = await engine.call('scripts.read', { profile });
  await writeFile(join(folder, 'scripts/orders-api.js'), 'theirs;');
  const save = () => engine.call('scripts.save', { profile, source: 'mine;', base });
  expect(await rejectionOf(save())).toMatchObject({ code: 'script_changed' });
  await rm(join(folder, 'scripts/orders-api.js'));
  expect(await rejectionOf(save())).toMatchObject({ code: 'script_changed' });
  await engine.call('scripts.save', { profile, source: 'mine;', base: null });
  expect(await readFile(join(folder, 'scripts/orders-api.js'), 'utf8')).toBe('mine;');
});

test('a save of page scripts tells when the file is another one by now', async () => {
  const engine = await startEngine({ folder: await temporaryFolder() });
  const folder = await openSample(engine);
  const file = join(folder, 'scripts/orders-api.pages.json');
  const page = (name: string) => ({ name, url: '', selector: '', source: '' });
  const onDisk = async () => JSON.parse(await readFile(file, 'utf8'));
  const save = (name: string, base: string[]) =>
    engine.call('pageScripts.save', { profile, pages: [page(name)], base: base.map(page) });

  await save('first', []);
  // The same text, whoever has written it and with whichever line ends and order of keys.
  await writeFile(file, '{"pages":[{"source":"","name":"first"}]}\r\n');
  await save('mine', ['first']);
  expect(await onDisk()).toEqual({ pages: [page('mine')] });

  await writeFile(file, JSON.stringify({ pages: [page('theirs')] }));
  expect(await rejectionOf(save('again', ['mine']))).toMatchObject({
    code: 'script_changed',
    details: { file: 'scripts/orders-api.pages.json' },
  });
  expect(await onDisk()).toEqual({ pages: [page('theirs')] });
  await save('theirs', ['mine']);
  await rm(file);
  expect(await rejectionOf(save('again', ['theirs']))).toMatchObject({ code: 'script_changed' });
  await save('again', []);
  expect(await onDisk()).toEqual({ pages: [page('again')] });
});
