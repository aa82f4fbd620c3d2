import { AppError } from '../../shared/errors.ts';
import type { GrantKind } from '../../shared/model/grant.ts';
import type { PlacedToken } from '../../shared/model/placement.ts';
import type { TokenEvent, TokenStatus } from '../../shared/model/token.ts';
import { purposeOf } from './event-words.ts';
import { createFlightControl } from './flight-control.ts';
import { policyFailure } from './policy-failure.ts';
import { createRenewals } from './renewals.ts';
import { createStatusBoard } from './status-board.ts';
import type { TimelineFile } from './timeline-file.ts';
import { createTokenEndings, type TokenEndings } from './token-endings.ts';
import { createTokenLog, type NewTokenEvent } from './token-log.ts';
import { createTokenSends, type TokenSends } from './token-sends.ts';
import type { TokenSet } from './token-set.ts';
import { createTokenStore } from './token-store.ts';
import {
  fingerprint,
  type TokenKey,
  type TokenOwner,
  type TokenSubject,
  tokenEntryName,
} from './token-subject.ts';
import type { TokenUpdates } from './token-updates.ts';
import type { UpdateRun } from './update-parts.ts';
import type { Vault } from './vault.ts';

export interface TokenServiceOptions {
  /** The vault of this moment; may throw `vault_choice_needed` or what kept it from opening. */
  vault: () => Vault;
  /** Where the locks of token sets are, shared by all processes that share the vault; null: a memory vault's. */
  lockFolder: () => string | null;
  /** Where token events are kept, for all processes; null: they end with this process. */
  timeline: () => TimelineFile | null;
  /** This host, as other processes and the timeline name it: "the desktop app". */
  where: string;
  /** How long to wait for another process to end its update, in milliseconds; default 15 minutes: it may be consent. */
  lockWaitMs?: number;
  /** Milliseconds since the epoch. */
  now: () => number;
  updates: TokenUpdates;
  /** Whether somebody is here who can do what the grant takes; without a grant: who could work screens. */
  personPresent: (grant?: GrantKind) => boolean;
  /** A token set's owner as it stands when a renewal is due; null: not in use here, so that nothing is renewed. */
  subjectFor: (key: TokenKey) => Promise<TokenSubject | null>;
  /** Told each token event, of this process and of others, and the mark of its project. */
  onEvent: (event: TokenEvent, project: string) => void;
  /** Told what keeps the timeline from being stored. */
  onProblem: (problem: AppError) => void;
  /** Told each change of a status, a change of activity included, and whose it is. */
  onStatus: (status: TokenStatus, key: TokenKey) => void;
}

/** Owns every token set: gives tokens to requests, and follows the refresh policy in keeping them fresh. */
export interface TokenService extends TokenSends {
  /** Get Access Token: repeats the grant from the start, in either mode. */
  get(subject: TokenSubject, signal?: AbortSignal): Promise<TokenStatus>;
  /** Refresh, in either mode. Throws `refresh_token_missing`, `refresh_refused`; never goes on to consent. */
  refresh(subject: TokenSubject, signal?: AbortSignal): Promise<TokenStatus>;
  /**
   * Ends the update under way; those who wait for it fail with `consent_cancelled`. A refresh that is on the wire is let
   * finish, and its answer stored.
   */
  cancel(key: TokenKey): void;
  /** Deletes the token set here; the server is not told. Ends an update under way first. */
  forget(subject: TokenSubject): Promise<TokenStatus>;
  /** Deletes what is held of owners that are no more: token sets and sessions. */
  drop(owners: readonly TokenOwner[]): Promise<void>;
  /**
   * Gives token sets and sessions of owners to their new keys and does `work` before anybody can touch the old ones,
   * which stay: `drop` ends them. When `work` fails, nothing stays with the new keys. Waits for updates under way.
   */
  move(
    owners: readonly TokenOwner[],
    to: (key: TokenKey) => TokenKey,
    work: () => Promise<void>,
  ): Promise<void>;
  endings: TokenEndings;
  /**
   * One token of the set for the person's eyes, as `take` makes it of the set; a `revealed` event tells of it. Throws
   * `token_missing`, and as `take` does: then nothing was revealed.
   */
  reveal<Shown>(
    subject: TokenSubject,
    token: PlacedToken,
    take: (set: Pick<TokenSet, 'accessToken' | 'idToken' | 'tokenType'>) => Shown,
  ): Promise<Shown>;
  /** The status now. A vault that cannot be read stands in its `failure`. */
  status(subject: TokenSubject): Promise<TokenStatus>;
  /** The token events of a project, oldest first. */
  events(project: string): Promise<TokenEvent[]>;
  /** Takes over what other processes have added to the timeline. */
  follow(): Promise<void>;
  /** Ends all updates (a refresh on the wire is let finish) and stores what is not stored yet. */
  dispose(): Promise<void>;
}

/** Makes the token service of a process. */
export function createTokenService(options: TokenServiceOptions): TokenService {
  const { now, personPresent, updates } = options;
  const log = createTokenLog({
    now,
    file: options.timeline,
    onEvent: options.onEvent,
    onProblem: options.onProblem,
  });
  /** Entries whose owners were deleted or renamed, until they are asked for anew. */
  const gone = new Set<string>();
  const renewals = createRenewals({ now, renew });
  const board = createStatusBoard({ now, onStatus, onStale });
  const store = createTokenStore(options.vault, board.saved);
  const control = createFlightControl({
    ...{ now, personPresent, updates, log, board, store, where: options.where },
    lockFolder: options.lockFolder,
    isGone: (entry) => gone.has(entry),
    lockWaitMs: options.lockWaitMs ?? 15 * 60_000,
  });
  const sends = createTokenSends({ now, personPresent, log, control, read });
  const endings = createTokenEndings({
    ...{ store, board, log, control, updates, now, personPresent },
    where: options.where,
  });

  function onStatus(status: TokenStatus, key: TokenKey): void {
    planRenewal(status, key);
    options.onStatus(status, key);
  }

  function planRenewal({ renewsAtMs, access }: TokenStatus, key: TokenKey): void {
    const untilMs = access.kind === 'held' ? access.usableUntilMs : null;
    const plan = renewsAtMs === null || untilMs === null ? null : { atMs: renewsAtMs, untilMs };
    renewals.plan(tokenEntryName(key), plan);
  }

  function noLonger(entry: string): void {
    gone.add(entry);
    renewals.plan(entry, null);
    board.forget(entry);
  }

  async function renew(entry: string): Promise<'done' | 'not_in_use'> {
    const key = board.subject(entry)?.key;
    const subject = key === undefined ? null : await options.subjectFor(key);
    if (subject === null) return 'not_in_use';
    const run: UpdateRun = { trigger: 'renew', fingerprint: fingerprint(subject), rejected: null };
    await control.update(subject, run, {});
    return 'done';
  }

  function onStale(subject: TokenSubject): void {
    note(subject, {
      kind: 'became_stale',
      trigger: null,
      title: 'The settings have changed',
      detail: 'The token set of the old settings is kept, and not used',
    });
  }

  function note({ key }: TokenSubject, event: NewTokenEvent): string {
    return log.add(key, event);
  }

  async function read(subject: TokenSubject): Promise<TokenSet | null> {
    gone.delete(tokenEntryName(subject.key));
    try {
      const set = await store.read(subject);
      const sessionKept = await store.sessionKept(subject);
      const status = board.present(subject, { set, sessionKept, unreadable: null });
      // Also when nothing has changed: it may have been due while it was not in use.
      planRenewal(status, subject.key);
      return set;
    } catch (thrown) {
      const error = AppError.from(thrown);
      board.present(subject, { unreadable: error });
      throw error;
    }
  }

  async function status(subject: TokenSubject): Promise<TokenStatus> {
    await read(subject).catch(() => {
      // It stands in the status.
    });
    return board.present(subject, {});
  }

  async function dropOne(owner: TokenOwner, reason: AppError): Promise<void> {
    // It would keep its session again, after it was cleared.
    endings.cancelLogout(owner.key, reason);
    await control.cancel(tokenEntryName(owner.key), reason, 'drop');
    const purpose = purposeOf(owner, 'deleting the tokens of', options.where);
    await control.exclusively(owner, purpose, () => erase(owner));
    noLonger(tokenEntryName(owner.key));
  }

  async function erase(owner: { key: TokenKey }): Promise<void> {
    await store.forget(owner);
    await store.clearSession(owner);
  }

  async function move(
    owners: readonly TokenOwner[],
    to: (key: TokenKey) => TokenKey,
    work: () => Promise<void>,
  ): Promise<void> {
    /** Holds one owner after another, and copies each, before the work is done. */
    async function holding([owner, ...others]: readonly TokenOwner[]): Promise<void> {
      if (owner === undefined) return work();
      const purpose = purposeOf(owner, 'renaming a persona of', options.where);
      await control.exclusively(owner, purpose, async () => {
        const next = { key: to(owner.key) };
        try {
          await store.copy(owner.key, next.key);
          await holding(others);
        } catch (thrown) {
          // Else whoever gets that name later would take over what is not theirs; what failed is told of first.
          await erase(next).catch(() => undefined);
          throw thrown;
        }
        gone.add(tokenEntryName(owner.key));
      });
    }
    await holding(owners);
  }

  async function byHand(subject: TokenSubject, trigger: 'get' | 'refresh', signal?: AbortSignal) {
    await read(subject);
    const { testRun } = subject;
    const run: UpdateRun = { trigger, fingerprint: fingerprint(subject), rejected: null, testRun };
    await control.update(subject, run, { signal });
    return status(subject);
  }

  return {
    ...sends,
    status,
    get: (subject, signal) => byHand(subject, 'get', signal),
    refresh: (subject, signal) => byHand(subject, 'refresh', signal),
    cancel(key) {
      const reason = new AppError('consent_cancelled', 'Getting the access token was cancelled.');
      endings.cancelLogout(key, reason);
      void control.cancel(tokenEntryName(key), reason, 'keep');
    },
    async forget(subject) {
      const reason = new AppError('consent_cancelled', 'The tokens were forgotten.');
      await control.cancel(tokenEntryName(subject.key), reason, 'drop');
      const purpose = purposeOf(subject, 'forgetting the tokens of', options.where);
      await control.exclusively(subject, purpose, () => store.forget(subject));
      const detail = 'Deleted here; the server was not told';
      note(subject, { kind: 'forgotten', trigger: null, title: 'Tokens forgotten', detail });
      return board.present(subject, { set: null, failure: null, unsaved: false, unreadable: null });
    },
    async drop(owners) {
      const reason = new AppError('consent_cancelled', 'The profile or persona is there no more.');
      const failures: unknown[] = [];
      for (const owner of owners)
        await dropOne(owner, reason).catch((thrown: unknown) => failures.push(thrown));
      // One that is busy elsewhere keeps none of the others.
      if (failures.length > 0) throw failures[0];
    },
    move,
    endings,
    async reveal(subject, token, take) {
      const set = await read(subject);
      if (set === null) throw policyFailure('fail_token_missing', subject, { stale: false, refusal: null });
      const shown = take(set);
      const title = `${token === 'id_token' ? 'Id' : 'Access'} token revealed`;
      note(subject, { kind: 'revealed', trigger: null, title, detail: 'Its value was shown or copied' });
      return shown;
    },
    events: log.events,
    follow: log.follow,
    async dispose() {
      renewals.dispose();
      await control.dispose();
      await store.flush();
      await log.flush();
      board.dispose();
    },
  };
}
