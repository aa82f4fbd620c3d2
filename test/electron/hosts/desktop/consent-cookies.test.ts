import type { Cookie } from 'electron';
import { expect, test } from 'vitest';
import type { StoredCookie } from '../../../../electron/consent/browser-state.ts';
import { cookieToKeep, cookieToSet } from '../../../../electron/hosts/desktop/consent-cookies.ts';

const kept: StoredCookie = {
  ...{ name: 'sid', value: 'v', domain: 'login.example.com', path: '/realm', expires: -1 },
  ...{ httpOnly: true, secure: false, sameSite: 'Lax' },
};

test('a cookie of one host is set by its address, without a domain and until the session ends', () => {
  expect(cookieToSet(kept)).toEqual({
    ...{ url: 'http://login.example.com/realm', name: 'sid', value: 'v', path: '/realm' },
    ...{ httpOnly: true, secure: false, sameSite: 'lax' },
  });
});

test('a cookie for subdomains names its domain, and its end', () => {
  const set = cookieToSet({
    ...kept,
    domain: '.example.com',
    secure: true,
    sameSite: 'None',
    expires: 1_900_000_000,
  });
  expect(set).toMatchObject({
    ...{ url: 'https://example.com/realm', domain: '.example.com', secure: true },
    ...{ sameSite: 'no_restriction', expirationDate: 1_900_000_000 },
  });
});

test.each(['Strict', 'Lax', 'None'] as const)(
  'a cookie with SameSite=%s comes back as it was',
  (sameSite) => {
    const { url: _url, domain = kept.domain, ...set } = cookieToSet({ ...kept, sameSite });
    const held: Cookie = { ...set, name: 'sid', value: 'v', domain, sameSite: set.sameSite ?? 'unspecified' };
    expect(cookieToKeep(held)).toEqual({ ...kept, sameSite });
  },
);

test('a cookie that says nothing of SameSite is kept as what browsers take it for', () => {
  expect(cookieToKeep({ name: 'a', value: 'b', domain: 'x.test', sameSite: 'unspecified' })).toEqual({
    ...{ name: 'a', value: 'b', domain: 'x.test', path: '/', expires: -1 },
    ...{ httpOnly: false, secure: false, sameSite: 'Lax' },
  });
});
