import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import { AppError } from '../../../shared/errors.ts';

/** A folder of its own for the running test, with these files in it; removed when the test is over. */
export function temporaryFolder(files: Record<string, string> = {}): string {
  const folder = mkdtempSync(join(tmpdir(), 'grantwright-project-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const [file, text] of Object.entries(files)) put(folder, file, text);
  return folder;
}

export const projectText = '{"format":1,"name":"Shop"}';

/** The same, and it is a project. */
export function temporaryProject(files: Record<string, string> = {}): string {
  return temporaryFolder({ 'grantwright.json': projectText, ...files });
}

/** Writes a file as another program would. */
export function put(folder: string, file: string, text: string): void {
  mkdirSync(dirname(join(folder, file)), { recursive: true });
  writeFileSync(join(folder, file), text);
}

/** The AppError that a promise rejects with. */
export async function failureOf(promise: Promise<unknown>): Promise<AppError> {
  const thrown: unknown = await promise.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (thrown instanceof AppError) return thrown;
  throw new Error(`expected an AppError, got ${String(thrown)}`);
}
