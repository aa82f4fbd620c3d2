import { z } from 'zod';

/** What the playground does wrong on purpose at its token endpoint (`refuse_refresh`: at refreshes only). */
export const playgroundFailureSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('none') }),
  z.strictObject({ kind: z.literal('refuse_refresh') }),
  z.strictObject({ kind: z.literal('server_error') }),
  z.strictObject({
    kind: z.literal('too_many_requests'),
    retryAfterSeconds: z.number().int().min(0).max(3600),
  }),
  z.strictObject({ kind: z.literal('slow'), delayMs: z.number().int().min(0).max(120_000) }),
  z.strictObject({ kind: z.literal('malformed_json') }),
]);
export type PlaygroundFailure = z.infer<typeof playgroundFailureSchema>;

export const playgroundSettingsSchema = z.strictObject({
  accessLifetimeSeconds: z.number().int().min(1).max(86_400).default(300),
  refreshLifetimeSeconds: z.number().int().min(1).max(31_536_000).default(1_209_600),
  /** Each refresh gives a new refresh token; using an old one again revokes the whole chain (RFC 9700 section 4.14). */
  rotation: z.boolean().default(true),
  /** Whether a browser stays signed in after a consent, so that the next flow in the same session skips the login page. */
  keepsSessions: z.boolean().default(false),
  /** By how many seconds the `Date` header of its answers is ahead of this machine's clock. */
  clockAheadSeconds: z.number().int().min(-86_400).max(86_400).default(0),
  failure: playgroundFailureSchema.default({ kind: 'none' }),
});
export type PlaygroundSettings = z.infer<typeof playgroundSettingsSchema>;

/** Calls that reached the token endpoint by `grant_type`, whatever came of them, and calls of the protected API. */
export const playgroundCountersSchema = z.strictObject({
  authorization_code: z.number().int(),
  refresh_token: z.number().int(),
  client_credentials: z.number().int(),
  password: z.number().int(),
  revocation: z.number().int(),
  introspection: z.number().int(),
  /** Token requests that were answered with an error. */
  refused: z.number().int(),
  /** Refresh tokens that were used again after they had been replaced; each revoked its whole chain. */
  reused: z.number().int(),
  api: z.number().int(),
  apiUnauthorized: z.number().int(),
});
export type PlaygroundCounters = z.infer<typeof playgroundCountersSchema>;

/** A user of the playground; the passwords are public, the login page shows them. */
export const playgroundUserSchema = z.strictObject({
  username: z.string(),
  password: z.string(),
  name: z.string(),
});
export type PlaygroundUser = z.infer<typeof playgroundUserSchema>;

export const playgroundStatusSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('stopped') }),
  z.strictObject({
    kind: z.literal('running'),
    /** Issuer and base of the API: `http://127.0.0.1:<port>`. */
    url: z.string(),
    settings: playgroundSettingsSchema,
    counters: playgroundCountersSchema,
    users: z.array(playgroundUserSchema),
  }),
]);
export type PlaygroundStatus = z.infer<typeof playgroundStatusSchema>;
