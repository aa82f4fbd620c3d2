import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { bundledChromiumRuns, unpackBundledChromium } from './bundled-chromium.ts';

/** A Chromium that can be started, and how. */
export interface ChromiumExecutable {
  executablePath: string;
  args: string[];
  env: Record<string, string>;
  /** Whether it can show a window, given a display. */
  headedPossible: boolean;
}

/** One Chromium that may be tried; `prepare` unpacks it where that is needed. */
export interface ChromiumCandidate {
  /** For messages: a path, or where it comes from. */
  name: string;
  headedPossible: boolean;
  prepare(): Promise<ChromiumExecutable>;
}

const linuxNames = [
  'google-chrome-stable',
  'google-chrome',
  'chromium',
  'chromium-browser',
  'microsoft-edge-stable',
  'microsoft-edge',
];
const macNames = ['Google Chrome', 'Microsoft Edge', 'Chromium'];
const windowsNames = ['Google\\Chrome\\Application\\chrome.exe', 'Microsoft\\Edge\\Application\\msedge.exe'];

function usualPaths(): string[] {
  if (process.platform === 'darwin') {
    return macNames.flatMap((name) =>
      ['/Applications', join(homedir(), 'Applications')].map((folder) =>
        join(folder, `${name}.app`, 'Contents', 'MacOS', name),
      ),
    );
  }
  if (process.platform === 'win32') {
    const { LOCALAPPDATA, PROGRAMFILES, 'PROGRAMFILES(X86)': x86 } = process.env;
    const folders = [PROGRAMFILES, x86, LOCALAPPDATA].filter((folder) => folder !== undefined);
    return windowsNames.flatMap((name) => folders.map((folder) => join(folder, name)));
  }
  const folders = (process.env.PATH ?? '').split(delimiter).filter((folder) => folder.startsWith('/'));
  return linuxNames.flatMap((name) => folders.map((folder) => join(folder, name)));
}

function installed(executablePath: string): ChromiumCandidate {
  const executable = { executablePath, args: [], env: {}, headedPossible: true };
  return { name: executablePath, headedPossible: true, prepare: async () => executable };
}

function bundled(cacheFolder: string, withLibraries: boolean): ChromiumCandidate {
  return {
    name: withLibraries ? '@sparticuz/chromium with its own libraries' : '@sparticuz/chromium',
    headedPossible: false,
    async prepare() {
      const chromium = await unpackBundledChromium(cacheFolder);
      const fonts: Record<string, string> = existsSync('/etc/fonts/fonts.conf')
        ? {}
        : { FONTCONFIG_PATH: chromium.fontFolder };
      const libraries: Record<string, string> = withLibraries
        ? { LD_LIBRARY_PATH: chromium.libraryFolder }
        : {};
      return {
        executablePath: chromium.executablePath,
        // It comes without the helper program of Chromium's sandbox, and it is meant for machines that have none.
        args: ['--no-zygote', '--no-sandbox'],
        env: { ...fonts, ...libraries },
        headedPossible: false,
      };
    },
  };
}

/** Where the bundled Chromium is unpacked, if nothing else is said. */
export function defaultCacheFolder(): string {
  return join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'grantwright');
}

/**
 * Every Chromium that can be tried here, best first: the one that `GRANTWRIGHT_CHROMIUM` names, and then nothing else;
 * an installed Chrome, Edge or Chromium; the bundled one, at last with its own libraries.
 */
export function chromiumCandidates(cacheFolder = defaultCacheFolder()): ChromiumCandidate[] {
  const named = process.env.GRANTWRIGHT_CHROMIUM;
  if (named !== undefined && named !== '') return [installed(named)];
  const last = bundledChromiumRuns() ? [bundled(cacheFolder, false), bundled(cacheFolder, true)] : [];
  return [
    ...usualPaths()
      .filter((path) => existsSync(path))
      .map(installed),
    ...last,
  ];
}

/** The first Chromium that is there, ready to be started; null: none. */
export async function findChromium(cacheFolder?: string): Promise<ChromiumExecutable | null> {
  return (await chromiumCandidates(cacheFolder)[0]?.prepare()) ?? null;
}
