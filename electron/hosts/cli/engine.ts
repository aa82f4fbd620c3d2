import { createClient, type EngineClient } from '../../../shared/contract/router.ts';
import { AppError } from '../../../shared/errors.ts';
import type { TokenActivity, TokenEvent } from '../../../shared/model/token.ts';
import { createChromiumBrowser } from '../../consent/browsers/chromium.ts';
import { memorySettings } from '../../services/settings.ts';
import { createServices } from '../../services.ts';
import { dataFolder, environmentOverride, projectsFolder } from '../data-folder.ts';
import { endOnSignals } from '../end-on-signals.ts';
import { environmentPlan } from '../node-vault.ts';
import { trustedInApp } from '../settings-file.ts';
import { plain, promptLines } from './output.ts';

export interface CliEngineOptions {
  version: string;
  /** Values given on the command line, before the environment's. */
  variables?: Record<string, string>;
  /** How long to wait for another process that is at work on a token, in seconds; default 120. */
  waitSeconds?: number | undefined;
  onTokenEvent?: (event: TokenEvent) => void;
  /** Lets the scripts of the project run, whether or not the app was told to trust it; default `GRANTWRIGHT_TRUST_SCRIPTS=yes`. */
  trustScripts?: boolean | undefined;
  /**
   * Whether somebody reads what is printed, and can enter a device's code elsewhere; default: standard error is a
   * terminal.
   */
  codesAreRead?: boolean | undefined;
  /** Told what another process does, while this one waits for it. */
  onWait?: (what: string) => void;
}

export interface CliEngine {
  call: EngineClient;
  dispose(): Promise<void>;
}

/** The engine in this process, called through the contract as every other host calls it. Nobody is at the screen; what somebody must do elsewhere is printed on standard error. */
export async function startEngine(options: CliEngineOptions): Promise<CliEngine> {
  const folder = dataFolder();
  const given = new Map(Object.entries(options.variables ?? {}));
  const codesAreRead = options.codesAreRead ?? process.stderr.isTTY === true;
  let prompted = '';
  /** Once, however often the status is told. */
  function printPrompt(activity: TokenActivity): void {
    const lines = promptLines(activity)?.join('\n') ?? prompted;
    if (lines === prompted) return;
    prompted = lines;
    console.error(lines);
  }
  const services = await createServices({
    kind: 'cli',
    version: options.version,
    dataFolder: folder,
    projectsFolder: projectsFolder(),
    settings: memorySettings({ trustedProjects: trustedInApp(folder) }),
    planVault: async () => environmentPlan(folder) ?? { kind: 'memory' },
    consentBrowsers: [createChromiumBrowser({ headedPossible: () => false })],
    tokenWaitMs: (options.waitSeconds ?? 120) * 1000,
    now: Date.now,
    personPresent: (grant) => grant === 'device_code' && codesAreRead,
    override: (name) => given.get(name) ?? environmentOverride(name),
    chooseFolder: null,
    followsOthers: false,
    emit: (event) => {
      if (event.kind === 'token_event') options.onTokenEvent?.(event.event);
      if (event.kind !== 'token_status') return;
      const { activity } = event.status;
      printPrompt(activity);
      if (activity.kind === 'elsewhere') options.onWait?.(activity.what);
    },
  });
  return { call: createClient(services.router), dispose: () => services.dispose() };
}

/** Reads `name=value` pairs of the command line. */
export function readVariable(text: string, earlier: Record<string, string>): Record<string, string> {
  const at = text.indexOf('=');
  if (at < 1) {
    throw new AppError('request_invalid', 'A --var is not of the form name=value.');
  }
  return { ...earlier, [text.slice(0, at)]: text.slice(at + 1) };
}

/** Which project, in which environment. */
export interface ProjectOptions {
  project: string;
  environment?: string | undefined;
}

/** Opens a project in its environment, then does the work, and always ends the engine. */
export async function withProject<Result>(
  options: CliEngineOptions & ProjectOptions,
  work: (engine: CliEngine) => Promise<Result>,
): Promise<Result> {
  const engine = await startEngine(options);
  const stopListening = endOnSignals(() => engine.dispose());
  try {
    const trust = options.trustScripts || process.env.GRANTWRIGHT_TRUST_SCRIPTS === 'yes';
    const state = await engine.call('project.open', { folder: options.project, trust });
    if (options.environment !== undefined) {
      await engine.call('settings.setEnvironment', { environment: options.environment });
    }
    if (state.kind === 'open') {
      for (const problem of state.project.problems)
        console.error(`warning ${problem.code}  ${plain(problem.message)}`);
    }
    return await work(engine);
  } finally {
    await engine.dispose();
    stopListening();
  }
}
