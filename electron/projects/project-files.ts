import { lstat, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { z } from 'zod';
import { AppError } from '../../shared/errors.ts';
import { hasCode } from '../files/file-error.ts';
import { parseJson } from './json-text.ts';

/** No file of a project is this large; one that is was not written by a person. */
const maximumFileBytes = 5_000_000;

/** What is wrong with a file of the project, as `project_file_unreadable`. */
function unreadable(file: string, why: string, action: string, cause?: unknown): AppError {
  return new AppError('project_file_unreadable', `${file}: ${why}.`, { action, details: { file }, cause });
}

/** A failure of the file system while reading; its code stands in the message, its own text would show whole paths. */
function unreadableNow(file: string, cause: unknown): AppError {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown failure';
  return unreadable(
    file,
    `cannot be read (${code})`,
    'Check its permissions and those of its folder.',
    cause,
  );
}

/** Something of another kind stands at a path of the project; nothing there is touched. */
export function inTheWay(file: string): AppError {
  return unreadable(file, 'something of another kind is in the way', 'Move it elsewhere.');
}

async function kindOf(
  folder: string,
  file: string,
): Promise<'file' | 'folder' | 'link' | 'other' | 'missing'> {
  try {
    const found = await lstat(join(folder, file));
    if (found.isSymbolicLink()) return 'link';
    if (found.isFile()) return 'file';
    return found.isDirectory() ? 'folder' : 'other';
  } catch (cause) {
    if (hasCode(cause, 'ENOENT', 'ENOTDIR')) return 'missing';
    throw unreadableNow(file, cause);
  }
}

/**
 * What stands at a path of the project, every folder on the way checked. A symbolic link is refused wherever it leads:
 * a project that came from elsewhere must not reach files outside itself. Throws `project_file_unreadable`.
 */
export async function look(folder: string, file: string): Promise<'file' | 'folder' | 'missing'> {
  const parts = file.split('/');
  for (let length = 1; length <= parts.length; length += 1) {
    const path = parts.slice(0, length).join('/');
    const kind = await kindOf(folder, path);
    if (kind === 'link') {
      throw unreadable(path, 'is a symbolic link', 'Put the file itself there: a project holds no links.');
    }
    if (kind === 'missing') return 'missing';
    if (length === parts.length && kind !== 'other') return kind;
    if (kind !== 'folder') throw inTheWay(path);
  }
  return 'missing';
}

/** Whether anything at all, readable or not, stands at a path of the project. */
export async function isTaken(folder: string, file: string): Promise<boolean> {
  return (await kindOf(folder, file)) !== 'missing';
}

/** The names in a folder of the project, sorted, hidden ones left out; none when it is missing. */
export async function listNames(
  folder: string,
  path: string,
): Promise<{ name: string; isFolder: boolean }[]> {
  const found = await look(folder, path);
  if (found === 'missing') return [];
  if (found === 'file') throw inTheWay(path);
  try {
    const entries = await readdir(join(folder, path), { withFileTypes: true });
    return (
      entries
        .filter((entry) => !entry.name.startsWith('.'))
        // A link counts as what it pretends to be, so that reading it says that it is refused.
        .map((entry) => ({
          name: entry.name,
          isFolder: entry.isDirectory() || (entry.isSymbolicLink() && !entry.name.endsWith('.json')),
        }))
        .sort((a, b) => (a.name < b.name ? -1 : 1))
    );
  } catch (cause) {
    throw unreadableNow(path, cause);
  }
}

/** A text file of the project; undefined when it is missing. Throws `project_file_unreadable`. */
export async function readText(folder: string, file: string): Promise<string | undefined> {
  const found = await look(folder, file);
  if (found === 'missing') return undefined;
  if (found === 'folder') throw inTheWay(file);
  const bytes = await readBytes(folder, file);
  if (bytes === undefined) return undefined;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw unreadable(file, 'is not UTF-8 text', 'Save it as UTF-8 in an editor.', cause);
  }
}

async function readBytes(folder: string, file: string): Promise<Buffer | undefined> {
  const path = join(folder, file);
  try {
    if ((await lstat(path)).size <= maximumFileBytes) return await readFile(path);
  } catch (cause) {
    if (hasCode(cause, 'ENOENT')) return undefined;
    throw unreadableNow(file, cause);
  }
  throw unreadable(file, 'is larger than 5 MB', 'Check what it is; no file of a project is so large.');
}

/** Checks a value against a file's schema. Throws `project_file_invalid` with the JSON path that failed. */
export function checkShape<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
  file: string,
): z.output<Schema> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const path = (issue?.path ?? []).join('.').slice(0, 200);
  const what = `${path === '' ? '' : `${path}: `}${(issue?.message ?? 'not as declared').slice(0, 300)}`;
  throw new AppError('project_file_invalid', `${file}: ${what}.`, {
    action: 'Mend the file in an editor; it is read again at once.',
    details: { file, path },
  });
}

/** A JSON file of the project; undefined when it is missing. Throws `project_file_unreadable` or `project_file_invalid`. */
export async function readJson<Schema extends z.ZodType>(
  folder: string,
  file: string,
  schema: Schema,
): Promise<z.output<Schema> | undefined> {
  const text = await readText(folder, file);
  return text === undefined ? undefined : checkShape(schema, parseJson(text, file), file);
}
