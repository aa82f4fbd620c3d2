import { join } from 'node:path';
import { AppError } from '../../shared/errors.ts';
import { withFileLock } from '../files/file-lock.ts';
import { isCancelled } from './event-words.ts';
import { Flight, joins } from './flight.ts';
import type { TokenSet } from './token-set.ts';
import { type TokenKey, type TokenSubject, tokenEntryName } from './token-subject.ts';
import { TokenUpdate, type UpdateParts, type UpdateRun } from './token-update.ts';

export interface FlightControlParts extends UpdateParts {
  /** Where the locks of token sets are, shared by all processes that share the vault; null: no other process does. */
  lockFolder: () => string | null;
  /** How long to wait for another process to end its update, in milliseconds. */
  lockWaitMs: number;
}

/** At most one update at a time for each token set, in this process and over all processes. */
export interface FlightControl {
  /** The token set after an update: one under way that does the same, or a new one. */
  update(subject: TokenSubject, run: UpdateRun, waiting: Waiting): Promise<TokenSet>;
  /** Ends the update under way, if there is one, and waits for its end; whoever waits for it fails with the reason. */
  cancel(key: TokenKey, reason: AppError): Promise<void>;
  /** Ends all updates; a refresh on the wire is let finish. */
  dispose(): Promise<void>;
}

export interface Waiting {
  signal?: AbortSignal | undefined;
  /** Told the id of each token event of the update, also of one that fails. */
  onEventId?: ((id: string) => void) | undefined;
}

export function createFlightControl(parts: FlightControlParts): FlightControl {
  const flights = new Map<string, Flight<TokenSet>>();
  let disposed = false;

  function start(entry: string, subject: TokenSubject, run: UpdateRun): Flight<TokenSet> {
    const flight = new Flight<TokenSet>(run, (own) =>
      fly(subject, run, own).finally(() => {
        // Before the result is seen, so that whoever asks again then gets a new flight.
        flights.delete(entry);
        parts.board.note(subject.key, { activity: { kind: 'idle' } });
      }),
    );
    flights.set(entry, flight);
    return flight;
  }

  async function fly(subject: TokenSubject, run: UpdateRun, flight: Flight<TokenSet>): Promise<TokenSet> {
    try {
      parts.board.note(subject.key, { activity: { kind: 'requesting', sinceMs: parts.now() } });
      const before = await parts.store.read(subject);
      return await underLock(subject, flight.signal, () =>
        new TokenUpdate(parts, subject, run, flight).perform(before),
      );
    } catch (thrown) {
      const error = AppError.from(thrown);
      if (!isCancelled(error)) {
        parts.board.note(subject.key, { failure: error, unsaved: false });
        if (flight.eventIds.length === 0)
          flight.eventIds.push(parts.log.add(neverBegan(subject, run, error)));
      }
      throw error;
    }
  }

  function underLock<T>(
    { key, profile }: TokenSubject,
    signal: AbortSignal,
    work: () => Promise<T>,
  ): Promise<T> {
    const folder = parts.lockFolder();
    if (folder === null) return work();
    const path = join(folder, `${tokenEntryName(key).replace('/', '-')}.lock`);
    const purpose = `updating the token of “${profile.name.slice(0, 80)}”`;
    return withFileLock(path, { now: parts.now, purpose, signal, waitMs: parts.lockWaitMs }, work);
  }

  return {
    async update(subject, run, { signal, onEventId }) {
      const entry = tokenEntryName(subject.key);
      for (;;) {
        if (disposed) throw closing();
        const underWay = flights.get(entry);
        if (underWay !== undefined && !joins(run, underWay)) {
          await ended(underWay, signal);
          continue;
        }
        const flight = underWay ?? start(entry, subject, run);
        try {
          return await flight.wait(signal);
        } finally {
          for (const id of flight.eventIds) onEventId?.(id);
        }
      }
    },
    async cancel(key, reason) {
      const flight = flights.get(tokenEntryName(key));
      flight?.cancel(reason);
      await flight?.settled;
    },
    async dispose() {
      disposed = true;
      const open = [...flights.values()];
      for (const flight of open) flight.windDown(closing());
      await Promise.all(open.map((flight) => flight.settled));
    },
  };
}

/** Waits until a flight is over, or gives up. */
function ended(flight: Flight<unknown>, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const giveUp = () => reject(new AppError('cancelled', 'Stopped waiting for the access token.'));
    if (signal?.aborted) giveUp();
    signal?.addEventListener('abort', giveUp, { once: true });
    flight.settled.then(() => {
      signal?.removeEventListener('abort', giveUp);
      resolve();
    });
  });
}

function neverBegan(subject: TokenSubject, run: UpdateRun, error: AppError) {
  return {
    profile: subject.key.profile,
    trigger: run.trigger,
    kind: run.trigger === 'refresh' ? ('refresh_failed' as const) : ('obtain_failed' as const),
    title: 'No token obtained',
    detail: error.message,
    error: error.toWire(),
  };
}

function closing(): AppError {
  return new AppError('cancelled', 'Grantwright is closing.');
}
