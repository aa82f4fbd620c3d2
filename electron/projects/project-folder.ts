import { resolve } from 'node:path';
import { z } from 'zod';
import { AppError, type ErrorWire } from '../../shared/errors.ts';
import { networkSchema } from '../../shared/model/network.ts';
import { pageScriptsSchema } from '../../shared/model/page-script.ts';
import { type AutomationKind, profileSchema } from '../../shared/model/profile.ts';
import { type Project, type ProjectFile, projectFileSchema } from '../../shared/model/project.ts';
import { type ApiRequest, folderSchema, requestSchema } from '../../shared/model/request.ts';
import { environmentSchema } from '../../shared/model/variable.ts';
import { effectiveAuth } from './effective-auth.ts';
import { parseJson } from './json-text.ts';
import { checkShape, listNames, readJson, readText } from './project-files.ts';
import {
  checkId,
  environmentPath,
  folderPath,
  pageScriptsPath,
  profilePath,
  projectFile,
  requestPath,
  scriptPath,
} from './project-paths.ts';

const maximumFolderDepth = 4;

/**
 * Reads a project whole. A damaged profile, request, folder or environment stands in `problems` and the rest stays
 * usable. Throws `project_not_found`, or `project_file_unreadable` / `project_file_invalid` for grantwright.json itself.
 */
export async function readProject(folder: string): Promise<Project> {
  const root = resolve(folder);
  const { name, network } = await readProjectFile(root);
  const reading = { root, problems: [] };
  const profiles = await readAll(reading, 'profiles', async (id) => {
    const profile = await readJson(root, profilePath(id), profileSchema);
    return profile && { id, profile, hasScript: await hasScript(reading, id, profile.automation) };
  });
  const environments = await readAll(reading, 'environments', async (id) => {
    const environment = await readJson(root, environmentPath(id), environmentSchema);
    return environment && { id, environment };
  });
  return {
    folder: root,
    name,
    network: network ?? networkSchema.parse({}),
    profiles,
    environments,
    ...(await readRequests(reading)),
    problems: reading.problems,
  };
}

/** Reads grantwright.json. Throws `project_not_found` when the folder has none. */
export async function readProjectFile(folder: string): Promise<ProjectFile> {
  const text = await readText(folder, projectFile);
  if (text === undefined) {
    throw new AppError('project_not_found', `${folder} is not a project: it has no ${projectFile}.`, {
      action: 'Open the folder that holds it, or create a project there.',
      details: { folder },
    });
  }
  const value = parseJson(text, projectFile);
  const version = z.looseObject({ format: z.number() }).safeParse(value);
  if (version.success && version.data.format > 1) {
    throw new AppError(
      'project_file_invalid',
      `${projectFile}: the project has format ${version.data.format}; this version of Grantwright reads format 1.`,
      { action: 'Update Grantwright.', details: { file: projectFile, path: 'format' } },
    );
  }
  return checkShape(projectFileSchema, value, projectFile);
}

interface Reading {
  root: string;
  problems: ErrorWire[];
}

/** Does one part of the reading; what goes wrong there stands in the problems. */
async function attempt<Result>(reading: Reading, work: () => Promise<Result>): Promise<Result | undefined> {
  try {
    return await work();
  } catch (thrown) {
    if (!(thrown instanceof AppError)) throw thrown;
    reading.problems.push(thrown.toWire());
    return undefined;
  }
}

/** Checks the id that a file's or folder's name gives; a name that gives none is a problem that names the file. */
function idOf(file: string, id: string, check: (id: string) => string): string {
  try {
    check(id);
  } catch (cause) {
    throw new AppError('name_invalid', `${file}: this name cannot be used in a project.`, {
      action: 'Rename it: lower case letters, digits and hyphens, and no name that Windows reserves.',
      details: { file },
      cause,
    });
  }
  return id;
}

function withoutEnding(name: string): string {
  return name.slice(0, -'.json'.length);
}

async function readAll<Item>(
  reading: Reading,
  path: 'profiles' | 'environments',
  read: (id: string) => Promise<Item | undefined>,
): Promise<Item[]> {
  const items: Item[] = [];
  const names = (await attempt(reading, () => listNames(reading.root, path))) ?? [];
  for (const { name } of names.filter((entry) => entry.name.endsWith('.json'))) {
    const item = await attempt(reading, async () =>
      read(idOf(`${path}/${name}`, withoutEnding(name), checkId)),
    );
    if (item !== undefined) items.push(item);
  }
  return items;
}

/** Looks at both kinds, so that a damaged file is told of before it is chosen. */
async function hasScript(reading: Reading, id: string, automation: AutomationKind): Promise<boolean> {
  const script = await attempt(reading, () => readText(reading.root, scriptPath(id)));
  const found = await attempt(reading, () => readJson(reading.root, pageScriptsPath(id), pageScriptsSchema));
  return automation === 'script' ? script !== undefined : (found?.pages.length ?? 0) > 0;
}

async function readRequests(reading: Reading): Promise<Pick<Project, 'requests' | 'folders'>> {
  const folders: Project['folders'] = [];
  const own: { id: string; request: ApiRequest }[] = [];
  await readRequestFolder(reading, '', own, folders);
  const requests: Project['requests'] = [];
  for (const { id, request } of own) {
    const auth = await attempt(reading, async () =>
      effectiveAuth({ folders, problems: reading.problems }, id, request.auth),
    );
    if (auth !== undefined) requests.push({ id, request, effectiveAuth: auth });
  }
  return { requests, folders };
}

async function readRequestFolder(
  reading: Reading,
  folderId: string,
  requests: { id: string; request: ApiRequest }[],
  folders: Project['folders'],
): Promise<void> {
  const path = folderId === '' ? 'requests' : `requests/${folderId}`;
  const below = folderId === '' ? '' : `${folderId}/`;
  const names = (await attempt(reading, () => listNames(reading.root, path))) ?? [];
  for (const { name, isFolder } of names) {
    await attempt(reading, async () => {
      if (isFolder) {
        const id = below + idOf(`${path}/${name}`, name, checkId);
        if (id.split('/').length > maximumFolderDepth) throw tooDeep(`${path}/${name}`);
        await readRequestFolder(reading, id, requests, folders);
      } else if (name === 'folder.json' && folderId !== '') {
        const folder = await readJson(reading.root, folderPath(folderId), folderSchema);
        if (folder !== undefined) folders.push({ id: folderId, folder });
      } else if (name.endsWith('.json')) {
        const id = below + idOf(`${path}/${name}`, withoutEnding(name), requestPath);
        const request = await readJson(reading.root, requestPath(id), requestSchema);
        if (request !== undefined) requests.push({ id, request });
      }
    });
  }
}

function tooDeep(file: string): AppError {
  return new AppError('name_invalid', `${file}: requests lie at most four folders deep.`, {
    action: 'Move the folder up.',
    details: { file },
  });
}
