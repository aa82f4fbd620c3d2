import {
  type KeyboardEvent,
  type RefObject,
  useCallback,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from 'react';
import type { TimelineRow } from './timeline-rows.ts';

/** By how many events a key goes on. */
const steps = new Map([
  ['ArrowDown', 1],
  ['ArrowUp', -1],
  ['PageDown', 10],
  ['PageUp', -10],
]);

/** Where a key leads from the event at a position among so many, both counted from 1; undefined: nowhere. */
export function positionAfterKey(key: string, position: number, count: number): number | undefined {
  if (key === 'Home') return 1;
  if (key === 'End') return count;
  const step = steps.get(key);
  return step === undefined ? undefined : Math.min(Math.max(position + step, 1), count);
}

/** The keyboard's way through a list of which only a part is in the document: one stop for Tab, then arrow keys. */
export interface RowFocus {
  /** The index of the row that has the focus or had it last; -1: none has. It must stay in the document. */
  index: number;
  /** To be told when an event's row gets the focus. */
  onFocus: (event: string) => void;
  /** For the list: answers with the index of the row that is to come into sight, or undefined. */
  onKeyDown: (event: KeyboardEvent) => number | undefined;
}

/** Keeps the focus on an event, whatever index its row has. `scroller` holds the rows, each with its `data-index`. */
export function useRowFocus(rows: readonly TimelineRow[], scroller: RefObject<HTMLElement | null>): RowFocus {
  const [focused, setFocused] = useState<string | null>(null);
  const moved = useRef(false);
  const index = useMemo(
    () => rows.findIndex((row) => row.kind === 'event' && row.event.id === focused),
    [rows, focused],
  );

  // Without dependencies: the row that is moved to may come into the document only with a later render.
  useLayoutEffect(() => {
    if (!moved.current) return;
    const button = scroller.current?.querySelector<HTMLElement>(`[data-index="${index}"] button`);
    if (button == null && index !== -1) return;
    moved.current = false;
    button?.focus({ preventScroll: true });
  });

  const onKeyDown = useCallback(
    (pressed: KeyboardEvent) => {
      const row = rows[index];
      if (row?.kind !== 'event') return undefined;
      const last = rows.at(-1);
      const count = last?.kind === 'event' ? last.position : 0;
      const position = positionAfterKey(pressed.key, row.position, count);
      if (position === undefined) return undefined;
      pressed.preventDefault();
      const next = rows.findIndex((other) => other.kind === 'event' && other.position === position);
      const found = rows[next];
      if (found?.kind !== 'event') return undefined;
      // At either end nothing changes, so no render would follow to use this up.
      moved.current = next !== index;
      setFocused(found.event.id);
      return next;
    },
    [rows, index],
  );

  return { index, onFocus: setFocused, onKeyDown };
}
