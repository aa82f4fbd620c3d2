import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readProject } from '../../../electron/projects/project-folder.ts';
import { projectSchema } from '../../../shared/model/project.ts';
import { failureOf, temporaryFolder, temporaryProject } from './temporary-project.ts';

const profile = (name: string) =>
  JSON.stringify({
    name,
    grant: { kind: 'client_credentials' },
    server: { issuer: 'https://login.example.com' },
    client: { kind: 'none', id: 'app' },
  });
const request = (name: string, more = {}) => JSON.stringify({ name, url: 'https://x.example', ...more });
const onWindows = process.platform === 'win32';

async function problemsOf(files: Record<string, string>) {
  return (await readProject(temporaryProject(files))).problems;
}

describe('readProject', () => {
  it('reads profiles, scripts, requests, folders and environments, sorted by id', async () => {
    const folder = temporaryProject({
      'profiles/b.json': profile('B'),
      'profiles/a.json': profile('A'),
      'scripts/a.js': 'await page.goto("x")',
      'requests/top.json': request('Top'),
      'requests/orders/list.json': request('List'),
      'requests/orders/folder.json': '{"name":"Orders","auth":{"kind":"profile","profile":"a"}}',
      'environments/staging.json': '{"name":"Staging","variables":{"host":"x"},"secrets":["key"]}',
      'README.md': 'not ours',
      'profiles/.a.json.swp': 'not ours',
      'profiles/notes.txt': 'not ours',
    });
    const project = await readProject(folder);
    expect(projectSchema.parse(project)).toEqual(project);
    expect(project.problems).toEqual([]);
    expect(project.name).toBe('Shop');
    expect(project.profiles.map(({ id, hasScript }) => [id, hasScript])).toEqual([
      ['a', true],
      ['b', false],
    ]);
    expect(project.requests.map(({ id, effectiveAuth }) => [id, effectiveAuth.kind])).toEqual([
      ['orders/list', 'profile'],
      ['top', 'none'],
    ]);
    expect(project.folders.map(({ id }) => id)).toEqual(['orders']);
    expect(project.environments[0]?.environment.secrets).toEqual(['key']);
  });

  it('reads a file that begins with a byte order mark', async () => {
    const project = await readProject(
      temporaryFolder({ 'grantwright.json': '\ufeff{"format":1,"name":"Shop"}' }),
    );
    expect(project.name).toBe('Shop');
  });

  it.each(['empty folder', 'missing folder', 'file'])('says what makes a project, for a %s', async (kind) => {
    const folder = temporaryFolder({ 'a-file': '' });
    const path = kind === 'empty folder' ? folder : join(folder, kind === 'file' ? 'a-file' : 'nothing');
    const error = await failureOf(readProject(path));
    expect(error.code).toBe('project_not_found');
    expect(error.message).toContain(path);
    expect(error.message).toContain('grantwright.json');
    expect(error.action).toBeDefined();
  });

  it('asks for an update when the project has a newer format', async () => {
    const folder = temporaryFolder({ 'grantwright.json': '{"format":2,"name":"x","new":true}' });
    const error = await failureOf(readProject(folder));
    expect(error.message).toContain('format 2');
    expect(error.action).toBe('Update Grantwright.');
  });

  it.each(['{', '[]', '{"format":1}', '{"format":"1","name":"x"}', '\0\0\0', ''])(
    'fails with the file when grantwright.json is %j',
    async (text) => {
      const error = await failureOf(readProject(temporaryFolder({ 'grantwright.json': text })));
      expect(error.code).toMatch(/^project_file_(?:unreadable|invalid)$/);
      expect(error.details?.file).toBe('grantwright.json');
    },
  );

  it('keeps the rest usable when single files are damaged', async () => {
    const project = await readProject(
      temporaryProject({
        'profiles/good.json': profile('Good'),
        'profiles/bad.json': '{"name": ',
        'requests/good.json': request('Good'),
        'requests/bad.json': '[]',
        'environments/bad.json': '{"name":"x","variables":{"a":1}}',
      }),
    );
    expect(project.profiles.map(({ id }) => id)).toEqual(['good']);
    expect(project.requests.map(({ id }) => id)).toEqual(['good']);
    expect(project.problems.map(({ details }) => details?.file).sort()).toEqual([
      'environments/bad.json',
      'profiles/bad.json',
      'requests/bad.json',
    ]);
    const environment = project.problems.find(({ details }) => details?.file === 'environments/bad.json');
    expect(environment?.details?.path).toBe('variables.a');
  });

  it('refuses a secret written into a profile, naming its path and never its value', async () => {
    const text = profile('A').replace(
      '{"kind":"none","id":"app"}',
      '{"kind":"client_secret_basic","id":"app","secret":"MARKER-secret"}',
    );
    const [problem] = await problemsOf({ 'profiles/a.json': text });
    expect(problem?.code).toBe('project_file_invalid');
    expect(problem?.message).toMatch(/^profiles\/a\.json: client\.secret: a secret is never written/);
    expect(JSON.stringify(problem)).not.toContain('MARKER');
  });

  it.each(['profiles/Orders API.json', 'profiles/con.json', 'requests/a b/list.json', 'requests/A.json'])(
    'names a file whose name gives no id: %s',
    async (file) => {
      const [problem] = await problemsOf({ [file]: request('x') });
      expect(problem?.code).toBe('name_invalid');
      expect(problem?.details?.file).toBe(file.includes('a b') ? 'requests/a b' : file);
    },
  );

  it('reads requests four folders deep and says so of deeper ones', async () => {
    const folder = temporaryProject({
      'requests/a/b/c/d/list.json': request('x'),
      'requests/a/b/c/d/e/list.json': request('x'),
    });
    const project = await readProject(folder);
    expect(project.requests.map(({ id }) => id)).toEqual(['a/b/c/d/list']);
    expect(project.problems[0]?.message).toContain('requests/a/b/c/d/e');
  });

  it('leaves out requests that inherit from a damaged folder, and says why', async () => {
    const project = await readProject(
      temporaryProject({
        'requests/orders/folder.json': '{',
        'requests/orders/list.json': request('List'),
        'requests/orders/open.json': request('Open', { auth: { kind: 'none' } }),
      }),
    );
    expect(project.requests.map(({ id }) => id)).toEqual(['orders/open']);
    expect(project.problems.map(({ details }) => details?.file)).toEqual([
      'requests/orders/folder.json',
      'requests/orders/list.json',
    ]);
  });

  it('says when something of another kind stands where a file or folder belongs', async () => {
    const folder = temporaryProject({ profiles: 'a file', 'requests/list.json': request('x') });
    mkdirSync(join(folder, 'environments/x.json'), { recursive: true });
    mkdirSync(join(folder, 'requests/x.json'));
    const { problems, requests } = await readProject(folder);
    expect(requests).toHaveLength(1);
    expect(problems.map(({ code, details }) => [code, details?.file])).toEqual([
      ['project_file_unreadable', 'profiles'],
      ['project_file_unreadable', 'environments/x.json'],
      ['name_invalid', 'requests/x.json'],
    ]);
  });

  it('refuses files that are too large or not text', async () => {
    const folder = temporaryProject({ 'profiles/big.json': `"${'x'.repeat(5_000_001)}"` });
    writeFileSync(join(folder, 'profiles/latin.json'), Buffer.from([0x22, 0xe9, 0x22]));
    const { problems } = await readProject(folder);
    expect(problems.map(({ message }) => message)).toEqual([
      'profiles/big.json: is larger than 5 MB.',
      'profiles/latin.json: is not UTF-8 text.',
    ]);
  });

  it.skipIf(onWindows)('follows no symbolic link, to a file or to a folder', async () => {
    const outside = temporaryFolder({ 'a.json': profile('Outside'), 'a.js': '' });
    const folder = temporaryProject({ 'profiles/b.json': profile('B') });
    symlinkSync(join(outside, 'a.json'), join(folder, 'profiles/a.json'));
    symlinkSync(outside, join(folder, 'environments'));
    symlinkSync(outside, join(folder, 'scripts'));
    mkdirSync(join(folder, 'requests'));
    symlinkSync(join(folder, 'requests'), join(folder, 'requests/loop'));
    const project = await readProject(folder);
    expect(project.profiles).toEqual([expect.objectContaining({ id: 'b', hasScript: false })]);
    expect(project.environments).toEqual([]);
    for (const file of ['profiles/a.json', 'environments', 'scripts', 'requests/loop']) {
      expect(project.problems.map(({ message }) => message)).toContain(`${file}: is a symbolic link.`);
    }
  });

  it.skipIf(onWindows)('does not wait on a named pipe', async () => {
    const folder = temporaryProject({ 'profiles/b.json': profile('B') });
    execFileSync('mkfifo', [join(folder, 'profiles/a.json')]);
    const { problems, profiles } = await readProject(folder);
    expect(profiles).toHaveLength(1);
    expect(problems[0]?.details?.file).toBe('profiles/a.json');
  });

  it('treats hostile names as text', async () => {
    const name = `<img src=x onerror=alert(1)>\${process.exit()}{{constructor}}`;
    const project = await readProject(temporaryProject({ 'requests/a.json': request(name) }));
    expect(project.requests[0]?.request.name).toBe(name);
  });
});
