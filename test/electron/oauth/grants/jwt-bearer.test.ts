import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { decodeProtectedHeader, jwtVerify } from 'jose';
import type { Provider } from 'oidc-provider';
import { CustomOIDCProviderError } from 'oidc-provider/lib/helpers/errors.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { grants } from '../../../../electron/oauth/grants/index.ts';
import type { ResolvedAssertion } from '../../../../electron/oauth/resolved-profile.ts';
import { Secret } from '../../../../shared/secret.ts';
import { failureOf, testContext, testProfile } from '../../../fixtures/oauth-profile.ts';
import { type OidcServer, oidcSecret, startOidcServer } from '../../../fixtures/oidc-server.ts';
import { sendJson, startWebServer } from '../../../fixtures/web-server.ts';
import { p12, passphrase, resolved } from '../keys/stored-keys.ts';

const grantType = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();

/** A grant that the provider leaves to others: takes assertions of "ada's app", and each once (RFC 7523 section 3). */
function registerJwtBearer(provider: Provider, key: KeyObject): void {
  const seen = new Set<unknown>();
  provider.registerGrantType<Record<string, string | undefined>>(
    grantType,
    async (ctx) => {
      const { client, params } = ctx.oidc;
      const options = { issuer: "ada's app", audience: `${provider.issuer}/token`, maxTokenAge: 10 };
      const checked = await jwtVerify(params.assertion ?? '', key, options).catch((error: Error) => {
        throw new CustomOIDCProviderError('invalid_grant', `${error.message}: ${params.assertion}`);
      });
      if (seen.has(checked.payload.jti)) throw new CustomOIDCProviderError('invalid_grant', 'seen before');
      seen.add(checked.payload.jti);
      const { scope = '' } = params;
      const token = new provider.ClientCredentials({ client, scope });
      const { sub, role, exp = 0, iat = 0 } = checked.payload;
      ctx.body = {
        ...{ access_token: await token.save(), token_type: 'Bearer', expires_in: 60, scope: `for:${sub}` },
        ...{ role_given: role === 'auditor', lifetime: exp - iat },
      };
    },
    ['assertion', 'scope'],
  );
}

let server: OidcServer;
beforeAll(async () => {
  server = await startOidcServer({
    prepare: (provider) => registerJwtBearer(provider, publicKey),
    adjust: (configuration) => ({
      ...configuration,
      clients: (configuration.clients ?? []).map((client) =>
        client.client_id === 'service' ? { ...client, grant_types: [grantType] } : client,
      ),
    }),
  });
});
afterAll(() => server.close());

type Signed = Extract<ResolvedAssertion, { kind: 'signed' }>;

function signed(changes: Partial<Signed> = {}, key = pem): Signed {
  return {
    kind: 'signed',
    key: { key: new Secret(key), passphrase: new Secret(''), algorithm: 'ES256', keyId: 'key-1' },
    ...{ issuer: "ada's app", subject: 'ada', audience: '', lifetimeSeconds: 120, claims: '' },
    ...changes,
  };
}

function profileOf(assertion: ResolvedAssertion, tokenUrl = '') {
  return testProfile({
    grant: { kind: 'jwt_bearer', assertion },
    server: { issuer: server.url, tokenUrl },
    client: { kind: 'client_secret_basic', id: 'service', secret: new Secret(oidcSecret) },
    scope: 'orders',
  });
}

const get = (assertion: ResolvedAssertion, tokenUrl = '', now = Date.now) =>
  grants.jwt_bearer.request(profileOf(assertion, tokenUrl), testContext(now));

/** What goes over the wire. */
async function sentWith(assertion: ResolvedAssertion, nowMs: number) {
  const plain = await startWebServer((_, response) => sendJson(response, { access_token: 'at' }));
  await get(assertion, `${plain.url}/token`, () => nowMs);
  await plain.close();
  return { form: Object.fromEntries(plain.requests[0]?.form ?? []), url: plain.url };
}

describe('jwtBearer', () => {
  it('gets a token from a server that checks the assertion, with a new one each time', async () => {
    const answer = await get(signed({ claims: '{"role": "auditor"}' }));
    expect(answer).toMatchObject({ tokenType: 'Bearer', scope: 'for:ada', refreshToken: null });
    expect(answer.redacted.fields).toContainEqual({ name: 'role_given', value: 'true' });
    expect(answer.redacted.fields).toContainEqual({ name: 'lifetime', value: '120' });
    expect((await get(signed())).scope).toBe('for:ada');
  });

  it("keeps the server's words when it refuses, without the assertion in them", async () => {
    const error = await failureOf(() => get(signed({ issuer: 'somebody' })));
    expect([error.code, error.server?.error, error.server?.errorDescription]).toEqual([
      'token_request_refused',
      'invalid_grant',
      'unexpected "iss" claim value: [secret]',
    ]);
    expect(error.action).toContain('assertion');
  });

  it('signs what the RFC wants, with the client id and the Token URL where nothing else is said', async () => {
    const nowMs = Date.UTC(2030, 0, 1);
    const { form, url } = await sentWith(signed({ issuer: '', subject: '' }), nowMs);
    expect({ ...form, assertion: null }).toEqual({ grant_type: grantType, scope: 'orders', assertion: null });
    const currentDate = new Date(nowMs);
    const { payload } = await jwtVerify(form.assertion ?? '', publicKey, { currentDate });
    expect(payload).toEqual({
      ...{ iss: 'service', sub: 'service', aud: `${url}/token`, jti: expect.stringMatching(/^[\w-]{36}$/) },
      ...{ iat: nowMs / 1000, exp: nowMs / 1000 + 120 },
    });
    expect(decodeProtectedHeader(form.assertion ?? '')).toEqual({ alg: 'ES256', typ: 'JWT', kid: 'key-1' });
  });

  it('names the certificate of its key by the thumbprints', async () => {
    const key = resolved(await p12('rsa'), { passphrase, algorithm: 'PS256' });
    const { form } = await sentWith(signed({ key }), Date.now());
    expect(decodeProtectedHeader(form.assertion ?? '')).toEqual({
      ...{ alg: 'PS256', typ: 'JWT', x5t: expect.stringMatching(/^[\w-]{27}$/) },
      'x5t#S256': expect.stringMatching(/^[\w-]{43}$/),
    });
  });

  it('lets a claim of the profile go before its own', async () => {
    const claims = '{"aud": ["one", "two"], "jti": "mine", "scope": "x"}';
    const { form } = await sentWith(signed({ claims, audience: 'https://id.example' }), Date.now());
    const { payload } = await jwtVerify(form.assertion ?? '', publicKey);
    expect([payload.aud, payload.jti, payload.scope]).toEqual([['one', 'two'], 'mine', 'x']);
  });

  it('sends an assertion that was given as it is', async () => {
    const { form } = await sentWith({ kind: 'given', assertion: new Secret(' a.b.c\n') }, Date.now());
    expect(form.assertion).toBe('a.b.c');
  });

  it.each<[ResolvedAssertion, string, string]>([
    [{ kind: 'given', assertion: new Secret(' ') }, 'profile_incomplete', 'grant.assertion'],
    [signed({}, 'no key'), 'key_invalid', 'grant.assertion.key'],
    [signed({ claims: '{"a"' }), 'parameter_invalid', 'grant.assertion.claims'],
    [signed({ claims: '[1]' }), 'parameter_invalid', 'grant.assertion.claims'],
    [signed({ claims: 'null' }), 'parameter_invalid', 'grant.assertion.claims'],
  ])('sends nothing that is not whole', async (assertion, code, field) => {
    const error = await failureOf(() => get(assertion, 'http://127.0.0.1:1'));
    expect([error.code, error.details?.field]).toEqual([code, field]);
  });
});
