import { join } from 'node:path';
import { app, type BrowserWindow, dialog } from 'electron';
import Store from 'electron-store';
import type { KeyValueFile } from '../../services/settings.ts';
import { createServices } from '../../services.ts';
import { dataFolder, environmentOverride, projectsFolder } from '../data-folder.ts';
import { openSettingsFile } from '../settings-file.ts';
import { setupAppProtocol } from './app-protocol.ts';
import { openAppWindow, setupMenu, setupWindowSafety } from './app-window.ts';
import { createElectronWindowBrowser } from './consent-window.ts';
import { broadcast, setupIpc } from './ipc.ts';
import { planDesktopVault } from './keychain.ts';

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

/** Runs the engine with its window; called once, when Electron is ready. */
export async function runDesktop(): Promise<void> {
  const folder = dataFolder();
  const services = await createServices({
    kind: 'desktop',
    version: app.getVersion(),
    dataFolder: folder,
    projectsFolder: projectsFolder(),
    settings: createSettings(folder),
    planVault: (choice) => planDesktopVault(folder, choice),
    consentBrowsers: [createElectronWindowBrowser()],
    now: Date.now,
    personPresent: () => true,
    override: environmentOverride,
    chooseFolder,
    emit: broadcast,
  });

  setupMenu();
  setupWindowSafety();
  setupAppProtocol(join(import.meta.dirname, '..', 'renderer'));
  setupIpc(services.router);

  let window: BrowserWindow = openAppWindow();
  app.on('second-instance', () => {
    if (window.isMinimized()) window.restore();
    window.focus();
  });
  app.on('activate', () => {
    if (window.isDestroyed()) window = openAppWindow();
  });
  window.on('closed', () => {
    // Consent windows must not keep the app alive when its own window is gone.
    if (process.platform !== 'darwin') app.quit();
  });
  app.on('window-all-closed', () => {
    if (process.platform !== 'darwin') app.quit();
  });

  let disposed = false;
  app.on('before-quit', (event) => {
    if (disposed) return;
    event.preventDefault();
    disposed = true;
    void services.dispose().finally(() => app.quit());
  });
}
