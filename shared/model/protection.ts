import { z } from 'zod';
import { signingAlgorithmSchema, signingKeySchema } from './signing-key.ts';

/** What makes the protocol harder to attack than RFC 6749 leaves it. */
export const protectionSchema = z.strictObject({
  /** The authorization request goes to the server first, and the browser carries a reference alone (RFC 9126). */
  pushedRequest: z.boolean().default(false),
  /** Tokens bound to a key of their own, proved with every token and API call (RFC 9449). */
  dpop: z
    .discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('off') }),
      z.strictObject({ kind: z.literal('on'), algorithm: signingAlgorithmSchema.default('ES256') }),
    ])
    .default({ kind: 'off' }),
  /** The authorization request as a signed JWT (RFC 9101). */
  requestObject: z
    .discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('none') }),
      z.strictObject({ kind: z.literal('signed'), key: signingKeySchema }),
    ])
    .default({ kind: 'none' }),
});
export type Protection = z.infer<typeof protectionSchema>;
