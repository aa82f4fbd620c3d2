import { describe, expect, test } from 'vitest';
import type { ResolvedGrant } from '../../../electron/oauth/resolved-profile.ts';
import {
  chainOf,
  fingerprint,
  type TokenSubject,
  tokenEntryName,
} from '../../../electron/tokens/token-subject.ts';
import { Secret } from '../../../shared/secret.ts';
import { defaultLifetimes } from '../../fixtures/lifetimes.ts';
import { testProfile } from '../../fixtures/oauth-profile.ts';

const base: TokenSubject = {
  key: { project: '/p', profile: 'orders', persona: 'default', environment: null },
  profile: testProfile({
    ...{ id: 'orders', name: 'Orders', server: { issuer: 'https://id.example' }, scope: 'read' },
    client: { kind: 'client_secret_basic', id: 'app', secret: new Secret('one') },
  }),
  vars: { user: 'alice', team: 'x', password: new Secret('pw') },
  surroundings: async () => ({}),
  refreshMode: 'automatic',
  lifetimes: defaultLifetimes,
  placedToken: 'access_token',
  session: 'fresh',
  consent: { consentBrowser: 'automatic', redirectPorts: [], afterConsent: { kind: 'standard' } },
  scriptHosts: [],
  hasScript: false,
  trusted: true,
  automation: 'script',
};

const passwordGrant = (username: string) => ({
  kind: 'password' as const,
  userValue: 'user',
  passwordValue: 'password',
  username,
  password: new Secret('pw'),
});

const withProfile = (changes: Partial<TokenSubject['profile']>): TokenSubject => ({
  ...base,
  profile: { ...base.profile, ...changes },
});

describe('the fingerprint of settings', () => {
  const others: [string, TokenSubject][] = [
    ['issuer', withProfile({ server: { ...base.profile.server, issuer: 'https://other.example' } })],
    ['authorization URL', withProfile({ server: { ...base.profile.server, authorizationUrl: 'https://a' } })],
    ['token URL', withProfile({ server: { ...base.profile.server, tokenUrl: 'https://a' } })],
    [
      'client id',
      withProfile({ client: { kind: 'client_secret_basic', id: 'b', secret: new Secret('one') } }),
    ],
    ['client authentication', withProfile({ client: { kind: 'none', id: 'app' } })],
    ['scope', withProfile({ scope: 'read write' })],
    ['grant', withProfile({ grant: { kind: 'client_credentials' } })],
    ['user name', { ...base, vars: { ...base.vars, user: 'bob' } }],
    // It may be the user name that stands in a secret.
    ['secret value of the persona', { ...base, vars: { ...base.vars, password: new Secret('other') } }],
    ['user of the password grant', withProfile({ grant: passwordGrant('bob') })],
  ];
  test.each(others)('is another with another %s', (_, subject) => {
    expect(fingerprint(subject)).not.toBe(fingerprint(base));
  });

  const same: [string, TokenSubject][] = [
    [
      'secret',
      withProfile({ client: { kind: 'client_secret_basic', id: 'app', secret: new Secret('two') } }),
    ],
    ['name', withProfile({ name: 'Renamed' })],
    ['refresh mode or script', { ...base, refreshMode: 'manual', hasScript: true }],
    ['placed token', { ...base, placedToken: 'id_token' }],
    ['lifetime or session', { ...base, lifetimes: { ...defaultLifetimes, accessMs: 1 }, session: 'kept' }],
    [
      'revocation, introspection or end session URL',
      withProfile({
        server: { ...base.profile.server, revocationUrl: 'https://a', endSessionUrl: 'https://b' },
      }),
    ],
    ['order of values', { ...base, vars: { password: new Secret('pw'), team: 'x', user: 'alice' } }],
  ];
  test.each(same)('is the same with another %s', (_, subject) => {
    expect(fingerprint(subject)).toBe(fingerprint(base));
  });
});

describe('the fingerprint of a grant', () => {
  const of = (grant: ResolvedGrant) => fingerprint(withProfile({ grant }));
  const redirected = { redirectUri: 'https://app/cb', responseMode: 'default' } as const;
  const implicit = { kind: 'implicit', ...redirected, responseType: 'token' } as const;
  const refresh = (token: string) => ({ kind: 'refresh_token', refreshToken: new Secret(token) }) as const;
  const ciba = { kind: 'ciba', hint: 'login_hint', hintValue: 'ada', bindingMessage: '' } as const;
  const exchange = (subject: string): ResolvedGrant => ({
    kind: 'token_exchange',
    ...{ subjectToken: new Secret(subject), actorToken: new Secret('') },
    ...{ subjectTokenType: 'a', actorTokenType: 'a', requestedTokenType: '' },
  });
  const signed = (key: string, subject = 'ada'): ResolvedGrant => ({
    kind: 'jwt_bearer',
    assertion: {
      kind: 'signed',
      ...{ issuer: 'app', subject, audience: '', lifetimeSeconds: 300, claims: '' },
      key: { key: new Secret(key), passphrase: new Secret(''), algorithm: 'ES256', keyId: '' },
    },
  });
  const given = (jwt: string): ResolvedGrant => ({
    kind: 'jwt_bearer',
    assertion: { kind: 'given', assertion: new Secret(jwt) },
  });

  test.each<[string, ResolvedGrant, ResolvedGrant]>([
    ['response type', implicit, { ...implicit, responseType: 'id_token token' }],
    ['refresh token of the person', refresh('one'), refresh('two')],
    ['person who is asked', ciba, { ...ciba, hintValue: 'bob' }],
    ['subject token', exchange('one'), exchange('two')],
    ['subject of an assertion', signed('key'), signed('key', 'bob')],
    ['assertion that was given', given('one'), given('two')],
  ])('is another with another %s', (_, one, two) => {
    expect(of(one)).not.toBe(of(two));
  });

  test.each<[string, ResolvedGrant, ResolvedGrant]>([
    ['response mode', implicit, { ...implicit, responseMode: 'form_post' }],
    ['binding message', ciba, { ...ciba, bindingMessage: 'W4' }],
    ['key of an assertion', signed('one'), signed('two')],
  ])('is the same with another %s', (_, one, two) => {
    expect(of(one)).toBe(of(two));
  });

  test('a chain is of one refresh token, whatever else changes, and there is none for other grants', () => {
    const chain = (grant: ResolvedGrant, scope = 'read') => chainOf(withProfile({ grant, scope }));
    expect(chain(refresh('one'))).toBe(chain(refresh(' one\n'), 'write'));
    expect(chain(refresh('one'))).not.toBe(chain(refresh('two')));
    expect(chain(refresh('one'))).not.toContain('one');
    expect(chain({ kind: 'client_credentials' })).toBeNull();
  });
});

test('two users of the password grant have two fingerprints, whatever the password', () => {
  const [alice, bob, newPassword] = [
    passwordGrant('alice'),
    passwordGrant('bob'),
    passwordGrant('alice'),
  ].map((grant) =>
    fingerprint(withProfile({ grant: { ...grant, password: new Secret(`pw-${grant.username}`) } })),
  );
  expect(alice).not.toBe(bob);
  expect(newPassword).toBe(alice);
});

test('a token set has its own entry for each project, profile, persona and environment', () => {
  const keys = [
    base.key,
    { ...base.key, project: '/q' },
    { ...base.key, profile: 'billing' },
    { ...base.key, persona: 'admin' },
    { ...base.key, environment: 'staging' },
  ];
  expect(new Set(keys.map(tokenEntryName)).size).toBe(keys.length);
});
