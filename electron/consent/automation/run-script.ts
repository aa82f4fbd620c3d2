import type { Page } from 'playwright-core';
import { AppError } from '../../../shared/errors.ts';
import { Secret } from '../../../shared/secret.ts';
import { type Clock, createClock } from '../clock.ts';
import { createDeferred } from '../deferred.ts';
import { createRedactor, reveal, type ScriptVars } from '../redact.ts';
import { untilAborted } from '../within.ts';
import { allowedNames } from './allow-list.ts';
import type { AllowedHosts } from './allowed-hosts.ts';
import { nearestOn } from './nearest.ts';
import { answersDialog, type PreparedStep, prepareStep, reasonOf } from './replay.ts';
import { type CallAnswer, runInSandbox, type SandboxCall } from './sandbox.ts';
import type { StartSandboxThread } from './sandbox-thread.ts';
import {
  overTimeError,
  retold,
  type ScriptPlace,
  sandboxError,
  scriptPlace,
  stepError,
} from './script-errors.ts';
import { createScriptPages, type ScriptLogins, type ScriptPages } from './script-pages.ts';

/** One action of a script on the page, told when it begins. `line` is that of the person's source, from 1. */
export interface ScriptStep {
  index: number;
  /** In the script's own words, without what it types. */
  words: string;
  line: number | null;
  /** The name that `step` gave to this part of the script; null: none. */
  part: string | null;
}

/** How an action ended. */
export interface StepEnd {
  /** Why it failed, without anything secret; null: it did not. */
  reason: string | null;
  durationMs: number;
}

/** Who watches a script at work. What it does is waited for. */
export interface ScriptWatcher {
  /** An action is about to begin; rejecting ends the script, with that. */
  begins?(step: ScriptStep): Promise<void> | void;
  ended?(step: ScriptStep, end: StepEnd): Promise<void> | void;
}

/** One script and what it runs with. */
export interface ScriptRun {
  source: string;
  /** For messages only, for example `scripts/orders-api.js`. */
  fileName: string;
  page: Page;
  vars: ScriptVars;
  /** What the script finds in `vars` too, and may be shown. */
  plain?: Readonly<Record<string, string>> | undefined;
  /** The hosts whose pages it may send text to, already following `page`. */
  hosts: AllowedHosts;
  /** What else stands in no text that comes of it. */
  hidden?: readonly ScriptVars[] | undefined;
  /** For `page.authenticate`. */
  logins?: ScriptLogins | undefined;
  /** Hears of what the script made that may stand in no text either: the codes of `totp`. */
  onSecret?: ((secret: ScriptVars) => void) | undefined;
  watcher?: ScriptWatcher | undefined;
  /** Ends the script; it then rejects with `cancelled`. */
  signal?: AbortSignal | undefined;
  /** For the whole script, but for the time in which a person is asked something; 120 s by default. */
  timeLimitMs?: number | undefined;
  /** For a step that names no limit of its own; 10 s by default. */
  stepLimitMs?: number | undefined;
  /** Hears of each `log` line at once, values of `vars` redacted. */
  onLog?: ((line: string) => void) | undefined;
  /** Where the sandbox runs; default: a worker thread of Node. */
  startThread?: StartSandboxThread | undefined;
}

/** How many steps were taken, and what the script logged, the values of `vars` replaced by their names. */
export interface ScriptResult {
  steps: number;
  log: string[];
}

/** Why an action failed on the page, in words without anything secret. */
class StepFailure extends Error {}

const maximumAnswerCharacters = 1024 * 1024;

/** The steps of one run, replayed on the page one after another in the order in which the script made them. */
function createReplay(
  run: ScriptRun,
  pages: ScriptPages,
  redact: (text: string) => string,
  { clock, ends, stepLimitMs }: { clock: Clock; ends: AbortSignal; stepLimitMs: number },
) {
  const failures = new Map<number, { error: AppError; page: Page }>();
  const stopped = new AbortController();
  const over = AbortSignal.any([ends, stopped.signal]);
  let queue: Promise<unknown> = Promise.resolve();
  let last: ScriptStep | null = null;
  let steps = 0;
  const ask = (address: string, words: string): Promise<boolean> =>
    clock.during(untilAborted(run.hosts.ask(address, redact(words)), over));

  /** What a watcher throws ends the script, whatever that makes of the failed call. */
  async function watched(work: () => Promise<void> | void | undefined): Promise<void> {
    try {
      await work();
    } catch (thrown) {
      stopped.abort(thrown);
      throw thrown;
    }
    over.throwIfAborted();
  }

  /** The answer of an action as text. Throws `StepFailure`, or an AppError that says it all. */
  async function outcome(
    prepared: PreparedStep,
    place: ScriptPlace,
    letOthersBegin: () => void,
  ): Promise<string> {
    const running = prepared.run({ ends: over, stepLimitMs, ask });
    if (prepared.waits) letOthersBegin();
    const value = await running.catch((thrown: unknown) => {
      if (thrown instanceof AppError || over.aborted) throw thrown;
      pages.throwIfUnanswered(true);
      throw new StepFailure(redact(reasonOf(thrown)), { cause: thrown });
    });
    pages.throwIfUnanswered();
    const text = JSON.stringify(value ?? null);
    if (text.length <= maximumAnswerCharacters) return text;
    throw new AppError('script_limit', `${prepared.words} read more than 1 MB (${place.text}).`, {
      details: place.details,
    });
  }

  /** `on` is told which page the call is for. */
  async function perform(call: SandboxCall, on: { page: Page }, letOthersBegin: () => void): Promise<string> {
    const place = scriptPlace(run.fileName, call.line, call.step);
    const prepared = prepareStep(pages, call.chain, place, redact);
    on.page = prepared.page;
    const step = {
      index: steps,
      words: redact(prepared.words),
      line: call.line,
      part: call.step === null ? null : redact(call.step),
    };
    last = step;
    await watched(() => run.watcher?.begins?.(step));
    const startedMs = performance.now();
    const ended = (reason: string | null) =>
      watched(() => run.watcher?.ended?.(step, { reason, durationMs: performance.now() - startedMs }));
    const text = await outcome(prepared, place, letOthersBegin).catch(async (thrown: unknown) => {
      await ended(thrown instanceof StepFailure ? thrown.message : redact(AppError.from(thrown).message));
      if (!(thrown instanceof StepFailure)) throw thrown;
      throw stepError(prepared.words, thrown.message, place, thrown.cause);
    });
    await ended(null);
    return text;
  }

  async function take(call: SandboxCall, letOthersBegin = (): void => undefined): Promise<CallAnswer> {
    over.throwIfAborted();
    steps += 1;
    const on = { page: pages.main };
    try {
      return { ok: true, text: await perform(call, on, letOthersBegin) };
    } catch (thrown) {
      over.throwIfAborted();
      const error = retold(AppError.from(thrown), redact);
      failures.set(call.id, { error, page: on.page });
      return { ok: false, text: error.message };
    }
  }

  return {
    onCall(call: SandboxCall): Promise<CallAnswer> {
      if (answersDialog(call.chain)) return take(call);
      const begun = createDeferred<void>();
      const answer = queue.then(() => take(call, begun.resolve));
      queue = Promise.race([answer, begun.promise]).catch(() => undefined);
      return answer;
    },
    stoppedBy: () => (stopped.signal.aborted ? stopped.signal.reason : null),
    failureOf: (call: number | undefined) => (call === undefined ? undefined : failures.get(call)),
    last: () => last,
    steps: () => steps,
  };
}

/** The same error with what comes closest on the page to what the step looked for, in `details.nearest`, a line each. */
async function withNearest(
  { error, page }: { error: AppError; page: Page },
  redact: (text: string) => string,
): Promise<AppError> {
  const step = error.details?.step;
  if (error.code !== 'script_step_failed' || typeof step !== 'string') return error;
  const nearest = await nearestOn(page, step);
  return nearest.length === 0 ? error : retold(error, redact, { nearest: nearest.join('\n') });
}

/**
 * Runs an automation script on a page, in its sandbox; `allow-list.ts` is all that it can do. Rejects with
 * `script_syntax`, `script_failed`, `script_step_failed`, `script_host_not_allowed`, `script_limit`, `script_timeout` or
 * `cancelled`.
 */
export async function runScript(run: ScriptRun): Promise<ScriptResult> {
  let redactor = createRedactor(run.vars, ...(run.hidden ?? []));
  const redact = (text: string): string => redactor(text);
  const made: ScriptVars[] = [];
  const log: string[] = [];
  const clock = createClock(run.timeLimitMs ?? 120_000);
  const ends = AbortSignal.any([clock.signal, ...(run.signal === undefined ? [] : [run.signal])]);
  const stepLimitMs = run.stepLimitMs ?? 10_000;
  let send = (_event: Record<string, unknown>): void => undefined;
  const pages = createScriptPages({
    ...{ page: run.page, hosts: run.hosts, stepLimitMs, logins: run.logins },
    send: (event) => send(event),
    hide(name, value) {
      const secret = { [name]: new Secret(value) };
      made.push(secret);
      redactor = createRedactor(run.vars, ...(run.hidden ?? []), ...made);
      run.onSecret?.(secret);
    },
  });
  const replay = createReplay(run, pages, redact, { clock, ends, stepLimitMs });
  run.page.setDefaultTimeout(stepLimitMs);
  try {
    const failure = await runInSandbox({
      source: run.source,
      mode: 'run',
      names: allowedNames(),
      values: {
        ...run.plain,
        ...Object.fromEntries(Object.entries(run.vars).map(([name, value]) => [name, reveal(value)])),
      },
      onCall: replay.onCall,
      onLog(text) {
        const line = redact(text);
        log.push(line);
        run.onLog?.(line);
      },
      onStart: (toSandbox) => {
        send = toSandbox;
      },
      signal: ends,
      startThread: run.startThread,
    });
    if (failure === null) pages.throwIfUnanswered();
    if (failure === null) return { steps: replay.steps(), log };
    const failed = replay.failureOf(failure.call);
    throw failed === undefined
      ? retold(sandboxError(failure, run.fileName), redact)
      : await withNearest(failed, redact);
  } catch (thrown) {
    const watcherSaid = replay.stoppedBy();
    if (watcherSaid !== null) throw AppError.from(watcherSaid);
    if (thrown instanceof AppError) throw thrown;
    if (run.signal?.aborted === true) throw new AppError('cancelled', 'The automation script was stopped.');
    throw clock.signal.aborted ? overTimeError(run.fileName, replay.last()) : thrown;
  } finally {
    pages.dispose();
  }
}
