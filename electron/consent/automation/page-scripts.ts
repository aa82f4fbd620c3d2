import { errors, type JSHandle, type Page } from 'playwright-core';
import { z } from 'zod';
import { AppError } from '../../../shared/errors.ts';
import type { PageScript } from '../../../shared/model/page-script.ts';
import { createRedactor, reveal, type ScriptVars } from '../redact.ts';
import { hostOf } from './allowed-hosts.ts';
import { mentionedVars, pageWords, parsePage, withProperties } from './page-syntax.ts';
import { type PageWatch, watchPage } from './page-watch.ts';
import { reasonOf } from './replay.ts';
import type { ScriptWatcher } from './run-script.ts';
import { retold, type ScriptPlace, scriptPlace, stepError } from './script-errors.ts';

/** Page scripts and what they run with. */
export interface PageScriptsRun {
  pages: readonly PageScript[];
  /** For messages only, for example `orders-api.pages.json`. */
  fileName: string;
  page: Page;
  vars: ScriptVars;
  /** What the scripts find in `vars` too, and may be shown. */
  plain?: Readonly<Record<string, string>> | undefined;
  /** What else stands in no text that comes of it. */
  hidden?: readonly ScriptVars[] | undefined;
  /** Hears of each script as of an action. */
  watcher?: ScriptWatcher | undefined;
  /** Ends the run; it then rejects with `cancelled`. */
  signal?: AbortSignal | undefined;
  /** For all of them; 120 s by default. */
  timeLimitMs?: number | undefined;
  /** For one to find its page, and again for it to run; 10 s by default. */
  stepLimitMs?: number | undefined;
  /** Whether a page at this address may be given values beside those that the login comes to by itself; default: none. */
  isNamed?: ((url: string) => boolean) | undefined;
}

/** Parses page scripts without running them: for each its `script_syntax`, or null. */
export function checkPageScripts(pages: readonly PageScript[], fileName: string): (AppError | null)[] {
  return pages.map((script, index) => {
    try {
      parsePage(script, index + 1, fileName);
      return null;
    } catch (thrown) {
      return AppError.from(thrown);
    }
  });
}

/** What a script threw, as the page tells it: hostile text. */
const thrownSchema = z.object({ message: z.string(), stack: z.string() });
const wentAway = /execution context was destroyed/i;
const sourceUrl = 'grantwright-page-script';

/** The lines of this text before the person's source. */
const linesBefore = 2;

/** An expression that starts the script and gives an object whose `end` settles with null or with what was thrown. */
function starter(source: string, vars: Record<string, string>): string {
  return `((vars) => { const over = { end: null }; const script = async () => {

${source}
};
over.end = script().then(() => null, (thrown) => ({
  message: String((thrown && thrown.message) || thrown).slice(0, 500),
  stack: String((thrown && thrown.stack) || '').slice(0, 5000),
}));
return over; })(${JSON.stringify(vars)})
//# sourceURL=${sourceUrl}`;
}

function lineOf(stack: string, source: string): number | null {
  const found = new RegExp(`${sourceUrl}:(\\d+)`).exec(stack)?.[1];
  const line = found === undefined ? 0 : Number(found) - linesBefore;
  return line >= 1 && line <= source.split('\n').length ? line : null;
}

/** One script on its way: how it is told of, and its limits. */
interface Turn {
  script: PageScript;
  source: string;
  words: string;
  place: ScriptPlace;
  limitMs: number;
  signal: AbortSignal;
}

/** Settles as `work` does, or rejects with the signal's reason; whatever becomes of the work then is of no use. */
function abortable<Result>(work: Promise<Result>, signal: AbortSignal): Promise<Result> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => reject(signal.reason);
    signal.addEventListener('abort', onAbort);
    if (signal.aborted) onAbort();
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}

/** The same with the turn's limit: throws `script_timeout`. */
async function limited<Result>(work: Promise<Result>, turn: Turn): Promise<Result> {
  const { words, place, limitMs, signal } = turn;
  const clock = AbortSignal.timeout(limitMs);
  try {
    return await abortable(work, AbortSignal.any([clock, signal]));
  } catch (thrown) {
    if (!clock.aborted || thrown !== clock.reason) throw thrown;
    const message = `${words} did not end within ${limitMs / 1000} s (${place.text}).`;
    throw new AppError('script_timeout', message, {
      action: 'Look for a loop, or a promise that never settles, in this page script.',
      details: { ...place.details, step: words },
    });
  }
}

/** How a page script's wait failed, in words. */
function neverCame(thrown: unknown, { script, limitMs }: Turn): string {
  if (!(thrown instanceof errors.TimeoutError) && !(thrown instanceof DOMException)) return reasonOf(thrown);
  const wanted = [
    ...(script.url === '' ? [] : [`at ${script.url}`]),
    ...(script.selector === '' ? [] : [`with ${script.selector} visible`]),
  ];
  const what = wanted.length === 0 ? 'no other page was loaded' : `no page ${wanted.join(' ')} appeared`;
  return `${what} within ${limitMs / 1000} s`;
}

async function untilItsPage(watch: PageWatch, turn: Turn): Promise<void> {
  const clock = AbortSignal.timeout(turn.limitMs);
  try {
    const ends = AbortSignal.any([clock, turn.signal]);
    await abortable(watch.untilFor(turn.script, turn.limitMs, ends), ends);
  } catch (thrown) {
    turn.signal.throwIfAborted();
    throw stepError(turn.words, neverCame(thrown, turn), turn.place, thrown);
  }
}

/** Gives the values that a script mentions, if the host may have them. Throws `script_step_failed`. */
function valuesFor(run: PageScriptsRun, watch: PageWatch, turn: Turn): Record<string, string> {
  const mentioned = mentionedVars(turn.source);
  const values = Object.entries({ ...run.plain, ...run.vars }).filter(([name]) => mentioned.has(name));
  const url = run.page.url();
  const host = hostOf(url);
  const allowed = host !== null && (watch.cameTo(host) || run.isNamed?.(url) === true);
  if (values.length > 0 && !allowed) {
    const reason = `it was not given ${values.map(([name]) => `vars.${name}`).join(', ')}, since the login did not lead to ${host ?? 'this page'} by itself`;
    throw stepError(turn.words, reason, turn.place, null);
  }
  return Object.fromEntries(values.map(([name, value]) => [name, reveal(value)]));
}

/** Starts a script in the document that is shown; null when the page went on before it could begin. */
async function start(run: PageScriptsRun, watch: PageWatch, turn: Turn): Promise<JSHandle | null> {
  const before = watch.shown();
  try {
    // What follows runs in this very document or not at all, so that values reach no page that comes after it.
    const pinned = await run.page.evaluateHandle(() => globalThis);
    // Everything that the browser told before this answer is known now, the address of the document too.
    await pinned.evaluate(() => null);
    if (watch.shown() !== before) return null;
    const values = valuesFor(run, watch, turn);
    watch.ran();
    return await pinned.evaluateHandle(starter(turn.source, values));
  } catch (thrown) {
    if (thrown instanceof Error && wentAway.test(thrown.message)) return null;
    throw thrown;
  }
}

async function perform(run: PageScriptsRun, watch: PageWatch, turn: Turn): Promise<void> {
  let started: JSHandle | null = null;
  while (started === null) {
    await untilItsPage(watch, turn);
    started = await limited(start(run, watch, turn), turn);
  }
  const over = started;
  const end: unknown = await limited(
    over.evaluate((of: { end: unknown }) => of.end),
    turn,
  ).catch((thrown: unknown) => {
    if (thrown instanceof Error && wentAway.test(thrown.message)) return null;
    throw thrown;
  });
  if (end === null) return;
  const told = thrownSchema.safeParse(end).data ?? { message: 'the page hides what it threw', stack: '' };
  const place = scriptPlace(run.fileName, lineOf(told.stack, turn.source));
  throw stepError(turn.words, told.message.slice(0, 500), place, null);
}

/**
 * Runs page scripts in a page's main frame, one after another, each once its page is there. One that leaves the page has
 * succeeded. Rejects with `script_syntax` before anything runs, `script_step_failed`, `script_timeout` or `cancelled`.
 */
export async function runPageScripts(run: PageScriptsRun): Promise<{ steps: number }> {
  const { pages, fileName, timeLimitMs = 120_000, stepLimitMs: limitMs = 10_000 } = run;
  const redact = createRedactor(run.vars, ...(run.hidden ?? []));
  const known = new Set(Object.keys({ ...run.plain, ...run.vars }));
  const sources = pages.map((script, index) => withProperties(script, index + 1, fileName, known));
  const clock = AbortSignal.timeout(timeLimitMs);
  const signal = AbortSignal.any([clock, ...(run.signal === undefined ? [] : [run.signal])]);
  const watch = watchPage(run.page);
  let words = '';
  try {
    for (const [index, script] of pages.entries()) {
      signal.throwIfAborted();
      words = pageWords(script, index + 1);
      const step = { index: index + 1, words: redact(words), line: null, part: null };
      await run.watcher?.begins?.(step);
      const startedMs = performance.now();
      const ended = (reason: string | null) =>
        run.watcher?.ended?.(step, { reason, durationMs: performance.now() - startedMs });
      const place = { text: fileName, details: { file: fileName, page: index + 1 } };
      const turn = { script, source: sources[index] ?? '', words, place, limitMs, signal };
      await perform(run, watch, turn).catch(async (thrown: unknown) => {
        await ended(redact(thrown instanceof AppError ? thrown.message : reasonOf(thrown)));
        throw thrown;
      });
      await ended(null);
    }
    return { steps: pages.length };
  } catch (thrown) {
    if (run.signal?.aborted === true) throw new AppError('cancelled', 'The page scripts were stopped.');
    if (clock.aborted) {
      throw new AppError(
        'script_timeout',
        `The page scripts did not end in ${timeLimitMs / 1000} s, at ${redact(words)}.`,
        {
          action: 'Look at the page that was showing: the scripts must go on from there.',
          details: { file: fileName, step: redact(words) },
        },
      );
    }
    if (thrown instanceof AppError) throw retold(thrown, redact);
    throw retold(
      stepError(words, reasonOf(thrown), { text: fileName, details: { file: fileName } }, thrown),
      redact,
    );
  } finally {
    watch.close();
  }
}
