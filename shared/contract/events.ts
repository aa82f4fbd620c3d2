import { z } from 'zod';
import { idSchema } from '../model/identifier.ts';
import { playgroundStatusSchema } from '../model/playground.ts';
import { testRunSchema } from '../model/test-run.ts';
import { tokenEventSchema, tokenStatusSchema } from '../model/token.ts';
import { projectStateSchema, settingsSchema, vaultStatusSchema } from './calls.ts';

/** What the engine tells every renderer, unasked. Each carries the whole new state, so a missed one does no harm. */
export const engineEventSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('project'), state: projectStateSchema }),
  z.strictObject({ kind: z.literal('settings'), settings: settingsSchema }),
  z.strictObject({ kind: z.literal('token_status'), status: tokenStatusSchema }),
  z.strictObject({ kind: z.literal('token_event'), event: tokenEventSchema }),
  z.strictObject({ kind: z.literal('playground'), status: playgroundStatusSchema }),
  z.strictObject({ kind: z.literal('test_run'), run: testRunSchema }),
  /** How many steps a recording of a profile has so far; null: it is over. */
  z.strictObject({ kind: z.literal('recording'), profile: idSchema, steps: z.number().int().nullable() }),
  z.strictObject({ kind: z.literal('vault'), status: vaultStatusSchema }),
]);
export type EngineEvent = z.infer<typeof engineEventSchema>;
