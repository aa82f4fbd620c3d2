import { errors, type JSHandle, type Page } from 'playwright-core';
import { z } from 'zod';
import { AppError } from '../../../shared/errors.ts';
import type { PageScript } from '../../../shared/model/page-script.ts';
import { type Clock, createClock } from '../clock.ts';
import { createRedactor, reveal, type ScriptVars } from '../redact.ts';
import { untilAborted } from '../within.ts';
import type { AllowedHosts } from './allowed-hosts.ts';
import { mentionedVars, pageWords, parsePage, withProperties } from './page-syntax.ts';
import { type PageWatch, watchPage } from './page-watch.ts';
import { reasonOf } from './replay.ts';
import type { ScriptWatcher } from './run-script.ts';
import { hostError, retold, type ScriptPlace, scriptPlace, stepError } from './script-errors.ts';

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
  /** For all of them, but for the time in which a person is asked something; 120 s by default. */
  timeLimitMs?: number | undefined;
  /** For one to find its page, and again for it to run; 10 s by default. */
  stepLimitMs?: number | undefined;
  /** The hosts whose pages may be given values, already following `page`. */
  hosts: AllowedHosts;
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
const linesBefore = 4;

/** An expression that starts the script and gives an object whose `end` settles with null or with what was thrown. */
function starter(source: string, vars: Record<string, string>): string {
  return `((given) => { const over = { end: null }; const vars = new Proxy(given, { get(at, name) {
  if (typeof name === 'string' && !(name in at)) throw new ReferenceError('vars.' + name + ' is not mentioned as such, so it was not given');
  return at[name]; } }); const script = async () => {

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
  /** The words without anything secret, for others than errors. */
  told: string;
  place: ScriptPlace;
  limitMs: number;
  clock: Clock;
  signal: AbortSignal;
}

/** Waits for a part of a turn, with its limit: throws `script_timeout`. */
async function limited<Result>(work: Promise<Result>, turn: Turn): Promise<Result> {
  const { words, place, limitMs, signal } = turn;
  const clock = AbortSignal.timeout(limitMs);
  try {
    return await untilAborted(work, AbortSignal.any([clock, signal]));
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
    await untilAborted(watch.untilFor(turn.script, turn.limitMs, ends), ends);
  } catch (thrown) {
    turn.signal.throwIfAborted();
    throw stepError(turn.words, neverCame(thrown, turn), turn.place, thrown);
  }
}

/** The values that a script mentions; null: the page may not have them. Throws `script_failed`. */
function valuesFor(run: PageScriptsRun, turn: Turn): Record<string, string> | null {
  const known: ScriptVars = { ...run.plain, ...run.vars };
  const mentioned = [...mentionedVars(turn.source)];
  const missing = mentioned.find((name) => !Object.hasOwn(known, name));
  if (missing !== undefined) {
    // Typed in as "undefined" it would be a wrong password.
    const names = Object.keys(known).join(', ') || 'nothing';
    const message = `${turn.words} mentions vars.${missing} (${turn.place.text}), which there is not. vars has: ${names}.`;
    throw new AppError('script_failed', message, {
      action: 'Correct the name, or add the value to the persona.',
      details: turn.place.details,
    });
  }
  if (mentioned.length > 0 && !run.hosts.has(run.page.url())) return null;
  return Object.fromEntries(mentioned.map((name) => [name, reveal(known[name] ?? '')]));
}

/**
 * Starts a script in the document that is shown. `again`: the page went on before it could begin; `left`: it began, and
 * has taken the page elsewhere at once; `refused`: it would be given values at an address that may not have them.
 */
async function start(
  run: PageScriptsRun,
  watch: PageWatch,
  turn: Turn,
): Promise<JSHandle | 'again' | 'left' | { refused: string }> {
  const before = watch.shown();
  let began = false;
  try {
    // What follows runs in this very document or not at all, so that values reach no page that comes after it.
    const pinned = await run.page.evaluateHandle(() => globalThis);
    // Everything that the browser told before this answer is known now, the address of the document too.
    await pinned.evaluate(() => null);
    if (watch.shown() !== before) return 'again';
    const values = valuesFor(run, turn);
    if (values === null) return { refused: run.page.url() };
    watch.ran();
    began = true;
    return await pinned.evaluateHandle(starter(turn.source, values));
  } catch (thrown) {
    if (thrown instanceof Error && wentAway.test(thrown.message)) return began ? 'left' : 'again';
    throw thrown;
  }
}

/** Starts a script once its page is there, and may be given what it mentions. Throws `script_host_not_allowed`. */
async function begin(run: PageScriptsRun, watch: PageWatch, turn: Turn): Promise<JSHandle | 'left'> {
  for (;;) {
    await untilItsPage(watch, turn);
    const started = await limited(start(run, watch, turn), turn);
    if (started === 'again') continue;
    if (started === 'left' || !('refused' in started)) return started;
    const asking = untilAborted(run.hosts.ask(started.refused, turn.told), turn.signal);
    if (!(await turn.clock.during(asking))) throw hostError(turn.words, started.refused, turn.place);
  }
}

async function perform(run: PageScriptsRun, watch: PageWatch, turn: Turn): Promise<void> {
  const started = await begin(run, watch, turn);
  if (started === 'left') return;
  const end: unknown = await limited(
    started.evaluate((of: { end: unknown }) => of.end),
    turn,
  ).catch((thrown: unknown) => {
    if (thrown instanceof Error && wentAway.test(thrown.message)) return null;
    throw thrown;
  });
  if (end === null) return;
  const told = thrownSchema.safeParse(end).data ?? { message: 'the page hides what it threw', stack: '' };
  const { text, details } = scriptPlace(run.fileName, lineOf(told.stack, turn.source));
  const place = { text, details: { ...turn.place.details, ...details } };
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
  const clock = createClock(timeLimitMs);
  const signal = AbortSignal.any([clock.signal, ...(run.signal === undefined ? [] : [run.signal])]);
  const watch = watchPage(run.page);
  let words = '';
  try {
    for (const [index, script] of pages.entries()) {
      signal.throwIfAborted();
      words = pageWords(script, index + 1);
      const step = { index: index + 1, words: redact(words), line: null, part: null };
      await run.watcher?.begins?.(step);
      signal.throwIfAborted();
      const startedMs = performance.now();
      const ended = (reason: string | null) =>
        run.watcher?.ended?.(step, { reason, durationMs: performance.now() - startedMs });
      const place = { text: fileName, details: { file: fileName, page: index + 1 } };
      const source = sources[index] ?? '';
      const turn = { script, source, words, told: step.words, place, limitMs, clock, signal };
      await perform(run, watch, turn).catch(async (thrown: unknown) => {
        await ended(redact(thrown instanceof AppError ? thrown.message : reasonOf(thrown)));
        throw thrown;
      });
      await ended(null);
    }
    return { steps: pages.length };
  } catch (thrown) {
    if (run.signal?.aborted === true) throw new AppError('cancelled', 'The page scripts were stopped.');
    if (clock.signal.aborted) {
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
