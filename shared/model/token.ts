import { z } from 'zod';
import { errorWireSchema } from '../errors.ts';
import { findingSchema } from './finding.ts';
import { grantSchema } from './grant.ts';
import { idSchema, nameSchema } from './identifier.ts';

/** What asked for a token: sending a request, Get Access Token, the Refresh button, or renewal ahead of the expiry. */
export const triggerSchema = z.enum(['send', 'get', 'refresh', 'renew']);
export type Trigger = z.infer<typeof triggerSchema>;

/** The access token as the person sees it. Times are milliseconds since the epoch; null means the server did not say. */
export const accessTokenViewSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('none') }),
  z.strictObject({
    kind: z.literal('held'),
    masked: z.string(),
    tokenType: z.string(),
    issuedAtMs: z.number(),
    /** The id token's, where that goes along with requests and ends first. */
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

/** Whether a script may type on a page of a host that is not one of its login's; answered by `tokens.answerHost`. */
export const hostQuestionSchema = z.strictObject({
  id: z.string(),
  /** Scheme, host and port, as `URL.origin` gives it: ASCII, and chosen by the page. */
  origin: z.string().max(300),
  /** The step in the script's own words, without what it types. */
  words: z.string().max(500),
});
export type HostQuestion = z.infer<typeof hostQuestionSchema>;

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
    /** What its script waits for; null: for nobody. */
    question: hostQuestionSchema.nullable(),
  }),
  /** The person is to enter a code at an address, on any device (RFC 8628 section 3.3). */
  z.strictObject({
    kind: z.literal('device'),
    sinceMs: z.number(),
    userCode: z.string(),
    verificationUri: z.string(),
    /** The same address with the code in it; null: there is none. */
    verificationUriComplete: z.string().nullable(),
    expiresAtMs: z.number(),
  }),
  /** Somebody was asked on a device of their own (OpenID Connect CIBA 1.0). */
  z.strictObject({
    kind: z.literal('backchannel'),
    sinceMs: z.number(),
    /** As the profile names them to the server. */
    who: z.string(),
    /** What they are shown with the question; empty: nothing. */
    bindingMessage: z.string(),
    expiresAtMs: z.number(),
  }),
  z.strictObject({
    kind: z.literal('elsewhere'),
    sinceMs: z.number(),
    /** What another process is doing, and which: "consent in progress in the desktop app (process 4711)". */
    what: z.string(),
  }),
]);
export type TokenActivity = z.infer<typeof tokenActivitySchema>;

/** The state of the token set of one persona of a profile: no value that could be used is in it. */
export const tokenStatusSchema = z.strictObject({
  profile: idSchema,
  persona: nameSchema,
  access: accessTokenViewSchema,
  refresh: refreshTokenViewSchema,
  /** Whether an id token is held, which logging out at the provider shows to the server. */
  idTokenHeld: z.boolean(),
  /** Whether the vault keeps a consent browser's session of this persona. */
  sessionKept: z.boolean(),
  /**
   * By how much the server's clock was ahead of this machine's at the last token answer, in milliseconds; null when they
   * agree within a few seconds, or the server did not tell its time.
   */
  clockAheadMs: z.number().nullable(),
  /** In what its last update was not as the RFCs have it. */
  findings: z.array(findingSchema),
  /** When the token is renewed by itself, ahead of its expiry; null: it is not. */
  renewsAtMs: z.number().nullable(),
  activity: tokenActivitySchema,
  /** Whether the Refresh button shows: Manual mode and a refresh token (the policy table). */
  refreshShown: z.boolean(),
  /** Whether "Refresh now" is in the profile's menu: Automatic mode and a refresh token. */
  refreshNowShown: z.boolean(),
  /** The last update that failed, until one succeeds. */
  failure: errorWireSchema.nullable(),
});
export type TokenStatus = z.infer<typeof tokenStatusSchema>;

/** How many token events are kept, in an engine and in a window; the oldest go first. */
export const keptTokenEvents = 10_000;

/** The word for a token's state, the same in list, header and request. */
export type TokenState = 'none' | 'valid' | 'expired' | 'stale' | 'updating' | 'waiting';

/** The state of a token at an instant, from its status. `waiting`: for the person who is here. */
export function tokenStateAt(status: TokenStatus, nowMs: number): TokenState {
  const { activity } = status;
  if (activity.kind === 'device') return 'waiting';
  if (activity.kind === 'consent') {
    return activity.attended || activity.question !== null ? 'waiting' : 'updating';
  }
  if (activity.kind !== 'idle') return 'updating';
  if (status.access.kind === 'none') return 'none';
  if (status.access.stale) return 'stale';
  const until = status.access.usableUntilMs;
  return until !== null && nowMs >= until ? 'expired' : 'valid';
}

/** One thing that happened to a token set, or was done about it. */
export const tokenEventKindSchema = z.enum([
  'obtained',
  'refreshed',
  /** Another process updated the token set while this one waited for it. */
  'updated_elsewhere',
  'refresh_refused',
  'refresh_failed',
  'obtain_failed',
  'consent_started',
  'consent_cancelled',
  /** A person said whether a script may type on a page of another host. */
  'host_answered',
  'script_log',
  'sent_expired',
  'rejected_by_api',
  'not_sent',
  'revealed',
  'forgotten',
  'became_stale',
  /** The server's clock and this machine's differ by more than tokens can bear. */
  'clock_differs',
  'revoked',
  'introspected',
  'logged_out',
  'session_cleared',
  /** Revocation, introspection or logging out at the provider did not come about. */
  'end_failed',
]);
export type TokenEventKind = z.infer<typeof tokenEventKindSchema>;

/** How the tokens of an event were got; a refresh within any grant is `refresh_token`. */
export const grantTypeSchema = z.enum(grantSchema.options.map(({ shape }) => shape.kind.value));
export type GrantType = z.infer<typeof grantTypeSchema>;

/** What a server answered, fit to show: a value that is or may be secret is only told to be there. */
export const redactedAnswerSchema = z.strictObject({
  /** HTTP status. */
  status: z.number().int(),
  /** The members of its JSON, in the order in which they came; at most 40. */
  fields: z.array(z.strictObject({ name: z.string(), value: z.string() })),
});
export type RedactedAnswer = z.infer<typeof redactedAnswerSchema>;

export const tokenEventSchema = z.strictObject({
  id: z.string(),
  atMs: z.number(),
  profile: idSchema,
  persona: nameSchema,
  /** The environment's id; null: none. */
  environment: idSchema.nullable(),
  kind: tokenEventKindSchema,
  trigger: triggerSchema.nullable(),
  /** Of the token request that this tells of; null when it tells of none. */
  grant: grantTypeSchema.nullable(),
  /** What happened, in one sentence without its end stop, for example "Refreshed in the background". */
  title: z.string(),
  /** The cause and what was done about it, for example "invalid_grant; the refresh token was dropped, consent follows". */
  detail: z.string(),
  durationMs: z.number().nonnegative().nullable(),
  answer: redactedAnswerSchema.nullable(),
  /** The requests that waited for this, by name, the first 20 of `waitedCount`. */
  waited: z.array(z.string()),
  waitedCount: z.number().int().nonnegative(),
  error: errorWireSchema.nullable(),
});
export type TokenEvent = z.infer<typeof tokenEventSchema>;

/** What the server says of a token (RFC 7662 section 2.2). */
export const introspectionSchema = z.strictObject({
  token: z.enum(['access_token', 'refresh_token']),
  active: z.boolean(),
  /** Everything else it told, as text, times as they came; the token itself is masked wherever it stands. */
  claims: z.array(z.strictObject({ name: z.string(), value: z.string() })),
});
export type Introspection = z.infer<typeof introspectionSchema>;
