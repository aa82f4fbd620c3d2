import { randomBytes } from 'node:crypto';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import type { Configuration } from 'oidc-provider';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { plainNetwork } from '../../../../electron/network/resolved-network.ts';
import { startAuthorization } from '../../../../electron/oauth/authorization.ts';
import type { OAuthContext } from '../../../../electron/oauth/context.ts';
import { boundTo, newDpopKey } from '../../../../electron/oauth/dpop.ts';
import { clientCredentials, exchangeCode, refreshTokens } from '../../../../electron/oauth/grants/index.ts';
import { introspectToken } from '../../../../electron/oauth/introspection.ts';
import type { ResolvedClient, ResolvedProfile } from '../../../../electron/oauth/resolved-profile.ts';
import type { TokenAnswer } from '../../../../electron/oauth/token-answer.ts';
import { createRequestService, type SendToken } from '../../../../electron/requests/request-service.ts';
import { createSender } from '../../../../electron/requests/send.ts';
import { requestSchema } from '../../../../shared/model/request.ts';
import type { SigningAlgorithm } from '../../../../shared/model/signing-key.ts';
import { Secret } from '../../../../shared/secret.ts';
import { startConnections } from '../../../fixtures/connections.ts';
import { failureOf, testContext, testProfile } from '../../../fixtures/oauth-profile.ts';
import {
  followToRedirect,
  type OidcServer,
  oidcRedirectUri,
  oidcSecret,
  startOidcServer,
} from '../../../fixtures/oidc-server.ts';
import { byCode } from './signing-clients.ts';

const algorithms: SigningAlgorithm[] = ['ES256', 'ES384', 'ES512', 'RS256', 'PS256', 'EdDSA'];

function withNonces(required: boolean): (configuration: Configuration) => Configuration {
  return (configuration) => ({
    ...configuration,
    features: {
      ...configuration.features,
      dPoP: { enabled: true, nonceSecret: randomBytes(32), requireNonce: () => required },
      userinfo: { enabled: true },
    },
    enabledJWA: { ...configuration.enabledJWA, dPoPSigningAlgValues: algorithms },
  });
}

let strict: OidcServer;
let lenient: OidcServer;
beforeAll(async () => {
  strict = await startOidcServer({ adjust: withNonces(true) });
  lenient = await startOidcServer({ adjust: withNonces(false) });
});
afterAll(() => Promise.all([strict.close(), lenient.close()]));

interface Sent {
  url: string;
  proof: string | undefined;
}

/** A context that notes what went over the wire. */
function watchedContext(): { context: OAuthContext; sent: Sent[] } {
  const context = testContext();
  const sent: Sent[] = [];
  const fetch: OAuthContext['fetch'] = (url, options) => {
    if (options.method === 'POST') sent.push({ url, proof: options.headers.dpop });
    return context.fetch(url, options);
  };
  return { context: { ...context, fetch }, sent };
}

const publicClient: ResolvedClient = { kind: 'none', id: 'none' };

function profileAt(
  server: OidcServer,
  client = publicClient,
  algorithm: SigningAlgorithm = 'ES256',
): ResolvedProfile {
  return testProfile({
    ...{ client, server: { issuer: server.url }, scope: 'openid offline_access orders' },
    parameters: [{ name: 'prompt', value: 'consent', in: 'query', to: ['authorization'] }],
    protection: { ...testProfile().protection, dpop: { kind: 'on', algorithm } },
  });
}

function heldIn(answer: TokenAnswer): { refreshToken: Secret; dpopKey: Secret } {
  const { refreshToken, dpopKey } = answer;
  if (refreshToken === null || dpopKey === undefined) throw new Error('no bound refresh token');
  return { refreshToken, dpopKey };
}

/** Sends to the userinfo endpoint, which is the API of this server. */
async function askApi(server: OidcServer, answer: TokenAnswer, changes: Partial<SendToken> = {}, times = 1) {
  const real = createSender({ now: Date.now, connections: startConnections() });
  let count = 0;
  const sender: typeof real = {
    ...real,
    send(...request) {
      count += 1;
      return real.send(...request);
    },
  };
  const { accessToken, tokenType, dpopKey = null } = answer;
  const placement = { kind: 'header', name: 'Authorization', prefix: null } as const;
  const token: SendToken = {
    ...{ accessToken, tokenType, dpopKey, idToken: null, placement, placedToken: 'access_token' },
    ...{ use: { kind: 'valid', profile: 'orders', persona: 'default' }, eventIds: [] },
    ...changes,
  };
  const tokens = { placementOf: () => placement, forSend: async () => token, after401: async () => null };
  const scope = { lookup: async () => undefined, network: async () => plainNetwork, tokens };
  const requests = createRequestService({ now: Date.now, begin: () => scope, sender, newId: () => 'x' });
  const request = requestSchema.parse({ name: 'Me', url: `${server.url}/me?x=1#y` });
  const auth = { kind: 'profile', profile: 'orders', persona: null } as const;
  const exchanges = [];
  for (let round = 0; round < times; round += 1) {
    exchanges.push(await requests.send({ id: 'me', request, auth }, new AbortController().signal));
  }
  return { exchanges, count };
}

describe('DPoP at a provider that asks for nonces', () => {
  it('binds code, tokens and refreshes to one key, with a repeat for the first nonce alone', async () => {
    const { context, sent } = watchedContext();
    const profile = profileAt(strict);
    const { answer } = await byCode(profile, context);
    expect(answer.tokenType).toBe('DPoP');
    const { refreshToken, dpopKey } = heldIn(answer);
    const again = await refreshTokens(boundTo(profile, dpopKey), refreshToken, context);
    expect([again.tokenType, again.dpopKey]).toEqual(['DPoP', dpopKey]);
    const proofs = sent.map(({ proof }) => decodeJwt(proof ?? ''));
    expect(proofs.map(({ nonce }) => nonce !== undefined)).toEqual([false, true, true]);
    expect(new Set(proofs.map(({ jti }) => jti)).size).toBe(3);
    const jwks = sent.map(({ proof }) => decodeProtectedHeader(proof ?? '').jwk);
    expect(new Set(jwks.map((jwk) => JSON.stringify(jwk))).size).toBe(1);
    expect(JSON.stringify(jwks)).not.toContain('"d"');
  });

  it("refuses a public client's refresh by another key, and a code by another than it was asked for with", async () => {
    const { context } = watchedContext();
    const profile = profileAt(strict);
    const { refreshToken } = heldIn((await byCode(profile, context)).answer);
    const byAnother = await failureOf(() => refreshTokens(profile, refreshToken, context));
    expect([byAnother.code, byAnother.server?.error]).toEqual(['token_request_refused', 'invalid_grant']);
    const pending = await startAuthorization(profile, oidcRedirectUri, context);
    const url = await followToRedirect(pending.url, oidcRedirectUri);
    const stolen = { ...pending, dpopKey: await newDpopKey('ES256') };
    const error = await failureOf(() => exchangeCode(profile, stolen, { url, formBody: null }, context));
    expect(error.server?.error).toBe('invalid_grant');
  });

  it('proves each API request, with one repeat for the first nonce, and shows no proof', async () => {
    const { answer } = await byCode(profileAt(strict));
    const { exchanges, count } = await askApi(strict, answer, {}, 3);
    expect(exchanges.map(({ outcome }) => outcome)).toMatchObject(
      exchanges.map(() => ({ kind: 'response', response: { status: 200 } })),
    );
    expect(count).toBe(4);
    const shown = Object.fromEntries(
      exchanges[2]?.request.headers.map(({ name, value }) => [name, value]) ?? [],
    );
    expect(shown.Authorization).toMatch(/^DPoP .{6}…/);
    expect(shown.DPoP).toMatch(/^.{6}…/);
  });

  it('gets no further than the challenge without the key, or with another', async () => {
    const { answer } = await byCode(profileAt(strict));
    for (const [dpopKey, status] of [[null, 400] as const, [await newDpopKey('ES256'), 401] as const]) {
      const { exchanges } = await askApi(strict, answer, { dpopKey });
      expect(exchanges[0]?.outcome).toMatchObject({ response: { status } });
    }
  });
});

describe('DPoP at a provider without nonces', () => {
  it.each(algorithms)('proves tokens and API requests with %s', async (algorithm) => {
    const { context, sent } = watchedContext();
    const service: ResolvedClient = {
      kind: 'client_secret_basic',
      id: 'client_secret_basic',
      secret: new Secret(oidcSecret),
    };
    const { answer } = await byCode(profileAt(lenient, service, algorithm), context);
    expect([answer.tokenType, sent.length]).toEqual(['DPoP', 1]);
    expect(decodeProtectedHeader(sent[0]?.proof ?? '')).toMatchObject({ alg: algorithm, typ: 'dpop+jwt' });
    const { exchanges, count } = await askApi(lenient, answer);
    expect(exchanges[0]?.outcome).toMatchObject({ response: { status: 200 } });
    expect(count).toBe(1);
  });

  it('gives each token set of a silent grant a key of its own, and shows the binding at introspection', async () => {
    const context = testContext();
    const client: ResolvedClient = {
      kind: 'client_secret_basic',
      id: 'service',
      secret: new Secret(oidcSecret),
    };
    const profile = { ...profileAt(lenient, client), scope: 'orders', parameters: [] };
    const [one, two] = [await clientCredentials(profile, context), await clientCredentials(profile, context)];
    expect(one.dpopKey?.reveal()).not.toBe(two.dpopKey?.reveal());
    const told = await introspectToken(profile, { token: one.accessToken, kind: 'access_token' }, context);
    expect(told.claims.find(({ name }) => name === 'cnf')?.value).toContain('jkt');
  });

  it('sends no proof with a bearer token', async () => {
    const bearer = await byCode({ ...profileAt(lenient), protection: testProfile().protection });
    const { exchanges } = await askApi(lenient, bearer.answer, { dpopKey: await newDpopKey('ES256') });
    expect(exchanges[0]?.request.headers.map(({ name }) => name)).not.toContain('DPoP');
    expect(exchanges[0]?.outcome).toMatchObject({ response: { status: 200 } });
  });
});
