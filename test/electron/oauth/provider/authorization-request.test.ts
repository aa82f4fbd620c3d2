import { generateKeyPairSync } from 'node:crypto';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import type { Configuration } from 'oidc-provider';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startAuthorization } from '../../../../electron/oauth/authorization.ts';
import { refreshTokens } from '../../../../electron/oauth/grants/index.ts';
import type { ResolvedProfile } from '../../../../electron/oauth/resolved-profile.ts';
import type { Parameter } from '../../../../shared/model/parameter.ts';
import { Secret } from '../../../../shared/secret.ts';
import { failureOf, testContext, testProfile } from '../../../fixtures/oauth-profile.ts';
import { type OidcServer, oidcRedirectUri, startOidcServer } from '../../../fixtures/oidc-server.ts';
import { byCode, keyOf, signingClients } from './signing-clients.ts';

const algorithms = ['RS256', 'PS256', 'ES256', 'EdDSA'] as const;
type Algorithm = (typeof algorithms)[number];
const apis = ['https://orders.example/', 'https://billing.example/'];

function adjusted(configuration: Configuration): Configuration {
  const signing = signingClients(algorithms, (algorithm) => ({
    token_endpoint_auth_method: 'none',
    grant_types: ['authorization_code', 'refresh_token'],
    request_object_signing_alg: algorithm,
    require_signed_request_object: true,
  }));
  return {
    ...configuration,
    clients: [...(configuration.clients ?? []), ...signing],
    pkce: { required: () => false },
    features: {
      ...configuration.features,
      requestObjects: { enabled: true },
      resourceIndicators: {
        enabled: true,
        getResourceServerInfo: (_, indicator) => {
          if (!apis.includes(indicator)) throw new Error(`unknown ${indicator}`);
          return { scope: 'orders', accessTokenFormat: 'jwt', jwt: { sign: { alg: 'ES256' } } };
        },
      },
    },
    enabledJWA: { ...configuration.enabledJWA, requestObjectSigningAlgValues: [...algorithms] },
  };
}

let server: OidcServer;
beforeAll(async () => {
  server = await startOidcServer({ adjust: adjusted });
});
afterAll(() => server.close());

function signedProfile(algorithm: Algorithm, pushedRequest: boolean, more: Partial<ResolvedProfile> = {}) {
  return testProfile({
    client: { kind: 'none', id: algorithm },
    server: { issuer: server.url },
    scope: 'openid',
    protection: {
      ...{ pushedRequest, dpop: { kind: 'off' } },
      requestObject: { kind: 'signed', key: keyOf(algorithm, 'k1') },
    },
    ...more,
  });
}

const own = (name: string, value: string, to: Parameter['to']): Parameter => ({
  name,
  value,
  in: 'body',
  to,
});

describe('a signed authorization request', () => {
  it.each(algorithms)('gets a token with %s, and stands in the address alone', async (algorithm) => {
    const { pending, answer } = await byCode(signedProfile(algorithm, false));
    const sent = new URL(pending.url).searchParams;
    expect([...sent.keys()]).toEqual(['response_type', 'client_id', 'scope', 'request']);
    const request = sent.get('request') ?? '';
    expect(decodeProtectedHeader(request)).toMatchObject({
      alg: algorithm,
      kid: 'k1',
      typ: 'oauth-authz-req+jwt',
    });
    expect(decodeJwt(request)).toMatchObject({
      ...{ iss: algorithm, aud: server.url, client_id: algorithm, response_type: 'code', scope: 'openid' },
      ...{ redirect_uri: oidcRedirectUri, state: pending.state.reveal(), nonce: pending.nonce?.reveal() },
    });
    const { iat = 0, exp = 0 } = decodeJwt(request);
    expect([Math.abs(iat - Date.now() / 1000) < 60, exp - iat]).toEqual([true, 600]);
    expect(answer.subject).toBe('ada');
  });

  it.each(algorithms)('is pushed to the server with %s', async (algorithm) => {
    const { pending, answer } = await byCode(signedProfile(algorithm, true));
    expect([...new URL(pending.url).searchParams.keys()]).toEqual(['client_id', 'request_uri']);
    expect(answer.subject).toBe('ada');
  });

  it.each([false, true])('takes its names out of the address, pushed: %s', async (pushed) => {
    const profile = signedProfile('RS256', pushed);
    const authorizationUrl = `${server.url}/auth?nonce=fixed&state=fixed&own=1`;
    const { url } = await startAuthorization(
      { ...profile, server: { ...profile.server, authorizationUrl } },
      oidcRedirectUri,
      testContext(),
    );
    const sent = new URL(url).searchParams;
    expect([sent.get('nonce'), sent.get('state'), sent.get('own')]).toEqual([null, null, '1']);
  });

  it("is refused with another key, in the server's own words", async () => {
    const profile = signedProfile('RS256', true);
    const requestObject = { kind: 'signed', key: { ...keyOf('PS256'), algorithm: 'RS256' } } as const;
    const other = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
    const key = new Secret(other.export({ type: 'pkcs8', format: 'pem' }).toString());
    const forged = { ...requestObject, key: { ...requestObject.key, key } };
    const protection = { ...profile.protection, requestObject: forged };
    const error = await failureOf(() =>
      startAuthorization({ ...profile, protection }, oidcRedirectUri, testContext()),
    );
    expect([error.code, error.server?.error]).toEqual(['pushed_request_failed', 'invalid_request_object']);
    expect(error.action).toContain('request object');
  });

  it('asks for the issuer that it is made for', async () => {
    const urls = { authorizationUrl: `${server.url}/auth`, tokenUrl: `${server.url}/token` };
    const profile = { ...signedProfile('ES256', false), server: testProfile({ server: urls }).server };
    const error = await failureOf(() => startAuthorization(profile, oidcRedirectUri, testContext()));
    expect([error.code, error.details?.field]).toEqual(['profile_incomplete', 'server.issuer']);
  });

  it.each([
    ['claims', '{', 'JSON object'],
    ['max_age', 'soon', 'number'],
    ['authorization_details', '{}', 'JSON list'],
  ])('cannot hold a parameter %s that is %s', async (name, value, wanted) => {
    const profile = signedProfile('ES256', false, { parameters: [own(name, value, ['authorization'])] });
    const error = await failureOf(() => startAuthorization(profile, oidcRedirectUri, testContext()));
    expect([error.code, error.details?.field]).toEqual(['parameter_invalid', 'parameters.0']);
    expect(error.message).toContain(wanted);
  });
});

describe('a pushed authorization request', () => {
  const pushed = (more: Partial<ResolvedProfile> = {}) =>
    testProfile({
      ...{ client: { kind: 'none', id: 'none' }, server: { issuer: server.url }, scope: 'openid' },
      protection: { ...testProfile().protection, pushedRequest: true },
      ...more,
    });

  it('gets a token for a public client, by discovery and by an address that is typed', async () => {
    expect((await byCode(pushed())).answer.subject).toBe('ada');
    const [authorizationUrl, tokenUrl] = [`${server.url}/auth`, `${server.url}/token`];
    const typed = { authorizationUrl, tokenUrl, pushedAuthorizationUrl: `${server.url}/request` };
    expect((await byCode(pushed({ server: testProfile({ server: typed }).server }))).answer.subject).toBe(
      'ada',
    );
  });

  it("is refused in the server's own words", async () => {
    const start = (profile: ResolvedProfile, redirectUri = oidcRedirectUri) =>
      failureOf(() => startAuthorization(profile, redirectUri, testContext()));
    const redirect = await start(pushed(), 'https://elsewhere.example/');
    expect(redirect.toWire()).toMatchObject({ code: 'pushed_request_failed', server: { status: 400 } });
    expect(redirect.message).toContain(
      'refused the pushed authorization request with invalid_request (HTTP 400). It says: redirect_uri',
    );
    const unknown = await start(pushed({ client: { kind: 'none', id: 'nobody' } }));
    expect(unknown.code).toBe('invalid_client');
  });

  it('asks for the address that a server without discovery lacks', async () => {
    const urls = { authorizationUrl: `${server.url}/auth`, tokenUrl: `${server.url}/token` };
    const profile = pushed({ server: testProfile({ server: urls }).server });
    const error = await failureOf(() => startAuthorization(profile, oidcRedirectUri, testContext()));
    expect([error.code, error.details?.field]).toEqual(['endpoint_missing', 'server.pushedAuthorizationUrl']);
  });
});

describe('parameters of the profile', () => {
  const profileWith = (parameters: Parameter[], more: Partial<ResolvedProfile> = {}) =>
    testProfile({
      ...{ client: { kind: 'none', id: 'none' }, server: { issuer: server.url }, parameters },
      ...{ scope: 'openid offline_access orders', ...more },
    });
  const consent = own('prompt', 'consent', ['authorization']);
  const audienceOf = (token: Secret) => decodeJwt(token.reveal()).aud;

  it.each([false, true])(
    'name several resources at the screens, one for each token (pushed: %s)',
    async (pushedRequest) => {
      const both = apis.map((api) => own('resource', api, ['authorization']));
      const [first = '', second = ''] = apis;
      const parameters = [
        consent,
        ...both,
        own('resource', first, ['token']),
        own('resource', second, ['refresh']),
      ];
      const profile = profileWith(parameters, { protection: { ...testProfile().protection, pushedRequest } });
      const { answer } = await byCode(profile);
      expect(audienceOf(answer.accessToken)).toBe(first);
      const refreshed = await refreshTokens(profile, answer.refreshToken ?? new Secret(''), testContext());
      expect(audienceOf(refreshed.accessToken)).toBe(second);
    },
  );

  it('name a nonce, which is the one that the id token must carry', async () => {
    const { pending, answer } = await byCode(profileWith([own('nonce', 'typed-by-hand', ['authorization'])]));
    expect(pending.nonce?.reveal()).toBe('typed-by-hand');
    expect(decodeJwt(answer.idToken?.reveal() ?? '').nonce).toBe('typed-by-hand');
  });

  it('refuse in the words of the server what it does not know', async () => {
    const profile = profileWith([own('resource', 'https://unknown.example/', ['authorization'])], {
      protection: { ...testProfile().protection, pushedRequest: true },
    });
    const error = await failureOf(() => startAuthorization(profile, oidcRedirectUri, testContext()));
    expect(error.code).toBe('pushed_request_failed');
  });
});

describe('PKCE', () => {
  it.each(['S256', 'none'] as const)('gets a token for a code with %s', async (pkce) => {
    const grant = { ...testProfile().grant, kind: 'authorization_code', pkce } as ResolvedProfile['grant'];
    const profile = testProfile({
      client: { kind: 'none', id: 'none' },
      server: { issuer: server.url },
      scope: 'openid',
      grant,
    });
    const { pending, answer } = await byCode(profile);
    expect([new URL(pending.url).searchParams.has('code_challenge'), pending.codeVerifier !== null]).toEqual(
      Array(2).fill(pkce === 'S256'),
    );
    expect(answer.subject).toBe('ada');
  });
});
