import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readScript } from '../../../electron/projects/project-changes.ts';
import { readProject } from '../../../electron/projects/project-folder.ts';
import {
  sampleEnvironment,
  sampleSecrets,
  writeSampleProject,
} from '../../../electron/projects/sample-project.ts';
import { failureOf, put, temporaryFolder, temporaryProject } from './temporary-project.ts';

describe('writeSampleProject', () => {
  it('writes a project without problems, ready to click', async () => {
    const folder = join(temporaryFolder(), 'sample');
    await writeSampleProject(folder);
    const project = await readProject(folder);
    expect(project.problems).toEqual([]);
    expect(project.name).toBe('Playground sample');
    expect(project.environments.map(({ id }) => id)).toEqual([sampleEnvironment]);
    expect(project.environments[0]?.environment.secrets).toEqual(sampleSecrets.map(({ name }) => name));
    expect(project.profiles.map(({ id, hasScript }) => [id, hasScript])).toEqual([
      ['orders-api', true],
      ['orders-service', false],
    ]);
    const auths = project.requests.map(({ id, effectiveAuth }) => [
      id,
      effectiveAuth.kind === 'profile' ? effectiveAuth.profile : effectiveAuth.kind,
    ]);
    expect(auths).toEqual([
      ['orders/create', 'orders-api'],
      ['orders/get', 'orders-api'],
      ['orders/list', 'orders-api'],
      ['service/list', 'orders-service'],
    ]);
    expect(await readScript(folder, 'orders-api')).toContain('vars.password');
  });

  it('never touches a project that is there', async () => {
    expect((await failureOf(writeSampleProject(temporaryProject()))).code).toBe('project_exists');
  });

  it('can be repeated after it failed half way', async () => {
    const folder = temporaryFolder({ 'requests/service': 'in the way' });
    expect((await failureOf(writeSampleProject(folder))).code).toBe('project_file_unreadable');
    expect((await failureOf(readProject(folder))).code).toBe('project_not_found');
    const elsewhere = temporaryFolder();
    put(elsewhere, 'requests/orders/list.json', '{"name":"List orders","url":"x"}');
    await writeSampleProject(elsewhere);
    expect((await readProject(elsewhere)).requests).toHaveLength(4);
  });
});
