import { join } from 'node:path';
import type { EngineEvent } from '../../../shared/contract/events.ts';
import { AppError } from '../../../shared/errors.ts';
import { createChromiumBrowser } from '../../consent/browsers/chromium.ts';
import { createSystemBrowser } from '../../consent/browsers/system.ts';
import { createServices } from '../../services.ts';
import { createConf } from '../conf-settings.ts';
import { dataFolder, environmentOverride, projectsFolder } from '../data-folder.ts';
import { endOnSignals } from '../end-on-signals.ts';
import { environmentPlan, fallbackPlan } from '../node-vault.ts';
import { hasDisplay, openInBrowser } from './open-in-browser.ts';
import { startWebServer, type WebServer } from './server.ts';

/** Runs the engine behind a loopback web server until it is told to end. */
export async function runWeb(version: string): Promise<void> {
  const port = portFrom(process.env.GRANTWRIGHT_WEB_PORT);
  const folder = dataFolder();
  let emit: (event: EngineEvent) => void = () => undefined;
  const services = await createServices({
    kind: 'web',
    version,
    dataFolder: folder,
    projectsFolder: projectsFolder(),
    settings: createConf(folder),
    planVault: async () => environmentPlan(folder) ?? fallbackPlan(folder, 'key_file'),
    consentBrowsers: [
      createChromiumBrowser({ headedPossible: hasDisplay }),
      createSystemBrowser({ openExternally: openInBrowser }),
    ],
    now: Date.now,
    personPresent: () => true,
    override: environmentOverride,
    chooseFolder: null,
    followsOthers: true,
    emit: (event) => emit(event),
  });
  const rendererFolder = join(import.meta.dirname, '..', 'renderer');
  const server = await startWebServer({ rendererFolder, router: services.router, port }).catch(
    async (error: unknown) => {
      await services.dispose();
      throw error;
    },
  );
  emit = server.broadcast;
  endOnSignals(async () => {
    server.close();
    await services.dispose();
  }, 0);
  await announce(server, version, folder);
}

/** 0, which is any free port, unless one is named. */
function portFrom(text: string | undefined): number {
  const port = Number(text ?? 0);
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw new AppError('request_invalid', `GRANTWRIGHT_WEB_PORT=${text} is no port.`, {
    action: 'Give a whole number from 1 to 65535, or leave it out for any free port.',
  });
}

async function announce(server: WebServer, version: string, folder: string): Promise<void> {
  const sealedWith = process.env.GRANTWRIGHT_VAULT_KEY
    ? 'GRANTWRIGHT_VAULT_KEY'
    : 'a key file that only you can read';
  console.log(`Grantwright ${version}, web host
  Open   ${server.url}
  Vault  ${join(folder, 'vault.json')}, sealed with ${sealedWith}
  Ctrl+C ends it.`);
  if (process.env.GRANTWRIGHT_OPEN !== 'no' && !(await openInBrowser(server.launchUrl))) {
    console.log('  No browser could be opened from here: copy the address above into one on this machine.');
  }
}
