import { randomUUID } from 'node:crypto';
import type { TokenEvent } from '../../shared/model/token.ts';

/** A token event before it has its id and time. */
export type NewTokenEvent = Omit<TokenEvent, 'id' | 'atMs' | 'error' | 'durationMs'> &
  Partial<Pick<TokenEvent, 'error' | 'durationMs'>>;

/** The token events of this process. */
export interface TokenLog {
  /** Adds an event and returns its id. */
  add(event: NewTokenEvent): string;
  /** The last 1000, oldest first. */
  events(): TokenEvent[];
}

const keptEvents = 1000;

/** A log that tells each event to `onEvent`. */
export function createTokenLog(now: () => number, onEvent: (event: TokenEvent) => void): TokenLog {
  let events: TokenEvent[] = [];
  return {
    add(added) {
      const event: TokenEvent = { error: null, durationMs: null, ...added, id: randomUUID(), atMs: now() };
      // Cut now and then instead of at each event.
      if (events.length >= 2 * keptEvents) events = events.slice(-keptEvents);
      events.push(event);
      onEvent(event);
      return event.id;
    },
    events: () => events.slice(-keptEvents),
  };
}
