import { z } from 'zod';
import { errorWireSchema } from '../errors.ts';
import { idSchema, nameSchema } from './identifier.ts';
import { pageScriptSchema } from './page-script.ts';

/** One action of a script in a test run; texts are the script's and the page's, and hold nothing secret. */
export const testStepSchema = z.strictObject({
  /** From 1 on. */
  index: z.number().int().positive(),
  /** The action in the script's own words, without what it types. */
  words: z.string(),
  /** Of the script, from 1; null: not known. */
  line: z.number().int().nullable(),
  /** The name that `step` gave to this part of the script; null: none. */
  part: z.string().nullable(),
  /** `held`: it waits for the person to step on. */
  state: z.enum(['held', 'running', 'passed', 'failed', 'stopped']),
  /** Milliseconds since the run began. */
  beganMs: z.number().nonnegative(),
  durationMs: z.number().nonnegative().nullable(),
  /** Why it failed. */
  reason: z.string().nullable(),
  /** The page's address after it, without its parameters. */
  url: z.string().nullable(),
  /** Whether there is a picture of the page after it, for `testRuns.picture`. */
  pictured: z.boolean(),
});
export type TestStep = z.infer<typeof testStepSchema>;

/** How a test run ended. */
export const testOutcomeSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('token_obtained') }),
  /** The server sent back before the script had done anything: the kept session was enough. */
  z.strictObject({ kind: z.literal('session_used') }),
  z.strictObject({ kind: z.literal('no_redirect'), error: errorWireSchema }),
  /** `nearest`: what is on the page and comes closest to what the step looked for, as the script would name it. */
  z.strictObject({
    kind: z.literal('step_failed'),
    error: errorWireSchema,
    nearest: z.array(z.string()).max(3),
  }),
  z.strictObject({ kind: z.literal('failed'), error: errorWireSchema }),
  z.strictObject({ kind: z.literal('stopped') }),
]);
export type TestOutcome = z.infer<typeof testOutcomeSchema>;

/** What is on trial: what stands in the editor, saved or not. */
export const trialSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('script'), source: z.string().max(200_000) }),
  z.strictObject({ kind: z.literal('page_scripts'), pages: z.array(pageScriptSchema).max(50) }),
]);
export type Trial = z.infer<typeof trialSchema>;

/** One run of a script for its writer's eyes, from the authorization URL to the token. */
export const testRunSchema = z.strictObject({
  id: z.string(),
  profile: idSchema,
  persona: nameSchema,
  /** Whether its window is shown. */
  visible: z.boolean(),
  /** Whether each action waits for `testRuns.next`. */
  stepping: z.boolean(),
  steps: z.array(testStepSchema),
  /** What the script logged. */
  log: z.array(z.string()),
  /** Null: it is under way. */
  outcome: testOutcomeSchema.nullable(),
});
export type TestRun = z.infer<typeof testRunSchema>;
