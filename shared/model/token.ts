import { z } from 'zod';
import { errorWireSchema } from '../errors.ts';
import { idSchema } from './identifier.ts';

/** What asked for a token: sending a request, Get Access Token, or the Refresh button. */
export const triggerSchema = z.enum(['send', 'get', 'refresh']);
export type Trigger = z.infer<typeof triggerSchema>;

/** The access token as the person sees it. Times are milliseconds since the epoch; null means the server did not say. */
export const accessTokenViewSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('none') }),
  z.strictObject({
    kind: z.literal('held'),
    masked: z.string(),
    tokenType: z.string(),
    issuedAtMs: z.number(),
    expiresAtMs: z.number().nullable(),
    /** Expiry less the margin for clock skew: from here on the token counts as expired. */
    usableUntilMs: z.number().nullable(),
    scope: z.array(z.string()),
    /** `sub` or a friendlier claim of a JWT access token or id token, where there is one. */
    subject: z.string().nullable(),
    /** True when the profile's settings have changed since the token was obtained: it is shown and not used. */
    stale: z.boolean(),
  }),
]);
export type AccessTokenView = z.infer<typeof accessTokenViewSchema>;

export const refreshTokenViewSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('none') }),
  z.strictObject({ kind: z.literal('usable'), expiresAtMs: z.number().nullable() }),
  z.strictObject({ kind: z.literal('expired'), expiresAtMs: z.number() }),
  /** The server refused it without saying that it is dead: kept, not used again by itself. */
  z.strictObject({ kind: z.literal('refused'), reason: z.string() }),
]);
export type RefreshTokenView = z.infer<typeof refreshTokenViewSchema>;

/** What the engine is doing about a token set at this moment. */
export const tokenActivitySchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('idle') }),
  z.strictObject({ kind: z.literal('requesting'), sinceMs: z.number() }),
  z.strictObject({ kind: z.literal('refreshing'), sinceMs: z.number() }),
  z.strictObject({
    kind: z.literal('consent'),
    sinceMs: z.number(),
    /** True while it waits for the person, false while a script works the screens. */
    attended: z.boolean(),
    /**
     * Where the person must be sent to, when their own browser is the consent browser (RFC 8252) and the engine
     * could not open it. It holds `state` and the PKCE challenge, no secret.
     */
    openUrl: z.string().nullable(),
  }),
]);
export type TokenActivity = z.infer<typeof tokenActivitySchema>;

/** The state of one profile's token set: no value that could be used is in it. */
export const tokenStatusSchema = z.strictObject({
  profile: idSchema,
  access: accessTokenViewSchema,
  refresh: refreshTokenViewSchema,
  activity: tokenActivitySchema,
  /** Whether the Refresh button shows: Manual mode and a refresh token (the policy table). */
  refreshShown: z.boolean(),
  /** Whether "Refresh now" is in the profile's menu: Automatic mode and a refresh token. */
  refreshNowShown: z.boolean(),
  /** The last update that failed, until one succeeds. */
  failure: errorWireSchema.nullable(),
});
export type TokenStatus = z.infer<typeof tokenStatusSchema>;

/** The word for a token's state, the same in list, header and request. */
export type TokenState = 'none' | 'valid' | 'expired' | 'stale' | 'updating' | 'waiting';

/** The state of a token at an instant, from its status. `waiting`: for a person at the consent screens. */
export function tokenStateAt(status: TokenStatus, nowMs: number): TokenState {
  if (status.activity.kind === 'consent') return status.activity.attended ? 'waiting' : 'updating';
  if (status.activity.kind !== 'idle') return 'updating';
  if (status.access.kind === 'none') return 'none';
  if (status.access.stale) return 'stale';
  const until = status.access.usableUntilMs;
  return until !== null && nowMs >= until ? 'expired' : 'valid';
}

/** One thing that happened to a token set. */
export const tokenEventKindSchema = z.enum([
  'obtained',
  'refreshed',
  'refresh_refused',
  'refresh_failed',
  'obtain_failed',
  'consent_started',
  'consent_cancelled',
  'script_log',
  'sent_expired',
  'rejected_by_api',
  'not_sent',
  'revealed',
  'forgotten',
  'became_stale',
]);
export type TokenEventKind = z.infer<typeof tokenEventKindSchema>;

export const tokenEventSchema = z.strictObject({
  id: z.string(),
  atMs: z.number(),
  profile: idSchema,
  kind: tokenEventKindSchema,
  trigger: triggerSchema.nullable(),
  /** What happened, in one sentence without its end stop, for example "Refreshed in the background". */
  title: z.string(),
  /** The cause and what was done about it, for example "invalid_grant; the refresh token was dropped, consent follows". */
  detail: z.string(),
  durationMs: z.number().nonnegative().nullable(),
  error: errorWireSchema.nullable(),
});
export type TokenEvent = z.infer<typeof tokenEventSchema>;
