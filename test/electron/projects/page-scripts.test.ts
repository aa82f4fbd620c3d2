import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  createProfile,
  deleteProfile,
  readPageScripts,
  savePageScripts,
  saveProfile,
} from '../../../electron/projects/project-changes.ts';
import { readProject } from '../../../electron/projects/project-folder.ts';
import { newProfile } from '../../../shared/model/profile.ts';
import { failureOf, put, temporaryProject } from './temporary-project.ts';

const file = 'scripts/orders.pages.json';
const page = { name: 'Login', url: '**/login', selector: '', source: 'go();\n' };

async function projectWith(automation: 'script' | 'page_scripts', text?: string): Promise<string> {
  const folder = temporaryProject(text === undefined ? {} : { [file]: text });
  await saveProfile(folder, 'orders', { ...newProfile('Orders'), automation });
  return folder;
}

describe('page scripts on disk', () => {
  it('are written with sorted keys in their order, and read again', async () => {
    const folder = await projectWith('page_scripts');
    expect(await readPageScripts(folder, 'orders')).toEqual([]);
    const pages = [page, { ...page, name: 'Consent' }];
    await savePageScripts(folder, 'orders', pages);
    expect(await readPageScripts(folder, 'orders')).toEqual(pages);
    expect(readFileSync(join(folder, file), 'utf8')).toContain(
      '"pages": [\n    {\n      "name": "Login",\n      "selector": "",\n      "source": "go();\\n",\n      "url": "**/login"\n    },',
    );
    await savePageScripts(folder, 'orders', []);
    expect(existsSync(join(folder, file))).toBe(false);
  });

  it('fill in what a person left out', async () => {
    const folder = await projectWith('page_scripts', '{"pages":[{"name":"A"}]}');
    expect(await readPageScripts(folder, 'orders')).toEqual([
      { name: 'A', url: '', selector: '', source: '' },
    ]);
  });

  it.each(['{damaged', '{"pages":[{"name":"A","when":"now"}]}', '[]'])(
    'are a problem of the project when damaged, and never overwritten or deleted: %s',
    async (text) => {
      for (const automation of ['script', 'page_scripts'] as const) {
        const folder = await projectWith(automation, text);
        const { problems, profiles } = await readProject(folder);
        expect(problems.map(({ details }) => details?.file)).toEqual([file]);
        expect(profiles).toMatchObject([{ id: 'orders', hasScript: false }]);
        for (const pages of [[page], []]) {
          const error = await failureOf(savePageScripts(folder, 'orders', pages));
          expect(error.code).toBe('project_file_unreadable');
          expect(readFileSync(join(folder, file), 'utf8')).toBe(text);
        }
      }
    },
  );

  it('are what a profile is worked by only if it says so, and only if there is one', async () => {
    const folder = await projectWith('page_scripts', '{"pages":[]}');
    const has = async () => (await readProject(folder)).profiles[0]?.hasScript;
    put(folder, 'scripts/orders.js', 'await page.title()');
    expect(await has()).toBe(false);
    await savePageScripts(folder, 'orders', [page]);
    expect(await has()).toBe(true);
    await saveProfile(folder, 'orders', newProfile('Orders'));
    rmSync(join(folder, 'scripts/orders.js'));
    expect(await has()).toBe(false);
  });

  it('go with their profile, and never become those of another', async () => {
    const folder = await projectWith('page_scripts', '{"pages":[]}');
    await deleteProfile(folder, 'orders');
    expect(existsSync(join(folder, file))).toBe(false);
    put(folder, file, '{"pages":[]}');
    expect(await createProfile(folder, 'Orders')).toBe('orders-2');
    expect((await failureOf(savePageScripts(folder, 'orders', [page]))).code).toBe('profile_not_found');
  });
});
