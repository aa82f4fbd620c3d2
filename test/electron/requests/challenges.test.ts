import { describe, expect, it } from 'vitest';
import { parseChallenges, saysInvalidToken } from '../../../electron/requests/challenges.ts';

describe('saysInvalidToken', () => {
  it.each([
    'Bearer error="invalid_token"',
    'bearer ERROR="invalid_token"',
    'Bearer error=invalid_token',
    'Bearer realm="a", error="invalid_token", error_description="dead, gone"',
    'Bearer realm="with, comma and \\"quote\\"",error = "invalid_token"',
    'Basic realm="x", Bearer realm="y", error="invalid_token"',
    'Negotiate, Bearer error="invalid_token"',
    'DPoP realm="x", error="invalid_token", algs="ES256 PS256"',
    'Negotiate YWJj==, Bearer error="invalid_token"',
    'Bearer error="invalid\\_token"',
    'error="invalid_token"',
    ', ,Bearer error="invalid_token"',
    'Bearer scope="a b",\terror="invalid_token"',
  ])('is true for %s', (value) => {
    expect(saysInvalidToken([value])).toBe(true);
  });

  it.each([
    '',
    'Bearer',
    'Bearer realm="x"',
    'Bearer error="insufficient_scope"',
    'Bearer error="invalid_request", error_description="not invalid_token"',
    'Bearer realm="error=\\"invalid_token\\""',
    'Bearer realm="a, error=invalid_token"',
    'Bearer realm="x", Digest error="invalid_token"',
    'Digest error="invalid_token"',
    'Bearer x-error="invalid_token"',
    'Bearer error="invalid_token',
    '"""',
    '\\',
    'Bearer realm="\\',
  ])('is false for %s', (value) => {
    expect(saysInvalidToken([value])).toBe(false);
  });

  it('looks at each header of several', () => {
    expect(saysInvalidToken(['Basic realm="x"', 'Bearer error="invalid_token"'])).toBe(true);
    expect(saysInvalidToken(['Basic realm="x"', 'realm="y"'])).toBe(false);
    expect(saysInvalidToken([])).toBe(false);
  });

  it('is quick on hostile headers', () => {
    const started = performance.now();
    for (const value of [
      '"'.repeat(60_000),
      'a '.repeat(30_000),
      `Bearer ${'\\"'.repeat(30_000)}`,
      ','.repeat(60_000),
      ' '.repeat(60_000),
      `a${' '.repeat(60_000)}b c`,
    ]) {
      expect(saysInvalidToken([value])).toBe(false);
    }
    expect(performance.now() - started).toBeLessThan(2_000);
  });
});

describe('parseChallenges', () => {
  it('keeps each scheme with its own parameters', () => {
    const challenges = parseChallenges(['Basic realm="a, b", charset=UTF-8, Bearer scope="x"', 'Negotiate']);
    expect(challenges.map(({ scheme, parameters }) => [scheme, Object.fromEntries(parameters)])).toEqual([
      ['basic', { realm: 'a, b', charset: 'UTF-8' }],
      ['bearer', { scope: 'x' }],
      ['negotiate', {}],
    ]);
  });
});
