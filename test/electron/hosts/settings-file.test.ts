import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { createConf } from '../../../electron/hosts/conf-settings.ts';
import { trustedInApp } from '../../../electron/hosts/settings-file.ts';
import { SettingsService } from '../../../electron/services/settings.ts';
import { temporaryFolder } from '../../fixtures/temporary-folder.ts';

function heard(): string[] {
  const lines: string[] = [];
  vi.spyOn(console, 'error').mockImplementation((line) => void lines.push(String(line)));
  return lines;
}

test('keeps what was set, for the next start too', async () => {
  const folder = await temporaryFolder();
  createConf(folder).set('theme', 'dark');
  expect(createConf(folder).get('theme')).toBe('dark');
});

test('a damaged file is kept under another name, told, and the settings begin anew', async () => {
  const folder = await temporaryFolder();
  await writeFile(join(folder, 'config.json'), '{"theme": "da');
  const lines = heard();
  const settings = createConf(folder);
  expect(settings.get('theme')).toBeUndefined();
  settings.set('theme', 'dark');
  expect(createConf(folder).get('theme')).toBe('dark');
  const aside = (await readdir(folder)).find((name) => name.startsWith('config.damaged-')) ?? '';
  expect(await readFile(join(folder, aside), 'utf8')).toBe('{"theme": "da');
  expect(lines).toEqual([expect.stringContaining(aside)]);
});

test('a file that cannot be read at all is left alone, and the settings are kept in memory', async () => {
  const folder = await temporaryFolder();
  await mkdir(join(folder, 'config.json'));
  const lines = heard();
  const settings = createConf(folder);
  settings.set('theme', 'dark');
  expect(settings.get('theme')).toBe('dark');
  expect(await readdir(folder)).toEqual(['config.json']);
  expect(lines).toEqual([expect.stringContaining('a folder stands in its place')]);
});

test('a file that is damaged while in use leaves the settings as they were read last', async () => {
  const folder = await temporaryFolder();
  const settings = new SettingsService(createConf(folder));
  settings.set('theme', 'dark');
  expect(settings.get('theme')).toBe('dark');
  await writeFile(join(folder, 'config.json'), 'damaged');
  expect(settings.get('theme')).toBe('dark');
  expect(() => settings.set('theme', 'light')).toThrow('The settings could not be written.');
  expect(await readFile(join(folder, 'config.json'), 'utf8')).toBe('damaged');
});

test('the command line reads whom the app trusts, and leaves the file as it is', async () => {
  const folder = await temporaryFolder();
  expect(trustedInApp(folder)).toEqual([]);
  new SettingsService(createConf(folder)).setTrust('/projects/a', true);
  expect(trustedInApp(folder)).toEqual(['/projects/a']);
  for (const damaged of ['{"trustedProjects": ["/pro', 'null', '[]', '"trustedProjects"', '{}']) {
    await writeFile(join(folder, 'config.json'), damaged);
    expect(trustedInApp(folder)).toEqual([]);
    expect(await readFile(join(folder, 'config.json'), 'utf8')).toBe(damaged);
  }
  expect(await readdir(folder)).toEqual(['config.json']);
});
