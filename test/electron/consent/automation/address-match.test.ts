import { expect, test } from 'vitest';
import { addressMatcher } from '../../../../electron/consent/automation/address-match.ts';

test.each<[string | RegExp, string, boolean]>([
  ['https://a.example/login', 'https://a.example/login', true],
  ['https://a.example/login', 'https://a.example/login?x=1', false],
  ['**/login', 'https://a.example/realms/x/login', true],
  ['**/login', 'https://a.example/login/more', false],
  ['https://*.example/*', 'https://a.example/login', true],
  ['https://*.example/*', 'https://a.example/x/login', false],
  ['**/login?x=*', 'https://a.example/login?x=1', true],
  [/login$/i, 'https://a.example/LOGIN', true],
  [/^x/, 'https://a.example/', false],
])('%s and %s: %s', (wanted, url, expected) => {
  expect(addressMatcher(wanted)(new URL(url))).toBe(expected);
});

test('gives up on a match that would never end', () => {
  const url = new URL(`https://a.example/${'a'.repeat(2000)}!`);
  expect(addressMatcher(/(a+)+$/)(url)).toBe(false);
  expect(addressMatcher(`${'**a'.repeat(30)}b`)(url)).toBe(false);
});
