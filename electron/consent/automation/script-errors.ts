import { AppError, type ErrorCode } from '../../../shared/errors.ts';
import { hostOf } from './allowed-hosts.ts';
import { outsideInWords } from './outside.ts';
import { lineIn, type SandboxFailure, scriptLimits } from './sandbox.ts';

const mend = 'Mend the automation script and try again.';

/** Where in a script something happened, for an error's message and details. */
export interface ScriptPlace {
  text: string;
  details: { file: string; line?: number; part?: string };
}

/** Puts file, line and the name of the script's own step together; line and name may be unknown. */
export function scriptPlace(fileName: string, line: number | null, part: string | null = null): ScriptPlace {
  const at = line === null ? fileName : `${fileName}, line ${line}`;
  return {
    text: part === null ? at : `${at}, in “${part}”`,
    details: { file: fileName, ...(line === null ? {} : { line }), ...(part === null ? {} : { part }) },
  };
}

function limitInWords(limit: NonNullable<SandboxFailure['limit']>): [ErrorCode, string] {
  switch (limit) {
    case 'compute':
      return ['script_limit', `computed for more than ${scriptLimits.computeMs / 1000} s without a pause`];
    case 'calls':
      return ['script_limit', `made more than ${scriptLimits.calls} calls`];
    case 'arguments':
      return ['script_limit', 'handed over more than 1 MB of arguments'];
    case 'log':
      return ['script_limit', `logged more than ${scriptLimits.logLines} lines`];
    case 'waiting':
      return ['script_failed', 'waits for something that can never come'];
  }
}

/** A failure inside the sandbox, in words: a limit, a syntax error, or an error that the script threw. */
export function sandboxError(failure: SandboxFailure, fileName: string): AppError {
  const { text, details } = scriptPlace(fileName, lineIn(failure.stack));
  if (failure.limit !== undefined && failure.limit !== null) {
    const [code, words] = limitInWords(failure.limit);
    return new AppError(code, `The automation script ${words} (${text}).`, { action: mend, details });
  }
  const said = (failure.message ?? '').slice(0, 500);
  const outside = outsideInWords(said);
  const message = outside ?? said;
  if (failure.name === 'InternalError' || message === 'Maximum call stack size exceeded') {
    const words = `The automation script used up its memory or its stack (${text}).`;
    return new AppError('script_limit', words, { action: mend, details });
  }
  const [code, words]: [ErrorCode, string] =
    failure.name === 'SyntaxError' ? ['script_syntax', 'cannot be read'] : ['script_failed', 'failed'];
  return new AppError(code, `The automation script ${words} (${text}): ${message}`, {
    action: mend,
    details,
  });
}

/** A step that failed on the page; `words` is the step in the script's own words. */
export function stepError(words: string, reason: string, place: ScriptPlace, cause: unknown): AppError {
  return new AppError('script_step_failed', `${words} failed (${place.text}): ${reason}.`, {
    action: 'Compare the step with the page that was showing, then mend the script.',
    details: { ...place.details, step: words },
    cause,
  });
}

function hostAction(address: string, host: string | null): string {
  if (host === null) return 'Values go to web pages only; mend this line of the automation script.';
  const add = `If ${host} belongs to this login, add it to Allowed hosts in the profile.`;
  return address.startsWith('https:')
    ? add
    : `${add} A login that begins over https has no host over http but this machine's own.`;
}

/** Text of a script that would have gone to another address than those of its login. */
export function hostError(words: string, address: string, place: ScriptPlace): AppError {
  const host = hostOf(address);
  // A host of the login over http is another thing than over https.
  const to =
    host === null ? 'an address that is no web page' : new URL(address).origin.replace(/^https:\/\//, '');
  return new AppError(
    'script_host_not_allowed',
    `${words} was not done (${place.text}): it would send values to ${to}, which is not a host of this login.`,
    {
      action: hostAction(address, host),
      details: { ...place.details, step: words, ...(host === null ? {} : { host }) },
    },
  );
}

/** A script that was still running when its time was over; `step` is the last one it came to. */
export function overTimeError(
  fileName: string,
  step: { words: string; line: number | null } | null,
): AppError {
  const place = scriptPlace(fileName, step?.line ?? null);
  const at = step === null ? '' : ` It had come to ${step.words}.`;
  return new AppError('script_timeout', `The automation script did not end in time (${place.text}).${at}`, {
    action: mend,
    details: { ...place.details, ...(step === null ? {} : { step: step.words }) },
  });
}

/** The same error with more details, and with everything it says passed through `redact`. */
export function retold(
  error: AppError,
  redact: (text: string) => string,
  more: Record<string, string | number> = {},
): AppError {
  const details = Object.entries({ ...error.details, ...more }).map(([name, value]) => [
    name,
    typeof value === 'string' ? redact(value) : value,
  ]);
  return new AppError(error.code, redact(error.message), {
    action: error.action && redact(error.action),
    server: error.server,
    details: Object.fromEntries(details),
    cause: error.cause,
  });
}
