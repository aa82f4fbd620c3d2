import { join } from 'node:path';
import { AppError } from '../../shared/errors.ts';
import { type HeldLock, type LockHolder, withFileLock } from '../files/file-lock.ts';
import { holderWords, isCancelled, purposeOf } from './event-words.ts';
import { Flight, type FlightPlan, joins, type Waiting } from './flight.ts';
import { testRunBusy } from './policy-failure.ts';
import type { TokenSet } from './token-set.ts';
import { type TokenKey, type TokenOwner, type TokenSubject, tokenEntryName } from './token-subject.ts';
import { TokenUpdate } from './token-update.ts';
import type { UpdateParts, UpdateRun } from './update-parts.ts';

export interface FlightControlParts extends UpdateParts {
  /** Where the locks of token sets are, shared by all processes that share the vault; null: no other process does. */
  lockFolder: () => string | null;
  /** How long to wait for another process to end its update, in milliseconds. */
  lockWaitMs: number;
  /** Whether the owner of an entry has been deleted or renamed since anybody last asked for its token. */
  isGone: (entry: string) => boolean;
}

/** At most one update at a time for each token set, in this process and over all processes. */
export interface FlightControl {
  /** The token set after an update: one under way that does the same, or a new one. */
  update(subject: TokenSubject, run: UpdateRun, waiting: UpdateWaiting): Promise<TokenSet>;
  /** Does something to a token set while nobody updates it, in this process or another. `purpose`: see `where`. */
  exclusively<T>(owner: TokenOwner, purpose: string, work: () => Promise<T>): Promise<T>;
  /**
   * Ends the update under way, if there is one; whoever waits for it fails with the reason at once. A refresh on the wire
   * is let finish and its answer stored, for it may hold the only living token, unless nothing is to be kept (`drop`).
   */
  cancel(entry: string, reason: AppError, how: 'keep' | 'drop'): Promise<void>;
  isUpdating(key: TokenKey): boolean;
  /** Ends all updates; a refresh on the wire is let finish. */
  dispose(): Promise<void>;
}

export interface UpdateWaiting extends Waiting {
  /** Told the id of each token event of the update, also of one that fails. */
  onEventId?: ((id: string) => void) | undefined;
}

export function createFlightControl(parts: FlightControlParts): FlightControl {
  const flights = new Map<string, Flight<unknown>>();
  let disposed = false;

  /** `work` begins once somebody waits for the flight. */
  function start<T>(owner: TokenOwner, plan: FlightPlan, work: (flight: Flight<T>) => Promise<T>): Flight<T> {
    const entry = tokenEntryName(owner.key);
    const flight = new Flight<T>(plan, async (own) => {
      try {
        return await work(own);
      } finally {
        // Before the result is seen, so that whoever asks again then gets a new flight.
        flights.delete(entry);
        parts.board.note(owner.key, { activity: { kind: 'idle' } });
      }
    });
    flights.set(entry, flight);
    return flight;
  }

  async function fly(subject: TokenSubject, run: UpdateRun, flight: Flight<TokenSet>): Promise<TokenSet> {
    try {
      parts.board.note(subject.key, { activity: { kind: 'requesting', sinceMs: parts.now() } });
      const before = await parts.store.read(subject);
      const purpose = purposeOf(subject, 'updating the token of', parts.where);
      return await underLock(subject, purpose, flight.signal, (lock, waitedFor) =>
        new TokenUpdate(parts, subject, run, { flight, lock }).perform(before, waitedFor),
      );
    } catch (thrown) {
      const error = AppError.from(thrown);
      if (!isCancelled(error)) {
        // A renewal or a test run that failed leaves the token as it was: the timeline tells of it, the status need not.
        if (run.trigger !== 'renew' && run.testRun === undefined)
          parts.board.note(subject.key, { failure: error, unsaved: false });
        if (flight.eventIds.length === 0) neverBegan(subject, run, flight, error);
      }
      throw error;
    }
  }

  function underLock<T>(
    owner: TokenOwner,
    purpose: string,
    signal: AbortSignal | undefined,
    work: (lock: HeldLock, waitedFor: LockHolder | null) => Promise<T>,
  ): Promise<T> {
    const folder = parts.lockFolder();
    if (folder === null) return work({ describe: async () => undefined }, null);
    const path = join(folder, `${tokenEntryName(owner.key).replace('/', '-')}.lock`);
    let waitedFor: LockHolder | null = null;
    function onWait(holder: LockHolder): void {
      waitedFor = holder;
      const activity = { kind: 'elsewhere', sinceMs: parts.now(), what: holderWords(holder) } as const;
      parts.board.note(owner.key, { activity });
    }
    const busy = (holder: LockHolder) => busyElsewhere(owner, holder, parts.lockWaitMs);
    const options = { now: parts.now, purpose, signal, waitMs: parts.lockWaitMs, onWait, busy };
    return withFileLock(path, options, (lock) => work(lock, waitedFor));
  }

  function neverBegan(
    subject: TokenSubject,
    run: UpdateRun,
    flight: Flight<TokenSet>,
    error: AppError,
  ): void {
    const event = {
      trigger: run.trigger,
      kind: run.trigger === 'refresh' ? ('refresh_failed' as const) : ('obtain_failed' as const),
      title: 'No token obtained',
      detail: error.message,
      error: error.toWire(),
      ...flight.waiting,
    };
    flight.eventIds.push(parts.log.add(subject.key, event));
  }

  return {
    async update(subject, run, waiting) {
      const entry = tokenEntryName(subject.key);
      const tell = (flight: Flight<unknown>) => {
        for (const id of flight.eventIds) waiting.onEventId?.(id);
      };
      for (;;) {
        if (disposed) throw closing();
        const underWay = flights.get(entry);
        const ends = underWay?.signal.aborted ?? true;
        if (run.testRun !== undefined && !ends) throw testRunBusy(subject);
        if (underWay !== undefined && !joins(run, underWay)) {
          await underWay.over(waiting).finally(() => tell(underWay));
          if (parts.isGone(entry)) throw ownerGone(subject);
          continue;
        }
        // Only flights of updates can be joined, so what is joined gives a token set.
        const flight =
          (underWay as Flight<TokenSet> | undefined) ??
          start<TokenSet>(subject, run, (own) => fly(subject, run, own));
        try {
          return await flight.wait(waiting);
        } finally {
          tell(flight);
        }
      }
    },
    async exclusively<T>(owner: TokenOwner, purpose: string, work: () => Promise<T>) {
      const entry = tokenEntryName(owner.key);
      for (let underWay = flights.get(entry); underWay !== undefined; underWay = flights.get(entry)) {
        await underWay.over({});
      }
      if (disposed) throw closing();
      const flight = start<T>(owner, { trigger: 'end', fingerprint: '' }, (own) =>
        underLock(owner, purpose, own.signal, work),
      );
      // What ends a token set is not left half done: nobody's giving up stops it.
      return flight.result;
    },
    async cancel(entry, reason, how) {
      const flight = flights.get(entry);
      flight?.cancel(reason, how);
      await flight?.settled;
    },
    isUpdating: (key) => flights.has(tokenEntryName(key)),
    async dispose() {
      disposed = true;
      const open = [...flights.values()];
      for (const flight of open) flight.cancel(closing(), 'keep');
      await Promise.all(open.map((flight) => flight.settled));
    },
  };
}

function busyElsewhere({ profile, key }: TokenOwner, holder: LockHolder, waitMs: number): AppError {
  return new AppError(
    'token_busy_elsewhere',
    `Waited ${Math.round(waitMs / 1000)} s for the token of “${profile.name}”: ${holderWords(holder)}.`,
    {
      action: 'Finish or cancel it there, then try again.',
      details: { profile: key.profile, pid: holder.pid },
    },
  );
}

function ownerGone({ profile, key }: TokenOwner): AppError {
  const message = `“${profile.name}” has no persona “${key.persona}” any more: it was deleted or renamed meanwhile.`;
  return new AppError('persona_not_found', message, {
    action: 'Choose the persona anew, then try again.',
    details: { profile: key.profile, persona: key.persona },
  });
}

function closing(): AppError {
  return new AppError('cancelled', 'Grantwright is closing.');
}
