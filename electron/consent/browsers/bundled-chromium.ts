import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import { z } from 'zod';

const require = createRequire(import.meta.url);

/** The Chromium of `@sparticuz/chromium`, unpacked: its program, its own copies of system libraries, and a font. */
export interface BundledChromium {
  executablePath: string;
  /** For `LD_LIBRARY_PATH` where the system has no libnss3. */
  libraryFolder: string;
  /** For `FONTCONFIG_PATH` where the system has no fonts. */
  fontFolder: string;
}

/** Whether the bundled program runs on this machine at all. */
export function bundledChromiumRuns(): boolean {
  return process.platform === 'linux' && process.arch === 'x64';
}

/**
 * Lets the package unpack itself into `folder`. It does so into the temporary folder, and its libraries only where it
 * believes to be on a certain cloud: so it gets an environment of its own, in a thread of its own.
 */
async function unpackInto(folder: string, packageEntry: string): Promise<void> {
  const code = `import(require('node:worker_threads').workerData)
    .then((module) => module.default.executablePath());`;
  const worker = new Worker(code, {
    eval: true,
    workerData: pathToFileURL(packageEntry).href,
    env: { TMPDIR: folder, HOME: folder, AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs20.x' },
    execArgv: [],
  });
  await new Promise<void>((resolve, reject) => {
    worker.once('error', reject);
    worker.once('exit', () => resolve());
  });
}

async function prepare(staging: string, target: string, packageEntry: string): Promise<void> {
  await unpackInto(staging, packageEntry);
  // The package's own font list names a fixed folder.
  const fonts = join(target, 'fonts').replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  const list = `<?xml version="1.0"?><fontconfig><dir>${fonts}</dir></fontconfig>\n`;
  await writeFile(join(staging, 'fonts', 'fonts.conf'), list);
  await rename(staging, target);
}

/**
 * Unpacks the bundled Chromium below `cacheFolder`, once for each version; about 200 MB and a second. Processes that
 * do so at the same time do not disturb each other: each unpacks beside, and the first to finish takes the place.
 */
export async function unpackBundledChromium(cacheFolder: string): Promise<BundledChromium> {
  const packageEntry = require.resolve('@sparticuz/chromium');
  const manifest: unknown = JSON.parse(
    await readFile(join(dirname(packageEntry), '..', '..', 'package.json'), 'utf8'),
  );
  const { version } = z.object({ version: z.string() }).parse(manifest);
  const target = join(cacheFolder, `chromium-${version}`);
  if (!existsSync(target)) {
    await mkdir(cacheFolder, { recursive: true, mode: 0o700 });
    const staging = await mkdtemp(join(cacheFolder, 'unpacking-'));
    try {
      await prepare(staging, target, packageEntry);
    } catch (thrown) {
      if (!existsSync(target)) throw thrown;
    } finally {
      await rm(staging, { recursive: true, force: true });
    }
  }
  return {
    executablePath: join(target, 'chromium'),
    libraryFolder: join(target, 'al2023', 'lib'),
    fontFolder: join(target, 'fonts'),
  };
}
