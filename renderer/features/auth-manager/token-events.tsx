import type { TokenEvent } from '../../../shared/model/token.ts';
import { useSnapshot } from '../../api/use-engine.ts';
import { StatusDot } from '../../ui/chip.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorPanel } from '../../ui/error-panel.tsx';
import styles from './token.module.css';
import { eventTone, formatDuration, formatTime } from './token-words.ts';

function EventRow({ event, full }: { event: TokenEvent; full: boolean }) {
  const duration = event.durationMs === null ? '' : formatDuration(event.durationMs);
  // The engine's sentence often tells the duration itself.
  const parts = event.detail.includes(duration) ? [event.detail] : [duration, event.detail];
  const detail = parts.filter((part) => part !== '').join(' · ');
  return (
    <li className={styles.event} data-kind={event.kind}>
      <StatusDot tone={eventTone(event.kind)} />
      <span>{event.title}</span>
      <time dateTime={new Date(event.atMs).toISOString()}>{formatTime(event.atMs)}</time>
      {detail !== '' && <small>{detail}</small>}
      {full && event.error !== null && (
        <details className={styles.why}>
          <summary>What the failure was</summary>
          <ErrorPanel error={event.error} />
        </details>
      )}
    </li>
  );
}

/** Token events as sentences, in the order given; `full` adds what each failure was. */
export function TokenEventList({
  events,
  label,
  full = false,
}: {
  events: readonly TokenEvent[];
  label: string;
  full?: boolean;
}) {
  return (
    <ul className={styles.events} aria-label={label}>
      {events.map((event) => (
        <EventRow key={event.id} event={event} full={full} />
      ))}
    </ul>
  );
}

/** The newest first; of two at the same millisecond, the later told one. */
export function newestFirst(events: readonly TokenEvent[]): TokenEvent[] {
  return events.toReversed().sort((one, other) => other.atMs - one.atMs);
}

/** A profile's token events, newest first. */
export function useTokenEvents(profile: string): TokenEvent[] {
  const events = useSnapshot((snapshot) => snapshot.tokens.events);
  return newestFirst(events.filter((event) => event.profile === profile));
}

function dayOf(event: TokenEvent): string {
  return new Date(event.atMs).toLocaleDateString(undefined, {
    weekday: 'long',
    day: 'numeric',
    month: 'long',
  });
}

/** Everything that happened to a profile's token, by day. */
export function Timeline({ profile }: { profile: string }) {
  const events = useTokenEvents(profile);
  if (events.length === 0) {
    return (
      <EmptyState
        title="Nothing has happened yet"
        text="Every token obtained, refreshed or refused will stand here, with its cause."
      />
    );
  }
  const days = new Map<string, TokenEvent[]>();
  for (const event of events) days.set(dayOf(event), [...(days.get(dayOf(event)) ?? []), event]);
  return (
    <div className={styles.timeline}>
      {[...days].map(([day, ofDay]) => (
        <section key={day}>
          <h3>{day}</h3>
          <TokenEventList events={ofDay} label={`Token events of ${day}`} full />
        </section>
      ))}
    </div>
  );
}
