import { join } from 'node:path';
import { createChromiumBrowser } from '../../consent/browsers/chromium.ts';
import { createSystemBrowser } from '../../consent/browsers/system.ts';
import { createServices } from '../../services.ts';
import { createConf } from '../conf-settings.ts';
import { dataFolder, environmentOverride, projectsFolder } from '../data-folder.ts';
import { environmentPlan, fallbackPlan } from '../node-vault.ts';
import { hasDisplay, openInBrowser } from './open-in-browser.ts';
import { startWebServer } from './server.ts';

declare const __VERSION__: string;

const folder = dataFolder();
const broadcast: { send: (event: unknown) => void } = { send: () => undefined };

const services = await createServices({
  kind: 'web',
  version: __VERSION__,
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
  emit: (event) => broadcast.send(event),
});

const server = await startWebServer({
  rendererFolder: join(import.meta.dirname, '..', 'renderer'),
  router: services.router,
  port: Number(process.env.GRANTWRIGHT_WEB_PORT ?? 0),
});
broadcast.send = server.broadcast;

const keptBy = process.env.GRANTWRIGHT_VAULT_KEY
  ? 'sealed with GRANTWRIGHT_VAULT_KEY'
  : 'sealed with a key file that only you can read';
console.log(`Grantwright ${__VERSION__}, web host
  Open   ${server.url}
  Vault  ${join(folder, 'vault.json')}, ${keptBy}
  Ctrl+C ends it.`);
if (process.env.GRANTWRIGHT_OPEN !== 'no' && !(await openInBrowser(server.url))) {
  console.log('  No browser could be opened from here: copy the address above into one on this machine.');
}

let ending = false;
async function end(): Promise<void> {
  if (ending) return;
  ending = true;
  server.close();
  await services.dispose();
  process.exit(0);
}
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, end);
