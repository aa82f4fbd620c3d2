import { describe, expect, it } from 'vitest';
import { isAtLeast } from '../../../shared/advisor/advice.ts';
import { adviseProfile, profileAdvice } from '../../../shared/advisor/profile-advice.ts';
import { findingSchema } from '../../../shared/model/finding.ts';
import { profileSchema } from '../../../shared/model/profile.ts';

const secret = '{{client_secret}}';
const code = { kind: 'authorization_code', redirectUri: 'http://127.0.0.1/callback' };

/** A profile to which RFC 9700 has nothing to say, changed. */
function codes(changes: object): string[] {
  const profile = profileSchema.parse({
    name: 'Orders',
    grant: code,
    server: { issuer: 'https://login.example' },
    client: { kind: 'none', id: 'app' },
    protection: { dpop: { kind: 'on' } },
    ...changes,
  });
  return adviseProfile(profile).map((finding) => finding.code);
}

const basic = { kind: 'client_secret_basic', id: 'app', secret };
const pasted = { kind: 'refresh_token', refreshToken: '{{refresh}}' };
const own = { name: 'refresh', kind: 'secret', value: '{{refresh_of_a}}' };
const at = (redirectUri: string) => ({ grant: { ...code, redirectUri } });

const cases: [code: string, changes: object, others?: string[]][] = [
  ['password_grant', { grant: { kind: 'password' } }],
  ['token_in_query', { placement: { kind: 'query', name: 'access_token' } }],
  ['tls_unverified', { verifyTls: false }],
  ['http_endpoint', { server: { issuer: 'https://a.example', tokenUrl: 'http://a.example/token' } }],
  ['http_endpoint', { server: { issuer: 'http://{{tenant}}.example' } }],
  ['redirect_http', at('http://app.example/callback')],
  ['redirect_http', at('http://127.0.0.1.evil.example/')],
  ['redirect_http', at('http://127.0.0.1@evil.example/')],
  ['pkce_missing_public', { grant: { ...code, pkce: 'none' } }],
  [
    'token_in_redirect_query',
    { grant: { ...code, kind: 'implicit', responseMode: 'query' } },
    ['implicit_grant'],
  ],
  ['implicit_grant', { grant: { ...code, kind: 'implicit' } }],
  ['implicit_grant', { grant: { ...code, kind: 'implicit', responseType: 'id_token token' } }],
  ['token_in_redirect', { grant: { ...code, responseType: 'code id_token token' } }],
  ['pkce_missing', { grant: { ...code, pkce: 'none' }, client: basic }, ['shared_secret']],
  ['pkce_plain', { grant: { ...code, pkce: 'plain' } }],
  ['secret_in_app', { ...at('com.example.app:/callback'), client: basic }, ['shared_secret']],
  ['secret_in_body', { client: { ...basic, kind: 'client_secret_post' } }, ['shared_secret']],
  ['access_lifetime_long', { accessLifetime: { kind: 'custom', value: 61, unit: 'minutes' } }],
  [
    'assertion_long',
    { grant: { kind: 'jwt_bearer', assertion: { kind: 'signed', key: {}, lifetimeSeconds: 3601 } } },
  ],
  ['refresh_token_shared', { grant: pasted, personas: [{ name: 'a' }, { name: 'b' }] }],
  ['refresh_token_shared', { grant: pasted, personas: [{ name: 'a', values: [own] }, { name: 'b' }] }],
  ['shared_secret', { client: { ...basic, kind: 'client_secret_jwt' } }],
  ['token_unbound', { protection: {} }],
  ['issuer_unknown', { server: { tokenUrl: 'https://a.example/token' } }],
  ['redirect_localhost', at('http://localhost:8080/callback')],
];

describe('adviseProfile', () => {
  it.each(cases)('%s (case %#)', (expected, changes, others = []) => {
    expect(codes(changes)).toEqual([expected, ...others]);
  });

  it('has a case for each piece of advice, with a source and words', () => {
    const tried = new Set(cases.map(([expected]) => expected));
    for (const { code, severity, source, text } of profileAdvice) {
      expect(tried).toContain(code);
      const finding = findingSchema.parse({ code, severity, source, text: text('about') });
      expect(finding.source).toMatch(/^RFC \d+ section \d/);
      expect(finding.text).toMatch(/^[A-Z].*\.$/);
    }
  });

  it('has the gravest first', () => {
    const severities = profileAdvice.map(({ severity }) => severity);
    expect(
      severities.every((severity, place) =>
        severities.slice(place).every((next) => isAtLeast(severity, next)),
      ),
    ).toBe(true);
  });

  it.each<[string, object]>([
    ['a code with PKCE and a key', {}],
    ['an id token alone in the redirect', { grant: { ...code, kind: 'implicit', responseType: 'id_token' } }],
    ['an app with a scheme of its own and no secret', at('com.example.app:/callback')],
    [
      'http on this machine',
      { server: { issuer: 'http://localhost:8080', tokenUrl: 'http://[::1]:8080/t' } },
    ],
    ['http on the loopback network', at('http://127.0.0.1:0/callback')],
    [
      'a server that a variable names',
      { server: { issuer: '{{issuer}}', tokenUrl: 'http://{{host}}/token' } },
    ],
    ['a port that a variable names', { server: { issuer: 'http://localhost:{{port}}' } }],
    ['a redirect to a variable', at('{{redirect}}')],
    ['an hour', { accessLifetime: { kind: 'custom', value: 1, unit: 'hours' } }],
    ['mutual TLS', { protection: {}, client: { kind: 'tls_client_auth', id: 'app' } }],
    [
      'client credentials with a key',
      { grant: { kind: 'client_credentials' }, client: { kind: 'private_key_jwt', id: 'a', key: {} } },
    ],
    ['a refresh token of one persona', { grant: pasted }],
    [
      'a refresh token for each persona',
      { grant: pasted, personas: ['a', 'b'].map((name) => ({ name, values: [own] })) },
    ],
    ['a cookie', { placement: { kind: 'cookie' } }],
    ['a JWT for five minutes', { grant: { kind: 'jwt_bearer', assertion: { kind: 'signed', key: {} } } }],
  ])('has nothing against %s', (_, changes) => {
    expect(codes(changes)).toEqual([]);
  });

  it('looks at what variables say, where their values are known', () => {
    const server = { issuer: '{{issuer}}', tokenUrl: '{{base}}/token' };
    const profile = profileSchema.parse({
      ...{ name: 'x', grant: { ...code, redirectUri: 'http://{{app}}/callback' }, server },
      client: { kind: 'none', id: '' },
    });
    const found = (variables: Record<string, string>) =>
      adviseProfile(profile, variables).flatMap(({ code: one, severity }) =>
        severity === 'high' ? one : [],
      );
    const base = 'http://{{ host }}';
    expect(found({})).toEqual([]);
    expect(found({ base, host: 'api.example', app: 'app.example' })).toEqual([
      'http_endpoint',
      'redirect_http',
    ]);
    expect(found({ base, host: 'localhost:8080', app: '127.0.0.1' })).toEqual([]);
    expect(found({ base: '{{base}}x', issuer: '{{host}}', host: '{{issuer}}' })).toEqual([]);
    expect(found({ base: '{{base}}{{base}}{{base}}'.repeat(100) })).toEqual([]);
  });

  it('names what is not encrypted', () => {
    const http = 'http://a.example/';
    const server = { issuer: 'https://a.example', tokenUrl: http, jwksUrl: http };
    const profile = profileSchema.parse({ name: 'x', grant: code, server, client: { kind: 'none', id: '' } });
    expect(adviseProfile(profile)[0]?.text).toContain('Token URL, JWKS URL');
  });
});
