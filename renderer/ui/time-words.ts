/** A duration in words: `212 ms`, `1.4 s`, `2 min`. */
export function formatDuration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1000).toFixed(1)} s`;
  return `${Math.round(ms / 60_000)} min`;
}

// Made once: making a formatter takes longer than formatting, and a long list formats many.
const clock = { hour: '2-digit', minute: '2-digit', second: '2-digit' } as const;
const date = { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' } as const;
const timeFormat = new Intl.DateTimeFormat(undefined, clock);
const dayFormat = new Intl.DateTimeFormat(undefined, date);
const dateFormat = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short', year: 'numeric' });
const momentFormat = new Intl.DateTimeFormat(undefined, { ...date, ...clock, fractionalSecondDigits: 3 });

/** The furthest moment from the epoch that a `Date` can hold, either way (ECMA-262 section 21.4.1.1). */
const furthestMs = 8.64e15;

/** A moment as a date that can be shown, however wrong the clock was that told it. */
export function dateOf(ms: number): Date {
  return new Date(Math.min(Math.max(ms, -furthestMs), furthestMs));
}

/** A moment as the person's own clock shows it, with seconds. */
export function formatTime(ms: number): string {
  return timeFormat.format(dateOf(ms));
}

/** The day of a moment in the person's own time zone, such as "Monday, November 24, 2025". */
export function formatDay(ms: number): string {
  return dayFormat.format(dateOf(ms));
}

/** The same, short: "Nov 24, 2025". */
export function formatDate(ms: number): string {
  return dateFormat.format(dateOf(ms));
}

/** Day and time of a moment in the person's own time zone, to the millisecond. */
export function formatMoment(ms: number): string {
  return momentFormat.format(dateOf(ms));
}

/** A moment in UTC as machines write it (ISO 8601). */
export function isoTime(ms: number): string {
  return dateOf(ms).toISOString();
}
