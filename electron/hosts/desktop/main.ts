import { app, dialog } from 'electron';
import { AppError } from '../../../shared/errors.ts';
import { describeDefect } from '../../services/defect.ts';
import { dataFolder } from '../data-folder.ts';
import { endAtDefect } from '../last-resort.ts';
import { registerAppScheme } from './app-protocol.ts';
import { runDesktop } from './desktop.ts';

/**
 * A script works consent windows that nobody sees, which are offscreen. There Electron hands no mouse to a frame of another
 * process (issue 20333, open), and does not survive keys for one (33), so every frame stays in its page's process.
 * The other is what Playwright switches off too: a page takes no clicks while Chromium still holds its first picture back.
 */
function setUpChromium(): void {
  app.commandLine.appendSwitch('disable-site-isolation-trials');
  const others = app.commandLine.getSwitchValue('disable-features');
  app.commandLine.appendSwitch('disable-features', [others, 'PaintHolding'].filter(Boolean).join(','));
}

endAtDefect((code) => app.exit(code));
setUpChromium();
// All of this must happen before Electron is ready; nothing here may be awaited (an ES module entry that awaits never gets there).
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
