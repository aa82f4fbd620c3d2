import { app, dialog } from 'electron';
import { AppError } from '../../../shared/errors.ts';
import { describeDefect } from '../../services/defect.ts';
import { dataFolder } from '../data-folder.ts';
import { endAtDefect } from '../last-resort.ts';
import { registerAppScheme } from './app-protocol.ts';
import { runDesktop } from './desktop.ts';

endAtDefect((code) => app.exit(code));
// Both must happen before Electron is ready; nothing here may be awaited (an ES module entry that awaits never gets there).
app.setPath('userData', dataFolder());
registerAppScheme();

if (app.requestSingleInstanceLock()) {
  app
    .whenReady()
    .then(runDesktop)
    .catch((thrown: unknown) => {
      const { message, action = '' } = AppError.from(thrown);
      console.error(`Grantwright could not start.\n${describeDefect(thrown)}`);
      dialog.showErrorBox('Grantwright could not start', `${message}\n\n${action}`);
      app.exit(1);
    });
} else {
  app.quit();
}
