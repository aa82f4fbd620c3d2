import { describe, expect, it } from 'vitest';
import { formOf } from '../../../../renderer/features/auth-manager/profile-form.ts';
import {
  freeVariable,
  slotVariable,
  valueVariable,
} from '../../../../renderer/features/auth-manager/secret-variables.ts';
import { newProfile } from '../../../../shared/model/profile.ts';
import { variableNameSchema } from '../../../../shared/model/variable.ts';

const form = (values: { persona: string; name: string; variable: string }[]) => {
  const names = [...new Set(values.map(({ persona }) => persona))];
  return {
    ...formOf(newProfile('Orders')),
    personas: names.map((persona) => ({
      name: persona,
      values: values
        .filter((value) => value.persona === persona)
        .map(({ name, variable }) => ({ name, kind: 'secret' as const, value: variable })),
    })),
  };
};

describe('variables of secrets', () => {
  it('are named for their profile, persona and value; the first persona’s as they always were', () => {
    expect(slotVariable('orders-api', form([]), 'clientSecret')).toBe('orders_api_client_secret');
    expect(valueVariable('orders-api', null, 'password')).toBe('orders_api.password');
    expect(valueVariable('orders-api', 'reader', 'password')).toBe('orders_api..reader.password');
  });

  it('stay variables’ names for any id, persona and value, and apart from each other', () => {
    const long = 'a'.repeat(60);
    const personas = [
      null,
      'reader',
      'Reader',
      'rea der',
      'rea_der',
      '管理者',
      '読者',
      '👩‍🚀',
      '👨‍🚀',
      '.',
      '..',
      '<b>',
    ];
    const longPersonas = [`${'x'.repeat(118)}1`, `${'x'.repeat(118)}2`];
    const values = ['password', 'reader.password', `${'p'.repeat(63)}1`, `${'p'.repeat(63)}2`];
    const names = [`${long}-one`, `${long}-two`, '9-lives', 'orders'].flatMap((id) => [
      slotVariable(id, form([]), 'clientSecret'),
      slotVariable(id, form([]), 'assertionKey.passphrase'),
      ...[...personas, ...longPersonas].flatMap((persona) =>
        values.map((name) => valueVariable(id, persona, name)),
      ),
    ]);
    expect(names.filter((name) => !variableNameSchema.safeParse(name).success)).toEqual([]);
    expect(new Set(names).size).toBe(names.length);
  });

  it('never take one that another value stands on, as after a persona or a value was renamed', () => {
    const renamed = form([
      { persona: 'admin', name: 'pin', variable: '{{orders.password}}' },
      { persona: 'guest', name: 'password', variable: '{{orders..reader.password}}' },
      { persona: 'reader', name: 'password', variable: '' },
    ]);
    expect(freeVariable('orders', renamed, { persona: 'admin', name: 'password' })).toBe('orders.password-2');
    expect(freeVariable('orders', renamed, { persona: 'reader', name: 'password' })).toBe(
      'orders..reader.password-2',
    );
    expect(freeVariable('orders', renamed, { persona: 'admin', name: 'user' })).toBe('orders.user');
  });

  it('stay variables’ names when the longest of them is taken', () => {
    const id = 'a'.repeat(64);
    const name = 'p'.repeat(64);
    const taken = form([{ persona: 'admin', name: 'x', variable: `{{${valueVariable(id, null, name)}}}` }]);
    const free = freeVariable(id, taken, { persona: 'admin', name });
    expect(variableNameSchema.safeParse(free).success).toBe(true);
    expect(free).not.toBe(valueVariable(id, null, name));
  });
});
