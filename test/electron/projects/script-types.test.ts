import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readProject } from '../../../electron/projects/project-folder.ts';
import { writeScriptTypes } from '../../../electron/projects/script-types.ts';
import { newProfile } from '../../../shared/model/profile.ts';
import { put, temporaryFolder, temporaryProject } from './temporary-project.ts';

const profile = (...names: string[]) =>
  JSON.stringify({
    ...newProfile('Shop'),
    personas: [
      { name: 'admin', values: names.map((name) => ({ name, kind: 'plain', value: 'hidden-value' })) },
    ],
  });
const environment = JSON.stringify({ name: 'Dev', variables: { tenant: 'hidden-tenant' }, secrets: ['pin'] });

function project(files: Record<string, string> = {}): string {
  return temporaryProject({
    'profiles/shop.json': profile('user'),
    'profiles/orders.json': profile('login.name'),
    'environments/dev.json': environment,
    'scripts/shop.js': 'page;',
    ...files,
  });
}

const write = async (folder: string) => writeScriptTypes(await readProject(folder));
const types = (folder: string) => readFileSync(join(folder, 'scripts/grantwright.d.ts'), 'utf8');

describe('the files beside the scripts', () => {
  it('name what vars may hold in any profile and environment, and no value', async () => {
    const folder = project();
    await write(folder);
    for (const name of ['user', 'login.name', 'tenant', 'pin', 'persona']) {
      expect(types(folder)).toContain(`readonly "${name}": string;`);
    }
    expect(types(folder)).not.toMatch(/hidden-/);
    expect(types(folder)).toMatch(/^\/\/ Written by Grantwright/);
    const config = JSON.parse(readFileSync(join(folder, 'scripts/jsconfig.json'), 'utf8'));
    expect(config).toMatchObject({ compilerOptions: { checkJs: true } });
    expect(readdirSync(join(folder, 'scripts')).sort()).toEqual([
      'grantwright.d.ts',
      'jsconfig.json',
      'shop.js',
    ]);
  });

  it("name a device's code where a profile has that grant", async () => {
    const folder = project();
    await write(folder);
    expect(types(folder)).not.toContain('user_code');
    const device = { ...JSON.parse(profile('user')), grant: { kind: 'device_code' } };
    put(folder, 'profiles/shop.json', JSON.stringify(device));
    await write(folder);
    expect(types(folder)).toContain('readonly "user_code": string;');
  });

  it('are written again only when the names change; an edited configuration stays', async () => {
    const folder = project();
    await write(folder);
    const file = join(folder, 'scripts/grantwright.d.ts');
    const { ino } = statSync(file);
    put(folder, 'scripts/jsconfig.json', '{ "mine": true }');
    await write(folder);
    expect(statSync(file).ino).toBe(ino);
    put(folder, 'profiles/shop.json', profile('user', 'password'));
    await write(folder);
    expect(types(folder)).toContain('readonly "password": string;');
    expect(readFileSync(join(folder, 'scripts/jsconfig.json'), 'utf8')).toBe('{ "mine": true }');
  });

  it('are not put into a project without scripts, nor into one that has gone', async () => {
    const empty = project();
    rmSync(join(empty, 'scripts'), { recursive: true });
    await write(empty);
    expect(existsSync(join(empty, 'scripts'))).toBe(false);
    const gone = project();
    const read = await readProject(gone);
    rmSync(gone, { recursive: true });
    await writeScriptTypes(read);
    expect(existsSync(gone)).toBe(false);
  });

  it('are left out where they cannot be written', async () => {
    const folder = project();
    mkdirSync(join(folder, 'scripts/grantwright.d.ts'));
    await write(folder);
    expect(statSync(join(folder, 'scripts/grantwright.d.ts')).isDirectory()).toBe(true);
  });

  it.skipIf(process.platform === 'win32')('never follow a link out of the project', async () => {
    const outside = temporaryFolder({ 'theirs.ts': 'theirs' });
    const linked = project();
    symlinkSync(join(outside, 'theirs.ts'), join(linked, 'scripts/grantwright.d.ts'));
    symlinkSync(join(outside, 'new.json'), join(linked, 'scripts/jsconfig.json'));
    await write(linked);
    expect(readdirSync(outside)).toEqual(['theirs.ts']);
    expect(readFileSync(join(outside, 'theirs.ts'), 'utf8')).toBe('theirs');
  });
});
