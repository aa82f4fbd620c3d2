import { describe, expect, it } from 'vitest';
import { withConsentPrompt } from '../../../electron/playground/routes.ts';

describe('withConsentPrompt', () => {
  it.each([
    ['/auth', '/auth?prompt=consent'],
    ['/auth?a=1', '/auth?a=1&prompt=consent'],
    ['/auth?prompt=login&a=1', '/auth?prompt=login+consent&a=1'],
    ['/auth?prompt=&a=%26', '/auth?prompt=consent&a=%26'],
    ['/auth?a=b?c', '/auth?a=b%3Fc&prompt=consent'],
  ])('makes of %s %s', (url, expected) => {
    expect(withConsentPrompt(url)).toBe(expected);
  });

  it.each(['/auth?prompt=none', '/auth?prompt=login%20consent', '/auth?prompt=a&prompt=b'])(
    'leaves %s as it is',
    (url) => {
      expect(withConsentPrompt(url)).toBe(url);
    },
  );
});
