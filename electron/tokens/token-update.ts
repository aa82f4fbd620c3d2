import { AppError } from '../../shared/errors.ts';
import type { HostQuestion, TokenActivity } from '../../shared/model/token.ts';
import type { HeldLock, LockHolder } from '../files/file-lock.ts';
import { boundTo } from '../oauth/dpop.ts';
import { askedScope } from '../oauth/parameters.ts';
import { classifyTokenFailure } from '../oauth/refusal.ts';
import type { TokenAnswer } from '../oauth/token-answer.ts';
import { purposeOf, refusalWords, type UpdateAction } from './event-words.ts';
import type { Flight } from './flight.ts';
import { refreshRefused } from './policy-failure.ts';
import type { PolicyAction } from './refresh-policy.ts';
import { updateFindings } from './token-findings.ts';
import { type HeldRefreshToken, hiding, mergeAnswer, type TokenSet } from './token-set.ts';
import { accessState, isKeptIdTokenOver } from './token-status.ts';
import { chainOf, type TokenSubject } from './token-subject.ts';
import type { ApprovalPrompt, Wire } from './token-updates.ts';
import { actionFor, isByHand, type UpdateParts, type UpdateRun } from './update-parts.ts';
import { UpdateStory } from './update-story.ts';

/**
 * One update of a token set: row by row of the refresh policy, until there is a new one or no row is left. It must run
 * while nobody else updates that token set.
 */
export class TokenUpdate {
  readonly #parts: UpdateParts;
  readonly #subject: TokenSubject;
  readonly #run: UpdateRun;
  readonly #flight: Flight<TokenSet>;
  readonly #lock: HeldLock;
  readonly #story: UpdateStory;

  constructor(
    parts: UpdateParts,
    subject: TokenSubject,
    run: UpdateRun,
    { flight, lock }: { flight: Flight<TokenSet>; lock: HeldLock },
  ) {
    this.#parts = parts;
    this.#subject = subject;
    this.#run = run;
    this.#flight = flight;
    this.#lock = lock;
    this.#story = new UpdateStory(parts, subject, run, flight);
  }

  /**
   * The new token set, on the disk already. `before` is the one that was held when the update was asked for: if another
   * process has put a usable one in its place since, that is the result. `waitedFor`: whom the update had to wait for.
   * Rejects with the AppError of the last row.
   */
  async perform(before: TokenSet | null, waitedFor: LockHolder | null): Promise<TokenSet> {
    for (;;) {
      this.#flight.checkpoint();
      const set = await this.#parts.store.read(this.#subject);
      this.#parts.board.note(this.#subject.key, { set });
      const action = actionFor(this.#parts, this.#subject, set, this.#run);
      if (set !== null && this.#replacedSince(before, set)) {
        this.#story.updatedElsewhere(waitedFor);
        return set;
      }
      if (set !== null && (action === 'use' || action === 'leave')) return set;
      if (action === 'leave') throw new AppError('cancelled', 'There is no token to be renewed any more.');
      const updated = await this.#row(action, set);
      if (updated !== null && !this.#isOver(updated)) return updated;
    }
  }

  /** Whether what a send would carry is over already: the refresh brought no id token in place of the one that was. */
  #isOver(updated: TokenSet): boolean {
    return this.#run.trigger === 'send' && isKeptIdTokenOver(updated, this.#subject, this.#parts.now());
  }

  #replacedSince(before: TokenSet | null, set: TokenSet): boolean {
    if (set.accessToken.reveal() === before?.accessToken.reveal()) return false;
    return accessState(set, this.#subject, this.#parts.now(), this.#run.rejected) === 'usable';
  }

  /** Does one row of the policy; null when the server refused the refresh and the next row is to be tried. */
  #row(action: PolicyAction, set: TokenSet | null): Promise<TokenSet | null> {
    const profile = hiding(this.#subject.profile, set);
    switch (action) {
      case 'refresh':
        return this.#refresh(set);
      case 'repeat_grant':
        this.#show({ kind: 'requesting', sinceMs: this.#parts.now() });
        return this.#obtain(
          () => action,
          set,
          () => this.#parts.updates.repeatGrant(profile, this.#wire()),
        );
      case 'consent_unattended':
      case 'consent_attended':
      case 'consent_elsewhere':
        return this.#consent(action, set);
      case 'use':
      case 'leave':
      case 'send_expired':
        throw new AppError('internal', `No update can come to ${action}.`);
      default:
        throw this.#story.noWay(action, set);
    }
  }

  /** Each request by itself: a wait between two of them may be given up. */
  #wire(): Wire {
    return { signal: this.#flight.signal, onWire: (request) => this.#flight.onWire(request) };
  }

  async #refresh(set: TokenSet | null): Promise<TokenSet | null> {
    if (set === null || set.refresh.kind === 'none')
      throw this.#story.noWay('fail_refresh_token_missing', set);
    const { token, dpopKey } = set.refresh;
    const startedMs = this.#parts.now();
    this.#show({ kind: 'refreshing', sinceMs: startedMs });
    let answer: TokenAnswer;
    try {
      const profile = boundTo(hiding(this.#subject.profile, set), dpopKey);
      answer = await this.#parts.updates.refresh(profile, token, this.#wire());
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
    if (verdict !== 'drop' && verdict !== 'set_aside') throw this.#story.failed('refresh', error, startedMs);
    const left: TokenSet = { ...set, refresh: putAway(refresh, verdict, error) };
    await this.#parts.store.write(this.#subject, left);
    this.#parts.board.note(this.#subject.key, { set: left });
    // By hand the refresh was all that was asked for; Get Access Token comes to it where there is nothing else.
    const last = isByHand(this.#run);
    const next = last ? null : actionFor(this.#parts, this.#subject, left, this.#run);
    this.#story.refused(error, { dropped: verdict === 'drop', next, startedMs });
    if (last) throw refreshRefused(this.#subject, error);
    return null;
  }

  async #consent(
    action: 'consent_unattended' | 'consent_attended' | 'consent_elsewhere',
    set: TokenSet | null,
  ): Promise<TokenSet> {
    const attended = action === 'consent_attended';
    // What is waited for then is known only when the server has said it.
    const prompted =
      action === 'consent_elsewhere' || (attended && this.#subject.profile.grant.kind === 'device_code');
    // While a person looks at the consent screens, whoever waits for the token must be able to tell what for.
    const doing = {
      consent_attended: 'consent in progress for',
      consent_unattended: 'the script works the consent screens for',
      consent_elsewhere: 'waiting for an approval on another device for',
    }[action];
    await this.#lock.describe(this.#purpose(doing));
    const shown = { attended, openUrl: null as string | null, question: null as HostQuestion | null };
    const sinceMs = this.#parts.now();
    let asked: ApprovalPrompt | null = null;
    const show = (change: Partial<typeof shown>) => {
      Object.assign(shown, change);
      // A script enters the code by itself; a person needs to see it.
      const prompt = shown.attended || asked?.kind === 'backchannel' ? asked : null;
      this.#show({ ...(prompt ?? { kind: 'consent', ...shown }), sinceMs });
    };
    const onOpenUrl = (openUrl: string) => show({ openUrl });
    const onPrompt = (prompt: ApprovalPrompt) => {
      asked = prompt;
      show({});
      if (prompted) this.#story.prompted(prompt);
    };
    if (prompted) this.#show({ kind: 'requesting', sinceMs });
    else {
      show({});
      this.#story.consentStarted(attended);
    }
    const subject = { ...this.#subject, profile: hiding(this.#subject.profile, set) };
    const lines: string[] = [];
    let worked: UpdateAction = action;
    const onHandOver = (error: AppError): void => {
      worked = 'consent_attended';
      this.#story.handedOver(error);
      show({ attended: true });
      // Only for whoever else waits; it may have gone wrong with the disk.
      this.#lock.describe(this.#purpose('consent in progress for')).catch(() => undefined);
    };
    const asking = {
      onQuestion: (question: HostQuestion | null) => show({ question }),
      onAnswer: (origin: string, allowed: boolean) => this.#story.hostAnswered(origin, allowed),
      ...(attended ? {} : { onHandOver }),
    };
    const options = {
      ...{ attended, onOpenUrl, onPrompt, onLog: (line: string) => void lines.push(line) },
      ...(this.#parts.personPresent() ? asking : {}),
    };
    try {
      return await this.#obtain(
        () => worked,
        set,
        () => this.#parts.updates.consent(subject, options, this.#flight.signal),
      );
    } finally {
      this.#story.scriptLines(lines);
    }
  }

  async #obtain(
    /** As it has come about by then. */
    action: () => UpdateAction,
    set: TokenSet | null,
    request: () => Promise<TokenAnswer>,
  ): Promise<TokenSet> {
    const startedMs = this.#parts.now();
    let answer: TokenAnswer;
    try {
      answer = await request();
    } catch (thrown) {
      throw this.#story.failed(action(), AppError.from(thrown), startedMs);
    }
    return this.#keep(action(), set, answer, startedMs);
  }

  /** Stores what came, even when nobody waits any more: it may hold the only living refresh token. */
  async #keep(
    action: UpdateAction,
    old: TokenSet | null,
    answer: TokenAnswer,
    startedMs: number,
  ): Promise<TokenSet> {
    const { fingerprint } = this.#run;
    const byRefresh = action === 'refresh';
    const { profile } = this.#subject;
    const findings = updateFindings({ profile, old, answer, byRefresh });
    const chain = chainOf(this.#subject);
    const settings = { fingerprint, chain, scope: askedScope(profile), byRefresh, findings };
    const set = mergeAnswer(old, answer, settings);
    const unsaved = await this.#parts.store.write(this.#subject, set);
    this.#parts.board.note(this.#subject.key, { set, failure: unsaved, unsaved: unsaved !== null });
    this.#story.updated(action, { old, set, answer, unsaved, startedMs });
    return set;
  }

  #purpose(doing: string): string {
    return purposeOf(this.#subject, doing, this.#parts.where);
  }

  #show(activity: TokenActivity): void {
    this.#parts.board.note(this.#subject.key, { activity });
  }
}

/** A refused refresh token: dropped when the server says that it is dead, else kept and marked. */
function putAway(
  refresh: Exclude<HeldRefreshToken, { kind: 'none' }>,
  verdict: 'drop' | 'set_aside',
  refusal: AppError,
): HeldRefreshToken {
  if (verdict === 'drop') return { kind: 'none' };
  return { ...refresh, kind: 'refused', reason: refusalWords(refusal) };
}
