import type { AppError } from '../../../shared/errors.ts';
import { runInSandbox } from './sandbox.ts';
import type { StartSandboxThread } from './sandbox-thread.ts';
import { sandboxError } from './script-errors.ts';

/** Parses a script without running it: `script_syntax` with its line, or null when it can be read. */
export async function checkScript(
  source: string,
  fileName: string,
  startThread?: StartSandboxThread,
): Promise<AppError | null> {
  const failure = await runInSandbox({
    source,
    mode: 'check',
    names: {},
    values: {},
    onCall: async () => ({ ok: false, text: '' }),
    onLog: () => undefined,
    signal: AbortSignal.timeout(10_000),
    startThread,
  });
  return failure === null ? null : sandboxError({ ...failure, name: 'SyntaxError' }, fileName);
}
