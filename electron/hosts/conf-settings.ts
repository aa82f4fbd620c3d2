import Conf from 'conf';
import { AppError } from '../../shared/errors.ts';
import type { KeyValueFile } from '../services/settings.ts';

/** The settings file without Electron: `conf` is electron-store's own engine, so it is the same file in the same format. */
export function createConf(folder: string): KeyValueFile {
  try {
    const conf = new Conf<Record<string, unknown>>({
      cwd: folder,
      configName: 'config',
      accessPropertiesByDotNotation: false,
    });
    return { get: (key) => conf.get(key), set: (key, value) => conf.set(key, value) };
  } catch (cause) {
    throw new AppError('file_write_failed', `The settings file in ${folder} cannot be read.`, {
      action: 'Mend or move config.json in that folder; it must be a JSON object.',
      cause,
    });
  }
}
