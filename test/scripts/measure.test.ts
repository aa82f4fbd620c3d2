import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { root } from '../fixtures/electron-runtime.ts';

const run = promisify(execFile);

test.each(['abc', '0', '-3', '1.5', ''])(
  'measuring “%s” consents is refused before anything is built',
  async (count) => {
    const measured = run(process.execPath, [join(root, 'scripts', 'measure.mjs'), 'consents', count]);
    await expect(measured).rejects.toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringContaining(`“${count}” is no number of consents`),
    });
  },
);
