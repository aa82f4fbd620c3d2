import { setMaxListeners } from 'node:events';
import { AppError } from '../../shared/errors.ts';
import type { Trigger } from '../../shared/model/token.ts';

/** What tells whether a newcomer wants the same as a flight that is under way; `end`: the token set is being ended. */
export interface FlightPlan {
  trigger: Trigger | 'end';
  fingerprint: string;
  /** The test run that it is for, by its id; undefined: none. */
  testRun?: string | undefined;
}

/** Who waits for a flight: until when, and in which request's name. */
export interface Waiting {
  signal?: AbortSignal | undefined;
  requestName?: string | undefined;
}

/** As many names of waiting requests as are told; a run of a thousand is one sentence. */
const namedWaiters = 20;

/**
 * One update of a token set that any number of callers wait for. Each may give up without harming the others; when
 * the last has, the flight is aborted, but for a request on the wire: its answer may hold the only living token.
 */
export class Flight<T> {
  readonly plan: FlightPlan;
  /** Ids of the token events that the flight caused, oldest first. */
  readonly eventIds: string[] = [];
  /** Fulfilled when the work is over, whatever came of it. */
  readonly settled: Promise<void>;
  readonly #abort = new AbortController();
  readonly #leavers = new Map<(reason: unknown) => void, string | undefined>();
  /** Names of requests that wait for its end without wanting its result. */
  readonly #onlookers = new Set<{ requestName: string | undefined }>();
  readonly #result: Promise<T>;
  #onWire = false;

  constructor(plan: FlightPlan, work: (flight: Flight<T>) => Promise<T>) {
    this.plan = plan;
    // The work begins only once whoever started the flight waits for it.
    this.#result = Promise.resolve().then(() => work(this));
    this.settled = this.#result.then(
      () => {},
      () => {},
    );
  }

  /** Aborts with the flight. */
  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  /** The requests that wait at this moment, some of them by name. */
  get waiting(): { waited: string[]; waitedCount: number } {
    const onlookers = [...this.#onlookers].map(({ requestName }) => requestName);
    const names = [...this.#leavers.values(), ...onlookers].filter((name) => name !== undefined);
    return { waited: names.slice(0, namedWaiters), waitedCount: names.length };
  }

  /** Waits for the result. Rejects with `cancelled` when the signal aborts, and with the reason of `cancel`. */
  wait({ signal, requestName }: Waiting): Promise<T> {
    return new Promise((resolve, reject) => {
      const leave = (reason: unknown) => {
        this.#leavers.delete(leave);
        signal?.removeEventListener('abort', giveUp);
        reject(reason);
      };
      const giveUp = () => {
        leave(stoppedWaiting());
        if (this.#leavers.size === 0 && !this.#onWire) this.#abort.abort(nobodyWaits());
      };
      this.#leavers.set(leave, requestName);
      // One signal may stand for a whole run of requests; that many listeners are no leak.
      if (signal !== undefined) setMaxListeners(0, signal);
      signal?.addEventListener('abort', giveUp, { once: true });
      if (signal?.aborted) giveUp();
      this.#result.then(resolve, reject).finally(() => {
        this.#leavers.delete(leave);
        signal?.removeEventListener('abort', giveUp);
      });
    });
  }

  /** The result of a flight that goes on whoever waits for it. */
  get result(): Promise<T> {
    return this.#result;
  }

  /** Waits until the flight is over, whatever comes of it, without keeping it alive. */
  over({ signal, requestName }: Waiting): Promise<void> {
    const onlooker = { requestName };
    this.#onlookers.add(onlooker);
    return new Promise((resolve, reject) => {
      const giveUp = () => {
        this.#onlookers.delete(onlooker);
        reject(stoppedWaiting());
      };
      if (signal?.aborted) giveUp();
      signal?.addEventListener('abort', giveUp, { once: true });
      void this.settled.then(() => {
        signal?.removeEventListener('abort', giveUp);
        resolve();
      });
    });
  }

  /**
   * Ends the flight; everyone who waits fails with the reason at once. `keep`: a request on the wire is let finish, and
   * its answer stored.
   */
  cancel(reason: AppError, how: 'keep' | 'drop'): void {
    if (how === 'drop' || !this.#onWire) this.#abort.abort(reason);
    for (const leave of [...this.#leavers.keys()]) leave(reason);
  }

  /** Sends what must not be given up merely because nobody waits any more. */
  async onWire<R>(request: () => Promise<R>): Promise<R> {
    this.#onWire = true;
    try {
      return await request();
    } finally {
      this.#onWire = false;
    }
  }

  /** Throws when there is no point in going on: aborted, or nobody waits. */
  checkpoint(): void {
    if (!this.signal.aborted && this.#leavers.size === 0) this.#abort.abort(nobodyWaits());
    this.signal.throwIfAborted();
  }
}

/** Whether a newcomer takes the result of a flight under way as its own; else it waits for its end and starts over. */
export function joins(newcomer: FlightPlan, flight: Flight<unknown>): boolean {
  const { plan } = flight;
  if (flight.signal.aborted || newcomer.fingerprint !== plan.fingerprint) return false;
  // What a script on trial gets is its writer's business.
  if (newcomer.testRun !== plan.testRun) return false;
  if (newcomer.trigger === 'end' || plan.trigger === 'end') return false;
  switch (newcomer.trigger) {
    case 'get':
      // Get Access Token repeats the grant: a mere refresh is not what was asked for.
      return plan.trigger === 'get';
    case 'send':
      // The Refresh button and a renewal stop at a refusal, where a send goes on with consent.
      return plan.trigger === 'send' || plan.trigger === 'get';
    case 'refresh':
      return plan.trigger !== 'renew';
    case 'renew':
      return true;
  }
}

function stoppedWaiting(): AppError {
  return new AppError('cancelled', 'Stopped waiting for the access token.');
}

function nobodyWaits(): AppError {
  return new AppError('cancelled', 'Everyone who waited for the access token has given up.');
}
