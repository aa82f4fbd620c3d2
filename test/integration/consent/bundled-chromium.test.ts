import { existsSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  bundledChromiumRuns,
  unpackBundledChromium,
} from '../../../electron/consent/browsers/bundled-chromium.ts';
import { temporaryFolder } from '../../fixtures/temporary-folder.ts';

describe.runIf(bundledChromiumRuns())('the bundled Chromium', () => {
  test('is unpacked once, whole, also by several at the same time', async () => {
    const folder = await temporaryFolder();
    const found = await Promise.all([1, 2].map(() => unpackBundledChromium(folder)));
    expect(found[0]).toEqual(found[1]);
    const [chromium] = found;
    expect(await readdir(folder)).toHaveLength(1);
    expect((await stat(chromium?.executablePath ?? '')).mode & 0o100).toBe(0o100);
    expect(existsSync(join(chromium?.libraryFolder ?? '', 'libnss3.so'))).toBe(true);
    expect(existsSync(join(chromium?.fontFolder ?? '', 'fonts.conf'))).toBe(true);
    const { mtimeMs } = await stat(chromium?.executablePath ?? '');
    await unpackBundledChromium(folder);
    expect((await stat(chromium?.executablePath ?? '')).mtimeMs).toBe(mtimeMs);
  });

  test('says why when there is no place for it', async () => {
    await expect(unpackBundledChromium('/dev/null/cache')).rejects.toThrow('ENOTDIR');
  });
});
