import type { TokenEvent } from '../../../shared/model/token.ts';
import { isProblem } from './event-words.ts';

/** Which token events the timeline shows. */
export interface EventFilter {
  /** A profile's id; null: those of all profiles. */
  profile: string | null;
  what: 'all' | 'problems';
  /** Words that must all stand in an event's title, detail or persona, in upper or lower case. */
  text: string;
}

/** The newest first; of two at the same millisecond, the later told one. */
export function newestFirst(events: readonly TokenEvent[]): TokenEvent[] {
  return events.toReversed().sort((one, other) => other.atMs - one.atMs);
}

// Events never change, so what is searched in each is made once, and not for every letter typed.
const searched = new WeakMap<TokenEvent, string>();

function searchedText(event: TokenEvent): string {
  const known = searched.get(event);
  if (known !== undefined) return known;
  const text = `${event.title}\n${event.detail}\n${event.persona}`.toLowerCase();
  searched.set(event, text);
  return text;
}

/** The events that a filter lets through, in the order given. */
export function filterEvents(events: readonly TokenEvent[], filter: EventFilter): TokenEvent[] {
  const words = filter.text.toLowerCase().split(/\s+/).filter(Boolean);
  return events.filter(
    (event) =>
      (filter.profile === null || event.profile === filter.profile) &&
      (filter.what === 'all' || isProblem(event.kind)) &&
      (words.length === 0 || words.every((word) => searchedText(event).includes(word))),
  );
}
