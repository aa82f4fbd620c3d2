import type { TokenEvent } from '../../../shared/model/token.ts';
import { StatusDot } from '../../ui/chip.tsx';
import { formatTime, isoTime } from '../../ui/time-words.ts';
import styles from './event-list.module.css';
import { eventDetail, eventTone } from './event-words.ts';

function EventItem({ event }: { event: TokenEvent }) {
  const detail = eventDetail(event);
  return (
    <li className={styles.event} data-kind={event.kind}>
      <StatusDot tone={eventTone(event.kind)} />
      <span>{event.title}</span>
      <time dateTime={isoTime(event.atMs)}>{formatTime(event.atMs)}</time>
      {detail !== '' && <small>{detail}</small>}
    </li>
  );
}

/** A few token events as sentences, in the order given; all of them, and all there is to each, shows `Timeline`. */
export function TokenEventList({ events, label }: { events: readonly TokenEvent[]; label: string }) {
  return (
    <ul className={styles.events} aria-label={label}>
      {events.map((event) => (
        <EventItem key={event.id} event={event} />
      ))}
    </ul>
  );
}
