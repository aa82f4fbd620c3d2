import { type FSWatcher, watch } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { hasCode } from '../files/file-error.ts';
import { scriptTypesPath } from './project-paths.ts';

/** How long changes gather before they are told, and how long until a folder that cannot be watched is looked at again. */
const gatherMs = 100;
const retryMs = 1_000;

const parts = new Set([
  'grantwright.json',
  'profiles',
  'scripts',
  'requests',
  'environments',
  'certificates',
]);

/** A project's folder being watched. */
export interface ProjectWatch {
  close(): void;
}

/**
 * Tells of edits in a project's folder, whoever made them (this process too), gathered over 100 ms. Read the project
 * after it resolves, and no edit is missed. When the folder goes, that is told once, and again when it is back. Where
 * the system gives no watchers (its limit is reached), `onChange` comes every second, so that the reader looks for
 * itself. Of the type file beside the scripts, which the engine itself writes, it says nothing. It never throws, and
 * keeps no process alive.
 */
export async function watchProject(folder: string, onChange: () => void): Promise<ProjectWatch> {
  const root = resolve(folder);
  let current = await open(root, () => wake(gatherMs));
  let timer: NodeJS.Timeout | undefined;
  let closed = false;

  function wake(afterMs: number): void {
    if (!closed) timer ??= setTimeout(() => void look(), afterMs).unref();
  }

  async function look(): Promise<void> {
    // New watchers stand before the old ones go and before the reader reads, so that no edit falls between.
    const next = await open(root, () => wake(gatherMs));
    timer = undefined;
    const stillMissing = next.kind === 'missing' && current.kind === 'missing';
    closeAll(current.watchers);
    current = next;
    if (closed) return closeAll(next.watchers);
    if (next.kind !== 'watched') wake(retryMs);
    if (!stillMissing) onChange();
  }

  if (current.kind !== 'watched') wake(retryMs);
  return {
    close() {
      closed = true;
      clearTimeout(timer);
      closeAll(current.watchers);
    },
  };
}

interface Opened {
  kind: 'watched' | 'missing' | 'unwatchable';
  watchers: FSWatcher[];
}

function closeAll(watchers: FSWatcher[]): void {
  for (const watcher of watchers) watcher.close();
}

async function open(root: string, onEvent: () => void): Promise<Opened> {
  const watchers: FSWatcher[] = [];
  // One recursive watcher is native on Windows and macOS; elsewhere it would hold a watch for every file below, those
  // of .git and node_modules too, and soon reach the system's limit.
  const recursive = process.platform === 'win32' || process.platform === 'darwin';

  async function add(path: string, depth: number): Promise<void> {
    const watcher = watch(path, { persistent: false, recursive }, (_kind, name) => {
      if (depth > 0 ? !isTypeFile(name) : concernsProject(root, name)) onEvent();
    });
    watchers.push(watcher.on('error', onEvent));
    if (recursive) return;
    for (const entry of await readdir(path, { withFileTypes: true })) {
      const wanted = depth === 0 ? parts.has(entry.name) : depth < 5;
      if (wanted && entry.isDirectory()) await add(join(path, entry.name), depth + 1);
    }
  }

  try {
    await add(root, 0);
    return { kind: 'watched', watchers };
  } catch (thrown) {
    closeAll(watchers);
    return { kind: hasCode(thrown, 'ENOENT', 'ENOTDIR') ? 'missing' : 'unwatchable', watchers: [] };
  }
}

const typeFile = basename(scriptTypesPath);

/** The type file, or the temporary one that is renamed to it. */
function isTypeFile(name: string | null): boolean {
  const last = basename(name ?? '');
  return last === typeFile || (last.startsWith(`.${typeFile}.`) && last.endsWith('.tmp'));
}

/** Whether a change seen in the top folder may be one of the project; a folder that goes tells its own name. */
function concernsProject(root: string, name: string | null): boolean {
  const top = name?.split(/[\\/]/)[0];
  return top === undefined || (parts.has(top) && !isTypeFile(name)) || top === basename(root);
}
