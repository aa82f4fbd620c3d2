import { expect, it } from 'vitest';
import { duplicateMember } from '../../../../electron/oauth/quirks/duplicate-members.ts';

it.each([
  ['{}', null],
  ['"a:a"', null],
  ['{"a":1,"b":{"a":1},"c":[{"a":1},{"a":2}]}', null],
  ['{"a":"{\\"a\\":1,","b":"a"}', null],
  ['{"a":1,"a":2}', 'a'],
  ['{"a":[1,{"b":1,"b":2}]}', 'b'],
  ['{"a":1,"b":{},"\\u0061":2}', 'a'],
  ['{"":1,"":2}', ''],
  ['{"__proto__":1,"__proto__":2}', '__proto__'],
])('finds the name that stands twice in %s', (json, name) => {
  expect(() => JSON.parse(json)).not.toThrow();
  expect(duplicateMember(json)).toBe(name);
});

it('takes no long time for a large text', () => {
  const json = JSON.stringify({ x: Array.from({ length: 50_000 }, (_, at) => ({ [`"${at}`]: '\\"' })) });
  const startedMs = performance.now();
  expect(duplicateMember(json)).toBeNull();
  expect(performance.now() - startedMs).toBeLessThan(5_000);
});
