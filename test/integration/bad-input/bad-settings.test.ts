import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { hosts } from '../../fixtures/hosts.ts';
import { temporaryFolder } from '../../fixtures/temporary-folder.ts';

describe.each(hosts)('a damaged settings file: $title', ({ missing, start }) => {
  test.skipIf(missing)('the app opens all the same, and keeps the file', async () => {
    const folder = await temporaryFolder();
    const data = join(folder, 'data');
    await mkdir(data);
    await writeFile(join(data, 'config.json'), '{"theme": "da');
    const host = await start({ folder, env: { GRANTWRIGHT_VAULT_KEY: 'a key for the settings test' } });
    onTestFinished(() => host.close({ keepFolder: true }));
    await host.client('settings.setTheme', { theme: 'dark' });
    expect(await host.client('settings.read', {})).toMatchObject({ theme: 'dark' });
    const aside = (await readdir(data)).find((name) => name.startsWith('config.damaged-'));
    expect(aside).toBeDefined();
  });
});
