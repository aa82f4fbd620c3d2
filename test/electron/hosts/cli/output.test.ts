import { expect, test } from 'vitest';
import { withoutValues } from '../../../../electron/hosts/cli/output.ts';

test.each([
  ["error: unknown option '--vars=a=marker'\n", "error: unknown option '--vars=…'\n"],
  [
    "error: unknown option '--vars=it's a\nmarker'\n(Did you mean --var?)",
    "error: unknown option '--vars=…'\n(Did you mean --var?)",
  ],
  ["error: unknown option '-x=marker'", "error: unknown option '-x=…'"],
  ["error: unknown option '--vars'", "error: unknown option '--vars'"],
  ["error: option '--wait <seconds>' argument 'soon' is invalid. a whole number", undefined],
  ['error: too many arguments for ‘get’', undefined],
])('a complaint repeats no value of an option: %s', (complaint, shown = complaint) => {
  expect(withoutValues(complaint)).toBe(shown);
});
