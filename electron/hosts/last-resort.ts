import { describeDefect } from '../services/defect.ts';

/** What a process ends with after an error that nobody caught (EX_SOFTWARE of sysexits.h). */
export const defectExitCode = 70;

/**
 * Ends the process at an error that nobody caught, with where it happened and nothing of what it says: Node would print
 * the whole of it, which may quote a token or a page, and Electron would show it.
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
}
