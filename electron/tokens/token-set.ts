import { z } from 'zod';
import { AppError } from '../../shared/errors.ts';
import { type Finding, findingSchema } from '../../shared/model/finding.ts';
import { Secret } from '../../shared/secret.ts';
import type { ResolvedProfile } from '../oauth/resolved-profile.ts';
import type { TokenAnswer } from '../oauth/token-answer.ts';

/** The refresh token of a token set. `refused`: by the server, which did not say that it is dead; kept for the person. */
export type HeldRefreshToken =
  | { kind: 'none' }
  | ({ kind: 'held' } & RefreshTokenFacts)
  | ({ kind: 'refused'; reason: string } & RefreshTokenFacts);

interface RefreshTokenFacts {
  token: Secret;
  /** When this very refresh token came; null: it was stored by a version that did not note it. */
  issuedAtMs: number | null;
  /** As the server said; null: it did not. */
  expiresAtMs: number | null;
  /** What it is bound to (RFC 9449 section 5); null: to no key. Another than the access token's once that came alone. */
  dpopKey: Secret | null;
}

/** Access token, refresh token, id token, scope, and when each was issued and expires. Times are in milliseconds. */
export interface TokenSet {
  /** Of the settings it was obtained with. */
  fingerprint: string;
  /** See `chainOf`. */
  chain: string | null;
  accessToken: Secret;
  tokenType: string;
  /** What the access token was asked to be bound to, a private JWK as JSON (RFC 9449); null: to no key. */
  dpopKey: Secret | null;
  issuedAtMs: number;
  /** As the server said; null: it did not. */
  expiresAtMs: number | null;
  refresh: HeldRefreshToken;
  idToken: Secret | null;
  /** When this very id token came; null: there is none, or it was stored by a version that did not note it. */
  idTokenIssuedAtMs: number | null;
  /** What was granted, or, where the server does not say, what was asked for. */
  scope: string;
  subject: string | null;
  /** By how much the server's clock was ahead of ours when it answered; null: unknown. */
  clockAheadMs: number | null;
  /** In what the update that brought it was not as the RFCs have it. */
  findings: readonly Finding[];
}

const secretCodec = z.codec(z.string().min(1), z.instanceof(Secret), {
  decode: (text) => new Secret(text),
  encode: (secret) => secret.reveal(),
});

const refreshTokenSchema = z.strictObject({
  token: secretCodec,
  issuedAtMs: z.number().nullable().default(null),
  expiresAtMs: z.number().nullable(),
  dpopKey: secretCodec.nullable().default(null),
});

/** A token set as it lies in the vault; only there are its tokens plain text. */
const storedSchema = z.strictObject({
  /** An older one lacks what has a default here. */
  format: z.literal([1, 2]),
  fingerprint: z.string(),
  chain: z.string().nullable().default(null),
  accessToken: secretCodec,
  tokenType: z.string(),
  dpopKey: secretCodec.nullable().default(null),
  issuedAtMs: z.number(),
  expiresAtMs: z.number().nullable(),
  refresh: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('none') }),
    refreshTokenSchema.extend({ kind: z.literal('held') }),
    refreshTokenSchema.extend({ kind: z.literal('refused'), reason: z.string() }),
  ]),
  idToken: secretCodec.nullable(),
  idTokenIssuedAtMs: z.number().nullable().default(null),
  scope: z.string(),
  subject: z.string().nullable(),
  clockAheadMs: z.number().nullable().default(null),
  findings: z.array(findingSchema).readonly().default([]),
});

/** The text of a token set for the vault. */
export function formatTokenSet(set: TokenSet): string {
  return JSON.stringify(z.encode(storedSchema, { format: 2, ...set }));
}

/** Reads a token set from the vault's text. Throws `vault_damaged`, naming the profile, and none of the text. */
export function parseTokenSet(text: string, profileName: string): TokenSet {
  try {
    const { format: _format, ...set } = storedSchema.parse(JSON.parse(text));
    return set;
  } catch {
    // The cause would quote what it could not read: tokens.
    throw new AppError('vault_damaged', `The stored token set of “${profileName}” cannot be read.`, {
      action: 'Forget the tokens of this profile, then press Get Access Token.',
    });
  }
}

/**
 * The token set after an answer. An answer without a refresh token keeps the old one, with one it replaces it
 * (RFC 6749 section 6). An id token is kept over a refresh alone (OpenID Connect Core 1.0 section 12.2): that of an
 * earlier login says nothing of a later one. Nothing is kept of a token set of other settings, or of another person, but
 * the refresh token of a chain that goes on.
 */
export function mergeAnswer(
  old: TokenSet | null,
  answer: TokenAnswer,
  settings: {
    fingerprint: string;
    chain: string | null;
    scope: string;
    byRefresh: boolean;
    findings: readonly Finding[];
  },
): TokenSet {
  const kept = old !== null && isOfTheSame(old, answer, settings) ? old : null;
  const { chain, byRefresh } = settings;
  const refresh = (byRefresh && chain !== null && old?.chain === chain ? old : kept)?.refresh;
  return {
    fingerprint: settings.fingerprint,
    chain,
    accessToken: answer.accessToken,
    tokenType: answer.tokenType,
    dpopKey: answer.dpopKey ?? null,
    issuedAtMs: answer.receivedAtMs,
    expiresAtMs: answer.accessExpiresAtMs,
    refresh: mergeRefresh(refresh ?? { kind: 'none' }, answer, byRefresh),
    ...mergeIdToken(byRefresh ? kept : null, answer),
    scope: answer.scope ?? kept?.scope ?? settings.scope,
    subject: answer.subject ?? kept?.subject ?? null,
    clockAheadMs: answer.clockAheadMs,
    findings: settings.findings,
  };
}

/** The profile of a request that is sent while the token set is held: no token of it may stand in what comes of that. */
export function hiding(profile: ResolvedProfile, set: TokenSet | null): ResolvedProfile {
  if (set === null) return profile;
  const tokens = [set.accessToken, set.refresh.kind === 'none' ? [] : set.refresh.token, set.idToken ?? []];
  return { ...profile, hidden: [...profile.hidden, ...tokens.flat()] };
}

/** A refresh is the same person's by itself, whichever claim names them this time; only a new grant can be another's. */
function isOfTheSame(
  old: TokenSet,
  answer: TokenAnswer,
  { fingerprint, byRefresh }: { fingerprint: string; byRefresh: boolean },
): boolean {
  const subjectsDiffer = old.subject !== null && answer.subject !== null && old.subject !== answer.subject;
  return old.fingerprint === fingerprint && (byRefresh || !subjectsDiffer);
}

function mergeIdToken(
  old: TokenSet | null,
  { idToken, receivedAtMs }: TokenAnswer,
): Pick<TokenSet, 'idToken' | 'idTokenIssuedAtMs'> {
  if (idToken !== null) return { idToken, idTokenIssuedAtMs: receivedAtMs };
  if (old === null || old.idToken === null) return { idToken: null, idTokenIssuedAtMs: null };
  return { idToken: old.idToken, idTokenIssuedAtMs: old.idTokenIssuedAtMs ?? old.issuedAtMs };
}

function mergeRefresh(old: HeldRefreshToken, answer: TokenAnswer, byRefresh: boolean): HeldRefreshToken {
  if (answer.refreshToken !== null) {
    return {
      kind: 'held',
      token: answer.refreshToken,
      issuedAtMs: answer.receivedAtMs,
      expiresAtMs: answer.refreshExpiresAtMs,
      dpopKey: answer.dpopKey ?? null,
    };
  }
  if (old.kind === 'none') return old;
  // Some servers extend the one refresh token at each use, and say so.
  const expiresAtMs = answer.refreshExpiresAtMs ?? old.expiresAtMs;
  // A refresh that went well proves that a token refused before is accepted again.
  return byRefresh
    ? { kind: 'held', token: old.token, issuedAtMs: old.issuedAtMs, expiresAtMs, dpopKey: old.dpopKey }
    : { ...old, expiresAtMs };
}
