import type { ServerResponse } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { refreshTokens } from '../../../../electron/oauth/grants/index.ts';
import { errorQuirks, errorStatusAdvice } from '../../../../electron/oauth/quirks/error-quirks.ts';
import { errorWireSchema } from '../../../../shared/errors.ts';
import { Secret } from '../../../../shared/secret.ts';
import { failureOf, testContext, testProfile } from '../../../fixtures/oauth-profile.ts';
import { sendJson, startWebServer, type WebServer } from '../../../fixtures/web-server.ts';

let server: WebServer;
let answer: (response: ServerResponse) => void;
beforeAll(async () => {
  server = await startWebServer((_, response) => answer(response));
});
afterAll(() => server.close());

function refused(by: typeof answer) {
  answer = by;
  return failureOf(() =>
    refreshTokens(
      testProfile({ server: { tokenUrl: server.url } }),
      new Secret('refresh-marker'),
      testContext(),
    ),
  );
}

const json = (status: number, body: unknown) => (response: ServerResponse) =>
  sendJson(response, body, status);
const text = (status: number, type: string, body: string) => (response: ServerResponse) =>
  response.writeHead(status, { 'content-type': type }).end(body);

/** How real makers tell of an error, and what is understood of it. */
const cases: [
  maker: string,
  by: typeof answer,
  quirks: string[],
  error: string | undefined,
  description?: string,
][] = [
  ['RFC 6749', json(400, { error: 'invalid_grant', error_description: 'Dead' }), [], 'invalid_grant', 'Dead'],
  [
    'Microsoft',
    json(400, {
      error: 'invalid_grant',
      error_description: 'AADSTS70008: The refresh token has expired.',
      error_codes: [70008],
      timestamp: '2030-01-01 00:00:00Z',
      trace_id: 'x',
      correlation_id: 'y',
    }),
    [],
    'invalid_grant',
    'AADSTS70008: The refresh token has expired.',
  ],
  [
    'Slack',
    json(200, { ok: false, error: 'invalid_refresh_token' }),
    ['error_status_success', 'error_unregistered'],
    'invalid_refresh_token',
  ],
  [
    'GitHub, as a form',
    text(
      200,
      'application/x-www-form-urlencoded; charset=utf-8',
      'error=bad_refresh_token&error_description=The+refresh+token+is+bad.&error_uri=https%3A%2F%2Fdocs.example',
    ),
    ['error_status_success', 'form_encoded', 'error_unregistered'],
    'bad_refresh_token',
    'The refresh token is bad.',
  ],
  [
    'Facebook',
    json(400, { error: { message: 'Bad code', type: 'OAuthException', code: 100, fbtrace_id: 'x' } }),
    ['error_object', 'error_unregistered'],
    'OAuthException',
    'Bad code',
  ],
  [
    'Google APIs',
    json(401, { error: { code: 401, message: 'Bad credentials', status: 'UNAUTHENTICATED' } }),
    ['error_object', 'error_unregistered'],
    'UNAUTHENTICATED',
    'Bad credentials',
  ],
  [
    'Salesforce',
    json(401, [{ message: 'Session expired or invalid', errorCode: 'INVALID_SESSION_ID' }]),
    ['answer_in_list', 'error_renamed', 'error_description_renamed', 'error_unregistered'],
    'INVALID_SESSION_ID',
    'Session expired or invalid',
  ],
  [
    'Okta',
    json(401, {
      errorCode: 'invalid_client',
      errorSummary: 'Invalid client_id.',
      errorId: 'x',
      errorCauses: [],
    }),
    ['error_renamed', 'error_description_renamed'],
    'invalid_client',
    'Invalid client_id.',
  ],
  [
    'Apigee',
    json(401, { ErrorCode: 'invalid_client', Error: 'ClientId is Invalid' }),
    ['error_renamed', 'error_description_renamed'],
    'invalid_client',
    'ClientId is Invalid',
  ],
  [
    'Apigee, of its gateway',
    json(401, {
      fault: { faultstring: 'Invalid client', detail: { errorcode: 'keymanagement.service.InvalidClient' } },
    }),
    ['error_nested', 'error_renamed', 'error_description_renamed', 'error_unregistered'],
    'keymanagement.service.InvalidClient',
    'Invalid client',
  ],
  [
    'WSO2, of its gateway',
    json(401, { fault: { code: 900901, message: 'Invalid Credentials', description: 'Wrong key' } }),
    [],
    undefined,
    'Invalid Credentials',
  ],
  [
    'Amazon',
    json(400, { __type: 'NotAuthorizedException', message: 'Refresh Token has expired' }),
    ['error_renamed', 'error_description_renamed', 'error_unregistered'],
    'NotAuthorizedException',
    'Refresh Token has expired',
  ],
  [
    'X',
    json(403, { errors: [{ code: 99, message: 'Unable to verify your credentials' }] }),
    [],
    undefined,
    'Unable to verify your credentials',
  ],
  [
    'WeChat',
    json(200, { errcode: 40029, errmsg: 'invalid code' }),
    ['error_status_success', 'error_renamed', 'error_description_renamed', 'error_unregistered'],
    '40029',
    'invalid code',
  ],
  [
    'QQ',
    text(200, 'text/html', 'callback( {"error":100019,"error_description":"code is reused"} );'),
    ['error_status_success', 'json_in_callback', 'content_type_wrong', 'error_number', 'error_unregistered'],
    '100019',
    'code is reused',
  ],
  [
    'OAuth 1',
    text(401, 'text/plain', 'oauth_problem=token_expired&oauth_problem_advice=Log+in'),
    [
      'form_encoded',
      'content_type_wrong',
      'error_renamed',
      'error_description_renamed',
      'error_unregistered',
    ],
    'token_expired',
    'Log in',
  ],
  [
    'problem details (RFC 9457)',
    json(403, { type: 'about:blank', title: 'Forbidden', status: 403, detail: 'Not here' }),
    [],
    undefined,
    'Not here',
  ],
  [
    'Spring',
    json(401, {
      timestamp: 1,
      status: 401,
      error: 'Unauthorized',
      message: 'Bad credentials',
      path: '/token',
    }),
    ['error_description_renamed', 'error_unregistered'],
    'Unauthorized',
    'Bad credentials',
  ],
  [
    'Laravel',
    json(401, { error: 'invalid_client', error_description: 'Failed', message: 'Failed' }),
    [],
    'invalid_client',
    'Failed',
  ],
  ['a gateway', json(403, { message: 'No route matched' }), [], undefined, 'No route matched'],
  ['nobody', json(400, {}), [], undefined],
];

describe('quirks of errors', () => {
  it.each(cases)('as %s tells them', async (_, by, quirks, error, description) => {
    const failure = await refused(by);
    expect(failure.code).toBe(error === 'invalid_client' ? 'invalid_client' : 'token_request_refused');
    expect([failure.server?.error, failure.server?.errorDescription]).toEqual([error, description]);
    expect(failure.server?.findings?.map(({ code }) => code) ?? []).toEqual(quirks);
    expect(errorWireSchema.parse(failure.toWire()).server).toEqual(failure.server);
  });

  it('have a case each', () => {
    const tried = new Set(cases.flatMap(([, , quirks]) => quirks));
    const codes = [...errorQuirks, errorStatusAdvice].map(({ code }) => code);
    expect(codes.filter((code) => !tried.has(code))).toEqual([]);
  });

  it('repeat no secret', async () => {
    const failure = await refused(
      json(200, { errorCode: 'no refresh-marker here', errmsg: 'refresh-marker' }),
    );
    expect(JSON.stringify(failure.toWire())).not.toContain('marker');
    const texts = failure.server?.findings?.map(({ text }) => text);
    expect(texts).toContain('The error code no [secret] here is not registered.');
  });

  it.each([
    ['a zero for an error code', { errcode: 0, errmsg: 'ok' }],
    ['only words', { message: 'see you' }],
    ['an empty error', { error: '', error_description: 'x' }],
  ])('see none in a success with %s', async (_, body) => {
    expect((await refused(json(200, body))).code).toBe('token_response_invalid');
  });
});
