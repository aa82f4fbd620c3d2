import { defaultRangeExtractor, type Range, useVirtualizer } from '@tanstack/react-virtual';
import { useCallback, useMemo, useRef, useState } from 'react';
import type { TokenEvent } from '../../../shared/model/token.ts';
import { formatDay } from '../../ui/time-words.ts';
import { EventRow } from './event-row.tsx';
import type { Names } from './names.ts';
import styles from './timeline-list.module.css';
import { type TimelineRow, timelineRows } from './timeline-rows.ts';
import { useRowFocus } from './use-row-focus.ts';

/** The height of a day's heading in px, as in the style sheet; it hides what is scrolled beneath it. */
const dayHeight = 34;

/** How high a row is in px before it is measured. */
function estimatedHeight(row: TimelineRow | undefined): number {
  if (row === undefined || row.kind === 'day') return dayHeight;
  return row.event.detail === '' && row.event.durationMs === null ? 39 : 57;
}

/** The rows in sight, and one more that must not leave the document. */
function withRow(range: Range, index: number): number[] {
  const shown = defaultRangeExtractor(range);
  return index === -1 || shown.includes(index) ? shown : [...shown, index].sort((one, other) => one - other);
}

/** What has been opened, by the event's id. */
function useOpened(): [ReadonlySet<string>, (id: string) => void] {
  const [opened, setOpened] = useState<ReadonlySet<string>>(new Set());
  const toggle = useCallback((id: string) => {
    setOpened((before) => {
      const after = new Set(before);
      if (!after.delete(id)) after.add(id);
      return after;
    });
  }, []);
  return [opened, toggle];
}

export interface TimelineListProps {
  /** Newest first. */
  events: readonly TokenEvent[];
  names: Names;
  /** Whether the list is about one profile, so that its name need not stand in every row. */
  profileKnown: boolean;
}

/** Thousands of token events by day, of which only those in sight are in the document. */
export function TimelineList({ events, names, profileKnown }: TimelineListProps) {
  const rows = useMemo(() => timelineRows(events), [events]);
  const scroller = useRef<HTMLDivElement>(null);
  const [opened, toggle] = useOpened();
  const focus = useRowFocus(rows, scroller);
  const list = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => estimatedHeight(rows[index]),
    getItemKey: useCallback((index: number) => rows[index]?.key ?? index, [rows]),
    rangeExtractor: (range) => withRow(range, focus.index),
    overscan: 8,
    scrollPaddingStart: dayHeight,
    paddingEnd: 24,
    // What is read stays where it is when new events come in above it ...
    anchorTo: 'end',
    // ... and a row that is opened at the end grows downwards, as everywhere else.
    scrollEndThreshold: -1,
  });

  const first = list.range?.startIndex ?? 0;
  const tabStop =
    focus.index === -1 ? rows.findIndex((row, index) => index >= first && row.kind === 'event') : focus.index;

  return (
    <div ref={scroller} className={styles.scroller}>
      <h3 className={styles.day} data-current>
        {formatDay(rows[first]?.atMs ?? 0)}
      </h3>
      <ul
        aria-label="Token events"
        className={styles.rows}
        style={{ height: list.getTotalSize() }}
        onKeyDown={(pressed) => {
          const next = focus.onKeyDown(pressed);
          if (next !== undefined) list.scrollToIndex(next, { align: 'auto' });
        }}
      >
        {list.getVirtualItems().map(({ key, index, start }) => {
          const row = rows[index];
          const place = {
            ref: list.measureElement,
            'data-index': index,
            className: styles.place,
            style: { transform: `translateY(${start}px)` },
          };
          if (row === undefined) return null;
          if (row.kind === 'day') {
            return (
              <li key={key} {...place} aria-hidden="true">
                <p className={styles.day}>{formatDay(row.atMs)}</p>
              </li>
            );
          }
          return (
            <li key={key} {...place} aria-setsize={events.length} aria-posinset={row.position}>
              <EventRow
                event={row.event}
                who={names.who(row.event, profileKnown)}
                names={names}
                open={opened.has(row.event.id)}
                tabStop={index === tabStop}
                onToggle={toggle}
                onFocus={focus.onFocus}
              />
            </li>
          );
        })}
      </ul>
    </div>
  );
}
