import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  createProfile,
  createProject,
  createRequest,
  deleteProfile,
  deleteRequest,
  readScript,
  saveEnvironment,
  saveFolder,
  saveProfile,
  saveRequest,
  saveScript,
} from '../../../electron/projects/project-changes.ts';
import { readProject } from '../../../electron/projects/project-folder.ts';
import { newProfile } from '../../../shared/model/profile.ts';
import { requestSchema } from '../../../shared/model/request.ts';
import { failureOf, put, temporaryFolder, temporaryProject } from './temporary-project.ts';

const request = requestSchema.parse({ name: 'List', url: 'https://x.example' });
const onWindows = process.platform === 'win32';
const read = (folder: string, file: string) => readFileSync(join(folder, file), 'utf8');

describe('createProject', () => {
  it('makes a folder that is not there yet a project', async () => {
    const folder = join(temporaryFolder(), 'deep/new');
    await createProject(folder, '  Shop ');
    expect(read(folder, 'grantwright.json')).toBe('{\n  "format": 1,\n  "name": "Shop"\n}\n');
    expect((await readProject(folder)).name).toBe('Shop');
  });

  it('leaves other files of the folder alone', async () => {
    const folder = temporaryFolder({ 'README.md': 'mine' });
    await createProject(folder, 'Shop');
    expect(readdirSync(folder).sort()).toEqual(['README.md', 'grantwright.json']);
  });

  it.each(['{"format":1,"name":"Old"}', '{damaged', ''])(
    'never touches a project that is there: %j',
    async (text) => {
      const folder = temporaryFolder({ 'grantwright.json': text });
      expect((await failureOf(createProject(folder, 'New'))).code).toBe('project_exists');
      expect(read(folder, 'grantwright.json')).toBe(text);
    },
  );

  it('refuses an empty name before it makes anything', async () => {
    const folder = join(temporaryFolder(), 'new');
    expect((await failureOf(createProject(folder, '  '))).code).toBe('name_invalid');
    expect(existsSync(folder)).toBe(false);
  });

  it('names the folder that cannot be made', async () => {
    const folder = join(temporaryFolder({ 'a-file': '' }), 'a-file/project');
    const error = await failureOf(createProject(folder, 'x'));
    expect(error.code).toBe('file_write_failed');
    expect(error.message).toContain(folder);
  });
});

describe('changes of a project', () => {
  it('write what reading gives back', async () => {
    const folder = temporaryProject();
    const profile = { ...newProfile('Orders API'), scope: 'a b' };
    await saveProfile(folder, 'orders-api', profile);
    await saveScript(folder, 'orders-api', 'await 1;');
    await saveRequest(folder, 'orders/list', request);
    await saveFolder(folder, 'orders', {
      name: 'Orders',
      auth: { kind: 'profile', profile: 'orders-api', persona: null },
    });
    await saveEnvironment(folder, 'dev', { name: 'Dev', variables: { b: '2', a: '1' }, secrets: [] });
    const project = await readProject(folder);
    expect(project.problems).toEqual([]);
    expect(project.profiles).toEqual([{ id: 'orders-api', profile, hasScript: true }]);
    expect(project.requests[0]).toEqual({
      id: 'orders/list',
      request,
      effectiveAuth: { kind: 'profile', profile: 'orders-api', persona: null },
    });
    expect(Object.keys(project.environments[0]?.environment.variables ?? {})).toEqual(['a', 'b']);
  });

  it('leave the same bytes when the same is saved twice, and no temporary file', async () => {
    const folder = temporaryProject();
    await saveRequest(folder, 'list', request);
    const first = read(folder, 'requests/list.json');
    await saveRequest(folder, 'list', { ...request });
    expect(read(folder, 'requests/list.json')).toBe(first);
    expect(first.endsWith('}\n')).toBe(true);
    expect(readdirSync(join(folder, 'requests'))).toEqual(['list.json']);
  });

  it.each([
    ['cut short', '{"name": "my wo'],
    ['of another shape', '{"name":"x","url":"y","colour":"red"}'],
    ['empty', ''],
  ])('never overwrite a file that is %s', async (_how, text) => {
    const folder = temporaryProject({ 'requests/list.json': text });
    const error = await failureOf(saveRequest(folder, 'list', request));
    expect(error.code).toBe('project_file_unreadable');
    expect(error.message).toContain('requests/list.json');
    expect(error.details?.file).toBe('requests/list.json');
    expect(read(folder, 'requests/list.json')).toBe(text);
  });

  it('keep a secret out of the file', async () => {
    const folder = temporaryProject();
    const profile = newProfile('x');
    const error = await failureOf(
      saveProfile(folder, 'x', {
        ...profile,
        client: { kind: 'client_secret_post', id: 'a', secret: 'MARKER-plain' },
      }),
    );
    expect(error.code).toBe('project_file_invalid');
    expect(error.details?.path).toBe('client.secret');
    expect(JSON.stringify(error.toWire())).not.toContain('MARKER');
    expect(existsSync(join(folder, 'profiles'))).toBe(false);
  });

  it('do not bring back a project that was deleted from outside', async () => {
    const folder = temporaryProject();
    rmSync(folder, { recursive: true });
    expect((await failureOf(saveRequest(folder, 'list', request))).code).toBe('project_not_found');
    expect((await failureOf(createProfile(folder, 'x'))).code).toBe('project_not_found');
    expect(existsSync(folder)).toBe(false);
  });

  it('fail with a code when a file stands where their folder belongs', async () => {
    const folder = temporaryProject({ requests: 'a file' });
    const error = await failureOf(saveRequest(folder, 'list', request));
    expect(error.code).toBe('project_file_unreadable');
    expect(read(folder, 'requests')).toBe('a file');
  });

  it('fail with a code when a folder stands where their file belongs', async () => {
    const folder = temporaryProject();
    mkdirSync(join(folder, 'requests/list.json'), { recursive: true });
    mkdirSync(join(folder, 'scripts/a.js'), { recursive: true });
    put(folder, 'profiles/a.json', '{}');
    for (const change of [
      () => saveRequest(folder, 'list', request),
      () => deleteRequest(folder, 'list'),
      () => saveScript(folder, 'a', 'x'),
      () => readScript(folder, 'a'),
    ]) {
      expect((await failureOf(change())).code).toBe('project_file_unreadable');
    }
  });

  it('refuse ids that lead elsewhere', async () => {
    const folder = temporaryProject();
    for (const change of [
      () => saveProfile(folder, '../x', newProfile('x')),
      () => saveScript(folder, '../x', ''),
      () => readScript(folder, '../grantwright'),
      () => saveRequest(folder, 'a/../../x', request),
      () => saveFolder(folder, '..', { name: 'x', auth: { kind: 'none' } }),
      () => saveEnvironment(folder, 'nul', { name: 'x', variables: {}, secrets: [] }),
      () => deleteProfile(folder, '../grantwright'),
      () => deleteRequest(folder, '../grantwright'),
    ]) {
      expect((await failureOf(change())).code).toBe('name_invalid');
    }
    expect(readdirSync(folder)).toEqual(['grantwright.json']);
  });

  it.skipIf(onWindows)('write, read and delete nothing through a symbolic link', async () => {
    const outside = temporaryFolder({ 'a.json': '{"name":"x","url":"y"}', 'a.js': 'theirs' });
    const folder = temporaryProject({ 'profiles/a.json': '{}' });
    symlinkSync(outside, join(folder, 'requests'));
    symlinkSync(outside, join(folder, 'scripts'));
    symlinkSync(join(outside, 'nothing'), join(folder, 'environments'));
    for (const change of [
      () => saveRequest(folder, 'a', request),
      () => saveRequest(folder, 'new', request),
      () => deleteRequest(folder, 'a'),
      () => readScript(folder, 'a'),
      () => saveScript(folder, 'a', 'mine'),
      () => saveScript(folder, 'a', null),
      () => saveEnvironment(folder, 'x', { name: 'x', variables: {}, secrets: [] }),
    ]) {
      expect((await failureOf(change())).message).toContain('symbolic link');
    }
    expect(readdirSync(outside).sort()).toEqual(['a.js', 'a.json']);
    expect(read(outside, 'a.js')).toBe('theirs');
  });
});

describe('createProfile', () => {
  it('makes the id of the name and counts up', async () => {
    const folder = temporaryProject();
    expect(await createProfile(folder, 'Orders API')).toBe('orders-api');
    expect(await createProfile(folder, 'Orders API')).toBe('orders-api-2');
    expect((await readProject(folder)).profiles.map(({ profile }) => profile.name)).toEqual([
      'Orders API',
      'Orders API',
    ]);
  });

  it('gives each of many at once its own id', async () => {
    const folder = temporaryProject();
    const ids = await Promise.all(Array.from({ length: 20 }, () => createProfile(folder, 'Same')));
    expect(new Set(ids).size).toBe(20);
    expect((await readProject(folder)).profiles).toHaveLength(20);
  });

  it('goes round damaged files and left over scripts', async () => {
    const folder = temporaryProject({ 'profiles/a.json': '{damaged', 'scripts/a-2.js': 'left over' });
    expect(await createProfile(folder, 'a')).toBe('a-3');
    expect(read(folder, 'profiles/a.json')).toBe('{damaged');
  });

  it('goes on after a change that failed', async () => {
    const folder = temporaryProject();
    const [failed, id] = await Promise.all([
      failureOf(createProfile(folder, '')),
      createProfile(folder, 'b'),
    ]);
    expect([failed.code, id]).toEqual(['name_invalid', 'b']);
  });
});

describe('deleteProfile', () => {
  it('deletes the profile with its script', async () => {
    const folder = temporaryProject();
    await saveProfile(folder, 'a', newProfile('a'));
    await saveScript(folder, 'a', 'x');
    await deleteProfile(folder, 'a');
    expect(readdirSync(join(folder, 'profiles'))).toEqual([]);
    expect(readdirSync(join(folder, 'scripts'))).toEqual([]);
    expect((await failureOf(deleteProfile(folder, 'a'))).code).toBe('profile_not_found');
  });
});

describe('scripts', () => {
  it('are kept as typed, and deleted by null', async () => {
    const folder = temporaryProject();
    await saveProfile(folder, 'a', newProfile('a'));
    expect(await readScript(folder, 'a')).toBeNull();
    for (const source of ['one\r\ntwo  ', '', '// ünïcode 🦊']) {
      await saveScript(folder, 'a', source);
      expect(await readScript(folder, 'a')).toBe(source);
    }
    await saveScript(folder, 'a', null);
    await saveScript(folder, 'a', null);
    expect(await readScript(folder, 'a')).toBeNull();
  });

  it('need their profile', async () => {
    const folder = temporaryProject();
    expect((await failureOf(saveScript(folder, 'a', 'x'))).code).toBe('profile_not_found');
  });
});

describe('requests', () => {
  it('are created with an id of their own and deleted', async () => {
    const folder = temporaryProject();
    expect(await createRequest(folder, 'Folder')).toBe('folder-2');
    expect(await createRequest(folder, 'List')).toBe('list');
    expect(await createRequest(folder, 'List')).toBe('list-2');
    await deleteRequest(folder, 'list');
    expect((await failureOf(deleteRequest(folder, 'list'))).code).toBe('request_not_found');
    expect((await readProject(folder)).requests.map(({ id }) => id)).toEqual(['folder-2', 'list-2']);
  });
});
