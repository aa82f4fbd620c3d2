import { AppError } from '../../shared/errors.ts';
import type { TokenActivity } from '../../shared/model/token.ts';
import type { Secret } from '../../shared/secret.ts';
import { classifyTokenFailure } from '../oauth/refusal.ts';
import type { TokenAnswer } from '../oauth/token-answer.ts';
import {
  failedEvent,
  isCancelled,
  refusalDetail,
  refusalWords,
  type UpdateAction,
  updatedDetail,
  updatedTitle,
} from './event-words.ts';
import type { Flight, FlightPlan } from './flight.ts';
import { policyFailure, refreshRefused } from './policy-failure.ts';
import { decide, type PolicyAction } from './refresh-policy.ts';
import type { StatusBoard } from './status-board.ts';
import type { NewTokenEvent, TokenLog } from './token-log.ts';
import { type HeldRefreshToken, mergeAnswer, type TokenSet } from './token-set.ts';
import { accessState, isStale, refreshView } from './token-status.ts';
import type { TokenStore } from './token-store.ts';
import type { TokenSubject } from './token-subject.ts';
import type { TokenUpdates } from './token-updates.ts';

/** What an update works with. */
export interface UpdateParts {
  store: TokenStore;
  updates: TokenUpdates;
  board: StatusBoard;
  log: TokenLog;
  now: () => number;
  personPresent: () => boolean;
}

/** What was asked for: the trigger, and the token that the API has just rejected, if that is why. */
export interface UpdateRun extends FlightPlan {
  rejected: Secret | null;
}

/** The one action that the refresh policy says for a token set at this moment. */
export function actionFor(
  parts: Pick<UpdateParts, 'now' | 'personPresent'>,
  subject: TokenSubject,
  set: TokenSet | null,
  run: Pick<UpdateRun, 'trigger' | 'rejected'>,
): PolicyAction {
  return decide({
    trigger: run.trigger,
    mode: subject.refreshMode,
    access: accessState(set, subject, parts.now(), run.rejected),
    refresh: refreshView(set, subject, parts.now()).kind,
    silentGrant: subject.silentGrant,
    hasScript: subject.hasScript,
    personPresent: parts.personPresent(),
  });
}

/**
 * One update of a token set: row by row of the refresh policy, until there is a new one or no row is left. It must run
 * while nobody else updates that token set.
 */
export class TokenUpdate {
  readonly #parts: UpdateParts;
  readonly #subject: TokenSubject;
  readonly #run: UpdateRun;
  readonly #flight: Flight<TokenSet>;
  /** The refusal of the refresh token, once a row has met it. */
  #refusal: AppError | null = null;

  constructor(parts: UpdateParts, subject: TokenSubject, run: UpdateRun, flight: Flight<TokenSet>) {
    this.#parts = parts;
    this.#subject = subject;
    this.#run = run;
    this.#flight = flight;
  }

  /**
   * The new token set, on the disk already. `before` is the one that was held when the update was asked for: if another
   * process has put a usable one in its place since, that is the result. Rejects with the AppError of the last row.
   */
  async perform(before: TokenSet | null): Promise<TokenSet> {
    for (;;) {
      this.#flight.checkpoint();
      const set = await this.#parts.store.read(this.#subject);
      this.#parts.board.note(this.#subject.key, { set });
      const action = actionFor(this.#parts, this.#subject, set, this.#run);
      if (set !== null && (action === 'use' || this.#replacedSince(before, set))) return set;
      const updated = await this.#row(action, set);
      if (updated !== null) return updated;
    }
  }

  #replacedSince(before: TokenSet | null, set: TokenSet): boolean {
    if (set.accessToken.reveal() === before?.accessToken.reveal()) return false;
    return accessState(set, this.#subject, this.#parts.now(), this.#run.rejected) === 'usable';
  }

  /** Does one row of the policy; null when the server refused the refresh and the next row is to be tried. */
  #row(action: PolicyAction, set: TokenSet | null): Promise<TokenSet | null> {
    const { profile } = this.#subject;
    const { signal } = this.#flight;
    switch (action) {
      case 'refresh':
        return this.#refresh(set);
      case 'repeat_grant':
        this.#show({ kind: 'requesting', sinceMs: this.#parts.now() });
        return this.#obtain(action, set, () => this.#parts.updates.repeatGrant(profile, signal));
      case 'consent_unattended':
      case 'consent_attended':
        return this.#consent(action, set);
      case 'use':
      case 'send_expired':
        throw new AppError('internal', `No update can come to ${action}.`);
      default:
        throw this.#noWay(action, set);
    }
  }

  async #refresh(set: TokenSet | null): Promise<TokenSet | null> {
    if (set === null || set.refresh.kind === 'none') throw this.#noWay('fail_refresh_token_missing', set);
    const { token } = set.refresh;
    const startedMs = this.#parts.now();
    this.#show({ kind: 'refreshing', sinceMs: startedMs });
    let answer: TokenAnswer;
    try {
      answer = await this.#flight.onWire(() =>
        this.#parts.updates.refresh(this.#subject.profile, token, this.#flight.signal),
      );
    } catch (thrown) {
      return this.#refreshFailed(set, set.refresh, AppError.from(thrown), startedMs);
    }
    return this.#keep('refresh', set, answer, startedMs);
  }

  /** A refusal puts the refresh token away, and is the Refresh button's last word; any other failure loses nothing. */
  async #refreshFailed(
    set: TokenSet,
    refresh: Exclude<HeldRefreshToken, { kind: 'none' }>,
    error: AppError,
    startedMs: number,
  ): Promise<null> {
    const verdict = classifyTokenFailure(error);
    if (verdict !== 'drop' && verdict !== 'set_aside') throw this.#failed('refresh', error, startedMs);
    await this.#putAway({ ...set, refresh: putAway(refresh, verdict, error) }, error, startedMs);
    if (this.#run.trigger === 'refresh') throw refreshRefused(this.#subject, error);
    this.#refusal = error;
    return null;
  }

  async #consent(action: 'consent_unattended' | 'consent_attended', set: TokenSet | null): Promise<TokenSet> {
    const attended = action === 'consent_attended';
    const activity = { kind: 'consent', sinceMs: this.#parts.now(), attended, openUrl: null } as const;
    const onOpenUrl = (openUrl: string) => this.#show({ ...activity, openUrl });
    this.#show(activity);
    this.#log({
      kind: 'consent_started',
      title: attended ? 'Consent started' : 'Consent started, unattended',
      detail: attended ? 'Waiting for you at the consent screens' : 'The script works the consent screens',
    });
    const lines: string[] = [];
    const options = { attended, onOpenUrl, onLog: (line: string) => void lines.push(line) };
    try {
      return await this.#obtain(action, set, () =>
        this.#parts.updates.consent(this.#subject, options, this.#flight.signal),
      );
    } finally {
      this.#logLines(lines);
    }
  }

  /** What the script had to say, in one event whatever its number of lines. */
  #logLines(lines: readonly string[]): void {
    if (lines.length === 0) return;
    const title = lines.length === 1 ? 'The script logged a line' : `The script logged ${lines.length} lines`;
    this.#log({ kind: 'script_log', title, detail: lines.join(' · ').slice(0, 1000) });
  }

  async #obtain(
    action: UpdateAction,
    set: TokenSet | null,
    request: () => Promise<TokenAnswer>,
  ): Promise<TokenSet> {
    const startedMs = this.#parts.now();
    let answer: TokenAnswer;
    try {
      answer = await request();
    } catch (thrown) {
      throw this.#failed(action, AppError.from(thrown), startedMs);
    }
    return this.#keep(action, set, answer, startedMs);
  }

  /** Stores what came, even when nobody waits any more: it may hold the only living refresh token. */
  async #keep(
    action: UpdateAction,
    old: TokenSet | null,
    answer: TokenAnswer,
    startedMs: number,
  ): Promise<TokenSet> {
    const { fingerprint, trigger, rejected } = this.#run;
    const set = mergeAnswer(old, answer, { fingerprint, scope: this.#subject.profile.scope });
    const unsaved = await this.#parts.store.write(this.#subject, set);
    const cause = trigger === 'send' ? (rejected === null ? 'background' : 'after_401') : 'by_hand';
    const durationMs = this.#sinceMs(startedMs);
    this.#parts.board.note(this.#subject.key, { set, failure: unsaved, unsaved: unsaved !== null });
    this.#log({
      kind: action === 'refresh' ? 'refreshed' : 'obtained',
      title: updatedTitle(action, cause),
      detail: updatedDetail(answer, set, durationMs, unsaved),
      durationMs,
      error: unsaved?.toWire() ?? null,
    });
    return set;
  }

  async #putAway(set: TokenSet, refusal: AppError, startedMs: number): Promise<void> {
    await this.#parts.store.write(this.#subject, set);
    this.#parts.board.note(this.#subject.key, { set });
    const goesOn = this.#run.trigger !== 'refresh';
    this.#log({
      kind: 'refresh_refused',
      title: `Refresh refused: ${refusalWords(refusal)}`,
      detail: refusalDetail(
        refusal,
        set.refresh.kind === 'none',
        goesOn ? actionFor(this.#parts, this.#subject, set, this.#run) : null,
      ),
      durationMs: this.#sinceMs(startedMs),
      error: refusal.toWire(),
    });
  }

  #failed(action: UpdateAction, error: AppError, startedMs: number): AppError {
    this.#log({
      ...failedEvent(action, error),
      durationMs: this.#sinceMs(startedMs),
      error: isCancelled(error) ? null : error.toWire(),
    });
    return error;
  }

  #noWay(action: Exclude<PolicyAction, 'use' | 'send_expired'>, set: TokenSet | null): AppError {
    const stale = set !== null && isStale(set, this.#subject);
    const error = policyFailure(action, this.#subject, { stale, refusal: this.#refusal });
    const { trigger } = this.#run;
    this.#log({
      kind: trigger === 'send' ? 'not_sent' : trigger === 'get' ? 'obtain_failed' : 'refresh_failed',
      title: trigger === 'send' ? 'Not sent: no access token' : 'No token obtained',
      detail: error.message,
      error: error.toWire(),
    });
    return error;
  }

  #show(activity: TokenActivity): void {
    this.#parts.board.note(this.#subject.key, { activity });
  }

  #log(event: Omit<NewTokenEvent, 'profile' | 'trigger'>): void {
    const { profile } = this.#subject.key;
    this.#flight.eventIds.push(this.#parts.log.add({ profile, trigger: this.#run.trigger, ...event }));
  }

  #sinceMs(startedMs: number): number {
    return Math.max(0, this.#parts.now() - startedMs);
  }
}

/** A refused refresh token: dropped when the server says that it is dead, else kept and marked. */
function putAway(
  refresh: Exclude<HeldRefreshToken, { kind: 'none' }>,
  verdict: 'drop' | 'set_aside',
  refusal: AppError,
): HeldRefreshToken {
  if (verdict === 'drop') return { kind: 'none' };
  const { token, expiresAtMs } = refresh;
  return { kind: 'refused', token, expiresAtMs, reason: refusalWords(refusal) };
}
