import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { discover } from '../../../electron/oauth/discovery.ts';
import { type EndpointName, endpoints, learnIssuer } from '../../../electron/oauth/endpoints.ts';
import { failureOf, testContext, testProfile } from '../../fixtures/oauth-profile.ts';
import { sendJson, startWebServer, type WebServer } from '../../fixtures/web-server.ts';

let server: WebServer;
beforeAll(async () => {
  server = await startWebServer((request, response) => {
    if (request.path.startsWith('/silent/')) {
      sendJson(response, {
        issuer: `${server.url}/silent`,
        token_endpoint: `${server.url}/silent/token`,
        revocation_endpoint: 'javascript:alert(1)',
        introspection_endpoint: 7,
        end_session_endpoint: null,
      });
    } else {
      const issuer = server.url;
      sendJson(response, {
        issuer,
        authorization_endpoint: `${issuer}/auth`,
        token_endpoint: `${issuer}/token`,
        revocation_endpoint: `${issuer}/revoke`,
        introspection_endpoint: `${issuer}/introspect`,
        end_session_endpoint: `${issuer}/logout?from=app`,
        authorization_response_iss_parameter_supported: true,
        mtls_endpoint_aliases: { token_endpoint: 'https://mtls.example/token' },
      });
    }
  });
});
afterAll(() => server.close());

function profileAt(place: Partial<ReturnType<typeof testProfile>['server']>) {
  return testProfile({ server: place });
}

const forConsent = ['authorizationUrl', 'tokenUrl'] as const;
const optional = ['revocationUrl', 'introspectionUrl', 'endSessionUrl'] as const;

describe('endpoints', () => {
  it('takes URLs given by hand and asks nobody', async () => {
    const before = server.requests.length;
    const found = await endpoints(
      profileAt({
        issuer: server.url,
        authorizationUrl: ' https://a.example/auth ',
        tokenUrl: 'https://b.example/token?x=1',
      }),
      forConsent,
      testContext(),
    );
    expect(found).toMatchObject({
      issuer: server.url,
      authorizationUrl: 'https://a.example/auth',
      tokenUrl: 'https://b.example/token?x=1',
    });
    expect(server.requests.length).toBe(before);
  });

  it('keeps to what the document says beside URLs given by hand, once it was read', async () => {
    const own = {
      issuer: server.url,
      authorizationUrl: `${server.url}/auth`,
      tokenUrl: `${server.url}/token`,
    };
    const context = testContext();
    const profile = profileAt(own);
    expect(await endpoints(profile, forConsent, context)).toMatchObject({ announcesIssuer: false });
    await learnIssuer(profile, context);
    await learnIssuer(profile, context);
    const alias = { tokenUrl: 'https://mtls.example/token' };
    expect(await endpoints(profile, ['tokenUrl'], context)).toMatchObject({
      announcesIssuer: true,
      mtlsUrls: alias,
    });
    const other = profileAt({ ...own, tokenUrl: 'https://b.example/token' });
    expect(await endpoints(other, ['tokenUrl'], context)).toMatchObject({
      announcesIssuer: true,
      mtlsUrls: {},
    });
  });

  it('goes on without a document that is not needed, and asks for it once', async () => {
    const issuer = `${server.url}/none`;
    const profile = profileAt({
      issuer,
      authorizationUrl: 'https://a.example/auth',
      tokenUrl: 'https://a.example/t',
    });
    const context = testContext();
    await learnIssuer(profile, context);
    const asked = server.requests.length;
    await learnIssuer(profile, context);
    expect(server.requests.length).toBe(asked);
    expect(await endpoints(profile, forConsent, context)).toMatchObject({ issuer, announcesIssuer: false });
    const controller = new AbortController();
    controller.abort();
    const cancelled = await failureOf(() => learnIssuer(profile, testContext(), controller.signal));
    expect(cancelled.code).toBe('cancelled');
  });

  it('fills in only what is empty', async () => {
    const found = await endpoints(
      profileAt({ issuer: server.url, tokenUrl: 'https://b.example/token' }),
      forConsent,
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
    const error = await failureOf(() => endpoints(profileAt(place), forConsent, testContext()));
    expect([error.code, error.details?.field]).toEqual(['profile_incomplete', field]);
    expect(error.message).toBe(`The profile "Orders API" has no ${label}.`);
    expect(error.action).toContain('Issuer');
  });

  it('looks for no endpoint that is not needed', async () => {
    const found = await endpoints(
      profileAt({ issuer: `${server.url}/silent`, authorizationUrl: 'nonsense' }),
      ['tokenUrl'],
      testContext(),
    );
    expect(found).toMatchObject({ tokenUrl: `${server.url}/silent/token`, authorizationUrl: '' });
    const typed = profileAt({ tokenUrl: 'https://b.example/t' });
    expect((await endpoints(typed, ['tokenUrl'], testContext())).issuer).toBeNull();
  });

  it.each<[EndpointName, string]>([
    ['revocationUrl', '/revoke'],
    ['introspectionUrl', '/introspect'],
    ['endSessionUrl', '/logout?from=app'],
  ])('finds the %s, typed or discovered', async (name, path) => {
    const tokenUrl = 'https://b.example/token';
    const found = await endpoints(profileAt({ issuer: server.url, tokenUrl }), [name], testContext());
    expect([found[name], found.tokenUrl]).toEqual([`${server.url}${path}`, '']);
    const typed = profileAt({ issuer: server.url, [name]: ' https://c.example/x ' });
    expect((await endpoints(typed, [name], testContext()))[name]).toBe('https://c.example/x');
    const wrong = await failureOf(() => endpoints(profileAt({ [name]: 'nonsense' }), [name], testContext()));
    expect([wrong.code, wrong.details?.field]).toEqual(['url_invalid', `server.${name}`]);
  });

  it('says what to do about an endpoint that a server need not have', async () => {
    const labels = ['Revocation URL', 'Introspection URL', 'End session URL'];
    for (const [index, name] of optional.entries()) {
      for (const [place, words] of [
        [{}, `The profile "Orders API" has no ${labels[index]}.`],
        [{ issuer: `${server.url}/silent` }, `names no ${labels[index]}.`],
      ] as const) {
        const error = await failureOf(() => endpoints(profileAt(place), [name], testContext()));
        expect([error.code, error.details]).toEqual([
          'endpoint_missing',
          { profile: 'orders-api', field: `server.${name}` },
        ]);
        expect(error.message).toContain(words);
        expect(error.action).toContain(`Fill in the ${labels[index]}`);
      }
    }
  });

  it('keeps a document whose optional endpoints are damaged', async () => {
    expect(await discover(`${server.url}/silent`, testContext())).toMatchObject({
      issuer: `${server.url}/silent`,
      authorizationUrl: '',
      tokenUrl: `${server.url}/silent/token`,
      revocationUrl: '',
      introspectionUrl: '',
      endSessionUrl: '',
    });
  });

  it('says which endpoint a document lacks', async () => {
    const error = await failureOf(() =>
      endpoints(profileAt({ issuer: `${server.url}/silent` }), forConsent, testContext()),
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
      endpoints(profileAt({ authorizationUrl, tokenUrl: 'https://h/' }), forConsent, testContext()),
    );
    expect([error.code, error.details?.field]).toEqual(['url_invalid', 'server.authorizationUrl']);
    expect(error.message).not.toContain('marker');
  });
});
