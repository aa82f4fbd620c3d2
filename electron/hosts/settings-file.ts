import { renameSync } from 'node:fs';
import { join } from 'node:path';
import { hasCode } from '../files/file-error.ts';
import { type KeyValueFile, memorySettings } from '../services/settings.ts';

/**
 * Opens the settings file `config.json` of a folder. A damaged one is kept under another name and the settings begin
 * anew; one that cannot be read at all is left alone and the settings are kept in memory. Either is told to the log, and
 * neither keeps the app from starting.
 */
export function openSettingsFile(folder: string, open: () => KeyValueFile): KeyValueFile {
  const file = join(folder, 'config.json');
  try {
    return open();
  } catch (thrown) {
    return thrown instanceof SyntaxError ? beginAnew(folder, file, open) : inMemory(file, reasonOf(thrown));
  }
}

function beginAnew(folder: string, file: string, open: () => KeyValueFile): KeyValueFile {
  const aside = join(folder, `config.damaged-${new Date().toISOString().replaceAll(':', '-')}.json`);
  try {
    renameSync(file, aside);
    const opened = open();
    console.error(
      `The settings file ${file} was damaged: it is kept as ${aside}, and the settings begin anew.`,
    );
    return opened;
  } catch (thrown) {
    return inMemory(file, `it is damaged, and cannot be set aside (${reasonOf(thrown)})`);
  }
}

function inMemory(file: string, reason: string): KeyValueFile {
  console.error(`The settings file ${file} cannot be used: ${reason}. The settings are kept in memory only.`);
  return memorySettings();
}

function reasonOf(thrown: unknown): string {
  if (hasCode(thrown, 'EACCES', 'EPERM')) return 'permission was denied';
  if (hasCode(thrown, 'EROFS')) return 'the disk is read-only';
  if (hasCode(thrown, 'ENOSPC', 'EDQUOT')) return 'the disk is full';
  return thrown instanceof Error && 'code' in thrown ? String(thrown.code) : 'of an unknown failure';
}
