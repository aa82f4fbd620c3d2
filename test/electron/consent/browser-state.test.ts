import { expect, test } from 'vitest';
import {
  browserStateText,
  maximumStateBytes,
  parseBrowserState,
  type StoredCookie,
} from '../../../electron/consent/browser-state.ts';

const cookie: StoredCookie = {
  ...{ name: 'sid', value: 'a"ü', domain: '.example.com', path: '/', expires: 1_900_000_000.5 },
  ...{ httpOnly: true, secure: true, sameSite: 'None' },
};
const origin = { origin: 'https://example.com', localStorage: [{ name: 'k', value: 'v' }] };

test('a session comes back as it was', () => {
  const text = browserStateText([cookie], [origin]) ?? '';
  expect(parseBrowserState(text)).toEqual({ version: 1, cookies: [cookie], origins: [origin] });
});

test('leaves out what it could not read again, and what it does not know', () => {
  const more = { ...cookie, priority: 'High' };
  const text = browserStateText([more, { ...cookie, path: '' }], [origin, { ...origin, origin: 'null' }]);
  expect(JSON.parse(text ?? '')).toEqual({ version: 1, cookies: [cookie], origins: [origin] });
});

test('is at most 1 MB long, counted in bytes', () => {
  const rest = Buffer.byteLength(browserStateText([{ ...cookie, value: '' }], []) ?? '');
  const fits = 'x'.repeat(maximumStateBytes - rest);
  const text = browserStateText([{ ...cookie, value: fits }], []) ?? '';
  expect(Buffer.byteLength(text)).toBe(maximumStateBytes);
  expect(parseBrowserState(text)).not.toBeNull();
  expect(browserStateText([{ ...cookie, value: `${fits}x` }], [])).toBeNull();
  expect(browserStateText([{ ...cookie, value: 'ü'.repeat(maximumStateBytes / 2) }], [])).toBeNull();
  expect(parseBrowserState(`${text} `)).toBeNull();
});

test.each(['', '{', '1', '{"version":1}', '{"version":"1","cookies":[],"origins":[]}'])(
  'is none when the text is %j',
  (text) => {
    expect(parseBrowserState(text)).toBeNull();
  },
);
