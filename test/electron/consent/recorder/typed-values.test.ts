import { expect, test } from 'vitest';
import { createTypedValues } from '../../../../electron/consent/recorder/typed-values.ts';

function taken(...said: [field: number, value: string][]): string[] {
  const typed = createTypedValues();
  for (const [field, value] of said) typed.take(field, value);
  return typed.all().map((secret) => secret.reveal());
}

/** A value key by key, and back again. */
const keys = (field: number, from: string, to: string): [number, string][] =>
  to.startsWith(from)
    ? Array.from({ length: to.length - from.length }, (_, at) => [field, to.slice(0, from.length + at + 1)])
    : Array.from({ length: from.length - to.length }, (_, at) => [
        field,
        from.slice(0, from.length - at - 1),
      ]);

test('keeps the value of each field, not what it was on the way there', () => {
  expect(taken(...keys(0, '', 'alice'), ...keys(2, '', 'alice-pw'))).toEqual(['alice', 'alice-pw']);
});

test('keeps what was corrected, and what it was corrected to', () => {
  expect(taken(...keys(0, '', 'passwordx'), [0, 'password'])).toEqual(['passwordx', 'password']);
  const again = [
    ...keys(0, '', 'passwodr'),
    ...keys(0, 'passwodr', 'passwo'),
    ...keys(0, 'passwo', 'password'),
  ];
  expect(taken(...again)).toEqual(['passwodr', 'password']);
  expect(taken([0, 'wrong'], [0, ''], [0, 'right'])).toEqual(['wrong', 'right']);
});

test('leaves a letter or two alone', () => {
  expect(taken(...keys(0, '', 'ab'))).toEqual([]);
});

test('is seen in the same object later on', () => {
  const typed = createTypedValues();
  const { vars } = typed;
  typed.take(0, 'alice');
  expect(Object.keys(vars)).toEqual(['typed 1']);
});
