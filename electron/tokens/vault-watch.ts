import { type FSWatcher, statSync, watch } from 'node:fs';
import { basename, join } from 'node:path';
import { stampOf } from './vault-stamp.ts';

/** Changes that come closer together are told as one. */
const calmMs = 50;

/** How long a folder that is not there, or cannot be watched, is left alone before it is tried again. */
const retryMs = 2_000;

export interface FileWatch {
  close(): void;
}

/**
 * Calls back when a file of the data folder has been replaced or written to, by this process or another one: some 50 ms
 * after, and never more often than that. A folder that is made anew is watched again. Where folders cannot be watched nothing is
 * told. It never throws, and it keeps no process alive.
 */
export function watchFile(folder: string, file: string, onChange: () => void): FileWatch {
  const path = join(folder, file);
  let seen = stampAt(path);
  let watcher: FSWatcher | null = null;
  let timer: NodeJS.Timeout | null = null;
  let closed = false;

  function later(ms: number): void {
    if (closed || timer !== null) return;
    timer = setTimeout(look, ms);
    timer.unref();
  }

  function look(): void {
    timer = null;
    watcher ??= start();
    if (watcher === null) later(retryMs);
    const now = stampAt(path);
    if (now === seen) return;
    seen = now;
    if (now !== null) onChange();
  }

  function start(): FSWatcher | null {
    try {
      const started = watch(folder, { persistent: false }, (_, name) => {
        // By its own name a folder tells that it is going away, and its watcher with it.
        if (name === basename(folder)) stop();
        // Some systems do not say which file it was.
        if (name === null || name === file || watcher === null) later(calmMs);
      });
      return started.on('error', () => {
        stop();
        later(calmMs);
      });
    } catch {
      // Not there, not allowed, or too many are watched already: tried again later.
      return null;
    }
  }

  function stop(): void {
    watcher?.close();
    watcher = null;
  }

  look();
  return {
    close() {
      closed = true;
      if (timer !== null) clearTimeout(timer);
      stop();
    },
  };
}

function stampAt(path: string): string | null {
  try {
    return stampOf(statSync(path, { bigint: true }));
  } catch {
    // Gone, or not to be seen: there is nothing to show then.
    return null;
  }
}
