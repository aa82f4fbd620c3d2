import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { clientCredentials, refreshTokens } from '../../../electron/oauth/grants/index.ts';
import { refreshTokenGrant } from '../../../electron/oauth/grants/refresh-token.ts';
import type { ResolvedProfile } from '../../../electron/oauth/resolved-profile.ts';
import type { Parameter } from '../../../shared/model/parameter.ts';
import { Secret } from '../../../shared/secret.ts';
import { failureOf, testContext, testProfile } from '../../fixtures/oauth-profile.ts';
import { type SeenRequest, sendJson, startWebServer, type WebServer } from '../../fixtures/web-server.ts';

let server: WebServer;
beforeAll(async () => {
  server = await startWebServer((_, response) =>
    sendJson(response, { access_token: 'at', token_type: 'Bearer' }),
  );
});
afterAll(() => server.close());

function parameter(name: string, value: string, changes: Partial<Parameter> = {}): Parameter {
  return { name, value, in: 'body', to: ['token'], ...changes };
}

function profileWith(parameters: Parameter[], changes: Partial<ResolvedProfile> = {}): ResolvedProfile {
  const tokenUrl = `${server.url}/token?tenant=a&v=1`;
  return testProfile({ parameters, server: { tokenUrl }, scope: 'orders', ...changes });
}

/** The request that it led to. */
async function sent(work: Promise<unknown>): Promise<SeenRequest> {
  await work;
  const request = server.requests.at(-1);
  if (request === undefined) throw new Error('nothing was sent');
  return request;
}

describe('parameters of token requests', () => {
  it('stand in the body, the query and the headers, each as often as it is there', async () => {
    const profile = profileWith([
      parameter('resource', 'https://a.example/?x=1&y'),
      parameter('resource', 'https://b.example/'),
      parameter('audience', 'orders', { in: 'query' }),
      parameter('v', '2', { in: 'query' }),
      parameter('X-Tenant', 'a b', { in: 'header' }),
      parameter('x-tenant', 'c', { in: 'header' }),
      parameter('User-Agent', 'curl/8', { in: 'header' }),
      parameter('prompt', 'consent', { to: ['authorization'] }),
      parameter('only', 'refresh', { to: ['refresh'] }),
    ]);
    const { form, path, headers } = await sent(clientCredentials(profile, testContext()));
    expect(form.getAll('resource')).toEqual(['https://a.example/?x=1&y', 'https://b.example/']);
    expect(path).toBe('/token?tenant=a&audience=orders&v=2');
    expect([headers['x-tenant'], headers['user-agent']]).toEqual(['a b, c', 'curl/8']);
    expect([form.has('prompt'), form.has('only'), form.get('scope')]).toEqual([false, false, 'orders']);
  });

  it("stand in place of the app's own of the same name, wherever they are", async () => {
    const inBody = profileWith([parameter('scope', 'other')]);
    expect((await sent(clientCredentials(inBody, testContext()))).form.getAll('scope')).toEqual(['other']);
    const inQuery = profileWith([parameter('scope', 'other', { in: 'query' })]);
    const request = await sent(clientCredentials(inQuery, testContext()));
    expect([request.form.has('scope'), request.path]).toEqual([false, '/token?tenant=a&v=1&scope=other']);
  });

  it('go to the refresh request when they are for that, and only then', async () => {
    const parameters = [parameter('scope', 'orders:read', { to: ['refresh'] }), parameter('for', 'token')];
    const refresh = await sent(refreshTokens(profileWith(parameters), new Secret('r'), testContext()));
    expect(Object.fromEntries(refresh.form)).toEqual({
      ...{ grant_type: 'refresh_token', refresh_token: 'r', client_id: 'orders-app', scope: 'orders:read' },
    });
  });

  it('go to the refresh token grant when they are for a token or a refresh, once', async () => {
    const grant = { kind: 'refresh_token', refreshToken: new Secret('r') } as const;
    const parameters = [
      parameter('one', '1'),
      parameter('two', '2', { to: ['refresh'] }),
      parameter('both', '3', { to: ['token', 'refresh'] }),
    ];
    const request = await sent(refreshTokenGrant(profileWith(parameters, { grant }), testContext()));
    expect(['one', 'two', 'both'].map((name) => request.form.getAll(name))).toEqual([['1'], ['2'], ['3']]);
  });

  it.each([
    ['a name with a blank', 'X Tenant', 'a', '"X Tenant" is not a header name'],
    ['no name of a header', 'é', 'a', 'is not a header name'],
    ['the length of the body', 'Content-Length', '1', 'Content-Length is set by Grantwright itself'],
    ['a proof', 'dpop', 'a', 'dpop is set by Grantwright itself'],
    ['a line break', 'X-Tenant', 'marker\r\nx: y', 'has a line break'],
    ['no Latin text', 'X-Tenant', 'marker 💥', 'has a line break or a character'],
  ])('cannot be a header with %s', async (_, name, value, words) => {
    const count = server.requests.length;
    const profile = profileWith([parameter('a', 'b'), parameter(name, value, { in: 'header' })]);
    const error = await failureOf(() => clientCredentials(profile, testContext()));
    expect([error.code, error.details?.field]).toEqual(['parameter_invalid', 'parameters.1']);
    expect(error.message).toContain(words);
    expect(JSON.stringify(error.toWire())).not.toContain('marker');
    expect(server.requests.length).toBe(count);
    // It troubles no request that it does not go to.
    await refreshTokens(profile, new Secret('r'), testContext());
  });
});
