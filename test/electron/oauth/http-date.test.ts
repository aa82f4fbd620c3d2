import { describe, expect, it } from 'vitest';
import { httpDateMs } from '../../../electron/oauth/http-date.ts';

const atMs = Date.UTC(1994, 10, 6, 8, 49, 37);

describe('httpDateMs', () => {
  it.each([
    'Sun, 06 Nov 1994 08:49:37 GMT',
    ' sun, 06 nov 1994 08:49:37 gmt ',
    'Sunday, 06-Nov-94 08:49:37 GMT',
    'Sun Nov  6 08:49:37 1994',
    'Sun, 06 Nov 1994 10:49:37 +0200',
    'Sun, 06 Nov 1994 08:49:37 UTC',
  ])('reads "%s"', (text) => {
    expect(httpDateMs(text)).toBe(atMs);
  });

  it.each([
    '',
    '0',
    '-5',
    '784111777',
    'Sun',
    'Sunday 5',
    'tomorrow',
    'Sun, 99 Nov 1994 08:49:37 GMT',
    'Sun, 06 Nov 1994 08:49:37 GMT, Sun, 06 Nov 1994 08:49:37 GMT',
    `Sun, ${'06 Nov '.repeat(9_999)}`,
  ])('reads nothing in "%s"', (text) => {
    expect(httpDateMs(text)).toBeNull();
  });
});
