import { decodeProtectedHeader } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { grants, refreshTokens } from '../../../../electron/oauth/grants/index.ts';
import { Secret } from '../../../../shared/secret.ts';
import { type ApprovalServer, startApprovalServer } from '../../../fixtures/approval-server.ts';
import { failureOf, testContext, testProfile } from '../../../fixtures/oauth-profile.ts';
import { sendJson, startWebServer } from '../../../fixtures/web-server.ts';

const { start, finish } = grants.device_code;

let server: ApprovalServer;
beforeAll(async () => {
  server = await startApprovalServer();
});
afterAll(() => server.close());

function profileOf(changes: Parameters<typeof testProfile>[0] = {}) {
  return testProfile({
    grant: { kind: 'device_code' },
    server: { issuer: server.url },
    client: { kind: 'none', id: 'asking' },
    scope: 'openid offline_access orders',
    ...changes,
  });
}

/** With its own interval of 5 s the server would be waited for all that time; it minds no shorter one. */
async function begin(profile = profileOf()) {
  const authorization = await start(profile, testContext());
  expect(authorization.intervalMs).toBe(5_000);
  return { ...authorization, intervalMs: 20 };
}

describe('the device authorization grant', () => {
  it('shows a code, waits for the person and gets the token from a real server, with a refresh token', async () => {
    const authorization = await begin();
    const { userCode, verificationUri, verificationUriComplete, deviceCode } = authorization;
    expect(verificationUri).toBe(`${server.url}/device`);
    expect(verificationUriComplete).toBe(`${server.url}/device?user_code=${userCode}`);
    expect(JSON.stringify(authorization)).not.toContain(deviceCode.reveal());
    const waiting = finish(profileOf(), authorization, testContext());
    await server.answerCode(userCode, 'allow');
    const answer = await waiting;
    expect(answer).toMatchObject({
      tokenType: 'Bearer',
      scope: 'openid offline_access orders',
      subject: 'ada',
    });
    const { refreshToken } = answer;
    if (refreshToken === null) throw new Error('There is no refresh token.');
    const refreshed = await refreshTokens(profileOf(), refreshToken, testContext());
    expect(refreshed.accessToken.reveal()).not.toBe(answer.accessToken.reveal());
  });

  it("ends with the server's words when the person says no, and when the time is over", async () => {
    const refused = await begin();
    await server.answerCode(refused.userCode, 'deny');
    const error = await failureOf(() => finish(profileOf(), refused, testContext()));
    expect([error.code, error.server?.error, error.message]).toEqual([
      'consent_denied',
      'access_denied',
      expect.stringMatching(/says that access was denied\. It says: ada said no/),
    ]);
    const late = await begin();
    const over = { ...late, expiresAtMs: Date.now() + 10 };
    expect((await failureOf(() => finish(profileOf(), over, testContext()))).code).toBe('consent_timeout');
  });

  it('ends at once when it is cancelled while it waits', async () => {
    const authorization = { ...(await begin()), intervalMs: 60_000 };
    const controller = new AbortController();
    const waiting = failureOf(() => finish(profileOf(), authorization, testContext(), controller.signal));
    controller.abort();
    expect(await waiting).toMatchObject({
      code: 'cancelled',
      message: 'The wait for an approval was cancelled.',
    });
  });

  it('says what is wrong when the server gives no code', async () => {
    const unknown = await failureOf(() =>
      start(profileOf({ client: { kind: 'none', id: 'nobody-here' } }), testContext()),
    );
    expect([unknown.code, unknown.server?.error]).toEqual(['invalid_client', 'invalid_client']);
    const nowhere = profileOf({ server: { tokenUrl: 'http://127.0.0.1:1' } });
    const error = await failureOf(() => start(nowhere, testContext()));
    expect([error.code, error.details?.field]).toEqual(['endpoint_missing', 'server.deviceAuthorizationUrl']);
  });
});

describe('the answer to a device authorization request', () => {
  const whole = {
    ...{ device_code: 'dc-marker', user_code: ' WDJB-MJHT ', verification_uri: 'https://id.example/device' },
    ...{ expires_in: 900, interval: 2 },
  };

  async function read(body: unknown, changes: Parameters<typeof testProfile>[0] = {}) {
    const plain = await startWebServer((_, response) => sendJson(response, body));
    const profile = profileOf({ server: { deviceAuthorizationUrl: plain.url }, ...changes });
    try {
      const context = testContext(() => 1_000);
      return { authorization: await start(profile, context), sent: plain.requests[0] };
    } finally {
      await plain.close();
    }
  }

  it('is read as RFC 8628 has it, and the scope and own parameters of the profile go to the server', async () => {
    const parameters = [
      { name: 'audience', value: 'orders', in: 'body', to: ['authorization'] },
      { name: 'only_token', value: 'x', in: 'body', to: ['token'] },
    ] as const;
    const { authorization, sent } = await read(whole, {
      parameters: parameters.map((one) => ({ ...one, to: [...one.to] })),
      client: { kind: 'client_secret_post', id: 'asking', secret: new Secret('s') },
    });
    expect(authorization).toMatchObject({
      ...{ userCode: 'WDJB-MJHT', verificationUri: 'https://id.example/device' },
      ...{ verificationUriComplete: null, expiresAtMs: 901_000, intervalMs: 2_000, findings: [] },
    });
    expect(Object.fromEntries(sent?.form ?? [])).toEqual({
      ...{
        client_id: 'asking',
        client_secret: 's',
        scope: 'openid offline_access orders',
        audience: 'orders',
      },
    });
  });

  it.each([
    [
      { verification_uri: undefined, verification_url: 'https://g.example/device' },
      ['verification_uri_renamed'],
    ],
    [{ expires_in: '900' }, ['approval_expires_in_text']],
    [{ interval: '2' }, ['approval_interval_text']],
  ])('is mended and told where real servers write it otherwise: %j', async (changes, codes) => {
    const { authorization } = await read({ ...whole, ...changes });
    expect(authorization.findings.map(({ code }) => code)).toEqual(codes);
    expect([authorization.expiresAtMs, authorization.intervalMs]).toEqual([901_000, 2_000]);
    expect(authorization.verificationUri).toMatch(/\/device$/);
  });

  it('is taken without the times: 10 minutes, and 5 seconds between questions', async () => {
    const { authorization } = await read({ ...whole, expires_in: undefined, interval: -1 });
    expect([authorization.expiresAtMs, authorization.intervalMs]).toEqual([601_000, 5_000]);
    expect(authorization.findings.map(({ code }) => code)).toEqual([
      'approval_expires_in_missing',
      'approval_interval_unreadable',
    ]);
    expect((await read({ ...whole, interval: 0 })).authorization.intervalMs).toBe(1_000);
  });

  it.each([
    [{ device_code: undefined }, 'device_code'],
    [{ user_code: '' }, 'user_code'],
    [{ verification_uri: undefined }, 'verification_uri'],
    [{ verification_uri: 'javascript:alert(1)' }, 'verification_uri'],
    [{ verification_uri: 'https://user:pw@id.example/' }, 'verification_uri'],
  ])('is refused when it cannot be used: %j', async (changes, field) => {
    const error = await failureOf(() => read({ ...whole, ...changes }));
    expect([error.code, error.message]).toEqual([
      'device_authorization_failed',
      expect.stringContaining(`no usable ${field}`),
    ]);
    expect(error.message).not.toContain('marker');
  });

  it('shows no secret that was sent, in place of a code or within the address', async () => {
    const client = { kind: 'client_secret_post', id: 'asking', secret: new Secret('long-secret') } as const;
    const { authorization } = await read(
      {
        ...whole,
        ...{ user_code: 'long-secret', verification_uri_complete: 'https://id.example/?x=long-secret' },
      },
      { client },
    );
    expect([authorization.userCode, authorization.verificationUriComplete]).toEqual(['[secret]', null]);
    const error = await failureOf(() =>
      read({ ...whole, verification_uri: 'https://id.example/long-secret' }, { client }),
    );
    expect([error.code, error.message]).toEqual([
      'device_authorization_failed',
      expect.stringContaining('a secret in its verification_uri'),
    ]);
  });

  it('never opens what is no web address', async () => {
    const { authorization } = await read({ ...whole, verification_uri_complete: 'file:///etc/passwd' });
    expect(authorization.verificationUriComplete).toBeNull();
  });

  it('polls with one key for the token that is to be bound to it', async () => {
    const protection = { ...testProfile().protection, dpop: { kind: 'on', algorithm: 'ES256' } as const };
    let polls = 0;
    const { url, requests, close } = await startWebServer(({ path }, response) => {
      if (path === '/device') {
        const codes = { device_code: 'd', user_code: 'u', verification_uri: 'https://login.example/' };
        return sendJson(response, { ...codes, expires_in: 60 });
      }
      polls += 1;
      if (polls < 3) return sendJson(response, { error: 'authorization_pending' }, 400);
      return sendJson(response, { access_token: 'at', token_type: 'DPoP' });
    });
    const profile = profileOf({
      protection,
      server: { deviceAuthorizationUrl: `${url}/device`, tokenUrl: `${url}/token` },
    });
    const authorization = { ...(await start(profile, testContext())), intervalMs: 20 };
    const answer = await finish(profile, authorization, testContext());
    await close();
    const shown = requests.slice(1).map(({ headers }) => decodeProtectedHeader(String(headers.dpop)).jwk);
    expect([shown.length, new Set(shown.map((jwk) => JSON.stringify(jwk))).size]).toEqual([3, 1]);
    expect(JSON.parse(answer.dpopKey?.reveal() ?? '{}').x).toBe(shown[0]?.x);
  });
});
