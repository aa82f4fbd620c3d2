import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { endpoints, tokenEndpoint } from '../../../electron/oauth/endpoints.ts';
import { failureOf, testContext, testProfile } from '../../fixtures/oauth-profile.ts';
import { sendJson, startWebServer, type WebServer } from '../../fixtures/web-server.ts';

let server: WebServer;
beforeAll(async () => {
  server = await startWebServer((request, response) => {
    if (request.path.startsWith('/silent/')) {
      sendJson(response, { issuer: `${server.url}/silent`, token_endpoint: `${server.url}/silent/token` });
    } else {
      const issuer = server.url;
      sendJson(response, {
        issuer,
        authorization_endpoint: `${issuer}/auth`,
        token_endpoint: `${issuer}/token`,
      });
    }
  });
});
afterAll(() => server.close());

function profileAt(place: Partial<ReturnType<typeof testProfile>['server']>) {
  return testProfile({ server: { issuer: '', authorizationUrl: '', tokenUrl: '', ...place } });
}

describe('endpoints', () => {
  it('takes URLs given by hand and asks nobody', async () => {
    const before = server.requests.length;
    const found = await endpoints(
      profileAt({
        issuer: server.url,
        authorizationUrl: ' https://a.example/auth ',
        tokenUrl: 'https://b.example/token?x=1',
      }),
      testContext(),
    );
    expect(found).toMatchObject({
      issuer: server.url,
      authorizationUrl: 'https://a.example/auth',
      tokenUrl: 'https://b.example/token?x=1',
    });
    expect(server.requests.length).toBe(before);
  });

  it('fills in only what is empty', async () => {
    const found = await endpoints(
      profileAt({ issuer: server.url, tokenUrl: 'https://b.example/token' }),
      testContext(),
    );
    expect(found).toMatchObject({
      authorizationUrl: `${server.url}/auth`,
      tokenUrl: 'https://b.example/token',
    });
  });

  it.each([
    [{}, 'server.authorizationUrl', 'Authorization URL'],
    [{ authorizationUrl: 'https://a.example/' }, 'server.tokenUrl', 'Token URL'],
  ])('with %o names the field that is missing', async (place, field, label) => {
    const error = await failureOf(() => endpoints(profileAt(place), testContext()));
    expect([error.code, error.details?.field]).toEqual(['profile_incomplete', field]);
    expect(error.message).toBe(`The profile "Orders API" has no ${label}.`);
    expect(error.action).toContain('Issuer');
  });

  it('needs no authorization URL for client credentials, nor for a refresh', async () => {
    const place = { issuer: `${server.url}/silent` };
    const silent = { ...profileAt(place), grant: { kind: 'client_credentials' } as const };
    expect((await endpoints(silent, testContext())).tokenUrl).toBe(`${server.url}/silent/token`);
    expect((await tokenEndpoint(profileAt(place), testContext())).tokenUrl).toBe(
      `${server.url}/silent/token`,
    );
    expect(
      (await tokenEndpoint(profileAt({ tokenUrl: 'https://b.example/t' }), testContext())).issuer,
    ).toBeNull();
  });

  it('says which endpoint a document lacks', async () => {
    const error = await failureOf(() =>
      endpoints(profileAt({ issuer: `${server.url}/silent` }), testContext()),
    );
    expect([error.code, error.message]).toEqual([
      'discovery_failed',
      expect.stringContaining('names no Authorization URL'),
    ]);
  });

  it.each([
    'javascript:alert(1)',
    'file:///etc/passwd',
    'https://u:marker@h/',
    'nonsense',
    'https://h/#marker',
  ])('refuses the URL %s, without quoting it', async (authorizationUrl) => {
    const error = await failureOf(() =>
      endpoints(profileAt({ authorizationUrl, tokenUrl: 'https://h/' }), testContext()),
    );
    expect([error.code, error.details?.field]).toEqual(['url_invalid', 'server.authorizationUrl']);
    expect(error.message).not.toContain('marker');
  });
});
