import type { ServerResponse } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { clientCredentials } from '../../../electron/oauth/grants/index.ts';
import { introspectToken } from '../../../electron/oauth/introspection.ts';
import { Secret } from '../../../shared/secret.ts';
import { failureOf, testContext, testProfile } from '../../fixtures/oauth-profile.ts';
import { oidcSecret, startOidcServer } from '../../fixtures/oidc-server.ts';
import { type SeenRequest, sendJson, startWebServer, type WebServer } from '../../fixtures/web-server.ts';

const held = { token: new Secret('token-marker+1'), kind: 'access_token' } as const;
let server: WebServer;
let answer: (response: ServerResponse, request: SeenRequest) => void;
beforeAll(async () => {
  server = await startWebServer((request, response) => answer(response, request));
});
afterAll(() => server.close());

function introspect(body: unknown) {
  answer = typeof body === 'function' ? (body as typeof answer) : (response) => sendJson(response, body);
  const client = { kind: 'client_secret_post', id: 'app', secret: new Secret('client marker') } as const;
  const profile = testProfile({ server: { introspectionUrl: `${server.url}/introspect` }, client });
  return introspectToken(profile, held, testContext(Date.now, 200));
}

async function claimsOf(body: object) {
  const { claims } = await introspect({ active: true, ...body });
  return Object.fromEntries(claims.map(({ name, value }) => [name, value]));
}

describe('introspectToken', () => {
  it('asks a real server about a token', async () => {
    const oidc = await startOidcServer();
    const context = testContext();
    const profile = testProfile({
      grant: { kind: 'client_credentials' },
      server: { issuer: oidc.url },
      client: { kind: 'client_secret_basic', id: 'service', secret: new Secret(oidcSecret) },
      scope: 'orders',
    });
    const { accessToken } = await clientCredentials(profile, context);
    const found = await introspectToken(profile, { token: accessToken, kind: 'access_token' }, context);
    expect(found).toMatchObject({ token: 'access_token', active: true });
    expect(found.claims).toContainEqual({ name: 'client_id', value: 'service' });
    expect(found.claims).toContainEqual({ name: 'scope', value: 'orders' });
    expect(found.claims.find(({ name }) => name === 'exp')?.value).toMatch(/^\d{10}$/);
    const unknown = await introspectToken(profile, held, context);
    expect(unknown).toEqual({ token: 'access_token', active: false, claims: [] });
    await oidc.close();
  });

  it('posts token and hint as the client', async () => {
    expect(await introspect({ active: false })).toEqual({ token: 'access_token', active: false, claims: [] });
    expect(server.requests.at(-1)).toMatchObject({ method: 'POST', headers: { accept: 'application/json' } });
    expect(Object.fromEntries(server.requests.at(-1)?.form ?? [])).toEqual({
      token: 'token-marker+1',
      token_type_hint: 'access_token',
      client_id: 'app',
      client_secret: 'client marker',
    });
  });

  it('tells everything as text, in its order', async () => {
    const { claims } = await introspect({
      exp: 1_893_456_000,
      active: true,
      aud: ['a', 'b'],
      realm: { roles: ['x'], n: null },
      none: null,
      ok: false,
      sub: 'ada\u0000\u202e ö',
    });
    expect(claims).toEqual([
      { name: 'exp', value: '1893456000' },
      { name: 'aud', value: '["a","b"]' },
      { name: 'realm', value: '{"roles":["x"],"n":null}' },
      { name: 'none', value: 'null' },
      { name: 'ok', value: 'false' },
      { name: 'sub', value: 'ada ö' },
    ]);
  });

  it('masks the token, what was sent, and every other token', async () => {
    const jwt = `eyJhbGciOiJub25lIn0.${Buffer.from('{"sub":"marker"}').toString('base64url')}.marker`;
    const claims = await claimsOf({
      token: 'token-marker+1',
      jti: 'x token-marker+1 token-marker%2B1',
      access_token: 'other-marker',
      refreshToken: { value: 'other-marker' },
      id_token: 7,
      who: { secret: 'client marker', nested: [{ id_token: 'other-marker', up: jwt }] },
      jwt,
      'client marker': 'x',
    });
    expect(JSON.stringify(claims)).not.toMatch(/marker|eyJ/);
    expect(claims).toMatchObject({
      token: '[secret]',
      jti: 'x [secret] [secret]',
      access_token: '[secret]',
      refreshToken: '[secret]',
      id_token: '[secret]',
      who: '{"secret":"[secret]","nested":[{"id_token":"[secret]","up":"[secret]"}]}',
    });
  });

  it('keeps hostile answers small and printable', async () => {
    const many = Object.fromEntries(Array.from({ length: 99 }, (_, index) => [`m${index}`, 'y'.repeat(999)]));
    const { claims } = await introspect({ active: true, ...many, ['n'.repeat(999)]: 1 });
    expect(claims).toHaveLength(40);
    for (const { value } of claims) expect(value).toBe(`${'y'.repeat(300)}…`);
    const nested = `${'['.repeat(500_000)}${']'.repeat(500_000)}`;
    const deep = (response: ServerResponse) => response.end(`{"active":true,"deep":${nested}}`);
    expect((await introspect(deep)).claims).toEqual([{ name: 'deep', value: `${'['.repeat(300)}…` }]);
    const prototype = (response: ServerResponse) =>
      response.end('{"active":true,"__proto__":{"x":1},"toString":"y"}');
    expect((await introspect(prototype)).active).toBe(true);
  });

  const status =
    (code: number, body = '') =>
    (response: ServerResponse) =>
      response.writeHead(code).end(body);
  it.each<[string, unknown, string, string]>([
    ['no active', { sub: 'ada' }, 'introspection_failed', 'whether the token is active (HTTP 200'],
    ['active as text', { active: 'true' }, 'introspection_failed', 'whether the token is active'],
    ['active as a number', { active: 1 }, 'introspection_failed', 'whether the token is active'],
    ['a list', [{ active: true }, {}], 'introspection_failed', 'JSON that is no object'],
    ['null', null, 'introspection_failed', 'JSON that is no object'],
    ['HTML', status(200, '<html>marker'), 'introspection_failed', 'an HTML page'],
    ['damaged JSON', status(200, '{"active":tr'), 'introspection_failed', 'a damaged or foreign text'],
    ['an empty 200', status(200), 'introspection_failed', 'an empty body'],
    ['a redirect', status(302), 'introspection_failed', 'a redirect'],
    ['an error with 200', { error: 'invalid_client' }, 'invalid_client', 'refused the introspection'],
    ['an empty 401', status(401), 'introspection_failed', 'refused the introspection (HTTP 401)'],
    [
      '403 with a claim of activity',
      (r: ServerResponse) => sendJson(r, { active: true }, 403),
      'introspection_failed',
      'HTTP 403',
    ],
    ['404', status(404), 'introspection_failed', 'refused the introspection (HTTP 404)'],
    ['500', status(500), 'introspection_failed', 'could not answer the introspection'],
    ['a reset', (r: ServerResponse) => r.destroy(), 'server_unreachable', 'closed the connection'],
    ['silence', () => {}, 'request_timeout', 'in time'],
  ])('fails with %s', async (_, body, code, words) => {
    const error = await failureOf(() => introspect(body));
    expect([error.code, error.message]).toEqual([code, expect.stringContaining(words)]);
    expect(error.action).toBeTruthy();
    expect(JSON.stringify(error.toWire())).not.toContain('marker');
  });

  it("keeps the server's words, without a secret", async () => {
    const error = await failureOf(() =>
      introspect((response: ServerResponse, { form }: SeenRequest) =>
        sendJson(response, { error: 'access_denied', error_description: `no ${form}, client marker` }, 403),
      ),
    );
    expect(error.server).toMatchObject({ error: 'access_denied', status: 403 });
    expect(JSON.stringify(error.toWire())).not.toContain('marker');
  });

  it('says where to fill in the endpoint', async () => {
    const error = await failureOf(() => introspectToken(testProfile(), held, testContext()));
    expect([error.code, error.details?.field]).toEqual(['endpoint_missing', 'server.introspectionUrl']);
  });
});
