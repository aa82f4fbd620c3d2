import { type Dirent, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { format, inspect } from 'node:util';
import { expect, onTestFinished, vi } from 'vitest';
import { AppError } from '../../../shared/errors.ts';
import { recordAttempts } from '../../fixtures/attempts.ts';
import { type Place, search, secrets } from './markers.ts';

/** All that a person, a log or a file could hold of what happened. */
export interface Recorder {
  /** Notes a value as a log could print it. */
  record(name: string, value: unknown): void;
  /** Notes a text as it is. */
  text(name: string, text: string): void;
  /** Notes every file below a folder, as its raw bytes, and what each running process is called with. */
  lookAt(folder: string): void;
  places(): readonly Place[];
}

/** Files that come and go while they are looked at are no failure. */
function orNothing<T>(look: () => T[]): T[] {
  try {
    return look();
  } catch {
    return [];
  }
}

function filesBelow(folder: string): string[] {
  const entries = orNothing<Dirent>(() => readdirSync(folder, { recursive: true, withFileTypes: true }));
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

/** The parent of a process, as Linux tells it (proc(5), field 4); 0: unknown. */
function parentOf(id: number): number {
  const [line = ''] = orNothing(() => [readFileSync(`/proc/${id}/stat`, 'utf8')]);
  return Number(line.slice(line.lastIndexOf(')') + 2).split(' ')[1] ?? 0);
}

function descends(id: number): boolean {
  for (let one = id; one > 1; one = parentOf(one)) if (one === process.pid) return true;
  return false;
}

/** What this process and those below it were started with; another test's at the same time are not its matter. */
function commandLines(): string[] {
  const ids = orNothing(() => readdirSync('/proc')).filter((name) => /^\d+$/.test(name));
  const own = ids.filter((id) => descends(Number(id)));
  return own.flatMap((id) => orNothing(() => [readFileSync(`/proc/${id}/cmdline`, 'utf8')]));
}

/** Starts recording what this process prints, until the end of the test. */
export function startRecorder(): Recorder {
  const known = new Map<string, string>();
  // The same text again is no other place: statuses are told over and over.
  const add = (name: string, text: string) => void (known.has(text) || known.set(text, name));

  for (const method of ['log', 'info', 'warn', 'error', 'debug', 'trace'] as const) {
    vi.spyOn(console, method).mockImplementation((...printed) =>
      add(`console.${method}`, format(...printed)),
    );
  }
  for (const [name, stream] of Object.entries({ stdout: process.stdout, stderr: process.stderr })) {
    const write = stream.write.bind(stream);
    vi.spyOn(stream, 'write').mockImplementation((chunk) => {
      add(name, String(chunk));
      return write(chunk);
    });
  }
  const onWarning = (warning: Error) => add('process warning', inspect(warning, { depth: 20 }));
  process.on('warning', onWarning);
  onTestFinished(() => {
    process.off('warning', onWarning);
    vi.restoreAllMocks();
  });

  return {
    text: add,
    record(name, value) {
      const wire = value instanceof AppError ? value.toWire() : value;
      add(`${name} as JSON`, JSON.stringify(wire) ?? '');
      add(`${name} inspected`, inspect(value, { depth: 20, maxStringLength: null, maxArrayLength: null }));
    },
    lookAt(folder) {
      for (const path of filesBelow(folder)) {
        const name = relative(folder, path);
        add('a file name', name);
        for (const content of orNothing(() => [readFileSync(path)])) {
          add(`the file ${name}`, content.toString('latin1'));
          add(`the file ${name}`, content.toString('utf8'));
        }
      }
      for (const line of commandLines()) add('a command line', line);
    },
    places: () => [...known].map(([text, name]) => ({ name, text })),
  };
}

/** Fails where any secret stands in any place, and counts the try. `given`: those that the server has seen or made. */
export function expectNoSecret(
  what: string,
  places: readonly Place[],
  given: { made: ReadonlySet<string>; seen: ReadonlySet<string> },
): void {
  const found = search(places, given.seen);
  const marked = Object.keys(secrets).length + given.made.size + given.seen.size;
  const attempts = marked * places.length;
  recordAttempts({ invariant: 'no secret anywhere', what, attempts, broken: found.length });
  expect(given.made.size).toBeGreaterThan(0);
  expect(places.map(({ text }) => text).join('').length).toBeGreaterThan(5_000);
  expect(found).toEqual([]);
}
