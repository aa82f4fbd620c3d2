import { app } from 'electron';
import { dataFolder } from '../data-folder.ts';
import { registerAppScheme } from './app-protocol.ts';
import { runDesktop } from './desktop.ts';

// Both must happen before Electron is ready; nothing here may be awaited (an ES module entry that awaits never gets there).
app.setPath('userData', dataFolder());
registerAppScheme();

if (app.requestSingleInstanceLock()) {
  app
    .whenReady()
    .then(runDesktop)
    .catch((error: unknown) => {
      console.error('Grantwright could not start.', error);
      app.exit(1);
    });
} else {
  app.quit();
}
