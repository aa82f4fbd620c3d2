import { describe, expect, it } from 'vitest';
import { expiryMs, momentMs } from '../../../electron/oauth/lifetime.ts';

const nowMs = Date.UTC(2030, 0, 1);
const nowSeconds = nowMs / 1000;

describe('expiryMs', () => {
  it.each([
    [3600, 3_600_000],
    ['3600', 3_600_000],
    [' 3600 ', 3_600_000],
    ['3600.5', 3_600_500],
    ['300.5', 300_500],
    [299.9994, 299_999],
    ['1e3', 1_000_000],
    [0.0015, 2],
    [1, 1000],
    [315_360_000, 315_360_000_000],
  ])('counts %o from the answer on', (value, lifetimeMs) => {
    expect(expiryMs(value, nowMs)).toBe(nowMs + lifetimeMs);
  });

  it.each([
    [nowSeconds + 1800, 1_800_000],
    [String(nowSeconds + 1800), 1_800_000],
    [nowMs + 1_800_000, 1_800_000],
    [String(nowMs + 1_800_000), 1_800_000],
    [nowSeconds + 0.5, 500],
    [nowSeconds - 60, -60_000],
  ])('takes %o for the moment that it is', (value, fromNowMs) => {
    expect(expiryMs(value, nowMs)).toBe(nowMs + fromNowMs);
  });

  it.each([
    [undefined],
    [null],
    [''],
    ['soon'],
    ['3600s'],
    ['NaN'],
    ['Infinity'],
    ['9'.repeat(400)],
    ['3,600'],
    [true],
    [false],
    [[]],
    [[3600]],
    [{}],
    [Number.NaN],
    [Number.POSITIVE_INFINITY],
    ['1e999'],
    [0],
    ['0'],
    [-1],
    [-0.5],
    ['-0'],
    ['-3600'],
    [9.223_372_036_854e15],
    [3_155_760_000],
    [nowSeconds - 200_000],
    [1e300],
  ])('says nothing for %o', (value) => {
    expect(expiryMs(value, nowMs)).toBeNull();
  });
});

describe('expiryMs of a server with another clock', () => {
  it.each([-7_200_000, 7_200_000, 40 * 86_400_000])('that is %i ms ahead', (aheadMs) => {
    const server = (nowMs + aheadMs) / 1000;
    // A lifetime is one by any clock; a moment is the server's.
    expect(expiryMs(60, nowMs, aheadMs)).toBe(nowMs + 60_000);
    expect(expiryMs(server + 60, nowMs, aheadMs)).toBe(nowMs + 60_000);
    expect(expiryMs((server + 60) * 1000, nowMs, aheadMs)).toBe(nowMs + 60_000);
    expect(momentMs(server + 60, nowMs, aheadMs)).toBe(nowMs + 60_000);
    expect(momentMs(server - 200_000, nowMs, aheadMs)).toBeNull();
  });
});
