import { chmod, writeFile } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { bundledChromiumRuns } from '../../../../electron/consent/browsers/bundled-chromium.ts';
import {
  chromiumCandidates,
  defaultCacheFolder,
  findChromium,
} from '../../../../electron/consent/browsers/find-chromium.ts';
import { temporaryFolder } from '../../../fixtures/temporary-folder.ts';

function environment(values: Record<string, string>): void {
  for (const [name, value] of Object.entries(values)) vi.stubEnv(name, value);
  onTestFinished(() => {
    vi.unstubAllEnvs();
  });
}

describe.runIf(process.platform === 'linux')('on Linux', () => {
  test('an installed Chrome comes before the bundled Chromium, and can show a window', async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'chromium'), '');
    await writeFile(join(folder, 'google-chrome'), '');
    await chmod(join(folder, 'chromium'), 0o755);
    environment({ PATH: folder, GRANTWRIGHT_CHROMIUM: '' });
    const [first, second, ...others] = chromiumCandidates(folder);
    expect([first?.name, second?.name]).toEqual([join(folder, 'google-chrome'), join(folder, 'chromium')]);
    expect(first?.headedPossible).toBe(true);
    expect(others.map(({ headedPossible }) => headedPossible)).toEqual(
      bundledChromiumRuns() ? [false, false] : [],
    );
  });

  test('an empty XDG_CACHE_HOME is none', () => {
    environment({ XDG_CACHE_HOME: '' });
    expect(isAbsolute(defaultCacheFolder())).toBe(true);
  });

  test('the one that GRANTWRIGHT_CHROMIUM names is the only one', async () => {
    environment({ GRANTWRIGHT_CHROMIUM: '/opt/own/chrome' });
    expect(chromiumCandidates().map(({ name }) => name)).toEqual(['/opt/own/chrome']);
    expect((await findChromium())?.executablePath).toBe('/opt/own/chrome');
  });

  test('folders of PATH that are not absolute are not looked into', () => {
    environment({ PATH: `.${':'}bin:`, GRANTWRIGHT_CHROMIUM: '' });
    expect(chromiumCandidates().every(({ name }) => name.startsWith('@'))).toBe(true);
  });
});
