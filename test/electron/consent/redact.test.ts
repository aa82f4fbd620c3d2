import { expect, test } from 'vitest';
import { cookieSecrets, createRedactor } from '../../../electron/consent/redact.ts';
import { Secret } from '../../../shared/secret.ts';

const redact = createRedactor({ user: 'alice', password: new Secret('p&ss w"rd<1>'), pin: new Secret('7') });

test('puts the name for the value, however it is written', () => {
  for (const value of ['p&ss w"rd<1>', 'p%26ss%20w%22rd%3C1%3E', 'p%26ss+w%22rd%3C1%3E']) {
    expect(redact(`x ${value} y`)).toBe('x [password] y');
  }
  expect(redact('x p&amp;ss w"rd&lt;1&gt; y')).toBe('x [password] y');
  expect(redact(JSON.stringify({ sent: 'p&ss w"rd<1>' }))).toBe('{"sent":"[password]"}');
});

test('hides a secret of one character, and leaves short plain values alone', () => {
  expect(redact('code 7')).toBe('code [pin]');
  expect(createRedactor({ flag: 'a' })('a banana')).toBe('a banana');
});

test('hides the beginning of a value where the text was cut', () => {
  const long = createRedactor({ token: new Secret('abcdefghijklmnop') });
  expect(long('Bearer abcdefgh…')).toBe('Bearer [token]…');
  expect(long('Bearer abcdefgh')).toBe('Bearer [token]');
});

test('finds a value whose blanks a page has drawn together', () => {
  const blank = createRedactor({ phrase: new Secret(' two  words\there '), empty: new Secret('  ') });
  expect(blank('<two words here>')).toBe('<[phrase]>');
});

test('takes the longer of two values that begin alike, and no value for a pattern', () => {
  const both = createRedactor({ a: new Secret('abcd'), b: new Secret('abcdef'), c: new Secret('$&.*') });
  expect(both('abcdef abcd $&.*')).toBe('[b] [a] [c]');
});

test('survives values that are no well-formed text, and empty ones', () => {
  expect(createRedactor({ odd: new Secret('\ud800x'), empty: new Secret('') })('plain')).toBe('plain');
});

test('hides the long values of cookies, each of two with the same name', () => {
  const hide = createRedactor(
    cookieSecrets([{ value: 'en' }, { value: 'session-one' }, { value: 'session-two' }]),
  );
  expect(hide('en session-one session-two')).toBe('en [cookie 1] [cookie 2]');
});

test('hides a value within another, and another that is cut with a value within it', () => {
  const inner = createRedactor({ user: new Secret('alice'), token: new Secret('eyJ.alice.c2lnbmF0dXJl') });
  expect(inner('<eyJ.alice.c2lnbmF0dXJl> alice')).toBe('<[token]> [user]');
  expect(inner('the token eyJ.alice.c2ln…')).toBe('the token [token][user][token]…');
});

test('leaves nothing between two values that overlap', () => {
  expect(createRedactor({ a: new Secret('abcd'), b: new Secret('cdef') })('abcdef')).toBe('[a][b]');
});

test('leaves what was redacted before as it is', () => {
  const redactor = createRedactor({ password: new Secret('password'), a: new Secret('a') });
  expect(redactor(redactor('password'))).toBe('[password]');
});
