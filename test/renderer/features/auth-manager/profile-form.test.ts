import { describe, expect, it } from 'vitest';
import { valueHint, withLoginRows } from '../../../../renderer/features/auth-manager/login-values.ts';
import type { ValueRow } from '../../../../renderer/features/auth-manager/persona-form.ts';
import {
  formOf,
  type ProfileForm,
  profileOf,
} from '../../../../renderer/features/auth-manager/profile-form.ts';
import { type Profile, profileSchema } from '../../../../shared/model/profile.ts';

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

/** The form with other rows for the persona `admin`. */
function withRows(values: ValueRow[]): ProfileForm {
  const form = formOf(profile);
  return {
    ...form,
    personas: form.personas.map((persona) => (persona.name === 'admin' ? { ...persona, values } : persona)),
  };
}

function issuesWith(patch: Partial<ProfileForm>): Record<string, string> {
  const built = profileOf({ ...formOf(profile), ...patch }, profile);
  return built.kind === 'invalid' ? built.issues : {};
}

describe('profile form', () => {
  it.each([
    ['an authorization code profile', profile],
    [
      'a password profile with every setting its own',
      profileSchema.parse({
        name: 'All',
        grant: { kind: 'password', userValue: 'login', passwordValue: 'pin' },
        server: { revocationUrl: 'r', introspectionUrl: 'i', endSessionUrl: 'e' },
        client: { kind: 'none', id: '' },
        accessLifetime: { kind: 'custom', value: 5, unit: 'minutes' },
        refreshLifetime: { kind: 'custom', value: 2, unit: 'hours' },
        marginSeconds: 0,
        renewAhead: { kind: 'on', seconds: 20 },
        session: 'kept',
        consentBrowser: 'system',
        redirectPorts: [8400, 8401],
        afterConsent: { kind: 'address', url: 'https://example.com/done' },
        scriptHosts: ['login.example.com:8443', '*.example.com'],
        postLogoutRedirectUri: 'p',
      }),
    ],
  ])('gives %s back when nothing was typed', (_title, saved) => {
    expect(profileOf(formOf(saved), saved)).toEqual({ kind: 'valid', value: saved });
  });

  it('keeps other personas when the values of one are edited', () => {
    expect(profileOf(withRows([{ name: ' user ', kind: 'plain', value: 'b' }]), profile)).toMatchObject({
      kind: 'valid',
      value: { personas: [{ values: [{ name: 'user', value: 'b' }] }, { name: 'reader' }] },
    });
  });

  it('keeps a lifetime that was typed while the server’s word counts', () => {
    const typed = { kind: 'server', value: '45', unit: 'seconds' } as const;
    const built = profileOf({ ...formOf(profile), accessLifetime: typed }, profile);
    expect(built).toMatchObject({ value: { accessLifetime: { kind: 'server' } } });
  });

  it.each([
    ['accessLifetime', { kind: 'custom', value: '', unit: 'minutes' }, 'a whole number'],
    ['accessLifetime', { kind: 'custom', value: '1.5', unit: 'minutes' }, 'a whole number'],
    ['accessLifetime', { kind: 'custom', value: 'soon', unit: 'hours' }, 'a whole number'],
    ['refreshLifetime', { kind: 'custom', value: '0', unit: 'hours' }, 'at least 1'],
    ['refreshLifetime', { kind: 'custom', value: '-3', unit: 'hours' }, 'at least 1'],
    ['refreshLifetime', { kind: 'custom', value: '100000', unit: 'hours' }, 'at most ten years'],
    ['marginSeconds', '', 'a whole number'],
    ['marginSeconds', '601', 'at most 600'],
    ['marginSeconds', '-1', 'at least 0'],
    ['renewAhead', { kind: 'on', seconds: '3601' }, 'at most 3600'],
    ['renewAhead', { kind: 'on', seconds: 'x' }, 'a whole number'],
    ['redirectPorts', '8400, 8400', 'a port stands there twice'],
    ['redirectPorts', '8400 http', 'a whole number'],
    ['redirectPorts', '70000', 'at most 65535'],
    ['redirectPorts', '0', 'at least 1'],
    ['afterConsent', { kind: 'message', text: ' ', url: '' }, 'a text'],
    ['afterConsent', { kind: 'address', text: '', url: 'javascript:alert(1)' }, 'an http or https URL'],
    [
      'afterConsent',
      { kind: 'address', text: '', url: 'https://user:pw@example.com' },
      'an http or https URL',
    ],
    ['scriptHosts', 'https://login.example.com', 'without https://'],
    ['scriptHosts', 'a.example, b.example/login', 'without a path'],
    ['scriptHosts', '*', 'a host such as'],
    ['scriptHosts', '*.com', 'top-level domain'],
    ['userValue', '1st', 'a letter or underscore'],
  ])('says how %s of %o would be right', (field, value, words) => {
    expect(issuesWith({ grantKind: 'password', [field]: value })[field]).toContain(words);
  });

  it('does not mind what is typed and not in use', () => {
    const unused = { kind: 'server', value: 'x', unit: 'hours' } as const;
    expect(issuesWith({ accessLifetime: unused, renewAhead: { kind: 'off', seconds: '' } })).toEqual({});
  });

  it('gives every persona a row for its user name and its password when the grant needs them', () => {
    const form = { ...formOf(profile), passwordValue: 'pass' };
    const personas = withLoginRows(form);
    expect(personas.map(({ values }) => values.map(({ name, kind }) => `${name} ${kind}`))).toEqual([
      ['user plain', 'pass secret'],
      ['user plain', 'pass secret'],
    ]);
    expect(personas[0]?.values).toEqual(form.personas[0]?.values);
    expect(profileOf({ ...form, personas, grantKind: 'password' }, profile).kind).toBe('valid');
  });

  it('says which personas have no value of the name that the grant sends', () => {
    const form = formOf(profile);
    expect(valueHint(form, 'user', 'Sent.')).toBe('reader has no value of this name yet.');
    expect(valueHint(form, 'login', 'Sent.')).toBe('admin, reader have no value of this name yet.');
    expect(valueHint({ ...form, personas: form.personas.slice(0, 1) }, ' user ', 'Sent.')).toBe('Sent.');
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
    const built = profileOf(withRows(values), profile);
    expect(built.kind === 'invalid' && built.issues.values).toContain(words);
    // It need not be the persona on the screen.
    expect(built.kind === 'invalid' && built.issues.values).toMatch(/^admin: /);
  });

  it('takes a row without any text as not there yet', () => {
    const rows = profile.personas[0]?.values ?? [];
    expect(profileOf(withRows([...rows, { name: '', kind: 'plain', value: '' }]), profile)).toEqual({
      kind: 'valid',
      value: profile,
    });
  });

  it('does not take __proto__ for a value it could lose', () => {
    const built = profileOf(withRows([{ name: '__proto__', kind: 'plain', value: 'x' }]), profile);
    expect(built.kind).toBe('invalid');
  });
});
