import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startAuthorization } from '../../../../electron/oauth/authorization.ts';
import { exchangeCode, grants } from '../../../../electron/oauth/grants/index.ts';
import { Secret } from '../../../../shared/secret.ts';
import { failureOf, testContext, testProfile } from '../../../fixtures/oauth-profile.ts';
import {
  followToRedirect,
  type OidcServer,
  oidcRedirectUri,
  startOidcServer,
} from '../../../fixtures/oidc-server.ts';
import { sendJson, startWebServer } from '../../../fixtures/web-server.ts';

let server: OidcServer;
beforeAll(async () => {
  server = await startOidcServer();
});
afterAll(() => server.close());

const redirectUri = oidcRedirectUri.replace('127.0.0.1', '127.0.0.1:4711');

/** A refresh token as a person has it from elsewhere. */
async function refreshTokenFromElsewhere(): Promise<Secret> {
  const profile = testProfile({
    server: { issuer: server.url },
    client: { kind: 'none', id: 'none' },
    scope: 'openid offline_access orders',
  });
  const pending = await startAuthorization(profile, redirectUri, testContext());
  const url = await followToRedirect(`${pending.url}&prompt=consent`, redirectUri);
  const answer = await exchangeCode(profile, pending, { url, formBody: null }, testContext());
  if (answer.refreshToken === null) throw new Error('There is no refresh token.');
  return answer.refreshToken;
}

function profileWith(refreshToken: string, issuer = server.url) {
  return testProfile({
    grant: { kind: 'refresh_token', refreshToken: new Secret(refreshToken) },
    server: { issuer },
    client: { kind: 'none', id: 'none' },
    scope: 'openid orders',
  });
}

describe('refreshTokenGrant', () => {
  it('gets a token from a real server for a refresh token that was got elsewhere, and the one that follows it', async () => {
    const pasted = await refreshTokenFromElsewhere();
    const answer = await grants.refresh_token.request(profileWith(pasted.reveal()), testContext());
    expect(answer).toMatchObject({
      tokenType: 'Bearer',
      scope: 'openid orders',
      subject: 'ada',
    });
    expect(answer.refreshToken?.reveal()).not.toBe(pasted.reveal());

    const again = await failureOf(() =>
      grants.refresh_token.request(profileWith(pasted.reveal()), testContext()),
    );
    expect([again.code, again.server?.error]).toEqual(['token_request_refused', 'invalid_grant']);
    expect(JSON.stringify(again.toWire())).not.toContain(pasted.reveal());
  });

  it('keeps the refresh token that it began with when the server gives no other', async () => {
    const plain = await startWebServer((_, response) => sendJson(response, { access_token: 'at' }));
    const profile = profileWith(' rt-1 ', '');
    const typed = { ...profile, server: { ...profile.server, tokenUrl: plain.url } };
    const answer = await grants.refresh_token.request(typed, testContext());
    expect(answer.refreshToken?.reveal()).toBe('rt-1');
    expect(Object.fromEntries(plain.requests[0]?.form ?? [])).toEqual({
      ...{ grant_type: 'refresh_token', refresh_token: 'rt-1', scope: 'openid orders', client_id: 'none' },
    });
    await plain.close();
  });

  it.each(['', ' \n'])('sends nothing without a refresh token', async (none) => {
    const profile = profileWith(none, 'http://127.0.0.1:1');
    const error = await failureOf(() => grants.refresh_token.request(profile, testContext()));
    expect([error.code, error.details]).toEqual([
      'profile_incomplete',
      { profile: 'orders-api', field: 'grant.refreshToken' },
    ]);
    expect(error.message).toContain('no Refresh token');
  });
});
