import type { ServerResponse } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { clientCredentials } from '../../../../electron/oauth/grants/index.ts';
import { discoveryAdvice, discoveryFindings } from '../../../../electron/oauth/quirks/discovery-findings.ts';
import type { ServerSupport } from '../../../../shared/model/server-support.ts';
import { testContext, testProfile } from '../../../fixtures/oauth-profile.ts';
import { sendJson, startWebServer, type WebServer } from '../../../fixtures/web-server.ts';

const supports: ServerSupport = {
  scopes: null,
  grantTypes: ['authorization_code', 'refresh_token'],
  responseTypes: ['code'],
  responseModes: null,
  clientAuthentication: ['none'],
  assertionAlgorithms: null,
  pkce: ['S256'],
  dpopAlgorithms: null,
  requestObjectAlgorithms: null,
  acrValues: null,
  pushedRequestRequired: false,
};

type Changes = Partial<ServerSupport> & { issuer?: string; announcesIssuer?: boolean; grantType?: string };

function codes({
  issuer = 'https://a.example',
  announcesIssuer = true,
  grantType,
  ...changes
}: Changes): string[] {
  return discoveryFindings({
    metadata: { issuer, announcesIssuer, supports: { ...supports, ...changes } },
    profile: testProfile({ server: { issuer: 'https://a.example' } }),
    grantType: grantType ?? 'authorization_code',
  }).map(({ code }) => code);
}

const cases: [code: string, changes: Changes][] = [
  ['discovery_issuer_slash', { issuer: 'https://a.example/' }],
  ['discovery_grant_unlisted', { grantTypes: ['implicit'] }],
  ['discovery_grant_unlisted', { grantTypes: [] }],
  ['discovery_client_authentication_unlisted', { clientAuthentication: ['client_secret_basic'] }],
  ['discovery_pkce_unannounced', { pkce: null }],
  ['discovery_pkce_unannounced', { pkce: ['plain'] }],
  ['discovery_issuer_in_redirect_unannounced', { announcesIssuer: false }],
  ['discovery_response_types_missing', { responseTypes: null }],
];

describe('discoveryFindings', () => {
  it.each(cases)('%s (case %#)', (code, changes) => {
    expect(codes(changes)).toEqual([code]);
  });

  it('are none when the document is right, or leaves out what it may', () => {
    expect(codes({})).toEqual([]);
    expect(codes({ grantTypes: null, clientAuthentication: null })).toEqual([]);
    expect(codes({ grantType: 'refresh_token', pkce: null, announcesIssuer: false })).toEqual([]);
  });

  it('have a case each', () => {
    const tried = new Set(cases.map(([code]) => code));
    expect(discoveryAdvice.filter(({ code }) => !tried.has(code))).toEqual([]);
  });
});

describe('a token from a discovered server', () => {
  let server: WebServer;
  beforeAll(async () => {
    server = await startWebServer(({ path }, response: ServerResponse) => {
      if (path === '/token')
        return sendJson(response, { access_token: 'at', token_type: 'Bearer', expires_in: 60 });
      if (path !== '/.well-known/openid-configuration') return response.writeHead(404).end();
      const { url } = server;
      sendJson(response, {
        issuer: url,
        token_endpoint: `${url}/token`,
        grant_types_supported: ['implicit'],
        response_types_supported: ['token'],
      });
    });
  });
  afterAll(() => server.close());

  it('comes with what its document has wrong', async () => {
    const profile = testProfile({ grant: { kind: 'client_credentials' }, server: { issuer: server.url } });
    const { findings } = await clientCredentials(profile, testContext());
    expect(findings.map(({ code }) => code)).toContain('discovery_grant_unlisted');
  });

  it('comes without when its addresses were given by hand', async () => {
    const given = { tokenUrl: `${server.url}/token` };
    const profile = testProfile({ grant: { kind: 'client_credentials' }, server: given });
    const { findings } = await clientCredentials(profile, testContext());
    expect(findings.some(({ code }) => code.startsWith('discovery_'))).toBe(false);
  });
});
