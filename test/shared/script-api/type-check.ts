import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

const tsc = resolve('node_modules/typescript/bin/tsc');

/** Lets TypeScript check a folder of scripts as an editor does, and gives its complaints: `orders.js(2,6): error …`. */
export async function typeCheck(files: Record<string, string>): Promise<string[]> {
  const folder = await mkdtemp(join(tmpdir(), 'grantwright-types-'));
  try {
    for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
    const run = promisify(execFile)(process.execPath, [tsc, '--pretty', 'false', '-p', 'jsconfig.json'], {
      cwd: folder,
    });
    const { stdout } = await run.catch((failed: { stdout?: string }) => ({
      stdout: failed.stdout ?? 'no answer',
    }));
    return stdout.split('\n').filter((line) => line !== '');
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
