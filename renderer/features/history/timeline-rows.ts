import type { TokenEvent } from '../../../shared/model/token.ts';
import { dateOf } from '../../ui/time-words.ts';

/** One row of the timeline: a day's heading, or one thing that happened on it. */
export type TimelineRow =
  | { kind: 'day'; key: string; atMs: number }
  | { kind: 'event'; key: string; atMs: number; event: TokenEvent; position: number };

interface Day {
  fromMs: number;
  untilMs: number;
}

/** The day around a moment in the person's own time zone, which is not always 24 hours long. */
function dayAround(ms: number): Day {
  const day = dateOf(ms);
  return { fromMs: day.setHours(0, 0, 0, 0), untilMs: day.setDate(day.getDate() + 1) };
}

/**
 * The rows of events given newest first, with a heading above each day. `position` counts the events from 1.
 * The first heading's key never changes: a list that stands at its top stays there when another day begins.
 */
export function timelineRows(events: readonly TokenEvent[]): TimelineRow[] {
  const rows: TimelineRow[] = [];
  let day: Day | undefined;
  for (const [index, event] of events.entries()) {
    const { atMs } = event;
    if (day === undefined || atMs < day.fromMs || atMs >= day.untilMs) {
      rows.push({ kind: 'day', key: day === undefined ? 'first day' : `before ${day.fromMs}`, atMs });
      day = dayAround(atMs);
    }
    rows.push({ kind: 'event', key: `event ${event.id}`, atMs, event, position: index + 1 });
  }
  return rows;
}
