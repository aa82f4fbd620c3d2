import { decodeJwt } from 'jose';
import { type Advice, adviceOn, met } from '../../shared/advisor/advice.ts';
import type { Finding } from '../../shared/model/finding.ts';
import type { Secret } from '../../shared/secret.ts';
import { scopeValues } from '../oauth/authorization.ts';
import { askedScope } from '../oauth/parameters.ts';
import type { ResolvedProfile } from '../oauth/resolved-profile.ts';
import type { TokenAnswer } from '../oauth/token-answer.ts';
import type { TokenSet } from './token-set.ts';

/** From here on a server's clock is far from ours, in milliseconds: more than the margin for an access token's expiry. */
export const farClockMs = 30_000;

/** An update of a token set that went well, as far as it tells something of the server. */
export interface Update {
  profile: Pick<ResolvedProfile, 'client' | 'protection' | 'scope' | 'parameters'>;
  /** What was held before. */
  old: TokenSet | null;
  answer: TokenAnswer;
  byRefresh: boolean;
}

function isSame(a: Secret | null | undefined, b: Secret | null | undefined): boolean {
  return a != null && b != null && a.reveal() === b.reveal();
}

/** What can be taken and used by whoever has it: a token of a client that proves nothing, bound to no key. */
function isUnbound({ client, protection }: Update['profile']): boolean {
  return client.kind === 'none' && protection.dpop.kind === 'off';
}

function refreshTokenOf(set: TokenSet | null): Secret | null {
  return set === null || set.refresh.kind === 'none' ? null : set.refresh.token;
}

function asksForRefreshToken(profile: Update['profile']): boolean {
  const offline = profile.parameters.some(({ name, value }) => name === 'access_type' && value === 'offline');
  return offline || scopeValues(askedScope(profile)).includes('offline_access');
}

function subOf(idToken: Secret | null | undefined): string | undefined {
  try {
    return idToken == null ? undefined : decodeJwt(idToken.reveal()).sub;
  } catch {
    // Encrypted, or of a server that checks nothing: then there is nothing to compare.
    return undefined;
  }
}

function minutes(ms: number): string {
  const seconds = Math.round(Math.abs(ms) / 1000);
  return seconds < 120 ? `${seconds} seconds` : `${Math.round(seconds / 60)} minutes`;
}

/** What an update shows of a server. */
export const updateAdvice: readonly Advice<Update>[] = [
  {
    code: 'clock_differs',
    severity: 'low',
    source: 'RFC 9110 section 6.6.1',
    text: (about) =>
      `The server's clock is ${about} this machine's; the times in its tokens are moved by that.`,
    find: (update) => {
      const { clockAheadMs } = update.answer;
      if (clockAheadMs === null || Math.abs(clockAheadMs) < farClockMs) return null;
      return `${minutes(clockAheadMs)} ${clockAheadMs > 0 ? 'ahead of' : 'behind'}`;
    },
  },
  {
    code: 'access_token_repeated',
    severity: 'low',
    source: 'RFC 6749 section 6',
    text: () => 'The refresh brought the same access token again; it should bring a new one.',
    find: (update) => met(update.byRefresh && isSame(update.old?.accessToken, update.answer.accessToken)),
  },
  {
    code: 'refresh_token_not_rotated',
    severity: 'medium',
    source: 'RFC 9700 section 4.14.2',
    text: () =>
      'The refresh token of a public client stayed the same. The server must replace it at each use, or bind it to a key, so that a stolen one is noticed.',
    find: (update) => {
      const { refreshToken } = update.answer;
      const held = refreshTokenOf(update.old);
      const kept = refreshToken === null ? held !== null : isSame(refreshToken, held);
      return met(update.byRefresh && kept && isUnbound(update.profile));
    },
  },
  {
    code: 'dpop_ignored',
    severity: 'medium',
    source: 'RFC 9449 section 5',
    text: () =>
      'The token was asked to be bound to a key (DPoP), and the server answered with one that is not: whoever has it can use it.',
    find: (update) => {
      const { dpopKey, tokenType } = update.answer;
      return met(dpopKey !== undefined && tokenType.toLowerCase() !== 'dpop');
    },
  },
  {
    code: 'id_token_subject_changed',
    severity: 'high',
    source: 'OpenID Connect Core 1.0 section 12.2',
    text: () =>
      'The id token of the refresh is of another subject (sub) than the one before; it must be the same.',
    find: (update) => {
      const [before, after] = [subOf(update.old?.idToken), subOf(update.answer.idToken)];
      const differ = before !== undefined && after !== undefined && before !== after;
      return met(update.byRefresh && differ);
    },
  },
  {
    code: 'scope_narrowed',
    severity: 'note',
    source: 'RFC 6749 section 3.3',
    text: () => 'The server granted less than the scope that was asked for, which it may.',
    find: (update) => {
      const granted = scopeValues(update.answer.scope ?? '');
      const missing = scopeValues(askedScope(update.profile)).some((value) => !granted.includes(value));
      return met(update.answer.scope !== null && missing);
    },
  },
  {
    code: 'refresh_token_withheld',
    severity: 'low',
    source: 'OpenID Connect Core 1.0 section 11',
    text: () =>
      'A refresh token was asked for, and none came. Many servers give one only with the parameter prompt=consent, or when the client is allowed to have one.',
    find: (update) => {
      const { answer, byRefresh, profile } = update;
      const withheld = !byRefresh && answer.refreshToken === null && asksForRefreshToken(profile);
      return met(withheld);
    },
  },
];

/** All that is to be told of a token set after an update: what its answer showed, and what the update did. */
export function updateFindings(update: Update): Finding[] {
  return [...update.answer.findings, ...adviceOn(updateAdvice, update)];
}
