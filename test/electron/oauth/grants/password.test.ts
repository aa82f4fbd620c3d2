import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { grants, passwordGrant } from '../../../../electron/oauth/grants/index.ts';
import { classifyTokenFailure } from '../../../../electron/oauth/refusal.ts';
import type { ResolvedGrant } from '../../../../electron/oauth/resolved-profile.ts';
import { Secret } from '../../../../shared/secret.ts';
import { failureOf, testContext, testProfile } from '../../../fixtures/oauth-profile.ts';
import { type OidcServer, oidcSecret, startOidcServer } from '../../../fixtures/oidc-server.ts';
import { sendJson, startWebServer } from '../../../fixtures/web-server.ts';

let server: OidcServer;
beforeAll(async () => {
  server = await startOidcServer();
});
afterAll(() => server.close());

function profileOf(username: string | Secret, password: string, issuer = server.url) {
  const grant: ResolvedGrant = {
    kind: 'password',
    username,
    password: new Secret(password),
    userValue: 'login',
    passwordValue: 'pass',
  };
  return testProfile({
    grant,
    server: { issuer },
    client: { kind: 'client_secret_basic', id: 'client_secret_basic', secret: new Secret(oidcSecret) },
    scope: ' orders ',
  });
}

describe('passwordGrant', () => {
  it('gets a token from a real server, without a screen', async () => {
    const answer = await grants.password.request(profileOf('ada', oidcSecret), testContext());
    expect(answer).toMatchObject({ tokenType: 'Bearer', scope: 'orders', refreshToken: null });
    expect(answer.accessExpiresAtMs).toBe(answer.receivedAtMs + 300_000);
    expect(answer.clockAheadMs).toBe(0);
  });

  it('sends user name and password to the letter, and no scope when there is none', async () => {
    const plain = await startWebServer((_, response) => sendJson(response, { access_token: 'at' }));
    const profile = profileOf(new Secret(' ada & "ö" '), ' p%20+= ');
    const typed = { ...profile, server: { ...profile.server, tokenUrl: plain.url }, scope: ' ' };
    await passwordGrant(typed, testContext());
    expect(Object.fromEntries(plain.requests[0]?.form ?? [])).toEqual({
      grant_type: 'password',
      username: ' ada & "ö" ',
      password: ' p%20+= ',
    });
    expect(plain.requests[0]?.headers.authorization).toMatch(/^Basic /);
    await plain.close();
  });

  it('says what to check when the password is wrong, and repeats neither it nor a secret user name', async () => {
    const profile = profileOf(new Secret('user-marker'), 'wrong "marker"+1');
    const error = await failureOf(() => passwordGrant(profile, testContext()));
    expect([error.code, error.server?.error, error.server?.errorDescription]).toEqual([
      'token_request_refused',
      'invalid_grant',
      'no [secret] with [secret]',
    ]);
    expect(error.action).toBe('Check the user name and the password in the values of the persona.');
    expect(JSON.stringify(error.toWire())).not.toContain('marker');
    const shown = await failureOf(() => passwordGrant(profileOf('bob', 'x-marker'), testContext()));
    expect(shown.server?.errorDescription).toBe('no bob with [secret]');
  });

  it.each([
    ['', 'secret', 'grant.userValue', 'login', 'user name'],
    [new Secret(''), 'secret', 'grant.userValue', 'login', 'user name'],
    ['ada', '', 'grant.passwordValue', 'pass', 'password'],
  ])('sends nothing without user name or password', async (username, password, field, value, words) => {
    const error = await failureOf(() =>
      passwordGrant(profileOf(username, password, 'http://127.0.0.1:1'), testContext()),
    );
    expect([error.code, error.details]).toEqual([
      'profile_incomplete',
      { profile: 'orders-api', field, value },
    ]);
    expect(error.message).toContain(`no value "${value}", which is the ${words}`);
    expect(error.action).toContain(`"${value}"`);
    expect(classifyTokenFailure(error)).toBe('profile_mistake');
  });

  it('takes no other grant for its own', async () => {
    expect((await failureOf(() => passwordGrant(testProfile(), testContext()))).code).toBe('internal');
  });
});
