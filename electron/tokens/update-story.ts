import type { AppError } from '../../shared/errors.ts';
import type { GrantType } from '../../shared/model/token.ts';
import type { LockHolder } from '../files/file-lock.ts';
import type { TokenAnswer } from '../oauth/token-answer.ts';
import {
  causeOf,
  clockWords,
  failedEvent,
  holderWords,
  isCancelled,
  promptWords,
  refusalDetail,
  refusalWords,
  type UpdateAction,
  updatedDetail,
  updatedTitle,
} from './event-words.ts';
import type { Flight } from './flight.ts';
import { type FailingAction, policyFailure } from './policy-failure.ts';
import type { PolicyAction } from './refresh-policy.ts';
import { farClockMs } from './token-findings.ts';
import type { NewTokenEvent } from './token-log.ts';
import type { TokenSet } from './token-set.ts';
import { isStale } from './token-status.ts';
import type { TokenSubject } from './token-subject.ts';
import type { ApprovalPrompt } from './token-updates.ts';
import type { UpdateParts, UpdateRun } from './update-parts.ts';

/** What one update tells the timeline. Its events are those of the flight, and name the requests that wait for it. */
export class UpdateStory {
  readonly #parts: Pick<UpdateParts, 'log' | 'now'>;
  readonly #subject: TokenSubject;
  readonly #run: UpdateRun;
  readonly #flight: Flight<TokenSet>;
  /** The refusal of the refresh token, once it was told. */
  #refusal: AppError | null = null;

  constructor(
    parts: Pick<UpdateParts, 'log' | 'now'>,
    subject: TokenSubject,
    run: UpdateRun,
    flight: Flight<TokenSet>,
  ) {
    this.#parts = parts;
    this.#subject = subject;
    this.#run = run;
    this.#flight = flight;
  }

  consentStarted(attended: boolean): void {
    this.#log({
      kind: 'consent_started',
      title: attended ? 'Consent started' : 'Consent started, unattended',
      detail: attended ? this.#waitingWords() : 'The script works the consent screens',
    });
  }

  /** Somebody is to do something on another device. The code itself is for the screen alone. */
  prompted(prompt: ApprovalPrompt): void {
    this.#log({ kind: 'consent_started', ...promptWords(prompt) });
  }

  /** The script failed, and the person who is there goes on. */
  handedOver(error: AppError): void {
    this.#log({
      kind: 'consent_started',
      title: 'The script stopped, the window was handed over',
      detail: error.message,
      error: error.toWire(),
    });
  }

  /** The person was asked whether the script may type on another host. */
  hostAnswered(origin: string, allowed: boolean): void {
    this.#log({
      kind: 'host_answered',
      title: allowed ? 'Another host was allowed' : 'Another host was refused',
      detail: `The script ${allowed ? 'may' : 'may not'} type on ${origin} in this consent`,
    });
  }

  #waitingWords(): string {
    const waiting = 'Waiting for you at the consent screens';
    return this.#subject.hasScript && !this.#subject.trusted
      ? `${waiting}; the script does not run, since the project is not trusted`
      : waiting;
  }

  /** What the script had to say, in one event whatever its number of lines. */
  scriptLines(lines: readonly string[]): void {
    if (lines.length === 0) return;
    const title = lines.length === 1 ? 'The script logged a line' : `The script logged ${lines.length} lines`;
    this.#log({ kind: 'script_log', title, detail: lines.join(' · ').slice(0, 1000) });
  }

  updated(
    action: UpdateAction,
    what: {
      old: TokenSet | null;
      set: TokenSet;
      answer: TokenAnswer;
      unsaved: AppError | null;
      startedMs: number;
    },
  ): void {
    const { old, set, answer, unsaved } = what;
    const durationMs = this.#sinceMs(what.startedMs);
    this.#log({
      kind: action === 'refresh' ? 'refreshed' : 'obtained',
      title: updatedTitle(action, causeOf(this.#run.trigger, this.#run.rejected)),
      detail: updatedDetail(answer, set, durationMs, unsaved),
      durationMs,
      grant: this.#grantOf(action),
      answer: answer.redacted,
      error: unsaved?.toWire() ?? null,
    });
    this.#noticeClock(old, set);
  }

  updatedElsewhere(waitedFor: LockHolder | null): void {
    this.#log({
      kind: 'updated_elsewhere',
      title: 'Updated by another process',
      detail: waitedFor === null ? 'Its token set was taken over' : holderWords(waitedFor),
    });
  }

  refused(refusal: AppError, what: { dropped: boolean; next: PolicyAction | null; startedMs: number }): void {
    this.#refusal = refusal;
    this.#log({
      kind: 'refresh_refused',
      title: `Refresh refused: ${refusalWords(refusal)}`,
      detail: refusalDetail(refusal, what.dropped, what.next),
      durationMs: this.#sinceMs(what.startedMs),
      grant: 'refresh_token',
      error: refusal.toWire(),
    });
  }

  /** Tells of a failure, and gives it back. */
  failed(action: UpdateAction, error: AppError, startedMs: number): AppError {
    this.#log({
      ...failedEvent(action, error),
      durationMs: this.#sinceMs(startedMs),
      grant: this.#grantOf(action),
      error: isCancelled(error) ? null : error.toWire(),
    });
    return error;
  }

  /** Tells that the policy knows no way on, and gives the failure for it. */
  noWay(action: FailingAction, set: TokenSet | null): AppError {
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

  /** Tells of a server whose clock is far from ours, once for as long as it stays so. */
  #noticeClock(old: TokenSet | null, set: TokenSet): void {
    const [before, now] = [old?.clockAheadMs ?? 0, set.clockAheadMs ?? 0];
    if (Math.abs(now) < farClockMs || Math.abs(now - before) < farClockMs) return;
    this.#log({ kind: 'clock_differs', ...clockWords(now) });
  }

  #grantOf(action: UpdateAction): GrantType {
    return action === 'refresh' ? 'refresh_token' : this.#subject.profile.grant.kind;
  }

  #log(event: Omit<NewTokenEvent, 'trigger'>): void {
    const { trigger } = this.#run;
    const { waiting } = this.#flight;
    this.#flight.eventIds.push(this.#parts.log.add(this.#subject.key, { trigger, ...waiting, ...event }));
  }

  #sinceMs(startedMs: number): number {
    return Math.max(0, this.#parts.now() - startedMs);
  }
}
