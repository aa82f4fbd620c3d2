import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createConf } from '../../electron/hosts/conf-settings.ts';
import { SettingsService } from '../../electron/services/settings.ts';
import { cli } from '../fixtures/cli.ts';
import { foreignProfile, startConsentServer, writeForeignProject } from '../fixtures/foreign-project.ts';
import { temporaryFolder } from '../fixtures/temporary-folder.ts';

async function foreign() {
  const folder = await temporaryFolder();
  const server = await startConsentServer();
  const project = join(folder, 'project');
  const data = join(folder, 'data');
  await mkdir(data);
  await writeForeignProject(project, server);
  const get = ['token', 'get', foreignProfile, '-p', project];
  return { folder, server, project, data, get };
}

test('runs no script of a project that nobody trusts, and says how to', async () => {
  const { folder, server, project, data, get } = await foreign();
  for (const parameters of [get, ['send', 'list', '-p', project]]) {
    // Only "yes" is yes.
    const { code, err } = await cli(folder, parameters, { GRANTWRIGHT_TRUST_SCRIPTS: '1' });
    expect({ code, err }).toMatchObject({ code: 2, err: expect.stringContaining('project_not_trusted') });
    for (const word of [`scripts/${foreignProfile}.js`, '--trust-scripts', 'GRANTWRIGHT_TRUST_SCRIPTS=yes'])
      expect(err).toContain(word);
  }
  expect(server.requests).toEqual([]);
  expect(await readdir(data)).not.toContain('config.json');
});

test.each([
  ['--trust-scripts', ['--trust-scripts'], {}],
  ['GRANTWRIGHT_TRUST_SCRIPTS=yes', [], { GRANTWRIGHT_TRUST_SCRIPTS: 'yes' }],
])('runs them with %s, in this run alone', async (_name, more, variables) => {
  const { folder, get } = await foreign();
  const { code, err } = await cli(folder, [...get, ...more], variables);
  expect({ code, err }).toMatchObject({ code: 0, err: expect.stringContaining('unattended') });
  expect((await cli(folder, get)).code).toBe(2);
});

test('runs the scripts of a project that is trusted in the app', async () => {
  const { folder, project, data, get } = await foreign();
  const settings = new SettingsService(createConf(data));
  settings.setTrust(project, true);
  expect(await cli(folder, get)).toMatchObject({ code: 0 });
  expect(settings.get('recentProjects')).toEqual([]);
  settings.setTrust(project, false);
  expect(await cli(folder, get)).toMatchObject({ code: 2 });
});
