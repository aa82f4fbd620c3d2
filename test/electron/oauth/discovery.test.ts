import type { ServerResponse } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { discover, metadataOf } from '../../../electron/oauth/discovery.ts';
import { sameIssuer } from '../../../electron/oauth/discovery-document.ts';
import { classifyTokenFailure } from '../../../electron/oauth/refusal.ts';
import { failureOf, testContext } from '../../fixtures/oauth-profile.ts';
import { closedPort, sendJson, startWebServer, type WebServer } from '../../fixtures/web-server.ts';

let server: WebServer | undefined;
afterEach(async () => {
  await server?.close();
  server = undefined;
});

type Pages = Record<string, (response: ServerResponse, url: string) => void>;

/** A server with these pages and nothing else. */
async function serve(pages: Pages): Promise<WebServer> {
  const started = await startWebServer((request, response) => {
    const page = Object.hasOwn(pages, request.path) ? pages[request.path] : undefined;
    if (page === undefined) response.writeHead(404).end('no');
    else page(response, started.url);
  });
  server = started;
  return started;
}

function document(issuerPath: string, extra: object = {}) {
  return (response: ServerResponse, url: string) =>
    sendJson(response, {
      issuer: `${url}${issuerPath}`,
      authorization_endpoint: `${url}/auth`,
      token_endpoint: `${url}/token`,
      revocation_endpoint: `${url}/revoke`,
      end_session_endpoint: `${url}/logout`,
      ...extra,
    });
}

describe('discover', () => {
  it.each([
    ['', '/.well-known/openid-configuration', ''],
    ['', '/.well-known/oauth-authorization-server', ''],
    ['/realms/a', '/realms/a/.well-known/openid-configuration', '/realms/a'],
    ['/realms/a', '/.well-known/oauth-authorization-server/realms/a', '/realms/a'],
    ['/realms/a', '/.well-known/openid-configuration/realms/a', '/realms/a'],
    ['/realms/a', '/realms/a/.well-known/oauth-authorization-server', '/realms/a'],
    ['/o', '/o/.well-known/openid-configuration/', '/o'],
    ['/realms/a/', '/realms/a/.well-known/openid-configuration', '/realms/a'],
    ['/realms/a', '/realms/a/.well-known/openid-configuration', '/realms/a/'],
    ['/.well-known/openid-configuration', '/.well-known/openid-configuration', ''],
    [
      '/x/.well-known/openid-configuration?p=policy',
      '/x/.well-known/openid-configuration?p=policy',
      '/other',
    ],
  ])('with the issuer "%s" finds %s', async (typed, path, issuer) => {
    const { url } = await serve({ [path]: document(issuer) });
    expect(await discover(`  ${url}${typed} `, testContext())).toMatchObject({
      issuer: `${url}${issuer}`,
      authorizationUrl: `${url}/auth`,
      tokenUrl: `${url}/token`,
      revocationUrl: `${url}/revoke`,
      introspectionUrl: '',
      endSessionUrl: `${url}/logout`,
    });
  });

  it('tells what the server says that it can do, and no more', async () => {
    const { url } = await serve({
      '/.well-known/openid-configuration': document('', {
        scopes_supported: ['openid', 'orders'],
        grant_types_supported: 'authorization_code',
        code_challenge_methods_supported: ['S256', 1],
        token_endpoint_auth_methods_supported: [],
        dpop_signing_alg_values_supported: ['ES256'],
        require_pushed_authorization_requests: 'yes',
        pushed_authorization_request_endpoint: 'https://id.example/par',
        device_authorization_endpoint: 'javascript:alert(1)',
        jwks_uri: 7,
        mtls_endpoint_aliases: { token_endpoint: 'https://mtls.example/token', revocation_endpoint: 'no' },
      }),
    });
    const context = testContext();
    const found = await discover(url, context);
    expect(found.supports).toEqual({
      scopes: ['openid', 'orders'],
      grantTypes: null,
      responseTypes: null,
      responseModes: null,
      clientAuthentication: [],
      assertionAlgorithms: null,
      pkce: null,
      dpopAlgorithms: ['ES256'],
      requestObjectAlgorithms: null,
      acrValues: null,
      pushedRequestRequired: false,
    });
    expect(found).toMatchObject({
      pushedAuthorizationUrl: 'https://id.example/par',
      deviceAuthorizationUrl: '',
      backchannelAuthenticationUrl: '',
      jwksUrl: '',
    });
    expect((await metadataOf(url, context)).mtlsUrls).toEqual({ tokenUrl: 'https://mtls.example/token' });
  });

  it('takes the document for all tenants, whose issuer has a place for the tenant', async () => {
    const { url } = await serve({
      '/common/v2.0/.well-known/openid-configuration': document('/{tenantid}/v2.0'),
    });
    expect((await discover(`${url}/common/v2.0`, testContext())).issuer).toBe(`${url}/{tenantid}/v2.0`);
  });

  it('follows a redirect of the well-known address, and no endless ones', async () => {
    const to = (location: string) => (response: ServerResponse) => {
      response.writeHead(302, { location }).end();
    };
    const path = '/.well-known/openid-configuration';
    const { url } = await serve({ [path]: to(`${path}/x`), [`${path}/x`]: document('') });
    expect((await discover(url, testContext())).tokenUrl).toBe(`${url}/token`);
    await server?.close();
    const looping = await serve({ [path]: to(path) });
    expect((await failureOf(() => discover(looping.url, testContext()))).message).toContain('HTTP 302');
    await server?.close();
    const leaving = await serve({ [path]: to('file:///etc/passwd') });
    expect((await failureOf(() => discover(leaving.url, testContext()))).code).toBe('discovery_failed');
  });

  it.each<[string, (response: ServerResponse, url: string) => void, string]>([
    [
      'an HTML page',
      (r) => r.writeHead(200, { 'content-type': 'text/html' }).end('<h1>Hi</h1>'),
      'an HTML page instead of JSON',
    ],
    ['nothing', (r) => r.end(), 'an empty body instead of JSON'],
    ['damaged JSON', (r) => r.end('{"issuer":'), 'a damaged or foreign text instead of JSON'],
    ['no endpoints', (r, url) => sendJson(r, { issuer: url }), 'names no usable issuer and endpoints'],
    [
      'no issuer',
      (r, url) => sendJson(r, { token_endpoint: `${url}/t` }),
      'names no usable issuer and endpoints',
    ],
    ['null', (r) => sendJson(r, null), 'names no usable issuer and endpoints'],
    [
      'a script for an endpoint',
      document('', { authorization_endpoint: 'javascript:alert(1)' }),
      'names no usable',
    ],
    ['another issuer', document('/evil\u0000\u202e'), 'a document of another issuer'],
    ['an error', (r) => r.writeHead(500).end(), 'HTTP 500'],
  ])('says what it found in place of the document: %s', async (_, answer, words) => {
    const { url } = await serve({ '/.well-known/openid-configuration': answer });
    const error = await failureOf(() => discover(url, testContext()));
    expect(error.code).toBe('discovery_failed');
    expect(error.message).toContain(`${url}/.well-known/openid-configuration (`);
    expect(error.message).toContain(words);
    expect(error.message).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    expect(error.action).toContain('by hand');
  });

  it('names all that was tried', async () => {
    const { url, requests } = await serve({});
    const error = await failureOf(() => discover(`${url}/a?secret=marker`, testContext()));
    expect(requests.map(({ path }) => path)).toHaveLength(5);
    for (const { path } of requests)
      expect(error.message).toContain(`${path.replace(/\?.*/, '')} (HTTP 404)`);
    expect(error.message).not.toContain('marker');
    expect(classifyTokenFailure(error)).toBe('other');
  });

  it('tries a dead host once, and counts it as transient', async () => {
    const error = await failureOf(async () =>
      discover(`http://127.0.0.1:${await closedPort()}/a`, testContext()),
    );
    expect([error.code, error.details?.tried, error.details?.reason]).toEqual([
      'discovery_failed',
      1,
      'server_unreachable',
    ]);
    expect(classifyTokenFailure(error)).toBe('transient');
  });

  it('can be cancelled', async () => {
    const controller = new AbortController();
    const { url } = await serve({ '/.well-known/openid-configuration': () => controller.abort() });
    expect((await failureOf(() => discover(url, testContext(), controller.signal))).code).toBe('cancelled');
  });

  it.each(['', 'login', 'ftp://h/', 'https://u:marker@h/', 'https://h/#a'])(
    'refuses the issuer "%s"',
    async (issuer) => {
      const error = await failureOf(() => discover(issuer, testContext()));
      expect([error.code, error.details?.field]).toEqual(['url_invalid', 'server.issuer']);
      expect(error.message).not.toContain('marker');
    },
  );
});

describe('sameIssuer', () => {
  it.each([
    ['https://id.example', 'https://id.example/', true],
    ['https://id.example/a', 'https://id.example/A', false],
    ['https://id.example/72f9/v2.0', 'https://id.example/{tenantid}/v2.0', true],
    ['https://id.example//v2.0', 'https://id.example/{tenantid}/v2.0', false],
    ['https://id.example/a/b/v2.0', 'https://id.example/{tenantid}/v2.0', false],
    ['https://id.example/{tenantid}/v2.0', 'https://id.example/72f9/v2.0', false],
    ['https://evil.example/v2.0', 'https://{tenantid}/v2.0', false],
  ])('%s told, %s known: %s', (told, known, same) => {
    expect(sameIssuer(told, known)).toBe(same);
  });
});

describe('metadataOf', () => {
  it('reads a document once, and a missing one again', async () => {
    const pages: Pages = {};
    const { url, requests } = await serve(pages);
    const context = testContext();
    await failureOf(() => metadataOf(url, context));
    pages['/.well-known/openid-configuration'] = document('', {
      authorization_response_iss_parameter_supported: true,
    });
    const before = requests.length;
    const found = await metadataOf(url, context);
    expect(found.announcesIssuer).toBe(true);
    expect(await metadataOf(` ${url}`, context)).toBe(found);
    expect(requests.length - before).toBe(1);
  });
});
