import { describe, expect, it } from 'vitest';
import { createFieldValues } from '../../../../electron/consent/recorder/field-values.ts';
import type { Field } from '../../../../electron/consent/recorder/messages.ts';
import { Secret } from '../../../../shared/secret.ts';

function field(facts: Partial<Field>): Field {
  const nothing = { type: 'text', autocomplete: '', inputMode: '', id: '', name: '', label: '' };
  return { ...nothing, besidePassword: false, ...facts };
}

const password = field({ type: 'password', label: 'Password' });

describe('what was typed', () => {
  it.each<[string, Partial<Field>, string, string, string]>([
    ['a password', { type: 'password' }, 'x', 'value', 'password'],
    ['a password that was made readable', { name: 'newPassword' }, 'x', 'value', 'password'],
    ['a passcode of digits', { type: 'password', inputMode: 'numeric' }, '123456', 'value', 'password'],
    ['a user beside a password', { besidePassword: true, label: 'Kennung' }, 'x', 'value', 'user'],
    ['an e-mail address', { type: 'email' }, 'a@b.test', 'value', 'user'],
    ['anything else', { label: 'Date of birth' }, '1990', 'value', 'date_of_birth'],
    ['a field without a name', {}, 'x', 'value', 'value'],
    ['a field that is named badly', { name: '__proto__' }, 'x', 'value', 'value'],
    ['a declared code', { autocomplete: 'one-time-code' }, 'AB-12', 'code', 'totp_seed'],
    ['a hidden code', { autocomplete: 'one-time-code', type: 'password' }, '123456', 'code', 'totp_seed'],
    ['a code by its name', { name: 'otpInput' }, '123456', 'code', 'totp_seed'],
    ['a code by its label', { label: 'Enter the code' }, '1234', 'code', 'totp_seed'],
    ['digits', { inputMode: 'numeric' }, '12345678', 'code', 'totp_seed'],
    ['a postal code', { name: 'postal_code' }, '12345', 'value', 'postal_code'],
    ['a code that is none', { name: 'otp' }, 'later', 'value', 'otp'],
  ])('%s', (_what, facts, typed, kind, name) => {
    const values = createFieldValues({});
    expect(values.typed('place', field(facts), typed)).toEqual({ kind, name, held: false });
    expect(values.missing().map((one) => one.name)).toEqual([name]);
  });

  it('is a value of the persona when it equals one, of equal ones the secret for a password', () => {
    const values = createFieldValues({ name: 'same', 'log-in': 'eve', password: new Secret('same') });
    expect(values.typed('1', field({ type: 'email' }), 'eve').name).toBe('log-in');
    expect(values.typed('2', password, 'same').name).toBe('password');
    expect(values.missing()).toEqual([]);
  });

  it('is missing no longer once the right value stands in the same field', () => {
    const values = createFieldValues({ password: new Secret('right') });
    values.typed('place', password, 'wrong');
    expect(values.missing()).toEqual([{ name: 'password', secret: true, differs: true }]);
    values.typed('place', password, 'right');
    expect(values.missing()).toEqual([]);
  });

  it('has a name for each field', () => {
    const values = createFieldValues({});
    const names = ['first', 'second', 'first'].map((place) => values.typed(place, password, place).name);
    expect(names).toEqual(['password', 'password_2', 'password']);
  });

  it('is known for good, a code and what was corrected too', () => {
    const values = createFieldValues({});
    values.typed('user', field({ type: 'email' }), 'bobby');
    values.typed('user', field({ type: 'email' }), 'alice');
    values.typed('code', field({ inputMode: 'numeric' }), '12345678');
    expect(values.known().map(({ kind, name, value }) => [kind, name, value.reveal()])).toEqual([
      ['value', 'user', 'bobby'],
      ['value', 'user', 'alice'],
      ['code', 'totp_seed', '12345678'],
    ]);
  });

  it('names the seed that the persona has, whatever it is called', () => {
    expect(createFieldValues({ mfaSeed: new Secret('x') }).code()).toEqual({
      kind: 'code',
      name: 'mfaSeed',
      held: true,
    });
  });
});
