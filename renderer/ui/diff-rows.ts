import { differences } from './line-diff.ts';

/** A row of two texts side by side; undefined: that side has no such line. `gap`: equal lines that are left out. */
export type DiffRow =
  | { kind: 'same' | 'changed'; left: DiffLine | undefined; right: DiffLine | undefined }
  | { kind: 'gap'; lines: number };

/** A line and its number, from 1. */
export interface DiffLine {
  number: number;
  text: string;
}

/** How many equal lines are shown around a difference. */
const around = 3;

/** Two texts side by side: where they differ, with three lines around it. Equal texts give no rows. */
export function diffRows(left: string, right: string): DiffRow[] {
  const lines = left.split('\n');
  const others = right.split('\n');
  const rows: DiffRow[] = [];
  const at = (all: readonly string[], index: number): DiffLine | undefined => {
    const text = all[index];
    return text === undefined ? undefined : { number: index + 1, text };
  };
  const same = (from: number, otherFrom: number, count: number) => {
    for (let index = 0; index < count; index += 1) {
      rows.push({ kind: 'same', left: at(lines, from + index), right: at(others, otherFrom + index) });
    }
  };
  let line = 0;
  let other = 0;
  const found = differences(lines, others);
  for (const { from, to, otherFrom, otherTo } of found) {
    equalPart(from - line, line === 0 ? 0 : around, around);
    for (let index = 0; index < Math.max(to - from, otherTo - otherFrom); index += 1) {
      const leftLine = from + index < to ? at(lines, from + index) : undefined;
      const rightLine = otherFrom + index < otherTo ? at(others, otherFrom + index) : undefined;
      rows.push({ kind: 'changed', left: leftLine, right: rightLine });
    }
    line = to;
    other = otherTo;
  }
  if (found.length > 0) equalPart(lines.length - line, around, 0);
  return rows;

  function equalPart(count: number, head: number, tail: number): void {
    const hidden = count - head - tail;
    if (hidden <= 1) same(line, other, count);
    else {
      same(line, other, head);
      rows.push({ kind: 'gap', lines: hidden });
      same(line + count - tail, other + count - tail, tail);
    }
  }
}
