import type { ServerResponse } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { refreshTokens } from '../../../electron/oauth/grants/index.ts';
import { AppError } from '../../../shared/errors.ts';
import { Secret } from '../../../shared/secret.ts';
import { failureOf, testContext, testProfile } from '../../fixtures/oauth-profile.ts';
import { sendJson, startWebServer, type WebServer } from '../../fixtures/web-server.ts';

const nowMs = Date.UTC(2030, 0, 1);
let server: WebServer;
let answer: (response: ServerResponse) => void;
beforeAll(async () => {
  server = await startWebServer((_, response) => answer(response));
});
afterAll(() => server.close());

/** A refresh whose answer is this, or whose server does this. */
function refresh(body: unknown) {
  answer = typeof body === 'function' ? (body as typeof answer) : (response) => sendJson(response, body);
  const profile = testProfile({
    server: { issuer: '', authorizationUrl: '', tokenUrl: `${server.url}/token` },
  });
  return refreshTokens(
    profile,
    new Secret('refresh-marker'),
    testContext(() => nowMs),
  );
}

function text(body: string, status = 200, type = 'application/json') {
  return (response: ServerResponse) => response.writeHead(status, { 'content-type': type }).end(body);
}

function jwt(claims: object): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part({ alg: 'RS256' })}.${part(claims)}.c2ln`;
}

describe('readTokenResponse', () => {
  it('reads a whole answer', async () => {
    const found = await refresh({
      access_token: 'at',
      token_type: 'bearer',
      expires_in: 1800,
      refresh_token: 'rt',
      refresh_expires_in: 1_209_600,
      scope: 'a  b',
      'not-before-policy': 0,
      session_state: 'x',
      created_at: 1,
    });
    expect({
      ...found,
      accessToken: found.accessToken.reveal(),
      refreshToken: found.refreshToken?.reveal(),
    }).toEqual({
      accessToken: 'at',
      tokenType: 'bearer',
      refreshToken: 'rt',
      idToken: null,
      scope: 'a b',
      receivedAtMs: nowMs,
      accessExpiresAtMs: nowMs + 1_800_000,
      refreshExpiresAtMs: nowMs + 1_209_600_000,
      subject: null,
    });
  });

  it('reads the least answer there is', async () => {
    const found = await refresh({ access_token: 'at' });
    expect(found).toMatchObject({
      tokenType: 'Bearer',
      refreshToken: null,
      idToken: null,
      scope: null,
      accessExpiresAtMs: null,
      refreshExpiresAtMs: null,
      subject: null,
    });
  });

  it('takes null and empty for absent, and scopes as a list', async () => {
    const found = await refresh({
      access_token: 'at',
      token_type: '',
      refresh_token: '',
      id_token: null,
      expires_in: null,
      scope: ['a', 'b'],
      refresh_token_expires_in: '60',
    });
    expect(found).toMatchObject({ tokenType: 'Bearer', refreshToken: null, idToken: null, scope: 'a b' });
    expect(found.refreshExpiresAtMs).toBe(nowMs + 60_000);
    expect((await refresh({ access_token: 'at', scope: 7 })).scope).toBeNull();
    expect((await refresh({ access_token: 'at', scope: '  ' })).scope).toBeNull();
  });

  it("takes a JWT's exp for the moment that it is, and expires_in before it", async () => {
    const token = jwt({ exp: nowMs / 1000 + 600, sub: 'ada' });
    expect((await refresh({ access_token: token })).accessExpiresAtMs).toBe(nowMs + 600_000);
    expect((await refresh({ access_token: token, expires_in: 0 })).accessExpiresAtMs).toBe(nowMs + 600_000);
    expect((await refresh({ access_token: token, expires_in: 60 })).accessExpiresAtMs).toBe(nowMs + 60_000);
    expect((await refresh({ access_token: jwt({ exp: 'soon' }) })).accessExpiresAtMs).toBeNull();
    expect((await refresh({ access_token: 'a.b.c' })).accessExpiresAtMs).toBeNull();
  });

  it('names who the token is for, as text that is safe to show', async () => {
    const claims = { sub: '1', name: '', preferred_username: 'ada\u202e\n' };
    expect((await refresh({ access_token: jwt(claims) })).subject).toBe('ada');
    expect((await refresh({ access_token: jwt({ sub: '1', email: 7 }) })).subject).toBe('1');
  });

  it.each<[string, unknown]>([
    ['JSON labelled as HTML', text('{"access_token":"at"}', 200, 'text/html')],
    ['JSON without a content type', (r: ServerResponse) => r.end('{"access_token":"at"}')],
    ['JSON with a byte order mark', text('\ufeff{"access_token":"at"}')],
    ['status 201', text('{"access_token":"at"}', 201)],
    ['an empty error beside the token', { access_token: 'at', error: '', error_description: null }],
  ])('accepts %s', async (_, body) => {
    expect((await refresh(body)).accessToken.reveal()).toBe('at');
  });

  it.each<[string, unknown, string]>([
    ['an HTML page', text('<html>marker</html>', 200, 'text/html'), 'an HTML page (HTTP 200, text/html)'],
    [
      'truncated JSON',
      text('{"access_token":"marker'),
      'a damaged or foreign text (HTTP 200, application/json)',
    ],
    ['an empty body', (r: ServerResponse) => r.end(), 'an empty body (HTTP 200, no content type)'],
    ['no content', (r: ServerResponse) => r.writeHead(204).end(), 'an empty body (HTTP 204'],
    [
      'a redirect',
      (r: ServerResponse) => r.writeHead(302, { location: '/marker' }).end(),
      'a redirect (HTTP 302',
    ],
    ['a content type that echoes', text('x', 200, 'text/refresh-marker'), 'text/[secret]'],
    ['an empty object', {}, 'no usable access_token'],
    ['an empty token', { access_token: '' }, 'no usable access_token'],
    ['a token that is a number', { access_token: 7 }, 'no usable access_token'],
    ['a token that breaks out of its header', { access_token: 'marker\r\nx: y' }, 'no usable access_token'],
    [
      'a token type that does',
      { access_token: 'marker', token_type: 'Bearer\r\nx: y' },
      'no usable token_type',
    ],
    [
      'a refresh token that is a number',
      { access_token: 'marker', refresh_token: 7 },
      'no usable refresh_token',
    ],
    ['an array', ['marker'], 'JSON that is no object'],
    ['null', null, 'JSON that is no object'],
  ])('refuses %s', async (_, body, words) => {
    const error = await failureOf(() => refresh(body));
    expect(error.code).toBe('token_response_invalid');
    expect(error.message).toContain(words);
    expect(error.server?.status).toBeGreaterThanOrEqual(200);
    expect(error.action).toContain('Token URL');
    expect(JSON.stringify(error.toWire())).not.toContain('marker');
  });

  it('does not fill the memory with an endless answer', async () => {
    const error = await failureOf(() => refresh(text(`{"x":"${'x'.repeat(3_000_000)}"}`)));
    expect(error.code).toBe('server_unreachable');
  });

  it('fails with nothing but AppErrors, and none of the secret, on 2,000 answers of random garbage', async () => {
    const names = [
      'access_token',
      'token_type',
      'expires_in',
      'refresh_token',
      'id_token',
      'scope',
      'error',
      'error_description',
      'refresh_expires_in',
      '__proto__',
    ];
    const values = [
      'x',
      '',
      0,
      -1,
      1e308,
      null,
      true,
      [],
      {},
      [1],
      'a.b.c',
      'e30.e30.e30',
      'refresh-marker',
      '\u0000',
      '\ud800',
      { message: 'refresh-marker' },
      'invalid_grant',
    ];
    const statuses = [200, 200, 200, 201, 204, 301, 400, 401, 403, 404, 408, 429, 500, 503, 599];
    let seed = 11;
    const random = <T>(all: readonly T[]): T | undefined => {
      seed = (seed * 48_271) % 2_147_483_647;
      return all[seed % all.length];
    };
    let refused = 0;
    for (let round = 0; round < 2_000; round += 1) {
      const fields = Array.from({ length: round % 6 }, () => [random(names), random(values)] as const);
      const json = JSON.stringify(Object.fromEntries(fields));
      const body = round % 5 === 0 ? json.slice(0, seed % (json.length + 1)) : json;
      const status = random(statuses) ?? 200;
      const retryAfter = random(['', '5', '-1', 'Wed, 21 Oct 2099 07:28:00 GMT', 'x', '9'.repeat(400)]) ?? '';
      try {
        await refresh((r: ServerResponse) => {
          r.writeHead(status, { 'retry-after': retryAfter });
          r.end(status === 204 ? undefined : body);
        });
      } catch (thrown) {
        refused += 1;
        expect(thrown).toBeInstanceOf(AppError);
        const wire = JSON.stringify(AppError.from(thrown).toWire());
        expect(wire).not.toContain('"internal"');
        expect(wire).not.toContain('refresh-marker');
      }
    }
    expect(refused).toBeGreaterThan(1_000);
    expect(refused).toBeLessThan(2_000);
  });
});
