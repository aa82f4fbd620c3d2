import { join } from 'node:path';
import {
  app,
  BrowserWindow,
  Menu,
  type MenuItemConstructorOptions,
  nativeTheme,
  type Session,
  session,
  shell,
} from 'electron';
import { appOrigin } from './app-protocol.ts';

/** Denies what no window of this app ever needs: other pages, new windows, permissions, webviews, dictionaries. */
export function setupWindowSafety(): void {
  // Chromium fetches those from a server of its makers, for each session anew.
  const spellNothing = (made: Session) => made.setSpellCheckerLanguages([]);
  spellNothing(session.defaultSession);
  app.on('session-created', spellNothing);
  app.on('web-contents-created', (_event, contents) => {
    contents.on('will-attach-webview', (event) => event.preventDefault());
  });
}

/** Opens the app's own window. */
export function openAppWindow(): BrowserWindow {
  const window = new BrowserWindow({
    width: 1360,
    height: 860,
    minWidth: 960,
    minHeight: 600,
    show: false,
    title: 'Grantwright',
    autoHideMenuBar: true,
    backgroundColor: nativeTheme.shouldUseDarkColors ? '#0f1218' : '#f6f7f9',
    webPreferences: {
      preload: join(import.meta.dirname, '..', 'preload', 'preload.cjs'),
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webviewTag: false,
    },
  });
  const { webContents } = window;
  webContents.on('will-navigate', (event) => {
    if (!event.url.startsWith(`${appOrigin}/`)) event.preventDefault();
  });
  webContents.setWindowOpenHandler(({ url }) => {
    if (/^https?:\/\//i.test(url)) void shell.openExternal(url);
    return { action: 'deny' };
  });
  const mayUse = (permission: string) => permission === 'clipboard-sanitized-write';
  webContents.session.setPermissionRequestHandler((_contents, permission, decide) =>
    decide(mayUse(permission)),
  );
  webContents.session.setPermissionCheckHandler((_contents, permission) => mayUse(permission));
  webContents.session.setDevicePermissionHandler(() => false);
  window.once('ready-to-show', () => window.show());
  void window.loadURL(`${appOrigin}/`);
  return window;
}

/** A menu with the roles that a system expects: copy and paste, zoom, quit. */
export function setupMenu(): void {
  const template: MenuItemConstructorOptions[] = [
    ...(process.platform === 'darwin' ? [{ role: 'appMenu' } as const] : [{ role: 'fileMenu' } as const]),
    { role: 'editMenu' },
    { role: 'viewMenu' },
    { role: 'windowMenu' },
  ];
  Menu.setApplicationMenu(Menu.buildFromTemplate(template));
}
