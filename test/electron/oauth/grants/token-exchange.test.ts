import type { Provider } from 'oidc-provider';
import { CustomOIDCProviderError } from 'oidc-provider/lib/helpers/errors.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { grants } from '../../../../electron/oauth/grants/index.ts';
import type { ResolvedGrant } from '../../../../electron/oauth/resolved-profile.ts';
import { Secret } from '../../../../shared/secret.ts';
import { failureOf, testContext, testProfile } from '../../../fixtures/oauth-profile.ts';
import { type OidcServer, oidcSecret, startOidcServer } from '../../../fixtures/oidc-server.ts';
import { sendJson, startWebServer } from '../../../fixtures/web-server.ts';

const grantType = 'urn:ietf:params:oauth:grant-type:token-exchange';
const accessTokenType = 'urn:ietf:params:oauth:token-type:access_token';
const wanted = ['subject_token', 'subject_token_type', 'actor_token', 'actor_token_type', 'scope'];

/** Takes the provider's own access tokens for others of the same client (RFC 8693 section 2). */
function registerTokenExchange(provider: Provider): void {
  provider.registerGrantType<Record<string, string | undefined>>(
    grantType,
    async (ctx) => {
      const { client, params } = ctx.oidc;
      const find = (token: string | undefined) => provider.ClientCredentials.find(token ?? '');
      const typed = params.subject_token_type === accessTokenType;
      const subject = typed ? await find(params.subject_token) : undefined;
      const actor = params.actor_token === undefined ? null : await find(params.actor_token);
      if (subject === undefined || actor === undefined)
        throw new CustomOIDCProviderError('invalid_request', `no such token: ${params.subject_token}`);
      const token = new provider.ClientCredentials({ client, scope: params.scope ?? '' });
      ctx.body = {
        ...{ access_token: await token.save(), issued_token_type: accessTokenType },
        ...{ token_type: 'Bearer', expires_in: 60, acted: actor !== null },
      };
    },
    wanted,
  );
}

let server: OidcServer;
beforeAll(async () => {
  server = await startOidcServer({
    prepare: registerTokenExchange,
    adjust: (configuration) => ({
      ...configuration,
      clients: (configuration.clients ?? []).map((client) =>
        client.client_id === 'service'
          ? { ...client, grant_types: [...(client.grant_types ?? []), grantType] }
          : client,
      ),
    }),
  });
});
afterAll(() => server.close());

type Exchange = Extract<ResolvedGrant, { kind: 'token_exchange' }>;

function profileOf(changes: Partial<Exchange>, tokenUrl = '') {
  const grant: Exchange = {
    ...{ kind: 'token_exchange', subjectToken: new Secret(''), subjectTokenType: accessTokenType },
    ...{ actorToken: new Secret(''), actorTokenType: accessTokenType, requestedTokenType: '' },
    ...changes,
  };
  return testProfile({
    grant,
    server: { issuer: server.url, tokenUrl },
    client: { kind: 'client_secret_basic', id: 'service', secret: new Secret(oidcSecret) },
    scope: 'orders',
  });
}

async function ownToken(): Promise<Secret> {
  const profile = { ...profileOf({}), grant: { kind: 'client_credentials' as const } };
  return (await grants.client_credentials.request(profile, testContext())).accessToken;
}

describe('tokenExchange', () => {
  it('gets another token from a real server for the one that it has, alone and with an actor', async () => {
    const [subjectToken, actorToken] = [await ownToken(), await ownToken()];
    const alone = await grants.token_exchange.request(profileOf({ subjectToken }), testContext());
    expect(alone).toMatchObject({ tokenType: 'Bearer', refreshToken: null });
    expect(alone.accessToken.reveal()).not.toBe(subjectToken.reveal());
    expect(alone.redacted.fields).toContainEqual({ name: 'issued_token_type', value: accessTokenType });
    expect(alone.redacted.fields).toContainEqual({ name: 'acted', value: 'false' });
    const acted = await grants.token_exchange.request(profileOf({ subjectToken, actorToken }), testContext());
    expect(acted.redacted.fields).toContainEqual({ name: 'acted', value: 'true' });
  });

  it("keeps the server's words when it refuses, without the tokens in them", async () => {
    const subjectToken = new Secret('subject-marker');
    const error = await failureOf(() =>
      grants.token_exchange.request(profileOf({ subjectToken }), testContext()),
    );
    expect([error.code, error.server?.error, error.server?.errorDescription]).toEqual([
      'token_request_refused',
      'invalid_request',
      'no such token: [secret]',
    ]);
  });

  it('sends what the profile says and nothing that is empty, and takes what is no access token for a bearer token', async () => {
    const plain = await startWebServer(({ form }, response) =>
      sendJson(response, {
        ...{ access_token: 'saml', token_type: 'N_A' },
        ...(form.has('actor_token') ? { issued_token_type: 'urn:ietf:params:oauth:token-type:saml2' } : {}),
      }),
    );
    const saml = 'urn:ietf:params:oauth:token-type:saml2';
    const answer = await grants.token_exchange.request(
      profileOf(
        { subjectToken: new Secret(' st '), actorToken: new Secret('ac'), requestedTokenType: saml },
        plain.url,
      ),
      testContext(),
    );
    expect([answer.accessToken.reveal(), answer.tokenType]).toEqual(['saml', 'Bearer']);
    const untold = await grants.token_exchange.request(
      profileOf({ subjectToken: new Secret('st') }, plain.url),
      testContext(),
    );
    const codes = [answer, untold].map(({ findings }) => findings.map(({ code }) => code));
    expect(codes.map((each) => each.includes('issued_token_type_missing'))).toEqual([false, true]);
    const base = {
      grant_type: grantType,
      scope: 'orders',
      subject_token: 'st',
      subject_token_type: accessTokenType,
    };
    expect(plain.requests.map(({ form }) => Object.fromEntries(form))).toEqual([
      { ...base, actor_token: 'ac', actor_token_type: accessTokenType, requested_token_type: saml },
      base,
    ]);
    await plain.close();
  });

  it.each<[Partial<Exchange>, string]>([
    [{}, 'grant.subjectToken'],
    [{ subjectToken: new Secret('st'), subjectTokenType: '' }, 'grant.subjectTokenType'],
    [
      { subjectToken: new Secret('st'), actorToken: new Secret('ac'), actorTokenType: '' },
      'grant.actorTokenType',
    ],
  ])('sends nothing while a part is missing', async (changes, field) => {
    const error = await failureOf(() =>
      grants.token_exchange.request(profileOf(changes, 'http://127.0.0.1:1'), testContext()),
    );
    expect([error.code, error.details?.field]).toEqual(['profile_incomplete', field]);
  });
});
