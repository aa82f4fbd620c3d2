import { allowedNames } from '../../../../electron/consent/automation/allow-list.ts';
import {
  runInSandbox,
  type SandboxFailure,
  type SandboxOptions,
} from '../../../../electron/consent/automation/sandbox.ts';

/** What a script came to without a page. */
export interface Ran {
  failure: SandboxFailure | null;
  calls: string[];
  log: string[];
}

/** Runs a script whose every call is answered with `true`, without any page. */
export async function run(source: string, more: Partial<SandboxOptions> = {}): Promise<Ran> {
  const [calls, log]: [string[], string[]] = [[], []];
  const failure = await runInSandbox({
    source,
    mode: 'run',
    names: allowedNames(),
    values: { user: 'alice', password: 'secret' },
    async onCall({ chain }) {
      calls.push(chain);
      return { ok: true, text: 'true' };
    },
    onLog: (text) => log.push(text),
    signal: AbortSignal.timeout(14_000),
    ...more,
  });
  return { failure, calls, log };
}
