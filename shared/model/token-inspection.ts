import { z } from 'zod';

const members = z.array(z.strictObject({ name: z.string(), value: z.string() }));

/** What was found when a JWT's signature was checked with the server's own keys (RFC 7515 section 5.2), and its times. */
export const verificationSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('valid') }),
  /** The signature is right, and `exp` is over. */
  z.strictObject({ kind: z.literal('expired') }),
  /** The signature is right, and `nbf` is still to come. */
  z.strictObject({ kind: z.literal('not_yet_valid') }),
  /** The server has the key that the token names, and it did not make this signature. */
  z.strictObject({ kind: z.literal('wrong_key') }),
  /** The server has no key that could have made the signature. */
  z.strictObject({ kind: z.literal('key_unknown') }),
  /** `alg` is `none`: anybody could have written it. */
  z.strictObject({ kind: z.literal('unsigned') }),
  z.strictObject({ kind: z.literal('unchecked'), reason: z.string() }),
]);
export type Verification = z.infer<typeof verificationSchema>;

export const inspectedTokenSchema = z.strictObject({
  token: z.enum(['access_token', 'id_token', 'refresh_token']),
  content: z.discriminatedUnion('kind', [
    /** No JWT: only the server can read it. */
    z.strictObject({ kind: z.literal('opaque') }),
    /** RFC 7516: only whom it is for can read it. */
    z.strictObject({ kind: z.literal('encrypted'), header: members }),
    z.strictObject({
      kind: z.literal('jwt'),
      header: members,
      /** Times as they came, in seconds since the epoch. */
      claims: members,
      verification: verificationSchema,
    }),
  ]),
});
export type InspectedToken = z.infer<typeof inspectedTokenSchema>;

/** What is in the tokens that are held, decoded and verified; no text in it could be used as a token. */
export const tokenInspectionSchema = z.strictObject({
  tokens: z.array(inspectedTokenSchema),
  scopes: z.strictObject({ asked: z.array(z.string()), granted: z.array(z.string()) }),
});
export type TokenInspection = z.infer<typeof tokenInspectionSchema>;
