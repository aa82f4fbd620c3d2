import type { ServerResponse } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { refreshTokens } from '../../../electron/oauth/grants/index.ts';
import { classifyTokenFailure } from '../../../electron/oauth/refusal.ts';
import { Secret } from '../../../shared/secret.ts';
import { failureOf, testContext, testProfile } from '../../fixtures/oauth-profile.ts';
import { type SeenRequest, sendJson, startWebServer, type WebServer } from '../../fixtures/web-server.ts';

const nowMs = Date.UTC(2030, 0, 1);
let server: WebServer;
let answer: (response: ServerResponse, request: SeenRequest) => void;
beforeAll(async () => {
  server = await startWebServer((request, response) => answer(response, request));
});
afterAll(() => server.close());

function refused(by: typeof answer) {
  answer = by;
  const profile = testProfile({
    server: { tokenUrl: `${server.url}/token` },
    client: { kind: 'client_secret_basic', id: 'app', secret: new Secret('client marker+1') },
  });
  return failureOf(() =>
    refreshTokens(
      profile,
      new Secret('refresh-marker'),
      testContext(() => nowMs),
    ),
  );
}

const json = (status: number, body: unknown) => (response: ServerResponse) =>
  sendJson(response, body, status);
const form = (status: number, body: string) => (response: ServerResponse) =>
  response.writeHead(status, { 'content-type': 'application/x-www-form-urlencoded' }).end(body);
const empty = (status: number) => (response: ServerResponse) => response.writeHead(status).end();

describe('endpointFailure of a token request', () => {
  it.each<[string, typeof answer, string, string]>([
    ['400 invalid_grant', json(400, { error: 'invalid_grant' }), 'token_request_refused', 'drop'],
    ['401 invalid_grant', json(401, { error: 'invalid_grant' }), 'token_request_refused', 'drop'],
    ['200 invalid_grant', json(200, { error: 'invalid_grant' }), 'token_request_refused', 'drop'],
    ['400 invalid_request', json(400, { error: 'invalid_request' }), 'token_request_refused', 'set_aside'],
    ['400 of a code that no RFC has', json(400, { error: 'E_4711' }), 'token_request_refused', 'set_aside'],
    [
      '401 unauthorized_client',
      json(401, { error: 'unauthorized_client' }),
      'token_request_refused',
      'set_aside',
    ],
    ['400 login_required', json(400, { error: 'login_required' }), 'token_request_refused', 'set_aside'],
    [
      '400 interaction_required',
      json(400, { error: 'interaction_required' }),
      'token_request_refused',
      'set_aside',
    ],
    ['HTML with 400', (r) => r.writeHead(400).end('<html>'), 'token_request_refused', 'set_aside'],
    [
      'damaged JSON with 400',
      (r) => r.writeHead(400).end('{"error":"inv'),
      'token_request_refused',
      'set_aside',
    ],
    ['a form with invalid_grant', form(400, 'error=invalid_grant'), 'token_request_refused', 'drop'],
    ['a form with invalid_grant and 200', form(200, 'error=invalid_grant'), 'token_request_refused', 'drop'],
    ['an empty 400', empty(400), 'token_request_refused', 'set_aside'],
    ['an empty 401', empty(401), 'token_request_refused', 'set_aside'],
    ['an empty 403', empty(403), 'token_request_refused', 'set_aside'],
    ['an empty 404', empty(404), 'token_request_refused', 'set_aside'],
    ['401 invalid_client', json(401, { error: 'invalid_client' }), 'invalid_client', 'profile_mistake'],
    ['400 invalid_client', json(400, { error: 'invalid_client' }), 'invalid_client', 'profile_mistake'],
    ['200 invalid_client', json(200, { error: 'invalid_client' }), 'invalid_client', 'profile_mistake'],
    ['408', empty(408), 'token_server_failed', 'transient'],
    ['429', empty(429), 'token_server_failed', 'transient'],
    ['500', empty(500), 'token_server_failed', 'transient'],
    [
      '502 with HTML',
      (r) => r.writeHead(502, { 'content-type': 'text/html' }).end('<h1>'),
      'token_server_failed',
      'transient',
    ],
    ['503 with invalid_grant', json(503, { error: 'invalid_grant' }), 'token_server_failed', 'transient'],
    [
      '400 temporarily_unavailable',
      json(400, { error: 'temporarily_unavailable' }),
      'token_server_failed',
      'transient',
    ],
    ['200 server_error', json(200, { error: 'server_error' }), 'token_server_failed', 'transient'],
    ['damaged JSON with 200', (r) => r.end('{"access_token":"a'), 'token_response_invalid', 'transient'],
    ['an empty 200', (r) => r.end(), 'token_response_invalid', 'transient'],
    ['HTML with 200', (r) => r.end('<html>'), 'token_response_invalid', 'transient'],
    ['a reset', (r) => r.destroy(), 'server_unreachable', 'transient'],
  ])('%s', async (_, by, code, kind) => {
    const error = await refused(by);
    expect([error.code, classifyTokenFailure(error)]).toEqual([code, kind]);
    expect(error.message).toContain(new URL(server.url).host);
    expect(error.action).toBeTruthy();
  });

  it("keeps the server's words and status", async () => {
    const error = await refused(
      json(400, { error: 'invalid_grant', error_description: 'Token is not active' }),
    );
    expect(error.server).toEqual({
      error: 'invalid_grant',
      errorDescription: 'Token is not active',
      status: 400,
    });
    expect(error.message).toBe(
      `${new URL(server.url).host} refused the token request with invalid_grant (HTTP 400). It says: Token is not active`,
    );
  });

  it.each([[{ message: 'No route matched' }], [{ error: { message: 'No route matched', code: 4 } }]])(
    'finds the words of a gateway in %o',
    async (body) => {
      const error = await refused(json(403, body));
      expect(error.server).toEqual({ errorDescription: 'No route matched', status: 403 });
    },
  );

  it.each([
    ['120', 120],
    ['0', 0],
    [new Date(nowMs + 90_000).toUTCString(), 90],
    [new Date(nowMs - 90_000).toUTCString(), 0],
    [new Date(nowMs + 90_000).toUTCString().replace(/, (\d\d) (\w+) (\d+)/, 'day, $1-$2-30'), 90],
    ['soon', undefined],
    ['1.5', undefined],
    ['-5', 0],
    ['9'.repeat(400), undefined],
  ])('reads Retry-After "%s" as %o', async (header, seconds) => {
    const error = await refused((response) => response.writeHead(429, { 'retry-after': header }).end());
    expect(error.details?.retryAfterSeconds).toBe(seconds);
    expect(() => JSON.stringify(error.toWire())).not.toThrow();
  });

  it("takes the protocol's own words for what they are, whatever the secret is", async () => {
    const profile = testProfile({
      server: { tokenUrl: server.url },
      client: { kind: 'client_secret_post', id: 'app', secret: new Secret('client') },
    });
    answer = json(401, { error: 'invalid_client', error_description: 'bad client' });
    const error = await failureOf(() => refreshTokens(profile, new Secret('invalid'), testContext()));
    expect(error.code).toBe('invalid_client');
    expect(error.server).toMatchObject({ error: 'invalid_client', errorDescription: 'bad [secret]' });
  });

  it('shows no secret that the server echoes', async () => {
    const error = await refused((response, { form, headers }) =>
      sendJson(
        response,
        {
          error: 'refresh-marker',
          error_description: `no client ${headers.authorization}, client marker+1, client+marker%2B1, ${form}, \u0000refresh-marker`,
        },
        400,
      ),
    );
    const wire = JSON.stringify(error.toWire());
    expect(wire).not.toMatch(/marker/);
    expect(wire).not.toContain(Buffer.from('app:client+marker').toString('base64').slice(0, 16));
    expect(wire).toContain('[secret]');
  });

  it('cuts and cleans hostile words', async () => {
    const error = await refused(
      json(400, { error: `x${'y'.repeat(9_999)}`, error_description: '\u202ea\u0007\n<b>'.repeat(999) }),
    );
    expect(error.server?.error?.length).toBe(101);
    expect(error.server?.errorDescription?.length).toBeLessThanOrEqual(501);
    expect(error.message).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  });
});
