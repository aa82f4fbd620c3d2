import type { ServerResponse } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { refreshTokens } from '../../../electron/oauth/grants/index.ts';
import { Secret } from '../../../shared/secret.ts';
import { failureOf, testContext, testProfile } from '../../fixtures/oauth-profile.ts';
import { sendJson, startWebServer, type WebServer } from '../../fixtures/web-server.ts';

const nowMs = Date.UTC(2030, 0, 1);
let server: WebServer;
let answer: (response: ServerResponse) => void;
beforeAll(async () => {
  server = await startWebServer((_, response) => {
    // The clock of these tests is not the server's: what a Date does has tests of its own.
    response.sendDate = false;
    answer(response);
  });
});
afterAll(() => server.close());

/** A refresh whose answer is this, or whose server does this. */
function refresh(body: unknown) {
  answer = typeof body === 'function' ? (body as typeof answer) : (response) => sendJson(response, body);
  const profile = testProfile({
    server: { tokenUrl: `${server.url}/token` },
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
      issued: 1,
    });
    expect({
      ...found,
      accessToken: found.accessToken.reveal(),
      refreshToken: found.refreshToken?.reveal(),
      findings: found.findings.map(({ code }) => code),
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
      clockAheadMs: null,
      findings: ['refresh_lifetime_named', 'cache_control_missing', 'members_unregistered'],
      redacted: {
        status: 200,
        fields: [
          { name: 'access_token', value: '(up to 20 characters)' },
          { name: 'token_type', value: 'bearer' },
          { name: 'expires_in', value: '1800' },
          { name: 'refresh_token', value: '(up to 20 characters)' },
          { name: 'refresh_expires_in', value: '1209600' },
          { name: 'scope', value: 'a b' },
          { name: 'not-before-policy', value: '0' },
          { name: 'session_state', value: '(up to 20 characters)' },
          { name: 'issued', value: '1' },
        ],
      },
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

  const inTenMinutes = nowMs / 1000 + 600;
  it.each<[string, object, unknown, number | null]>([
    ['exp alone', { exp: inTenMinutes }, undefined, 600_000],
    ['exp with a fraction', { exp: inTenMinutes + 0.5 }, undefined, 600_500],
    ['exp as a string', { exp: String(inTenMinutes) }, undefined, 600_000],
    ['exp in milliseconds', { exp: inTenMinutes * 1000 }, undefined, 600_000],
    ['exp in the past', { exp: inTenMinutes - 660 }, undefined, -60_000],
    ['exp of another age', { exp: 1 }, undefined, null],
    ['exp that is a lifetime', { exp: 3600 }, undefined, null],
    ['exp in 300 years', { exp: inTenMinutes + 300 * 365 * 86_400 }, undefined, null],
    ['an absurd exp', { exp: 1e300 }, undefined, null],
    ['exp that is a word', { exp: 'soon' }, undefined, null],
    ['exp that is null', { exp: null }, undefined, null],
    ['a list for exp', { exp: [inTenMinutes] }, undefined, null],
    ['expires_in before exp', { exp: inTenMinutes }, 60, 60_000],
    ['expires_in of zero', { exp: inTenMinutes }, 0, 600_000],
    ['a negative expires_in', { exp: inTenMinutes }, '-1', 600_000],
    ['expires_in that is no number', { exp: inTenMinutes }, 'NaN', 600_000],
    ['expires_in that is true', { exp: inTenMinutes }, true, 600_000],
    ['an absurd expires_in', { exp: inTenMinutes }, 1e18, 600_000],
    ['expires_in that is the moment', { exp: inTenMinutes }, inTenMinutes - 300, 300_000],
    ['no exp', {}, undefined, null],
  ])('knows when a JWT expires: %s', async (_, claims, expiresIn, fromNowMs) => {
    const found = await refresh({ access_token: jwt({ sub: 'ada', ...claims }), expires_in: expiresIn });
    expect(found.accessExpiresAtMs).toBe(fromNowMs === null ? null : nowMs + fromNowMs);
  });

  it.each<[object, number | null]>([
    [{ refresh_expires_in: 60 }, 60_000],
    [{ refresh_token_expires_in: '60.5' }, 60_500],
    [{ refresh_expires_in: 0, refresh_token_expires_in: 60 }, 60_000],
    [{ refresh_expires_in: 'never', refresh_token_expires_in: 60 }, 60_000],
    [{ refresh_expires_in: 30, refresh_token_expires_in: 60 }, 30_000],
    [{ refresh_expires_in: 0 }, null],
    [{ refresh_expires_in: -1 }, null],
    [{ refresh_expires_in: null, refresh_token_expires_in: false }, null],
    [{ refresh_expires_in: [60] }, null],
    [{ refresh_token_expires_in: nowMs + 60_000 }, 60_000],
    [{ refresh_token_expires_in: nowMs / 1000 + 60 }, 60_000],
  ])('knows when a refresh token expires: %o', async (members, fromNowMs) => {
    const { refreshExpiresAtMs } = await refresh({ access_token: 'at', ...members });
    expect(refreshExpiresAtMs).toBe(fromNowMs === null ? null : nowMs + fromNowMs);
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
    [
      'a form',
      text('access_token=at&expires_in=60', 200, 'application/x-www-form-urlencoded; charset=utf-8'),
    ],
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
    ['an empty form', text('', 200, 'application/x-www-form-urlencoded'), 'an empty body'],
    [
      'a form without a token',
      text('x=marker', 200, 'application/x-www-form-urlencoded'),
      'no usable access_token',
    ],
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
});
