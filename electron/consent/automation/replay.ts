import { errors, type Page } from 'playwright-core';
import { z } from 'zod';
import { firstIssue } from '../../../shared/contract/router.ts';
import { AppError } from '../../../shared/errors.ts';
import { allowList } from './allow-list.ts';
import { takeUp } from './arguments.ts';
import { absentWords, notReadyWords, UnmetExpectation } from './expectations.ts';
import { createGate, type GateOptions } from './gate.ts';
import type { Action, Method, Place } from './method.ts';
import { memberOutside } from './outside.ts';
import { RefusedStep } from './refused-step.ts';
import { hostError, type ScriptPlace } from './script-errors.ts';
import type { ScriptPages } from './script-pages.ts';

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
  /** Whether the next calls of the script are to begin meanwhile. */
  waits: boolean;
  /** The page that the chain begins on. */
  page: Page;
  run(by: Manner): Promise<unknown>;
}

/** How a step is done; `ask` is told the address and the step's words. */
export interface Manner extends Pick<GateOptions, 'ends' | 'stepLimitMs'> {
  ask: (address: string, words: string) => Promise<boolean>;
}

/** What one chain is walked with. `depth`: of chains that stand as arguments within each other. */
interface Walk {
  pages: ScriptPages;
  redact: Redact;
  depth: number;
}

const recordedPattern = z.object({ regexp: z.object({ source: z.string(), flags: z.string() }) });

const recordedLocator = z.strictObject({ locator: z.unknown() });

function inWords(argument: unknown, walk: Walk): string {
  const pattern = recordedPattern.safeParse(argument);
  if (pattern.success) return `/${pattern.data.regexp.source}/${pattern.data.regexp.flags}`;
  const chain = recordedLocator.safeParse(argument);
  if (chain.success) return walkChain(chain.data.locator, deeper(walk)).words;
  if (typeof argument !== 'object' || argument === null) return JSON.stringify(argument) ?? '';
  if (Array.isArray(argument)) return `[${argument.map((part) => inWords(part, walk)).join(', ')}]`;
  const entries = Object.entries(argument).map(([name, part]) => `${name}: ${inWords(part, walk)}`);
  return `{ ${entries.join(', ')} }`;
}

type Wording = Pick<Method<never>, 'gives' | 'shows' | 'words'>;

function pathInWords(path: string, step: Step, method: Wording, walk: Walk): string {
  if (method.gives === 'keyboard') return `${path}.${step.method}`;
  const shown = step.args
    .slice(0, method.shows)
    // Before it is cut, or a part of what is to be hidden would remain.
    .map((argument) => walk.redact(inWords(argument, walk)))
    .map((words) => (words.length > 100 ? `${words.slice(0, 99)}…` : words));
  const all = [...shown, ...(step.args.length > method.shows ? ['…'] : [])];
  return method.words?.(path, all) ?? `${path}.${step.method}(${all.join(', ')})`;
}

function deeper(walk: Walk): Walk {
  if (walk.depth >= 3) throw new RefusedStep('A locator of the script stands within too many others.');
  return { ...walk, depth: walk.depth + 1 };
}

/** A recorded locator among the arguments, or among the options, becomes a real one, by the same checks. */
function withLocators(argument: unknown, walk: Walk, isOption = false): unknown {
  const chain = recordedLocator.safeParse(argument);
  if (chain.success) {
    const { place } = walkChain(chain.data.locator, deeper(walk));
    return place.kind === 'locator' ? takeUp(place.target) : argument;
  }
  if (isOption || typeof argument !== 'object' || argument === null || Array.isArray(argument))
    return argument;
  return Object.fromEntries(
    Object.entries(argument).map(([name, part]) => [name, withLocators(part, walk, true)]),
  );
}

interface Position {
  place: Place;
  words: string;
}

/** Goes one step on, if the allow-list of the place has it and takes its arguments. */
function follow<Target>(
  methods: Record<string, Method<Target>>,
  target: Target,
  step: Step,
  path: string,
  walk: Walk,
): Position {
  const method = Object.hasOwn(methods, step.method) ? methods[step.method] : undefined;
  if (method === undefined) throw new RefusedStep(memberOutside(`${path}.${step.method}`, step.method));
  const words = pathInWords(path, step, method, walk);
  try {
    const args = step.args.map((argument) => withLocators(argument, walk));
    return { place: method.enter(target, args, walk.pages), words };
  } catch (thrown) {
    if (thrown instanceof RefusedStep) throw thrown;
    const reason = thrown instanceof z.ZodError ? firstIssue(thrown) : reasonOf(thrown);
    throw new RefusedStep(`${words} was given an argument that it does not take: ${reason}.`);
  }
}

function followFrom(place: Place, step: Step, path: string, walk: Walk): Position {
  if (place.kind === 'start') return follow(allowList.start, place.target, step, path, walk);
  if (place.kind === 'page') return follow(allowList.page, place.target, step, path, walk);
  if (place.kind === 'locator') return follow(allowList.locator, place.target, step, path, walk);
  if (place.kind === 'frame') return follow(allowList.frame, place.target, step, path, walk);
  if (place.kind === 'keyboard') return follow(allowList.keyboard, place.target, step, path, walk);
  if (place.kind === 'dialog') return follow(allowList.dialog, place.target, step, path, walk);
  throw new RefusedStep(memberOutside(`${path}.${step.method}`, step.method));
}

function walkChain(recorded: unknown, walk: Walk): Position & { on: Page } {
  const chain = chainSchema.safeParse(recorded);
  if (!chain.success)
    throw new RefusedStep(`A call of the script cannot be read: ${firstIssue(chain.error)}.`);
  const { pages } = walk;
  const first = chain.data[0]?.method ?? '';
  let at: Position = Object.hasOwn(allowList.start, first)
    ? { place: { kind: 'start', target: pages }, words: '' }
    : { place: { kind: 'page', target: pages.main }, words: 'page' };
  let on = pages.main;
  for (const step of chain.data) {
    at = followFrom(at.place, step, at.words, walk);
    if (at.place.kind === 'page') on = at.place.target;
  }
  return { ...at, on };
}

function mend(message: string, where: ScriptPlace): AppError {
  return new AppError('script_failed', `${message} (${where.text})`, {
    action: 'Mend this line of the automation script.',
    details: where.details,
  });
}

/** Runs an action; what it types goes through the gate. */
async function runAllowed(
  { run }: Action,
  { hosts }: ScriptPages,
  { words, where, by: { ask, ...by } }: { words: string; where: ScriptPlace; by: Manner },
): Promise<unknown> {
  const refusal = (address: string) => hostError(words, address, where);
  const gate = createGate({ ...by, hosts, refusal, ask: (address) => ask(address, words) });
  by.ends.throwIfAborted();
  return run(gate).catch((thrown: unknown) => {
    throw thrown instanceof RefusedStep ? mend(thrown.message, where) : thrown;
  });
}

/** Whether a call must not wait for its turn: it answers the dialog that the call before it may be stopped by. */
export function answersDialog(recorded: string): boolean {
  return recorded.startsWith('[{"method":"$dialog"');
}

/**
 * Checks a recorded chain against the allow-list, once more and from scratch, since it comes out of the sandbox.
 * Throws `script_failed`; nothing touches the page before `run`, which throws `script_host_not_allowed`, `script_failed`
 * or Playwright's error. `redact` takes what is secret out of the step's words.
 */
export function prepareStep(
  pages: ScriptPages,
  recorded: string,
  where: ScriptPlace,
  redact: Redact = String,
): PreparedStep {
  try {
    const { place, words, on } = walkChain(JSON.parse(recorded), { pages, redact, depth: 0 });
    if (place.kind !== 'action') throw new RefusedStep(`${words} does nothing to the page.`);
    const run = (by: Manner) => runAllowed(place, pages, { words, where, by });
    return { words, waits: place.waits, page: on, run };
  } catch (thrown) {
    throw thrown instanceof RefusedStep ? mend(thrown.message, where) : thrown;
  }
}

/** What Playwright said of a step that failed, without its call log, which repeats what was typed. */
export function reasonOf(thrown: unknown): string {
  if (!(thrown instanceof Error)) return 'it failed';
  if (thrown instanceof UnmetExpectation) return thrown.message.slice(0, 400);
  const several = /strict mode violation: .* resolved to (\d+) elements/.exec(thrown.message)?.[1];
  if (several !== undefined) return `${several} things on the page match it; name the one you mean`;
  if (thrown instanceof errors.TimeoutError) {
    const waitedMs = Number(/Timeout (\d+)ms/.exec(thrown.message)?.[1] ?? 0);
    // Playwright logs "resolved to" once it has found the element, whatever kept it from going on.
    if (thrown.message.includes('resolved to')) return notReadyWords(waitedMs);
    return absentWords(waitedMs);
  }
  const firstLine = thrown.message.split('\n')[0] ?? '';
  return firstLine.replace(/^[\w.]+: (?:Error: )?/, '').slice(0, 200);
}
