import { resolve } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { AppError } from '../../shared/errors.ts';
import { nameSchema } from '../../shared/model/identifier.ts';
import type { Network } from '../../shared/model/network.ts';
import { type PageScript, pageScriptsSchema } from '../../shared/model/page-script.ts';
import { newProfile, type Profile, profileSchema } from '../../shared/model/profile.ts';
import { projectFileSchema } from '../../shared/model/project.ts';
import {
  type ApiRequest,
  folderSchema,
  type RequestFolder,
  requestSchema,
} from '../../shared/model/request.ts';
import { type Environment, environmentSchema } from '../../shared/model/variable.ts';
import { isTaken, readJson, readText } from './project-files.ts';
import { readProjectFile } from './project-folder.ts';
import {
  certificatesPath,
  environmentPath,
  folderPath,
  idsForName,
  pageScriptsPath,
  profilePath,
  projectFile,
  requestPath,
  scriptPath,
} from './project-paths.ts';
import { makeFolder, removeFile, writeJson, writeText } from './project-writes.ts';

const turns = new Map<string, Promise<unknown>>();

/** Changes of one project go one after another, so that two of this process never choose the same id. */
function inTurn<Result>(folder: string, work: (root: string) => Promise<Result>): Promise<Result> {
  const root = resolve(folder);
  const mine = (turns.get(root) ?? Promise.resolve()).then(() => work(root));
  // The caller of each change hears of its failure; the next in turn must not.
  const settled = mine.then(
    () => undefined,
    () => undefined,
  );
  turns.set(root, settled);
  void settled.then(() => {
    if (turns.get(root) === settled) turns.delete(root);
  });
  return mine;
}

/** A change of a project that is there: one deleted from outside must not come back as half a project. */
function change<Result>(folder: string, work: (root: string) => Promise<Result>): Promise<Result> {
  return inTurn(folder, async (root) => {
    await readProjectFile(root);
    return work(root);
  });
}

/** Makes a folder a project; other files in it stay. Throws `project_exists`, `name_invalid`, `file_write_failed`. */
export function createProject(folder: string, name: string): Promise<void> {
  return inTurn(folder, async (root) => {
    const named = checkName(name);
    await makeFolder(root);
    if (await isTaken(root, projectFile)) {
      throw new AppError('project_exists', `${root} is a project already.`, {
        action: 'Open it, or choose another folder.',
        details: { folder: root },
      });
    }
    await writeJson(root, projectFile, projectFileSchema, { format: 1, name: named });
  });
}

/** Writes how the project reaches its servers into grantwright.json. */
export function saveNetwork(folder: string, network: Network): Promise<void> {
  return change(folder, async (root) => {
    const file = await readProjectFile(root);
    await writeJson(root, projectFile, projectFileSchema, { ...file, network });
  });
}

/** Writes certificates in PEM to a file of their own, and gives its path in the project. */
export function addCertificates(folder: string, name: string, pem: string): Promise<string> {
  return change(folder, async (root) => {
    const path = certificatesPath(await freeId(root, name, (tried) => [certificatesPath(tried)]));
    await writeText(root, path, pem);
    return path;
  });
}

function checkName(name: string): string {
  const result = nameSchema.safeParse(name);
  if (result.success) return result.data;
  throw new AppError(
    'name_invalid',
    `This name cannot be used: ${result.error.issues[0]?.message ?? 'not a name'}.`,
    {
      action: 'Choose another name.',
    },
  );
}

/** The first id for a name that nothing stands at yet, be it readable or not. */
async function freeId(root: string, name: string, pathsOf: (id: string) => string[]): Promise<string> {
  for (const id of idsForName(name)) {
    const taken = await Promise.all(pathsOf(id).map((path) => isTaken(root, path)));
    if (!taken.includes(true)) return id;
  }
  throw new AppError('name_taken', 'Every id for this name is taken.');
}

/** Creates a profile with the form's first values and gives its id, made of the name: `orders-api`, `orders-api-2` ... */
export function createProfile(folder: string, name: string): Promise<string> {
  return change(folder, async (root) => {
    const profile = newProfile(checkName(name));
    // A script left over without its profile must not become the script of a new one.
    const id = await freeId(root, name, (tried) => [
      profilePath(tried),
      scriptPath(tried),
      pageScriptsPath(tried),
    ]);
    await writeJson(root, profilePath(id), profileSchema, profile);
    return id;
  });
}

/** Writes profiles/<id>.json; the last writer wins, but never over a damaged file (`project_file_unreadable`). */
export function saveProfile(folder: string, id: string, profile: Profile): Promise<void> {
  return change(folder, (root) => writeJson(root, profilePath(id), profileSchema, profile));
}

/** Deletes a profile, then its scripts. Throws `profile_not_found`. */
export function deleteProfile(folder: string, id: string): Promise<void> {
  return change(folder, async (root) => {
    if (!(await removeFile(root, profilePath(id)))) {
      throw new AppError('profile_not_found', `There is no profile ${id}.`, { details: { profile: id } });
    }
    await removeFile(root, scriptPath(id));
    await removeFile(root, pageScriptsPath(id));
  });
}

/** A profile's automation script as it lies on disk; null when it has none. Throws `project_file_unreadable`. */
export async function readScript(folder: string, id: string): Promise<string | null> {
  return (await readText(resolve(folder), scriptPath(id))) ?? null;
}

/**
 * Writes a profile's automation script as typed; null deletes it. `base` is the text that it was made from (null: there
 * was no script): when the file holds neither that nor what is to be written, nothing is written. Without a base it
 * writes in any case. Throws `profile_not_found`, `script_changed`.
 */
export function saveScript(
  folder: string,
  id: string,
  source: string | null,
  base?: string | null,
): Promise<void> {
  return change(folder, async (root) => {
    await checkProfile(root, id);
    if (base !== undefined) {
      const current = (await readText(root, scriptPath(id))) ?? null;
      if (current === source) return;
      if (current !== base) throw scriptChanged(scriptPath(id));
    }
    if (source === null) await removeFile(root, scriptPath(id));
    else await writeText(root, scriptPath(id), source);
  });
}

function scriptChanged(file: string): AppError {
  return new AppError('script_changed', `Not saved: ${file} was changed outside since it was read.`, {
    action: 'Compare what is on the screen with the file, then keep one of them.',
    details: { file },
  });
}

async function checkProfile(root: string, id: string): Promise<void> {
  if (await isTaken(root, profilePath(id))) return;
  throw new AppError('profile_not_found', `There is no profile ${id}.`, { details: { profile: id } });
}

/**
 * A profile's page scripts, in order; none when there is no file. Throws `project_file_unreadable` or
 * `project_file_invalid`.
 */
export async function readPageScripts(folder: string, id: string): Promise<PageScript[]> {
  return (await readJson(resolve(folder), pageScriptsPath(id), pageScriptsSchema))?.pages ?? [];
}

/**
 * Writes a profile's page scripts; none at all deletes the file. `base` is what they were made from: when the file holds
 * neither that nor what is to be written, nothing is written. Without a base it writes in any case. Throws
 * `profile_not_found`, `script_changed`, and `project_file_unreadable` rather than overwrite or delete a damaged file.
 */
export function savePageScripts(
  folder: string,
  id: string,
  pages: PageScript[],
  base?: PageScript[],
): Promise<void> {
  return change(folder, async (root) => {
    await checkProfile(root, id);
    const path = pageScriptsPath(id);
    if (base !== undefined) {
      const current = await readPageScripts(root, id);
      if (isDeepStrictEqual(current, pages)) return;
      if (!isDeepStrictEqual(current, base)) throw scriptChanged(path);
    }
    await writeJson(root, path, pageScriptsSchema, { pages });
    if (pages.length === 0) await removeFile(root, path);
  });
}

/** Creates an empty GET request at the top of `requests/` and gives its id, made of the name. */
export function createRequest(folder: string, name: string): Promise<string> {
  return change(folder, async (root) => {
    const id = await freeId(root, name, (tried) => [requestPath(tried)]);
    await writeJson(root, requestPath(id), requestSchema, { name: checkName(name), url: '' });
    return id;
  });
}

/** Writes requests/<id>.json. Throws `project_file_unreadable` rather than overwrite a damaged file. */
export function saveRequest(folder: string, id: string, request: ApiRequest): Promise<void> {
  return change(folder, (root) => writeJson(root, requestPath(id), requestSchema, request));
}

/** Deletes a request. Throws `request_not_found`. */
export function deleteRequest(folder: string, id: string): Promise<void> {
  return change(folder, async (root) => {
    if (await removeFile(root, requestPath(id))) return;
    throw new AppError('request_not_found', `There is no request ${id}.`, { details: { request: id } });
  });
}

/** Writes requests/<id>/folder.json: the folder's name, and the auth that its requests inherit. */
export function saveFolder(folder: string, id: string, requestFolder: RequestFolder): Promise<void> {
  return change(folder, (root) => writeJson(root, folderPath(id), folderSchema, requestFolder));
}

/** Writes environments/<id>.json. Throws `project_file_unreadable` rather than overwrite a damaged file. */
export function saveEnvironment(folder: string, id: string, environment: Environment): Promise<void> {
  return change(folder, (root) => writeJson(root, environmentPath(id), environmentSchema, environment));
}
