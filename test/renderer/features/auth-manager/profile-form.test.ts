import { describe, expect, it } from 'vitest';
import {
  clientSecretVariable,
  formOf,
  profileOf,
  urlHint,
  valueVariable,
} from '../../../../renderer/features/auth-manager/profile-form.ts';
import { type Profile, profileSchema } from '../../../../shared/model/profile.ts';
import { variableNameSchema } from '../../../../shared/model/variable.ts';

const profile: Profile = profileSchema.parse({
  name: 'Orders',
  grant: { kind: 'authorization_code', redirectUri: 'http://127.0.0.1/cb' },
  server: { issuer: 'https://id.example.com' },
  client: { kind: 'client_secret_post', id: 'c', secret: '{{s}}' },
  scope: 'openid',
  refreshMode: 'manual',
  personas: [
    {
      name: 'admin',
      values: [
        { name: 'user', kind: 'plain', value: 'a' },
        { name: 'pass', kind: 'secret', value: '{{p}}' },
      ],
    },
    { name: 'reader', values: [] },
  ],
});

describe('profile form', () => {
  it('gives the same profile back when nothing was typed', () => {
    expect(profileOf(formOf(profile), profile)).toEqual({ kind: 'valid', value: profile });
  });

  it('keeps other personas when the values of the first are edited', () => {
    const built = profileOf(
      { ...formOf(profile), values: [{ name: ' user ', kind: 'plain', value: 'b' }] },
      profile,
    );
    expect(built).toMatchObject({
      kind: 'valid',
      value: { personas: [{ values: [{ name: 'user', value: 'b' }] }, { name: 'reader' }] },
    });
  });

  it('leaves the redirect URI out of a grant without one, and the secret out of a public client', () => {
    const built = profileOf(
      { ...formOf(profile), grantKind: 'client_credentials', clientKind: 'none' },
      profile,
    );
    expect(built).toMatchObject({
      value: { grant: { kind: 'client_credentials' }, client: { kind: 'none', id: 'c' } },
    });
  });

  it('says by field what is wrong', () => {
    const form = { ...formOf(profile), name: ' ', clientSecret: 'hunter2' };
    const built = profileOf(form, profile);
    expect(built.kind === 'invalid' && Object.keys(built.issues).sort()).toEqual(['clientSecret', 'name']);
    expect(JSON.stringify(built)).not.toContain('hunter2');
  });

  it.each([
    [[{ name: '', kind: 'plain', value: 'x' } as const], 'needs a name'],
    [[{ name: '1st', kind: 'plain', value: '' } as const], 'must be a letter'],
    [
      [{ name: 'a', kind: 'plain', value: '' } as const, { name: 'a ', kind: 'plain', value: '' } as const],
      'twice',
    ],
  ])('refuses values with a missing, bad or repeated name', (values, words) => {
    const built = profileOf({ ...formOf(profile), values }, profile);
    expect(built.kind === 'invalid' && built.issues.values).toContain(words);
  });

  it('takes a row without any text as not there yet', () => {
    const values = [...formOf(profile).values, { name: '', kind: 'plain' as const, value: '' }];
    expect(profileOf({ ...formOf(profile), values }, profile)).toEqual({ kind: 'valid', value: profile });
  });

  it('does not take __proto__ for a value it could lose', () => {
    const built = profileOf(
      { ...formOf(profile), values: [{ name: '__proto__', kind: 'plain', value: 'x' }] },
      profile,
    );
    expect(built.kind).toBe('invalid');
  });

  it('advises on unfinished URLs, and not on variables or empty fields', () => {
    expect(urlHint('id.example.com')).toBeDefined();
    expect([urlHint(''), urlHint('{{base}}/x'), urlHint('https://id.example.com')]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });
});

describe('variables of secrets', () => {
  it('names the client secret for its profile', () => {
    expect(clientSecretVariable('orders-api')).toBe('orders_api_client_secret');
  });

  it('stays a variable’s name for any id, and apart for ids that begin alike', () => {
    const long = 'a'.repeat(60);
    const names = [`${long}-one`, `${long}-two`, '9-lives'].flatMap((id) => [
      clientSecretVariable(id),
      valueVariable(id, 'p'.repeat(64)),
    ]);
    for (const name of names) expect(variableNameSchema.safeParse(name).success).toBe(true);
    expect(new Set(names).size).toBe(names.length);
  });
});
