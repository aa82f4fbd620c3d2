import { z } from 'zod';

const name = z
  .string()
  .trim()
  .min(1, 'a name')
  .max(200)
  .regex(/^[\w!#$%&'*+.^`|~-]+$/, 'letters, digits and - _ . only');

/** Where an API request carries the token (RFC 6750 section 2, and what servers want beside that). */
export const placementSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('header'),
    name: name.default('Authorization'),
    /** Before the token, with a blank between; null: the token's own type; empty: the token alone. */
    prefix: z
      .string()
      .max(100)
      .regex(/^[\x20-\x7e]*$/, 'characters of ASCII')
      .nullable()
      .default(null),
  }),
  z.strictObject({ kind: z.literal('query'), name: name.default('access_token') }),
  /** A field of a form body (RFC 6750 section 2.2). */
  z.strictObject({ kind: z.literal('form'), name: name.default('access_token') }),
  z.strictObject({ kind: z.literal('cookie'), name: name.default('access_token') }),
]);
export type Placement = z.infer<typeof placementSchema>;

/** Which token of the set goes along. */
export const placedTokenSchema = z.enum(['access_token', 'id_token']);
export type PlacedToken = z.infer<typeof placedTokenSchema>;
