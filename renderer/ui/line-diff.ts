/** Lines from..to (to not included, from 0) of each of two texts; equal texts between the differences. */
export interface Difference {
  from: number;
  to: number;
  otherFrom: number;
  otherTo: number;
}

/** How many pairs of lines are compared at most; larger differences are told as one. */
const maximumPairs = 4_000_000;

/** Where two texts differ, line by line, in order: the fewest changed lines that make one of the other. */
export function differences(one: readonly string[], other: readonly string[]): Difference[] {
  let start = 0;
  while (start < one.length && start < other.length && one[start] === other[start]) start += 1;
  let end = one.length;
  let otherEnd = other.length;
  while (end > start && otherEnd > start && one[end - 1] === other[otherEnd - 1]) {
    end -= 1;
    otherEnd -= 1;
  }
  if (end === start && otherEnd === start) return [];
  if ((end - start) * (otherEnd - start) > maximumPairs) {
    return [{ from: start, to: end, otherFrom: start, otherTo: otherEnd }];
  }
  return walk(one.slice(start, end), other.slice(start, otherEnd)).map((found) => ({
    from: found.from + start,
    to: found.to + start,
    otherFrom: found.otherFrom + start,
    otherTo: found.otherTo + start,
  }));
}

function walk(one: readonly string[], other: readonly string[]): Difference[] {
  const width = other.length + 1;
  // Of the rest of both from each pair of lines on: how many lines they have in common.
  const common = new Uint32Array((one.length + 1) * width);
  const at = (line: number, otherLine: number): number => common[line * width + otherLine] ?? 0;
  for (let line = one.length - 1; line >= 0; line -= 1) {
    for (let otherLine = other.length - 1; otherLine >= 0; otherLine -= 1) {
      common[line * width + otherLine] =
        one[line] === other[otherLine]
          ? at(line + 1, otherLine + 1) + 1
          : Math.max(at(line + 1, otherLine), at(line, otherLine + 1));
    }
  }
  const found: Difference[] = [];
  let line = 0;
  let otherLine = 0;
  while (line < one.length || otherLine < other.length) {
    if (line < one.length && one[line] === other[otherLine]) {
      line += 1;
      otherLine += 1;
      continue;
    }
    const difference = { from: line, to: line, otherFrom: otherLine, otherTo: otherLine };
    while (
      (line < one.length || otherLine < other.length) &&
      !(line < one.length && one[line] === other[otherLine])
    ) {
      const skipsOne =
        otherLine === other.length ||
        (line < one.length && at(line + 1, otherLine) >= at(line, otherLine + 1));
      if (skipsOne) line += 1;
      else otherLine += 1;
    }
    found.push({ ...difference, to: line, otherTo: otherLine });
  }
  return found;
}
