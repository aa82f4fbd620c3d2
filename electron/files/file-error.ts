import { AppError } from '../../shared/errors.ts';

/** Whether what was thrown is a system error with one of these codes, for example `ENOENT`. */
export function hasCode(thrown: unknown, ...codes: string[]): boolean {
  return thrown instanceof Error && 'code' in thrown && codes.some((code) => code === thrown.code);
}

/** The failure of a write as the person sees it: `disk_full`, or `file_write_failed` with the reason in words. */
export function fileWriteError(path: string, thrown: unknown): AppError {
  if (thrown instanceof AppError) return thrown;
  const options = { details: { file: path }, cause: thrown };
  if (hasCode(thrown, 'ENOSPC', 'EDQUOT')) {
    return new AppError('disk_full', `There is no room left on the disk to write ${path}.`, {
      ...options,
      action: 'Free some space, then try again. What was stored before is untouched.',
    });
  }
  return new AppError('file_write_failed', `${path} could not be written: ${reason(thrown)}.`, {
    ...options,
    action: 'Check that the folder exists and that you may write to it, then try again.',
  });
}

function reason(thrown: unknown): string {
  if (hasCode(thrown, 'EROFS')) return 'the disk is read-only';
  if (hasCode(thrown, 'EACCES', 'EPERM')) return 'permission was denied';
  if (hasCode(thrown, 'ENOENT', 'ENOTDIR')) return 'its folder does not exist';
  if (hasCode(thrown, 'EISDIR')) return 'a folder stands in its place';
  if (thrown instanceof Error && 'code' in thrown) return `the system answered ${String(thrown.code)}`;
  return 'of an unknown failure';
}
