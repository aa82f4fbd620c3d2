import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { grants } from '../../../../electron/oauth/grants/index.ts';
import { Secret } from '../../../../shared/secret.ts';
import { failureOf, testContext, testProfile } from '../../../fixtures/oauth-profile.ts';
import { type OidcServer, oidcSecret, startOidcServer } from '../../../fixtures/oidc-server.ts';

let server: OidcServer;
beforeAll(async () => {
  server = await startOidcServer();
});
afterAll(() => server.close());

function profileOf(scope: string) {
  return testProfile({
    grant: { kind: 'client_credentials' },
    server: { issuer: server.url },
    client: { kind: 'client_secret_basic', id: 'service', secret: new Secret(oidcSecret) },
    scope,
  });
}

describe('clientCredentials', () => {
  it('gets a token from a real server, without a person', async () => {
    const answer = await grants.client_credentials.request(profileOf(' orders '), testContext());
    expect(answer).toMatchObject({ tokenType: 'Bearer', scope: 'orders', refreshToken: null, idToken: null });
    expect(answer.accessExpiresAtMs).toBe(answer.receivedAtMs + 60_000);
  });

  it("keeps the server's words when it refuses", async () => {
    const error = await failureOf(() =>
      grants.client_credentials.request(profileOf('offline_access'), testContext()),
    );
    expect([error.code, error.server?.error, error.action]).toEqual([
      'token_request_refused',
      'invalid_scope',
      'Correct the Scope in the profile.',
    ]);
  });
});
