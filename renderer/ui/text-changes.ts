import { differences } from './line-diff.ts';

/** A part of a text, by character, and what takes its place. */
export interface TextChange {
  from: number;
  to: number;
  insert: string;
}

/** Lines with their ends, so that they put together are the text. */
const linesOf = (text: string): string[] => (text === '' ? [] : text.split(/(?<=\n)/));

function offsets(lines: readonly string[]): number[] {
  const at = [0];
  for (const line of lines) at.push((at.at(-1) ?? 0) + line.length);
  return at;
}

/** The smallest changes that make one text of another: what they leave alone keeps its cursor. */
export function textChanges(before: string, after: string): TextChange[] {
  const lines = linesOf(before);
  const others = linesOf(after);
  const at = offsets(lines);
  return differences(lines, others).map(({ from, to, otherFrom, otherTo }) =>
    trimmed(at[from] ?? 0, lines.slice(from, to).join(''), others.slice(otherFrom, otherTo).join('')),
  );
}

function trimmed(at: number, before: string, after: string): TextChange {
  const most = Math.min(before.length, after.length);
  let start = 0;
  while (start < most && before[start] === after[start]) start += 1;
  let end = 0;
  while (end < most - start && before.at(-1 - end) === after.at(-1 - end)) end += 1;
  return { from: at + start, to: at + before.length - end, insert: after.slice(start, after.length - end) };
}
