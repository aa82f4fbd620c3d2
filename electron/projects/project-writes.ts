import { mkdir, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { z } from 'zod';
import { AppError } from '../../shared/errors.ts';
import { writeFileAtomic } from '../files/atomic-write.ts';
import { fileWriteError } from '../files/file-error.ts';
import { jsonText } from './json-text.ts';
import { checkShape, inTheWay, look, readJson } from './project-files.ts';

/** Writes a text file of the project by rename, making its folders. Throws `file_write_failed` or `disk_full`. */
export async function writeText(folder: string, file: string, text: string): Promise<void> {
  if ((await look(folder, file)) === 'folder') throw inTheWay(file);
  const path = join(folder, file);
  await makeFolder(dirname(path));
  await writeFileAtomic(path, text);
}

/**
 * Writes a JSON file of the project. A file there that cannot be read as what it should be is never overwritten, since
 * it may hold a person's work: that throws `project_file_unreadable`.
 */
export async function writeJson<Schema extends z.ZodType>(
  folder: string,
  file: string,
  schema: Schema,
  value: z.input<Schema>,
): Promise<void> {
  const text = jsonText(checkShape(schema, value, file));
  try {
    await readJson(folder, file, schema);
  } catch (cause) {
    if (!(cause instanceof AppError)) throw cause;
    throw new AppError(
      'project_file_unreadable',
      `Not saved, the file on disk is damaged. ${cause.message}`,
      {
        action: 'Mend or delete the file in an editor, then save again.',
        details: cause.details,
        cause,
      },
    );
  }
  await writeText(folder, file, text);
}

/** Makes a folder and those above it. Throws `disk_full` or `file_write_failed`. */
export async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true });
  } catch (cause) {
    throw fileWriteError(path, cause);
  }
}

/** Deletes a file of the project; false when there was none. Throws `file_write_failed`. */
export async function removeFile(folder: string, file: string): Promise<boolean> {
  const found = await look(folder, file);
  if (found === 'missing') return false;
  if (found === 'folder') throw inTheWay(file);
  try {
    await unlink(join(folder, file));
    return true;
  } catch (cause) {
    throw fileWriteError(join(folder, file), cause);
  }
}
