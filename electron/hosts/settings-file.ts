import { readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { fileWriteError } from '../files/file-error.ts';
import { type KeyValueFile, memorySettings, settingsFileName } from '../services/settings.ts';

/**
 * Opens the settings file of a folder. A damaged one is kept under another name and the settings begin
 * anew; one that cannot be read at all is left alone and the settings are kept in memory. Either is told to the log, and
 * neither keeps the app from starting.
 */
export function openSettingsFile(folder: string, open: () => KeyValueFile): KeyValueFile {
  const file = join(folder, settingsFileName);
  try {
    return open();
  } catch (thrown) {
    return thrown instanceof SyntaxError ? beginAnew(folder, file, open) : inMemory(file, thrown);
  }
}

/**
 * The projects that the person trusts in the app, read from its settings file and never written: for the command line,
 * whose own settings end with it. None when the file is missing or cannot be read.
 */
export function trustedInApp(folder: string): unknown {
  try {
    const settings: unknown = JSON.parse(readFileSync(join(folder, settingsFileName), 'utf8'));
    return settings instanceof Object && 'trustedProjects' in settings ? settings.trustedProjects : [];
  } catch {
    return [];
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
    return inMemory(file, thrown);
  }
}

function inMemory(file: string, thrown: unknown): KeyValueFile {
  console.error(`${fileWriteError(file, thrown).message} The settings are kept in memory only.`);
  return memorySettings();
}
