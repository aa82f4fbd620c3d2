import { type RefObject, useEffect, useRef, useState } from 'react';
import { PageScriptCard } from './page-script-card.tsx';
import type { PageRow, PageScriptState } from './page-script-store.ts';
import pageStyles from './page-scripts.module.css';
import { usePageScripts } from './stores.ts';

/** Which card is dragged, and beside which it would be put. */
interface Drag {
  key: number;
  over: { key: number; half: 'before' | 'after' } | null;
}

interface CardsProps {
  profile: string;
  pages: PageScriptState;
  /** Gets the focus when there is no card left that could. */
  addButton: RefObject<HTMLButtonElement | null>;
}

/** The page scripts as cards, which are put into order by dragging and by keyboard; what moved is told. */
export function PageScriptCards({ profile, pages, addButton }: CardsProps) {
  const { rows, syntax } = pages;
  const { edit, remove, move } = usePageScripts((state) => state);
  const [drag, setDrag] = useState<Drag | null>(null);
  const [told, setTold] = useState('');
  const list = useRef<HTMLOListElement>(null);
  const focusNext = useRef<(() => HTMLElement | null | undefined) | null>(null);

  // A card that changes its place in the document, or goes from it, loses the focus.
  // biome-ignore lint/correctness/useExhaustiveDependencies: it is the change of the rows that moves them.
  useEffect(() => {
    focusNext.current?.()?.focus();
    focusNext.current = null;
  }, [rows]);

  function moveTo(row: PageRow, to: number): void {
    if (to < 0 || to >= rows.length) return;
    const focused = document.activeElement instanceof HTMLElement ? document.activeElement : null;
    focusNext.current = () => focused;
    move(profile, row.key, to);
    setTold(`${row.name} is now ${to + 1} of ${rows.length}.`);
  }

  function removeAt(row: PageRow, index: number): void {
    focusNext.current = () =>
      list.current?.querySelectorAll<HTMLElement>('[data-grip]')[index] ?? addButton.current;
    remove(profile, row.key);
    setTold(`${row.name} was deleted.`);
  }

  function onDrop(): void {
    const row = rows.find(({ key }) => key === drag?.key);
    const over = drag?.over;
    setDrag(null);
    if (row === undefined || !over || over.key === row.key) return;
    const others = rows.filter((each) => each !== row);
    moveTo(row, others.findIndex(({ key }) => key === over.key) + (over.half === 'after' ? 1 : 0));
  }

  return (
    <>
      <ol ref={list} className={pageStyles.list} aria-label="Page scripts in order">
        {rows.map((row, index) => (
          <PageScriptCard
            key={row.key}
            row={row}
            index={index}
            count={rows.length}
            syntax={syntax[row.key]}
            dragging={drag !== null}
            drop={drag?.over?.key === row.key && drag.key !== row.key ? drag.over.half : undefined}
            onEdit={(patch) => edit(profile, row.key, patch)}
            onRemove={() => removeAt(row, index)}
            onMove={(to) => moveTo(row, to)}
            onDragStart={() => setDrag({ key: row.key, over: null })}
            onDragEnd={() => setDrag(null)}
            onDragOver={(half) => setDrag((now) => now && { ...now, over: { key: row.key, half } })}
            onDrop={onDrop}
          />
        ))}
      </ol>
      <p className="visually-hidden" role="status">
        {told}
      </p>
    </>
  );
}
