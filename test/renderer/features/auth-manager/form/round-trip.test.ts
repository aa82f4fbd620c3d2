import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { unusedGrant } from '../../../../../renderer/features/auth-manager/form/grant-form.ts';
import { formOf, profileOf, switched } from '../../../../../renderer/features/auth-manager/profile-form.ts';
import { type Client, clientSchema } from '../../../../../shared/model/client.ts';
import { grantSchema } from '../../../../../shared/model/grant.ts';
import { parameterSchema } from '../../../../../shared/model/parameter.ts';
import { newProfile, type Profile, profileSchema } from '../../../../../shared/model/profile.ts';
import { signingAlgorithmSchema } from '../../../../../shared/model/signing-key.ts';

const text = fc.string({ maxLength: 30 });
const reference = fc.constantFrom('', '{{one}}', '{{two.three}}');
const algorithm = fc.constantFrom(...signingAlgorithmSchema.options);
const key = fc.record({ key: reference, passphrase: reference, algorithm, keyId: text });
const kind = <Kind extends string>(value: Kind) => fc.constant(value);
const redirected = {
  redirectUri: text,
  responseMode: fc.constantFrom('default', 'query', 'fragment', 'form_post'),
};
const variable = fc.constantFrom('user', 'password', '_x', 'a.b-c');

const grant = fc.oneof(
  fc.record({
    kind: kind('authorization_code'),
    ...redirected,
    responseType: fc.constantFrom('code', 'code id_token', 'code token', 'code id_token token'),
    pkce: fc.constantFrom('S256', 'plain', 'none'),
  }),
  fc.record({
    kind: kind('implicit'),
    ...redirected,
    responseType: fc.constantFrom('token', 'id_token', 'id_token token'),
  }),
  fc.record({ kind: kind('password'), userValue: variable, passwordValue: variable }),
  fc.record({ kind: kind('client_credentials') }),
  fc.record({ kind: kind('device_code') }),
  fc.record({ kind: kind('refresh_token'), refreshToken: reference }),
  fc.record({
    kind: kind('jwt_bearer'),
    assertion: fc.oneof(
      fc.record({ kind: kind('given'), assertion: reference }),
      fc.record({
        kind: kind('signed'),
        key,
        issuer: text,
        subject: text,
        audience: text,
        lifetimeSeconds: fc.integer({ min: 1, max: 86_400 }),
        claims: text,
      }),
    ),
  }),
  fc.record({
    kind: kind('token_exchange'),
    subjectToken: reference,
    subjectTokenType: text,
    actorToken: reference,
    actorTokenType: text,
    requestedTokenType: text,
  }),
  fc.record({
    kind: kind('ciba'),
    hint: fc.constantFrom('login_hint', 'id_token_hint', 'login_hint_token'),
    hintValue: text,
    bindingMessage: text,
  }),
);

const audience = fc.constantFrom('issuer', 'token_endpoint');
const client = fc.oneof(
  fc.record({ kind: fc.constantFrom('none', 'tls_client_auth'), id: text }),
  fc.record({
    kind: kind('client_secret_basic'),
    id: text,
    secret: reference,
    encoding: fc.constantFrom('form', 'raw'),
  }),
  fc.record({ kind: kind('client_secret_post'), id: text, secret: reference }),
  fc.record({
    kind: kind('client_secret_jwt'),
    id: text,
    secret: reference,
    algorithm: fc.constantFrom('HS256', 'HS384', 'HS512'),
    audience,
  }),
  fc.record({ kind: kind('private_key_jwt'), id: text, key, audience }),
);

const protection = fc.record({
  pushedRequest: fc.boolean(),
  dpop: fc.oneof(fc.record({ kind: kind('off') }), fc.record({ kind: kind('on'), algorithm })),
  requestObject: fc.oneof(fc.record({ kind: kind('none') }), fc.record({ kind: kind('signed'), key })),
});

const parameter = fc.record({
  name: fc.constantFrom('resource', 'audience', 'prompt', 'x-own'),
  value: text,
  in: fc.constantFrom('query', 'body', 'header'),
  to: fc.subarray(['authorization', 'token', 'refresh'], { minLength: 1 }),
});

const name = fc.constantFrom('Authorization', 'X-Token', 'access_token');
const placement = fc.oneof(
  fc.record({ kind: kind('header'), name, prefix: fc.constantFrom(null, '', 'Token', 'JWT') }),
  fc.record({ kind: fc.constantFrom('query', 'form', 'cookie'), name }),
);

const profiles = fc
  .record({
    name: kind('Orders'),
    grant,
    client,
    server: fc.record({ issuer: text, tokenUrl: text, deviceAuthorizationUrl: text, jwksUrl: text }),
    protection,
    parameters: fc.array(parameter, { maxLength: 4 }),
    placement,
    placedToken: fc.constantFrom('access_token', 'id_token'),
    verifyTls: fc.boolean(),
    timeoutSeconds: fc.integer({ min: 1, max: 600 }),
    scope: text,
  })
  .map((profile): Profile => profileSchema.parse(profile));

describe('a profile and its form', () => {
  it('are the same thing, whatever the grant, the client, the protection and the rest', () => {
    const other = newProfile('Another');
    fc.assert(
      fc.property(profiles, (profile) => {
        // Nothing of the saved profile may be needed for what the form shows.
        expect(profileOf(formOf(profile), { ...other, name: profile.name })).toEqual({
          kind: 'valid',
          value: profile,
        });
      }),
      { numRuns: 2000 },
    );
  });

  it('come back the same after other grants and authentications were chosen in between', () => {
    fc.assert(
      fc.property(profiles, profiles, (profile, between) => {
        const first = formOf(profile);
        const away = switched(first, {
          grantKind: between.grant.kind,
          clientKind: between.client.kind,
          placementKind: between.placement.kind,
        });
        const saved = profileOf({ ...first, ...away }, profile);
        if (saved.kind === 'invalid') throw new Error(JSON.stringify(saved.issues));
        // What the saved profile cannot hold is still in the patch that the window keeps.
        const back = {
          ...formOf(saved.value),
          ...away,
          grantKind: first.grantKind,
          clientKind: first.clientKind,
          placementKind: first.placementKind,
        };
        expect(profileOf(back, saved.value)).toEqual({ kind: 'valid', value: profile });
      }),
      { numRuns: 500 },
    );
  });
});

describe('what is chosen for the first time', () => {
  const fresh = newProfile('Orders');
  const redirect = { redirectUri: unusedGrant.redirectUri };

  it.each([
    { kind: 'authorization_code', ...redirect },
    { kind: 'implicit', ...redirect },
    { kind: 'password' },
    { kind: 'client_credentials' },
    { kind: 'refresh_token' },
    { kind: 'device_code' },
    { kind: 'jwt_bearer', assertion: { kind: 'signed', key: {} } },
    { kind: 'token_exchange' },
    { kind: 'ciba' },
  ] as const)('is what the model says of the grant $kind', (grant) => {
    const built = profileOf({ ...formOf(fresh), grantKind: grant.kind }, fresh);
    expect(built).toMatchObject({ kind: 'valid', value: { grant: grantSchema.parse(grant) } });
  });

  it.each<Client['kind']>([
    'none',
    'client_secret_basic',
    'client_secret_post',
    'client_secret_jwt',
    'private_key_jwt',
    'tls_client_auth',
  ])('is what the model says of %s', (clientKind) => {
    const built = profileOf({ ...formOf(fresh), clientKind }, fresh);
    const plain = clientKind === 'none' || clientKind === 'tls_client_auth';
    const proof = clientKind === 'private_key_jwt' ? { key: {} } : plain ? {} : { secret: '' };
    expect(built).toMatchObject({
      kind: 'valid',
      value: { client: clientSchema.parse({ kind: clientKind, id: '', ...proof }) },
    });
  });

  it('is what the model says of a parameter', () => {
    const row = { name: 'audience', value: 'x', in: 'body', to: ['token'] } as const;
    const built = profileOf({ ...formOf(fresh), parameters: [{ ...row, to: [...row.to] }] }, fresh);
    expect(built).toMatchObject({
      value: { parameters: [parameterSchema.parse({ name: 'audience', value: 'x', to: ['token'] })] },
    });
  });
});
