import { X509Certificate } from 'node:crypto';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { ClientMetadata, Configuration, KoaContextWithOIDC } from 'oidc-provider';
import type { Provider } from 'oidc-provider/lib/provider.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ResolvedNetwork } from '../../../../electron/network/resolved-network.ts';
import { createOAuthContext } from '../../../../electron/oauth/context.ts';
import { createOAuthFetch } from '../../../../electron/oauth/fetch.ts';
import { clientCredentials } from '../../../../electron/oauth/grants/index.ts';
import { introspectToken } from '../../../../electron/oauth/introspection.ts';
import type { ResolvedProfile } from '../../../../electron/oauth/resolved-profile.ts';
import { revokeToken } from '../../../../electron/oauth/revocation.ts';
import { trusting, withCertificate } from '../../../fixtures/networks.ts';
import { failureOf, testProfile } from '../../../fixtures/oauth-profile.ts';
import { type OidcServer, startOidcServer } from '../../../fixtures/oidc-server.ts';
import { pem, tlsFile } from '../../../fixtures/tls-server.ts';

const service = {
  grant_types: ['client_credentials'],
  response_types: [],
  redirect_uris: [],
  id_token_signed_response_alg: 'ES256',
} satisfies Partial<ClientMetadata>;

/** The certificate that came over TLS; this provider is behind nobody. */
function certificateOf(ctx: KoaContextWithOIDC): X509Certificate | undefined {
  const { raw } = (ctx.req.socket as TLSSocket).getPeerCertificate?.() ?? {};
  return raw === undefined ? undefined : new X509Certificate(raw);
}

/** A server whose endpoints for certificates are elsewhere than the others (RFC 8705 section 5). */
const secure = createServer({
  ...{ key: pem('key'), cert: pem('server'), ca: pem('client-ca') },
  ...{ requestCert: true, rejectUnauthorized: false },
});
const asked: string[] = [];
let secureUrl: string;
let server: OidcServer;

function adjusted(configuration: Configuration): Configuration {
  const jwk = { ...new X509Certificate(pem('client')).publicKey.export({ format: 'jwk' }), use: 'sig' };
  const x5c = [new X509Certificate(pem('client')).raw.toString('base64')];
  const byAuthority = {
    ...{ ...service, client_id: 'known', token_endpoint_auth_method: 'tls_client_auth' },
    tls_client_auth_subject_dn: 'CN=orders-client',
    tls_client_certificate_bound_access_tokens: true,
  };
  const bySelf = {
    ...{ ...service, client_id: 'itself', token_endpoint_auth_method: 'self_signed_tls_client_auth' },
    jwks: { keys: [{ ...jwk, x5c }] },
  };
  return {
    ...configuration,
    clients: [...(configuration.clients ?? []), ...([byAuthority, bySelf] as ClientMetadata[])],
    clientAuthMethods: [
      'none',
      'client_secret_basic',
      'client_secret_post',
      'tls_client_auth',
      'self_signed_tls_client_auth',
    ],
    discovery: {
      mtls_endpoint_aliases: {
        token_endpoint: `${secureUrl}/token`,
        introspection_endpoint: `${secureUrl}/token/introspection`,
        revocation_endpoint: `${secureUrl}/token/revocation`,
      },
    },
    features: {
      ...configuration.features,
      mTLS: {
        enabled: true,
        ...{ tlsClientAuth: true, selfSignedTlsClientAuth: true, certificateBoundAccessTokens: true },
        getCertificate: (ctx) => certificateOf(ctx),
        certificateAuthorized: (ctx) => (ctx.req.socket as TLSSocket).authorized === true,
        certificateSubjectMatches: (ctx, _, expected) => certificateOf(ctx)?.subject === expected,
      },
    },
  };
}

beforeAll(async () => {
  await new Promise<void>((resolve) => secure.listen(0, '127.0.0.1', resolve));
  secureUrl = `https://127.0.0.1:${(secure.address() as AddressInfo).port}`;
  server = await startOidcServer({
    adjust: adjusted,
    prepare(provider: Provider) {
      const answer = provider.callback();
      secure.on('request', (request, response) => {
        asked.push(request.url ?? '');
        answer(request, response);
      });
    },
  });
});
afterAll(async () => {
  secure.close();
  secure.closeAllConnections();
  await server.close();
});

const keyPair = (name: string) => ({ certificate: pem(name), key: pem(`${name}-key`) });
const inOneFile = { certificate: tlsFile('client.p12').toString('base64'), passphrase: 'open-sesame' };

function ways(network: ResolvedNetwork, more: Partial<ResolvedProfile> = {}) {
  const context = createOAuthContext({ fetch: createOAuthFetch({ network }), now: Date.now });
  const client = { kind: 'tls_client_auth', id: 'known' } as const;
  const grant = { kind: 'client_credentials' } as const;
  const profile = testProfile({
    client,
    grant,
    network: async () => network,
    server: { issuer: server.url },
    scope: 'orders',
    ...more,
  });
  return { context, profile };
}

describe('a client that a certificate proves', () => {
  it.each([
    ['PEM', keyPair('client')],
    ['PKCS#12', inOneFile],
  ])(
    'is known by it at the addresses that the server has for that, and its token is bound to it (%s)',
    async (_, certificate) => {
      const { context, profile } = ways(withCertificate(certificate));
      const before = asked.length;
      const { accessToken } = await clientCredentials(profile, context);
      const held = { token: accessToken, kind: 'access_token' } as const;
      const told = await introspectToken(profile, held, context);
      expect([told.active, told.claims.find((claim) => claim.name === 'cnf')?.value]).toEqual([
        true,
        expect.stringContaining('x5t#S256'),
      ]);
      await revokeToken(profile, held, context);
      expect(asked.slice(before)).toEqual(['/token', '/token/introspection', '/token/revocation']);
    },
  );

  it('is known by the very certificate that it registered', async () => {
    const { context, profile } = ways(withCertificate(keyPair('client')), {
      client: { kind: 'tls_client_auth', id: 'itself' },
    });
    expect((await clientCredentials(profile, context)).tokenType).toBe('Bearer');
  });

  it('goes to an address that was typed, whatever the server has beside it', async () => {
    const tokenUrl = `${server.url}/token`;
    const { context, profile } = ways(withCertificate(keyPair('client')));
    const typed = { ...profile, server: { ...profile.server, tokenUrl } };
    expect((await failureOf(() => clientCredentials(typed, context))).code).toBe('invalid_client');
  });

  it('is refused with the certificate of another', async () => {
    const { context, profile } = ways(withCertificate(keyPair('other-client')));
    expect((await failureOf(() => clientCredentials(profile, context))).code).toBe('invalid_client');
  });

  it.each([
    ['none', trusting],
    ['one for another host', withCertificate(keyPair('client'), 'orders.example')],
  ])('asks for the certificate before it sends anything where the project has %s', async (_, network) => {
    const { context, profile } = ways(network);
    const before = asked.length;
    const error = await failureOf(() => clientCredentials(profile, context));
    expect([error.code, error.details?.field]).toEqual(['client_certificate_required', 'client.kind']);
    expect(error.message).toContain(new URL(secureUrl).host);
    expect(asked.length).toBe(before);
  });
});
