import { hasCode } from '../files/file-error.ts';
import { describeDefect } from '../services/defect.ts';

/** What a process ends with after an error that nobody caught (EX_SOFTWARE of sysexits.h). */
export const defectExitCode = 70;

/**
 * Ends the process at an error that nobody caught, with where it happened and nothing of what it says: Node would print
 * the whole of it, which may quote a token or a page, and Electron would show it. That nobody reads what is printed any
 * more (`grantwright … | head`) is no error: the work goes on.
 */
export function endAtDefect(end: (code: number) => void): void {
  const onDefect = (thrown: unknown): void => {
    console.error(
      `Grantwright failed unexpectedly and ends. This is a defect; stored tokens are safe.\n${describeDefect(thrown)}`,
    );
    end(defectExitCode);
  };
  process.on('uncaughtException', onDefect);
  process.on('unhandledRejection', onDefect);
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error) => {
      if (!hasCode(error, 'EPIPE')) onDefect(error);
    });
  }
}
