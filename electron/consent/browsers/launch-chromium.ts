import { type Browser, chromium } from 'playwright-core';
import { AppError } from '../../../shared/errors.ts';
import type { ChromiumCandidate } from './find-chromium.ts';
import { foreignEnvironment } from './foreign-environment.ts';

export interface LaunchOptions {
  candidates: ChromiumCandidate[];
  headless: boolean;
  /** Starts it without its process sandbox; without this only root, which cannot have one, does so. */
  noSandbox: boolean;
  /** SHA-256 of a public key (SPKI) in base64: whoever has it is taken for every host; default: nobody. */
  trustedKeyHash?: string | undefined;
}

const quiet = ['--disable-quic', '--disable-background-networking', '--no-first-run'];

async function launch(candidate: ChromiumCandidate, options: LaunchOptions): Promise<Browser> {
  const { executablePath, args, env } = await candidate.prepare();
  const noSandbox = options.noSandbox || args.includes('--no-sandbox') || process.getuid?.() === 0;
  return chromium.launch({
    executablePath,
    headless: options.headless,
    chromiumSandbox: !noSandbox,
    args: [
      ...args,
      ...quiet,
      ...(options.headless ? ['--disable-gpu'] : []),
      ...(options.trustedKeyHash === undefined
        ? []
        : [`--ignore-certificate-errors-spki-list=${options.trustedKeyHash}`]),
    ],
    env: { ...foreignEnvironment(), ...env },
    timeout: 60_000,
    // The process that runs the engine decides when it ends.
    handleSIGINT: false,
    handleSIGTERM: false,
    handleSIGHUP: false,
  });
}

/** The line of a failed launch that tells most: what the program itself printed, else Playwright's first line. */
function launchReason(thrown: unknown): string {
  if (!(thrown instanceof Error)) return 'it did not start';
  const told =
    /(error while loading shared libraries[^\n]*|No usable sandbox[^\n.]*|spawn \S+ \w+|ENO\w+[^\n]*)/;
  const reason = told.exec(thrown.message)?.[1] ?? thrown.message.split('\n')[0] ?? '';
  return reason.slice(0, 200);
}

/** Starts the first Chromium that will start. Throws `consent_browser_missing` with what was tried. */
export async function launchFirst(options: LaunchOptions): Promise<Browser> {
  const tried: string[] = [];
  let cause: unknown;
  for (const candidate of options.candidates.filter((one) => options.headless || one.headedPossible)) {
    try {
      return await launch(candidate, options);
    } catch (thrown) {
      cause = thrown;
      tried.push(`${candidate.name}: ${launchReason(thrown)}`);
    }
  }
  const what = tried.length === 0 ? 'There is none on this machine.' : `Tried ${tried.join('; ')}.`;
  throw new AppError(
    'consent_browser_missing',
    `No Chromium could be started for the sign-in page. ${what}`,
    {
      action: 'Install Chrome, Edge or Chromium, or set GRANTWRIGHT_CHROMIUM to the path of one.',
      cause,
    },
  );
}
