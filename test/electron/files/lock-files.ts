import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { temporaryFolder } from '../../fixtures/temporary-folder.ts';

/** The number of a process that has ended. */
const deadPid = spawnSync(process.execPath, ['-e', '']).pid;

/** The content of a lock file, by default of a process of this machine that has died. */
export function record(changes: Record<string, unknown> = {}): string {
  return JSON.stringify({
    id: randomUUID(),
    pid: deadPid,
    processStart: null,
    host: hostname(),
    startedAtMs: Date.now(),
    purpose: 'working',
    ...changes,
  });
}

/** The path of a lock file with this content, alone in its folder. */
export async function lockWith(content: string): Promise<string> {
  const path = join(await temporaryFolder(), 'a.lock');
  await writeFile(path, content);
  return path;
}
