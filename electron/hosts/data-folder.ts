import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

/**
 * Where the vault, the settings and the locks of this user are, the same for every host: `GRANTWRIGHT_DATA_DIR`, else
 * the folder that Electron calls userData on this system.
 */
export function dataFolder(env: NodeJS.ProcessEnv = process.env): string {
  if (env.GRANTWRIGHT_DATA_DIR) return resolve(env.GRANTWRIGHT_DATA_DIR);
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Application Support', 'Grantwright');
  if (process.platform === 'win32')
    return join(env.APPDATA || join(homedir(), 'AppData', 'Roaming'), 'Grantwright');
  return join(env.XDG_CONFIG_HOME || join(homedir(), '.config'), 'Grantwright');
}

/** Where new projects go by default: `GRANTWRIGHT_PROJECTS_DIR`, else a folder in the person's home. */
export function projectsFolder(env: NodeJS.ProcessEnv = process.env): string {
  return env.GRANTWRIGHT_PROJECTS_DIR
    ? resolve(env.GRANTWRIGHT_PROJECTS_DIR)
    : join(homedir(), 'Grantwright');
}

/** A variable's value from the process environment, for CI: `GRANTWRIGHT_VAR_<name>`. */
export function environmentOverride(name: string, env: NodeJS.ProcessEnv = process.env): string | undefined {
  return env[`GRANTWRIGHT_VAR_${name}`];
}
