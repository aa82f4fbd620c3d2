import { errors, type Page } from 'playwright-core';
import { z } from 'zod';
import { firstIssue } from '../../../shared/contract/router.ts';
import { AppError } from '../../../shared/errors.ts';
import { allowList, type Method, type Place } from './allow-list.ts';
import type { ScriptPlace } from './script-errors.ts';

const chainSchema = z
  .array(z.strictObject({ method: z.string().max(60), args: z.array(z.unknown()).max(4) }))
  .min(1)
  .max(20);
type Step = z.infer<typeof chainSchema>[number];
type Redact = (text: string) => string;

/** One recorded chain that has passed the allow-list, ready to run. */
export interface PreparedStep {
  /** The step in the script's own words, without what it types: `page.getByLabel("User").fill(…)`. */
  words: string;
  run(): Promise<unknown>;
}

/** A chain that the allow-list refuses; `prepareStep` adds where it stands. */
class RefusedStep extends Error {}

const recordedPattern = z.object({ regexp: z.object({ source: z.string(), flags: z.string() }) });

function inWords(argument: unknown): string {
  const pattern = recordedPattern.safeParse(argument);
  if (pattern.success) return `/${pattern.data.regexp.source}/${pattern.data.regexp.flags}`;
  if (typeof argument !== 'object' || argument === null) return JSON.stringify(argument) ?? '';
  if (Array.isArray(argument)) return `[${argument.map(inWords).join(', ')}]`;
  const entries = Object.entries(argument).map(([name, part]) => `${name}: ${inWords(part)}`);
  return `{ ${entries.join(', ')} }`;
}

function stepInWords(step: Step, method: Pick<Method<never>, 'gives' | 'shows'>, redact: Redact): string {
  if (method.gives === 'keyboard') return `.${step.method}`;
  const shown = step.args
    .slice(0, method.shows)
    // Before it is cut, or a part of what is to be hidden would remain.
    .map((argument) => redact(inWords(argument)))
    .map((words) => (words.length > 100 ? `${words.slice(0, 99)}…` : words));
  return `.${step.method}(${[...shown, ...(step.args.length > method.shows ? ['…'] : [])].join(', ')})`;
}

/** Goes one step on, if the allow-list of the place has it and takes its arguments. */
function follow<Target>(
  methods: Record<string, Method<Target>>,
  target: Target,
  step: Step,
  words: string,
  redact: Redact,
): { place: Place; words: string } {
  const method = Object.hasOwn(methods, step.method) ? methods[step.method] : undefined;
  if (method === undefined)
    throw new RefusedStep(`${words}.${step.method} is not in Grantwright's script API.`);
  const longer = `${words}${stepInWords(step, method, redact)}`;
  try {
    return { place: method.enter(target, step.args), words: longer };
  } catch (thrown) {
    if (!(thrown instanceof z.ZodError)) throw thrown;
    throw new RefusedStep(`${longer} was given an argument that it does not take: ${firstIssue(thrown)}.`);
  }
}

function followFrom(
  place: Place,
  step: Step,
  words: string,
  redact: Redact,
): { place: Place; words: string } {
  if (place.kind === 'page') return follow(allowList.page, place.target, step, words, redact);
  if (place.kind === 'locator') return follow(allowList.locator, place.target, step, words, redact);
  if (place.kind === 'frame') return follow(allowList.frame, place.target, step, words, redact);
  if (place.kind === 'keyboard') return follow(allowList.keyboard, place.target, step, words, redact);
  throw new RefusedStep(`${words}.${step.method} is not in Grantwright's script API.`);
}

function walk(page: Page, recorded: string, redact: Redact): PreparedStep {
  const chain = chainSchema.safeParse(JSON.parse(recorded));
  if (!chain.success)
    throw new RefusedStep(`A call of the script cannot be read: ${firstIssue(chain.error)}.`);
  let at: { place: Place; words: string } = { place: { kind: 'page', target: page }, words: 'page' };
  for (const step of chain.data) at = followFrom(at.place, step, at.words, redact);
  if (at.place.kind !== 'action') throw new RefusedStep(`${at.words} does nothing to the page.`);
  return { words: at.words, run: at.place.run };
}

/**
 * Checks a recorded chain against the allow-list, once more and from scratch, since it comes out of the sandbox.
 * Throws `script_failed`; nothing touches the page before `run`. `redact` takes what is secret out of the step's words.
 */
export function prepareStep(
  page: Page,
  recorded: string,
  where: ScriptPlace,
  redact: Redact = String,
): PreparedStep {
  try {
    return walk(page, recorded, redact);
  } catch (thrown) {
    if (!(thrown instanceof RefusedStep)) throw thrown;
    throw new AppError('script_failed', `${thrown.message} (${where.text})`, {
      action: 'Mend this line of the automation script.',
      details: where.details,
    });
  }
}

/** What Playwright said of a step that failed, without its call log, which repeats what was typed. */
export function reasonOf(thrown: unknown): string {
  if (!(thrown instanceof Error)) return 'it failed';
  const several = /strict mode violation: .* resolved to (\d+) elements/.exec(thrown.message)?.[1];
  if (several !== undefined) return `${several} things on the page match it; name the one you mean`;
  if (thrown instanceof errors.TimeoutError) {
    const waited = /Timeout (\d+)ms/.exec(thrown.message)?.[1];
    const limit = waited === undefined ? 'its time' : `${Number(waited) / 1000} s`;
    // Playwright logs "resolved to" once it has found the element, whatever kept it from going on.
    return thrown.message.includes('resolved to')
      ? `it was found, but was not ready within ${limit}: hidden, disabled or covered`
      : `nothing like it appeared within ${limit}`;
  }
  const firstLine = thrown.message.split('\n')[0] ?? '';
  return firstLine.replace(/^[\w.]+: (?:Error: )?/, '').slice(0, 200);
}
