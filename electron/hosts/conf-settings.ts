import Conf from 'conf';
import type { KeyValueFile } from '../services/settings.ts';
import { openSettingsFile } from './settings-file.ts';

/** The settings file without Electron: `conf` is electron-store's own engine, so it is the same file in the same format. */
export function createConf(folder: string): KeyValueFile {
  return openSettingsFile(folder, () => {
    const conf = new Conf<Record<string, unknown>>({
      cwd: folder,
      configName: 'config',
      accessPropertiesByDotNotation: false,
    });
    return { get: (key) => conf.get(key), set: (key, value) => conf.set(key, value) };
  });
}
