import type { ClientMetadata, Configuration } from 'oidc-provider';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { clientCredentials } from '../../../../electron/oauth/grants/index.ts';
import { introspectToken } from '../../../../electron/oauth/introspection.ts';
import type { ResolvedClient, ResolvedProfile } from '../../../../electron/oauth/resolved-profile.ts';
import { revokeToken } from '../../../../electron/oauth/revocation.ts';
import type { SigningAlgorithm } from '../../../../shared/model/signing-key.ts';
import { Secret } from '../../../../shared/secret.ts';
import { failureOf, testContext, testProfile } from '../../../fixtures/oauth-profile.ts';
import { type OidcServer, oidcRedirectUri, startOidcServer } from '../../../fixtures/oidc-server.ts';
import { byCode, keyAlgorithms, keyOf, signingClients } from './signing-clients.ts';

const secretAlgorithms = ['HS256', 'HS384', 'HS512'] as const;
const secret = 'long enough for every hash of the JWS algorithms: 64 characters.';

const service = {
  grant_types: ['client_credentials', 'authorization_code'],
  redirect_uris: [oidcRedirectUri],
  application_type: 'native',
  response_types: ['code'],
  id_token_signed_response_alg: 'ES256',
} satisfies Partial<ClientMetadata>;

function withAssertions(configuration: Configuration): Configuration {
  const bySecret = secretAlgorithms.map((algorithm) => ({
    ...{ ...service, client_id: algorithm, client_secret: secret },
    token_endpoint_auth_method: 'client_secret_jwt' as const,
    token_endpoint_auth_signing_alg: algorithm,
  }));
  const byKey = signingClients(keyAlgorithms, (algorithm) => ({
    ...service,
    token_endpoint_auth_method: 'private_key_jwt',
    token_endpoint_auth_signing_alg: algorithm,
  }));
  return {
    ...configuration,
    clients: [...(configuration.clients ?? []), ...bySecret, ...byKey],
    enabledJWA: {
      ...configuration.enabledJWA,
      clientAuthSigningAlgValues: [...secretAlgorithms, ...keyAlgorithms],
    },
  };
}

let server: OidcServer;
beforeAll(async () => {
  server = await startOidcServer({ adjust: withAssertions });
});
afterAll(() => server.close());

const audiences = ['issuer', 'token_endpoint'] as const;
type Audience = (typeof audiences)[number];

function bySecret(algorithm: (typeof secretAlgorithms)[number], audience: Audience): ResolvedClient {
  return { kind: 'client_secret_jwt', id: algorithm, secret: new Secret(secret), algorithm, audience };
}

function byKey(algorithm: SigningAlgorithm, audience: Audience, keyId = ''): ResolvedClient {
  return { kind: 'private_key_jwt', id: algorithm, key: keyOf(algorithm, keyId), audience };
}

function profileOf(client: ResolvedClient, more: Partial<ResolvedProfile> = {}): ResolvedProfile {
  const grant = { kind: 'client_credentials' } as const;
  return testProfile({ client, grant, scope: 'orders', server: { issuer: server.url }, ...more });
}

/** A token, and what the server says of it and lets be done with it to the same client. */
async function whole(client: ResolvedClient) {
  const context = testContext();
  const profile = profileOf(client);
  const { accessToken } = await clientCredentials(profile, context);
  const held = { token: accessToken, kind: 'access_token' } as const;
  const before = await introspectToken(profile, held, context);
  await revokeToken(profile, held, context);
  const after = await introspectToken(profile, held, context);
  return [before.active, after.active];
}

const combinations = <Algorithm>(algorithms: readonly Algorithm[]) =>
  audiences.flatMap((audience) => algorithms.map((algorithm) => [algorithm, audience] as const));

describe('a client of a real provider', () => {
  it.each(combinations(secretAlgorithms))(
    'is known by client_secret_jwt with %s to its %s, at every endpoint',
    async (algorithm, audience) => expect(await whole(bySecret(algorithm, audience))).toEqual([true, false]),
  );

  it.each(combinations(keyAlgorithms))(
    'is known by private_key_jwt with %s to its %s, at every endpoint',
    async (algorithm, audience) => expect(await whole(byKey(algorithm, audience))).toEqual([true, false]),
  );

  it.each(combinations(['HS256', 'RS256', 'EdDSA'] as const))(
    'gets a token for a code by %s to its %s, with a pushed request before it',
    async (algorithm, audience) => {
      const client = algorithm === 'HS256' ? bySecret(algorithm, audience) : byKey(algorithm, audience, 'k1');
      const profile = profileOf(client, {
        ...{ grant: testProfile().grant, scope: 'openid orders' },
        protection: { ...testProfile().protection, pushedRequest: true },
      });
      const { pending, answer } = await byCode(profile);
      expect([...new URL(pending.url).searchParams.keys()]).toEqual(['client_id', 'request_uri']);
      expect(answer).toMatchObject({ tokenType: 'Bearer', subject: 'ada' });
    },
  );

  it('is not known by another key, another secret or another key id', async () => {
    const other = { ...byKey('RS256', 'issuer'), id: 'PS256' } as ResolvedClient;
    const secretOfAnother = {
      ...bySecret('HS256', 'issuer'),
      secret: new Secret('x'.repeat(64)),
    } as ResolvedClient;
    for (const client of [other, secretOfAnother, byKey('ES256', 'issuer', 'k2')]) {
      const error = await failureOf(() => clientCredentials(profileOf(client), testContext()));
      expect(error.code).toBe('invalid_client');
    }
  });

  it('names the token endpoint as the audience also where its addresses are typed by hand', async () => {
    const typed = {
      tokenUrl: `${server.url}/token`,
      introspectionUrl: `${server.url}/token/introspection`,
    };
    const profile = testProfile({ client: byKey('ES256', 'token_endpoint'), scope: 'orders', server: typed });
    const { accessToken } = await clientCredentials(profile, testContext());
    const told = await introspectToken(profile, { token: accessToken, kind: 'access_token' }, testContext());
    expect(told.active).toBe(true);
  });

  it('finds the issuer to name as the audience in a discovery document, and asks for it where there is none', async () => {
    const tokenUrl = `${server.url}/token`;
    const document = `${server.url}/.well-known/openid-configuration`;
    const profile = (issuer: string) =>
      testProfile({ client: byKey('ES256', 'issuer'), scope: 'orders', server: { tokenUrl, issuer } });
    const answer = await clientCredentials(profile(document), testContext());
    expect(answer.tokenType).toBe('Bearer');
    const error = await failureOf(() => clientCredentials(profile(''), testContext()));
    expect([error.code, error.details?.field]).toEqual(['profile_incomplete', 'server.issuer']);
  });
});
