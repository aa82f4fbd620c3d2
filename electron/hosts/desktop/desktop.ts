import { join } from 'node:path';
import { app, type BrowserWindow, dialog, session, shell } from 'electron';
import Store from 'electron-store';
import { createSystemBrowser } from '../../consent/browsers/system.ts';
import type { KeyValueFile } from '../../services/settings.ts';
import { createServices } from '../../services.ts';
import { dataFolder, environmentOverride, projectsFolder } from '../data-folder.ts';
import { openSettingsFile } from '../settings-file.ts';
import { setupAppProtocol } from './app-protocol.ts';
import { openAppWindow, setupMenu, setupWindowSafety } from './app-window.ts';
import { createElectronWindowBrowser } from './consent-window.ts';
import { createCustomSchemes, setupCustomSchemes } from './custom-schemes.ts';
import { broadcast, setupIpc } from './ipc.ts';
import { planDesktopVault } from './keychain.ts';
import { startUtilityProcess } from './sandbox-thread.ts';

function createSettings(folder: string): KeyValueFile {
  return openSettingsFile(folder, () => {
    const store = new Store<Record<string, unknown>>({ accessPropertiesByDotNotation: false });
    return { get: (key) => store.get(key), set: (key, value) => store.set(key, value) };
  });
}

async function chooseFolder(): Promise<string | null> {
  const { filePaths } = await dialog.showOpenDialog({ properties: ['openDirectory', 'createDirectory'] });
  return filePaths[0] ?? null;
}

/** Hands a URL to the person's own browser; false when the system has none. */
function openExternally(url: string): Promise<boolean> {
  return shell.openExternal(url).then(
    () => true,
    () => false,
  );
}

let telling = false;

/** The answer to a sign-in that is over, or that never was: nothing is done with it. Told in one box at a time. */
function tellDropped(scheme: string): void {
  if (telling) return;
  telling = true;
  const told = dialog.showMessageBox({
    type: 'info',
    title: 'Grantwright',
    message: 'No sign-in is waiting for this',
    detail: `Your browser brought an address of ${scheme}: here, but the sign-in it belongs to is over. It was not used; get the access token again.`,
  });
  void told.finally(() => {
    telling = false;
  });
}

/** Runs the engine with its window; called once, when Electron is ready. */
export async function runDesktop(): Promise<void> {
  const folder = dataFolder();
  const schemes = createCustomSchemes(tellDropped);
  const services = await createServices({
    kind: 'desktop',
    version: app.getVersion(),
    dataFolder: folder,
    projectsFolder: projectsFolder(),
    settings: createSettings(folder),
    planVault: (choice) => planDesktopVault(folder, choice),
    consentBrowsers: [createElectronWindowBrowser(), createSystemBrowser({ openExternally, schemes })],
    startSandboxThread: startUtilityProcess,
    now: Date.now,
    personPresent: () => true,
    systemProxy: (url) => session.defaultSession.resolveProxy(url),
    override: environmentOverride,
    chooseFolder,
    followsOthers: true,
    emit: broadcast,
  });

  setupMenu();
  setupWindowSafety();
  setupAppProtocol(join(import.meta.dirname, '..', 'renderer'));
  setupIpc(services.router);
  setupCustomSchemes(schemes);

  setupLifecycle(() => services.dispose());
}

/** Opens the window, brings it back when asked to, and leaves only when what is under way has ended. */
function setupLifecycle(dispose: () => Promise<void>): void {
  let stage: 'running' | 'ending' | 'ended' = 'running';
  let window: BrowserWindow | null = null;

  function show(): void {
    if (stage !== 'running') return;
    if (window === null) {
      window = openAppWindow();
      window.on('closed', () => {
        window = null;
        // Consent windows must not keep the app alive when its own window is gone.
        if (process.platform !== 'darwin') app.quit();
      });
    } else if (window.isMinimized()) window.restore();
    window.focus();
  }

  app.on('second-instance', show);
  app.on('activate', show);
  // Every window closed is no reason to leave before the engine has ended: `closed` above decides.
  app.on('window-all-closed', () => undefined);
  app.on('before-quit', (event) => {
    if (stage === 'ended') return;
    event.preventDefault();
    if (stage === 'ending') return;
    stage = 'ending';
    void dispose().finally(() => {
      stage = 'ended';
      app.quit();
    });
  });
  show();
}
