import { memo } from 'react';
import type { TokenEvent } from '../../../shared/model/token.ts';
import { StatusDot } from '../../ui/chip.tsx';
import { Icon } from '../../ui/icon.tsx';
import { formatDay, formatTime, isoTime } from '../../ui/time-words.ts';
import { EventFacts } from './event-facts.tsx';
import styles from './event-row.module.css';
import { eventDetail, eventTone } from './event-words.ts';
import type { Names } from './names.ts';

export interface EventRowProps {
  event: TokenEvent;
  /** Whose token it was, in short; may be empty. */
  who: string;
  names: Names;
  open: boolean;
  /** Whether Tab stops here: of a whole list only one row does, and the arrow keys go on from it. */
  tabStop: boolean;
  onToggle: (id: string) => void;
  onFocus: (id: string) => void;
}

/** One thing that happened to a token; opened, all there is to it. */
export const EventRow = memo(function EventRow(props: EventRowProps) {
  const { event, who, names, open } = props;
  const detail = eventDetail(event);
  return (
    <div className={styles.row} data-kind={event.kind} data-open={open || undefined}>
      <button
        type="button"
        className={styles.summary}
        aria-expanded={open}
        tabIndex={props.tabStop ? 0 : -1}
        onClick={() => props.onToggle(event.id)}
        onFocus={() => props.onFocus(event.id)}
      >
        <StatusDot tone={eventTone(event.kind)} />
        <span className={styles.title}>
          <bdi>{event.title}</bdi>
        </span>
        <span className={styles.who} title={who}>
          <bdi>{who}</bdi>
        </span>
        <time dateTime={isoTime(event.atMs)}>
          <span className="visually-hidden">{formatDay(event.atMs)}, </span>
          {formatTime(event.atMs)}
        </time>
        <span className={styles.arrow}>
          <Icon name="chevron" size={14} />
        </span>
        {detail !== '' && !open && (
          <small className={styles.detail}>
            <bdi>{detail}</bdi>
          </small>
        )}
      </button>
      {open && <EventFacts event={event} names={names} />}
    </div>
  );
});
