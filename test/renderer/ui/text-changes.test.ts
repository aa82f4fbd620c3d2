import { describe, expect, it } from 'vitest';
import { diffRows } from '../../../renderer/ui/diff-rows.ts';
import { textChanges } from '../../../renderer/ui/text-changes.ts';

function applied(before: string, after: string): string {
  let text = before;
  for (const { from, to, insert } of textChanges(before, after).reverse()) {
    text = text.slice(0, from) + insert + text.slice(to);
  }
  return text;
}

describe('changes of a text', () => {
  it.each([
    ['', 'a\nb'],
    ['a\nb', ''],
    ['a\nb\nc\n', 'a\nx\nc'],
    ['one\ntwo\nthree\nfour', 'zero\none\nthree\nthree\nfour\n'],
    ['\n\n\n', '\n'],
    ['same', 'same'],
  ])('%j become %j', (before, after) => {
    expect(applied(before, after)).toBe(after);
  });

  it('make any text of any other', () => {
    let seed = 7;
    const next = (below: number) => {
      seed = (seed * 1103515245 + 12345) % 2147483648;
      return seed % below;
    };
    const random = () => Array.from({ length: next(12) }, () => ['a', 'b', 'ab', ''][next(4)]).join('\n');
    for (let round = 0; round < 500; round += 1) {
      const [before, after] = [random(), random()];
      expect(applied(before, after)).toBe(after);
    }
  });

  it('leave alone what is equal, also between two of them', () => {
    expect(textChanges('a\nb\nc\nd\n', 'A\nb\nc\nD!\n')).toEqual([
      { from: 0, to: 1, insert: 'A' },
      { from: 6, to: 7, insert: 'D!' },
    ]);
  });

  it('are few for a long text that was written anew', () => {
    const long = (word: string) => Array.from({ length: 5000 }, (_, index) => `${word} ${index}`).join('\n');
    expect(applied(long('a'), long('b'))).toBe(long('b'));
  });
});

describe('two texts side by side', () => {
  it('show the differences with what stands around them', () => {
    const lines = Array.from({ length: 20 }, (_, index) => `line ${index + 1}`);
    const other = lines.map((line, index) => (index === 9 ? 'changed' : line)).concat('new');
    const rows = diffRows(lines.join('\n'), other.join('\n'));
    expect(rows.filter(({ kind }) => kind !== 'same')).toEqual([
      { kind: 'gap', lines: 6 },
      { kind: 'changed', left: { number: 10, text: 'line 10' }, right: { number: 10, text: 'changed' } },
      { kind: 'gap', lines: 4 },
      { kind: 'changed', left: undefined, right: { number: 21, text: 'new' } },
    ]);
    expect(rows.filter(({ kind }) => kind === 'same')).toHaveLength(9);
  });

  it('are nothing when they are equal', () => {
    expect(diffRows('a\nb', 'a\nb')).toEqual([]);
  });
});
