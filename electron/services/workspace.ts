import { realpath } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import type { ProjectState, Settings } from '../../shared/contract/calls.ts';
import { AppError } from '../../shared/errors.ts';
import type { Project } from '../../shared/model/project.ts';
import { readProject } from '../projects/project-folder.ts';
import { type ProjectWatch, watchProject } from '../projects/watch-project.ts';
import { projectNotTrusted } from '../tokens/policy-failure.ts';
import { projectMark } from '../tokens/timeline-file.ts';
import type { Host } from './host.ts';
import { activePersona, environmentIn, personaIn, profilesHaving, type Scope } from './scope.ts';
import type { SettingsService } from './settings.ts';

/** The project that is open in this engine, read anew at every change on disk. */
export class Workspace {
  readonly #host: Host;
  readonly #settings: SettingsService;
  readonly #onChange: () => Promise<void>;
  readonly #onRead: (project: Project) => Promise<void>;
  #project: Project | undefined;
  #watch: ProjectWatch | undefined;
  #reading: Promise<unknown> = Promise.resolve();
  #rereadDue = false;
  /** As the windows were told last. */
  #toldTrust = false;

  /** `onChange` runs before the windows are told of a change, `onRead` after they were told of a new reading. */
  constructor(
    host: Host,
    settings: SettingsService,
    { onChange, onRead }: { onChange: () => Promise<void>; onRead: (project: Project) => Promise<void> },
  ) {
    this.#host = host;
    this.#settings = settings;
    this.#onChange = onChange;
    this.#onRead = onRead;
  }

  state(): ProjectState {
    if (this.#project === undefined) return { kind: 'closed' };
    return { kind: 'open', project: this.#project, trusted: this.isTrusted() };
  }

  isOpen(): boolean {
    return this.#project !== undefined;
  }

  /** The open project. Throws `project_not_open`. */
  project(): Project {
    if (this.#project !== undefined) return this.#project;
    throw notOpen('No project is open.');
  }

  /**
   * Opens a folder as the project; the one open before stays open if this fails. `trusted`: its scripts may run from now
   * on, as those of one that this app has just made.
   */
  async open(folder: string, trusted = false): Promise<ProjectState> {
    const real = await realFolder(folder);
    // Watched before it is read, so that no edit falls between.
    const watch = await watchProject(real, () => this.#reread());
    const opened = this.#inTurn(async () => {
      const project = await readProject(real);
      this.#watch?.close();
      this.#watch = watch;
      this.#project = this.#remembered(project, trusted);
      await this.#tell();
      await this.#onRead(project);
      return this.state();
    });
    return opened.catch((error: unknown) => {
      watch.close();
      throw error;
    });
  }

  /** Throws `file_write_failed` when the settings cannot keep that; closed it is all the same. */
  async close(): Promise<ProjectState> {
    this.#watch?.close();
    this.#watch = undefined;
    this.#project = undefined;
    await this.#tell();
    this.#settings.set('lastProject', null);
    return this.state();
  }

  /** Reads the project again, if one is still open, after a change made here, so that the caller sees it done. */
  reload(): Promise<void> {
    return this.#inTurn(async () => {
      if (this.#project === undefined) return;
      const { folder } = this.#project;
      await this.#take(folder, await readProject(folder));
    });
  }

  /** Whether the open project's scripts may run. */
  isTrusted(): boolean {
    return this.#project !== undefined && this.#settings.trusts(this.#project.folder);
  }

  /**
   * Lets the open project's scripts run, or no more. Throws `project_not_open` unless the folder is the one that is open,
   * `file_write_failed`.
   */
  async setTrust(folder: string, trusted: boolean): Promise<ProjectState> {
    if (this.project().folder !== folder) throw notOpen(`${folder} is not the project that is open.`);
    this.#settings.setTrust(folder, trusted);
    await this.#tell();
    return this.state();
  }

  /**
   * To be called before a script of a project is run, at that moment and whatever it is run for. The folder's path must
   * still be its real one: a link put in its place leads to another project.
   * Throws `project_not_trusted`.
   */
  async assertTrusted(folder: string, profile: { id: string; name: string }, file: string): Promise<void> {
    // From a folder that is gone nothing can be run.
    const real = await realpath(folder).catch(() => folder);
    if (real !== folder || !this.#settings.trusts(folder)) throw projectNotTrusted(profile, file);
  }

  /** Tells the windows when another process has changed whether the open project is trusted. */
  async followTrust(): Promise<void> {
    if (this.#toldTrust !== this.isTrusted()) await this.#tell();
  }

  /** Opens what was open last; a project that is gone by now is no failure of the start. */
  async reopenLast(): Promise<void> {
    const folder = this.#settings.get('lastProject');
    if (folder === null) return;
    await this.open(folder).catch((error: unknown) => {
      if (!(error instanceof AppError)) throw error;
    });
  }

  async chooseEnvironment(id: string | null): Promise<void> {
    const project = this.project();
    if (id !== null && !project.environments.some((each) => each.id === id)) {
      throw new AppError('environment_not_found', `There is no environment ${id} in this project.`, {
        action: `Choose one of: ${project.environments.map((each) => each.id).join(', ') || 'none is defined'}.`,
      });
    }
    this.#settings.chooseEnvironment(project.folder, id);
    await this.#tell();
  }

  /** What names mean at this moment. Throws `project_not_open`. */
  scope(): Scope {
    const project = this.project();
    const personas = this.#settings.personasOf(project.folder);
    const active = this.#environment();
    return {
      ...{ project, environmentId: active?.id ?? null, environment: active?.environment ?? null, personas },
      trusted: this.isTrusted(),
    };
  }

  /** The active persona of every profile. */
  personas(): Record<string, string> {
    if (this.#project === undefined) return {};
    const scope = this.scope();
    return Object.fromEntries(scope.project.profiles.map(({ id }) => [id, activePersona(scope, id)]));
  }

  /** What the windows see of the settings. */
  settings(): Settings {
    return this.#settings.view(this.#environment()?.id ?? null, this.personas());
  }

  /** Makes a persona the active one of a scope's profile, or (null) of all that have it. Throws `persona_not_found`. */
  async choosePersona(profile: string | null, name: string, scope = this.scope()): Promise<void> {
    const ids = profile === null ? profilesHaving(scope, name) : [profile];
    const chosen = ids.map((id) => [id, personaIn(scope, id, name).name]);
    this.#settings.choosePersonas(scope.project.folder, Object.fromEntries(chosen));
    await this.#tell();
  }

  /** Whether a project and environment are those that the windows show. */
  isShown({ project, environment }: { project: string; environment: string | null }): boolean {
    return this.#project?.folder === project && (this.#environment()?.id ?? null) === environment;
  }

  /** Whether a timeline's project is the open one. */
  isMarked(mark: string): boolean {
    return this.#project !== undefined && projectMark(this.#project.folder) === mark;
  }

  /** Stops watching, and waits for a reading under way. */
  async dispose(): Promise<void> {
    this.#watch?.close();
    await this.#reading;
  }

  #environment(): Project['environments'][number] | null {
    const project = this.#project;
    return project === undefined
      ? null
      : environmentIn(project, this.#settings.environmentOf(project.folder));
  }

  /** One reading after another: the last to be shown is then the last that was begun, and no edit is missed. */
  #inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const mine = this.#reading.then(work);
    this.#reading = mine.catch(() => {
      // Whoever asked for it hears of it; the next in turn must not.
    });
    return mine;
  }

  /** Many edits while another reading is under way need one more reading, not many. */
  #reread(): void {
    if (this.#rereadDue) return;
    this.#rereadDue = true;
    void this.#inTurn(async () => {
      this.#rereadDue = false;
      const before = this.#project;
      if (before === undefined) return;
      // The folder is gone or its main file damaged: keep showing what was read last, with the reason on top.
      const asBefore = (thrown: unknown) => ({ ...before, problems: [AppError.from(thrown).toWire()] });
      await this.#take(before.folder, await readProject(before.folder).catch(asBefore));
    });
  }

  /** Shows what was read, unless another project, or none, is open by now. */
  async #take(folder: string, project: Project): Promise<void> {
    if (this.#project?.folder !== folder) return;
    this.#project = project;
    await this.#tell();
    await this.#onRead(project);
  }

  /** Settings that cannot be written are a problem to show, and no reason to keep a project shut. */
  #remembered(project: Project, trusted: boolean): Project {
    try {
      if (trusted) this.#settings.setTrust(project.folder, true);
      this.#settings.rememberProject(project.folder, project.name);
      return project;
    } catch (thrown) {
      return { ...project, problems: [...project.problems, AppError.from(thrown).toWire()] };
    }
  }

  async #tell(): Promise<void> {
    this.#toldTrust = this.isTrusted();
    await this.#onChange();
    this.#host.emit({ kind: 'project', state: this.state() });
    // An edit may give another environment or persona its turn.
    this.#host.emit({ kind: 'settings', settings: this.settings() });
  }
}

function notOpen(message: string): AppError {
  return new AppError('project_not_open', message, { action: 'Open or create a project first.' });
}

/** The folder's one true path, so that a token set has one key however the folder was named. */
async function realFolder(folder: string): Promise<string> {
  const full = resolve(folder);
  return realpath(full).catch((cause: unknown) => {
    throw new AppError('project_not_found', `There is no folder ${full}.`, {
      action: `Check the path; ${basename(full)} may have been moved or renamed.`,
      cause,
    });
  });
}
