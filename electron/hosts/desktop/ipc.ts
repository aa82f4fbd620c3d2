import { BrowserWindow, ipcMain } from 'electron';
import type { EngineEvent } from '../../../shared/contract/events.ts';
import type { Reply, Router } from '../../../shared/contract/router.ts';
import { AppError } from '../../../shared/errors.ts';
import { appOrigin } from './app-protocol.ts';
import { callChannel, eventChannel } from './channels.ts';

/** Answers the renderer's calls; only the main frame of the app's own page is heard. */
export function setupIpc(router: Router): void {
  ipcMain.handle(callChannel, async (event, name: unknown, params: unknown): Promise<Reply> => {
    const frame = event.senderFrame;
    if (frame === null || frame.parent !== null || !frame.url.startsWith(`${appOrigin}/`)) {
      return {
        kind: 'error',
        error: new AppError('caller_refused', "Only the app's own window may call the engine.").toWire(),
      };
    }
    return router(String(name), params);
  });
}

/** Tells every window of the app; consent windows are none of them and have no preload to hear it. */
export function broadcast(event: EngineEvent): void {
  for (const window of BrowserWindow.getAllWindows()) {
    if (window.webContents.getURL().startsWith(`${appOrigin}/`)) window.webContents.send(eventChannel, event);
  }
}
