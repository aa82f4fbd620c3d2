import { z } from 'zod';
import { type Settings, themeSchema } from '../../shared/contract/calls.ts';
import { AppError } from '../../shared/errors.ts';
import { idSchema, nameSchema } from '../../shared/model/identifier.ts';

/** The settings file in the data folder: the name that electron-store and `conf` give it. */
export const settingsFileName = 'config.json';

/** A small file of values by key: electron-store on the desktop, its engine `conf` elsewhere. */
export interface KeyValueFile {
  get(key: string): unknown;
  set(key: string, value: unknown): void;
}

/** What the settings file holds, beyond what the renderer is shown. An unreadable value counts as its default. */
const stored = {
  theme: themeSchema.catch('system'),
  recentProjects: z.array(z.object({ folder: z.string(), name: z.string() })).catch([]),
  lastProject: z.string().nullable().catch(null),
  /** The real paths of the projects whose scripts may run. */
  trustedProjects: z.array(z.string()).catch([]),
  /** The chosen environment by project folder; null: none on purpose. */
  environments: z.record(z.string(), idSchema.nullable()).catch({}),
  /** The chosen persona by project folder and profile; one that cannot be read is nobody, and no reason to be another. */
  personas: z.record(z.string(), z.record(z.string(), nameSchema.catch('?')).catch({})).catch({}),
  vaultChoice: z.enum(['key_file', 'memory']).nullable().catch(null),
  /** Asked for at the next start, so that what was obtained from the playground keeps its issuer. */
  playgroundPort: z.number().int().min(0).max(65_535).catch(0),
} as const;

type Stored = { [Key in keyof typeof stored]: z.output<(typeof stored)[Key]> };

const mostRecentProjects = 8;

/** The person's settings, over a key-value file that the host gives. */
export class SettingsService {
  readonly #file: KeyValueFile;
  readonly #read = new Map<string, unknown>();

  constructor(file: KeyValueFile) {
    this.#file = file;
  }

  get<Key extends keyof Stored>(key: Key): Stored[Key] {
    try {
      this.#read.set(key, this.#file.get(key));
    } catch {
      // Damaged or made unreadable while in use: what was read last stands, and the next write says what is wrong.
    }
    return stored[key].parse(this.#read.get(key) ?? undefined) as Stored[Key];
  }

  /** Throws `file_write_failed` when the settings file cannot be written. */
  set<Key extends keyof Stored>(key: Key, value: Stored[Key]): void {
    try {
      this.#file.set(key, value);
    } catch (cause) {
      throw new AppError('file_write_failed', 'The settings could not be written.', {
        action:
          'Check that the disk is not full, that the settings folder can be written to, and that config.json in it is JSON.',
        cause,
      });
    }
  }

  rememberProject(folder: string, name: string): void {
    const others = this.get('recentProjects').filter((recent) => recent.folder !== folder);
    this.set('recentProjects', [{ folder, name }, ...others].slice(0, mostRecentProjects));
    this.set('lastProject', folder);
  }

  /** Whether the scripts of a project may run. */
  trusts(folder: string): boolean {
    return this.get('trustedProjects').includes(folder);
  }

  setTrust(folder: string, trusted: boolean): void {
    if (trusted === this.trusts(folder)) return;
    const others = this.get('trustedProjects').filter((each) => each !== folder);
    this.set('trustedProjects', trusted ? [...others, folder] : others);
  }

  /** The chosen environment of a project; undefined when the person has not chosen. */
  environmentOf(folder: string): string | null | undefined {
    return this.get('environments')[folder];
  }

  chooseEnvironment(folder: string, environment: string | null): void {
    this.set('environments', { ...this.get('environments'), [folder]: environment });
  }

  /** The personas chosen in a project, by profile. */
  personasOf(folder: string): Readonly<Record<string, string>> {
    const all = this.get('personas');
    return Object.hasOwn(all, folder) ? (all[folder] ?? {}) : {};
  }

  choosePersonas(folder: string, chosen: Readonly<Record<string, string>>): void {
    this.set('personas', { ...this.get('personas'), [folder]: { ...this.personasOf(folder), ...chosen } });
  }

  /** What the renderer sees, for the open project, its active environment and personas. */
  view(environment: string | null, personas: Record<string, string>): Settings {
    return {
      theme: this.get('theme'),
      environment,
      personas,
      recentProjects: this.get('recentProjects'),
    };
  }
}

/** Settings that end with the process: the command line's, which must not change what the desktop opens next. */
export function memorySettings(initial: Readonly<Record<string, unknown>> = {}): KeyValueFile {
  const values = new Map(Object.entries(initial));
  return { get: (key) => values.get(key), set: (key, value) => void values.set(key, value) };
}
