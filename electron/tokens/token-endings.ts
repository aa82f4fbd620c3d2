import { AppError } from '../../shared/errors.ts';
import type { Introspection, TokenActivity, TokenEvent } from '../../shared/model/token.ts';
import type { TokenInspection } from '../../shared/model/token-inspection.ts';
import type { Secret } from '../../shared/secret.ts';
import { scopeValues } from '../oauth/authorization.ts';
import { askedScope } from '../oauth/parameters.ts';
import type { HeldToken } from '../oauth/revocation.ts';
import { clockCorrectionMs } from '../oauth/server-clock.ts';
import { purposeOf } from './event-words.ts';
import type { FlightControl } from './flight-control.ts';
import { policyFailure } from './policy-failure.ts';
import type { StatusBoard } from './status-board.ts';
import type { TokenLog } from './token-log.ts';
import { hiding, type TokenSet } from './token-set.ts';
import { isStale } from './token-status.ts';
import type { TokenStore } from './token-store.ts';
import { type TokenKey, type TokenSubject, tokenEntryName } from './token-subject.ts';
import type { TokenUpdates } from './token-updates.ts';

/** What ends or asks about tokens at the server, none of it by itself. Each is a token event, also when it fails. */
export interface TokenEndings {
  /**
   * Revokes the refresh token, then the access token (RFC 7009), and deletes here what was revoked. Resolves to what was.
   * Throws `token_missing`, `endpoint_missing`, `revocation_failed`; what was revoked before the failure is deleted.
   */
  revoke(subject: TokenSubject): Promise<HeldToken['kind'][]>;
  /** Decodes the tokens and verifies JWTs; no token event, since nothing is revealed by it. Throws `token_missing`. */
  inspect(subject: TokenSubject): Promise<TokenInspection>;
  /** Asks the server about a token (RFC 7662). Throws `token_missing`, `endpoint_missing`, `introspection_failed`. */
  introspect(subject: TokenSubject, kind: HeldToken['kind']): Promise<Introspection>;
  /**
   * Ends the person's session at the provider; the tokens stay as they are. Throws `endpoint_missing`,
   * `logout_unconfirmed`, and what a consent window fails with.
   */
  logout(subject: TokenSubject): Promise<'returned' | 'page'>;
  /** Ends a logout under way, if there is one. */
  cancelLogout(key: TokenKey, reason: AppError): void;
  /** Deletes the kept session of the consent browser. */
  clearSession(subject: TokenSubject): Promise<void>;
}

export interface TokenEndingParts {
  store: TokenStore;
  board: StatusBoard;
  log: TokenLog;
  control: FlightControl;
  updates: TokenUpdates;
  now: () => number;
  personPresent: () => boolean;
  where: string;
}

const words: Record<HeldToken['kind'], string> = {
  refresh_token: 'refresh token',
  access_token: 'access token',
};

export function createTokenEndings(parts: TokenEndingParts): TokenEndings {
  const { store, board, log, control, updates, now } = parts;
  const logouts = new Map<string, AbortController>();

  /** Does it, and tells the timeline what came of it. */
  async function told<T>(
    subject: TokenSubject,
    failedTitle: string,
    work: () => Promise<T>,
    event: (result: T) => Pick<TokenEvent, 'kind' | 'title' | 'detail'>,
  ): Promise<T> {
    const startedMs = now();
    const sinceMs = () => Math.max(0, now() - startedMs);
    try {
      const result = await work();
      log.add(subject.key, { trigger: null, ...event(result), durationMs: sinceMs() });
      return result;
    } catch (thrown) {
      const error = AppError.from(thrown);
      const failed = { kind: 'end_failed' as const, title: failedTitle, detail: error.message };
      log.add(subject.key, { trigger: null, ...failed, durationMs: sinceMs(), error: error.toWire() });
      throw error;
    }
  }

  async function held(subject: TokenSubject): Promise<TokenSet> {
    const set = await store.read(subject);
    const stale = set !== null && isStale(set, subject);
    // Tokens of other settings are perhaps of another server: they go nowhere.
    if (set !== null && !stale) return set;
    throw policyFailure('fail_token_missing', subject, { stale, refusal: null });
  }

  async function revokeAll(subject: TokenSubject): Promise<HeldToken['kind'][]> {
    let left: TokenSet = await held(subject);
    const profile = hiding(subject.profile, left);
    const revoked: HeldToken['kind'][] = [];
    if (left.refresh.kind !== 'none') {
      await updates.revoke(profile, { kind: 'refresh_token', token: left.refresh.token });
      revoked.push('refresh_token');
      left = { ...left, refresh: { kind: 'none' } };
      await store.write(subject, left);
    }
    await updates.revoke(profile, { kind: 'access_token', token: left.accessToken });
    revoked.push('access_token');
    await store.forget(subject);
    return revoked;
  }

  async function logout(subject: TokenSubject): Promise<'returned' | 'page'> {
    const set = await store.read(subject);
    const idToken = set !== null && !isStale(set, subject) ? set.idToken : null;
    const own = { ...subject, profile: hiding(subject.profile, set) };
    const attended = parts.personPresent();
    const activity = { kind: 'consent', sinceMs: now(), attended, openUrl: null, question: null } as const;
    const abort = new AbortController();
    const entry = tokenEntryName(subject.key);
    logouts.set(entry, abort);
    // An update under way shows its own activity.
    const show = (shown: TokenActivity) => {
      if (!control.isUpdating(subject.key)) board.note(subject.key, { activity: shown });
    };
    show(activity);
    try {
      const onOpenUrl = (openUrl: string) => show({ ...activity, openUrl });
      return await updates.logout(own, idToken, { attended, onOpenUrl }, abort.signal);
    } finally {
      // Another one may have begun meanwhile.
      if (logouts.get(entry) === abort) logouts.delete(entry);
      show({ kind: 'idle' });
    }
  }

  return {
    revoke: (subject) =>
      told(
        subject,
        'Not revoked at the server',
        () => {
          const purpose = purposeOf(subject, 'revoking the tokens of', parts.where);
          return control.exclusively(subject, purpose, () => revokeAll(subject));
        },
        (revoked) => ({
          kind: 'revoked',
          title: 'Revoked at the server',
          detail: `${revoked.map((kind) => words[kind]).join(' and ')} · deleted here too`,
        }),
      ),
    async inspect(subject) {
      const set = await held(subject);
      const { accessToken, idToken, refresh } = set;
      const tokens = { accessToken, idToken, refreshToken: refresh.kind === 'none' ? null : refresh.token };
      const nowMs = now() + clockCorrectionMs(set.clockAheadMs);
      return {
        tokens: await updates.inspect(hiding(subject.profile, set), tokens, nowMs),
        scopes: { asked: scopeValues(askedScope(subject.profile)), granted: scopeValues(set.scope) },
      };
    },
    introspect: (subject, kind) =>
      told(
        subject,
        'Introspection failed',
        async () => {
          const set = await held(subject);
          return updates.introspect(hiding(subject.profile, set), {
            kind,
            token: tokenOfKind(subject, set, kind),
          });
        },
        ({ active }) => ({
          kind: 'introspected',
          title: `The server says: ${words[kind]} ${active ? 'active' : 'not active'}`,
          detail: 'Asked by introspection; nothing was changed here',
        }),
      ),
    logout: (subject) =>
      told(
        subject,
        'Not logged out at the provider',
        () => logout(subject),
        (end) => ({
          kind: 'logged_out',
          title: 'Session ended at the provider',
          detail:
            end === 'returned'
              ? 'The server sent back to the post-logout redirect URI · the tokens here stay as they are'
              : 'The server showed a page of its own · the tokens here stay as they are',
        }),
      ),
    cancelLogout: (key, reason) => logouts.get(tokenEntryName(key))?.abort(reason),
    async clearSession(subject) {
      await store.clearSession(subject);
      const title = 'Consent session cleared';
      const detail = 'The next consent begins at the login page';
      log.add(subject.key, { kind: 'session_cleared', trigger: null, title, detail });
    },
  };
}

function tokenOfKind(subject: TokenSubject, set: TokenSet, kind: HeldToken['kind']): Secret {
  if (kind === 'access_token') return set.accessToken;
  if (set.refresh.kind !== 'none') return set.refresh.token;
  throw policyFailure('fail_refresh_token_missing', subject, { stale: false, refusal: null });
}
