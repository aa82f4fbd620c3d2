import { describe, expect, test } from 'vitest';
import { fingerprint, type TokenSubject, tokenEntryName } from '../../../electron/tokens/token-subject.ts';
import { Secret } from '../../../shared/secret.ts';

const base: TokenSubject = {
  key: { project: '/p', profile: 'orders', persona: 'default', environment: null },
  profile: {
    id: 'orders',
    name: 'Orders',
    grant: { kind: 'authorization_code', redirectUri: 'http://127.0.0.1/callback' },
    server: { issuer: 'https://id.example', authorizationUrl: '', tokenUrl: '' },
    client: { kind: 'client_secret_basic', id: 'app', secret: new Secret('one') },
    scope: 'read',
  },
  vars: { user: 'alice', team: 'x' },
  refreshMode: 'automatic',
  hasScript: false,
  silentGrant: false,
};

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
    ["persona's values", { ...base, vars: { user: 'bob', team: 'x' } }],
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
    ['order of values', { ...base, vars: { team: 'x', user: 'alice' } }],
  ];
  test.each(same)('is the same with another %s', (_, subject) => {
    expect(fingerprint(subject)).toBe(fingerprint(base));
  });
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
