import { AppError } from '../../shared/errors.ts';
import { idFromName, idSchema, requestIdSchema } from '../../shared/model/identifier.ts';
import { automationFile } from '../../shared/model/profile.ts';

/** The file that makes a folder a project. */
export const projectFile = 'grantwright.json';

/** What stands beside the scripts for other editors; no script's name ends so. */
export const scriptTypesPath = 'scripts/grantwright.d.ts';
export const editorConfigPath = 'scripts/jsconfig.json';

/** Device names that Windows gives to no file, whatever its extension; refused everywhere, since projects travel in git. */
const deviceName = /^(?:con|prn|aux|nul|com[0-9]|lpt[0-9])$/;

/** Throws `name_invalid` unless the text is an id whose file can exist on every system. */
export function checkId(id: string): string {
  if (!idSchema.safeParse(id).success || deviceName.test(id)) throw refusedId(id);
  return id;
}

/** Throws `name_invalid` unless the text is a request's id (or a folder's) whose file can exist on every system. */
export function checkRequestId(id: string): string {
  if (!requestIdSchema.safeParse(id).success || id.split('/').some((part) => deviceName.test(part))) {
    throw refusedId(id);
  }
  return id;
}

function refusedId(id: string): AppError {
  return new AppError('name_invalid', `"${id.slice(0, 80)}" cannot name a file of a project.`, {
    action:
      'Use lower case letters, digits and hyphens, for example orders-api; names that Windows reserves, such as con, are not possible.',
  });
}

/** Paths inside a project, with forward slashes. Each throws `name_invalid` for an id that is none. */
export const profilePath = (id: string): string => `profiles/${checkId(id)}.json`;
export const scriptPath = (id: string): string => automationFile(checkId(id), 'script');
export const pageScriptsPath = (id: string): string => automationFile(checkId(id), 'page_scripts');
export const environmentPath = (id: string): string => `environments/${checkId(id)}.json`;
export const certificatesPath = (id: string): string => `certificates/${checkId(id)}.pem`;
export const folderPath = (id: string): string => `requests/${checkRequestId(id)}/folder.json`;

/** `requests/<id>.json`; the last part cannot be `folder`, which would be the folder's own file. */
export function requestPath(id: string): string {
  if (id === 'folder' || id.endsWith('/folder')) throw refusedId(id);
  return `requests/${checkRequestId(id)}.json`;
}

/** Ids to try for a new thing, best first: `orders-api`, `orders-api-2`, `orders-api-3` ... without the impossible ones. */
export function* idsForName(name: string): Generator<string> {
  const base = idFromName(name);
  const possible = !deviceName.test(base) && base !== 'folder';
  if (possible) yield base;
  for (let number = 2; ; number += 1) {
    const ending = `-${number}`;
    yield `${base.slice(0, 64 - ending.length).replace(/-+$/, '')}${ending}`;
  }
}
