import { describe, expect, it } from 'vitest';
import { startAuthorization } from '../../../electron/oauth/authorization.ts';
import { endSession, isLogoutReturn } from '../../../electron/oauth/end-session.ts';
import { exchangeCode } from '../../../electron/oauth/grants/index.ts';
import { Secret } from '../../../shared/secret.ts';
import { failureOf, testContext, testProfile } from '../../fixtures/oauth-profile.ts';
import {
  followToRedirect,
  oidcLogoutUri,
  oidcRedirectUri,
  startOidcServer,
} from '../../fixtures/oidc-server.ts';

const returnUri = 'https://app.example/bye';
const endSessionUrl = 'https://login.example/logout?from=app';

describe('endSession', () => {
  it('sends id token, client, return address and state, and keeps what the URL has', async () => {
    const profile = testProfile({ server: { endSessionUrl }, postLogoutRedirectUri: ` ${returnUri} ` });
    const { url, postLogoutRedirectUri, state } = await endSession(
      profile,
      new Secret('a.b.c'),
      testContext(),
    );
    expect(url.startsWith('https://login.example/logout?from=app&')).toBe(true);
    expect(Object.fromEntries(new URL(url).searchParams)).toEqual({
      from: 'app',
      id_token_hint: 'a.b.c',
      client_id: 'orders-app',
      post_logout_redirect_uri: returnUri,
      state: state?.reveal(),
    });
    expect(postLogoutRedirectUri).toBe(returnUri);
    expect(state?.reveal().length).toBeGreaterThan(20);
    const again = await endSession(profile, null, testContext());
    expect(again.state?.reveal()).not.toBe(state?.reveal());
  });

  it('sends no id token, return address and state when there are none', async () => {
    const profile = testProfile({ server: { endSessionUrl }, postLogoutRedirectUri: ' ' });
    expect(await endSession(profile, null, testContext())).toEqual({
      url: `${endSessionUrl}&client_id=orders-app`,
      postLogoutRedirectUri: null,
      state: null,
    });
  });

  it.each([
    [{ server: { endSessionUrl: '' } }, 'endpoint_missing', 'server.endSessionUrl'],
    [{ server: { endSessionUrl: 'javascript:alert(1)' } }, 'url_invalid', 'server.endSessionUrl'],
    [
      { server: { endSessionUrl }, client: { kind: 'none', id: ' ' } as const },
      'profile_incomplete',
      'client.id',
    ],
    [{ server: { endSessionUrl }, postLogoutRedirectUri: '/bye' }, 'url_invalid', 'postLogoutRedirectUri'],
    [
      { server: { endSessionUrl }, postLogoutRedirectUri: 'https://h/#x' },
      'url_invalid',
      'postLogoutRedirectUri',
    ],
  ])('with %o fails', async (overrides, code, field) => {
    const error = await failureOf(() => endSession(testProfile(overrides), null, testContext()));
    expect([error.code, error.details?.field]).toEqual([code, field]);
  });

  it('ends a session at a real server, found by discovery', async () => {
    const server = await startOidcServer();
    const context = testContext();
    const profile = testProfile({
      server: { issuer: server.url },
      client: { kind: 'none', id: 'none' },
      scope: 'openid',
      postLogoutRedirectUri: oidcLogoutUri,
    });
    const redirectUri = oidcRedirectUri.replace('127.0.0.1', '127.0.0.1:4711');
    const pending = await startAuthorization(profile, redirectUri, context);
    const redirect = await followToRedirect(`${pending.url}&prompt=consent`, redirectUri);
    const { idToken } = await exchangeCode(profile, pending, { url: redirect, formBody: null }, context);
    const logout = await endSession(profile, idToken, context);
    // Nobody is logged in without the browser's cookies, so the server asks nothing: its page posts a form by itself.
    const page = await fetch(logout.url);
    const html = await page.text();
    const action = /action="([^"]*)"/.exec(html)?.[1] ?? '';
    const xsrf = /name="xsrf" value="([^"]*)"/.exec(html)?.[1] ?? '';
    const cookie = page.headers
      .getSetCookie()
      .map((line) => line.split(';')[0])
      .join('; ');
    const end = await fetch(action, {
      method: 'POST',
      body: new URLSearchParams({ xsrf, logout: 'yes' }),
      headers: { cookie },
      redirect: 'manual',
    });
    const returned = end.headers.get('location') ?? '';
    expect(returned.startsWith(oidcLogoutUri)).toBe(true);
    expect(isLogoutReturn(returned, logout)).toBe(true);
    await server.close();
  });
});

describe('isLogoutReturn', () => {
  const logout = { postLogoutRedirectUri: returnUri, state: new Secret('s1') };

  it.each([
    [`${returnUri}?state=s1`, logout],
    [returnUri, logout],
    [`${returnUri}?state=&x=y`, logout],
    [`${returnUri}?state=own&state=s1`, { ...logout, postLogoutRedirectUri: `${returnUri}?state=own` }],
    ['com.example.app:/bye?state=s1', { ...logout, postLogoutRedirectUri: 'com.example.app:/bye' }],
    ['http://127.0.0.1:4711/bye?state=s1', { ...logout, postLogoutRedirectUri: 'http://127.0.0.1/bye' }],
  ])('takes %s', (url, expected) => {
    expect(isLogoutReturn(url, expected)).toBe(true);
  });

  it.each([
    [`${returnUri}?state=s2`, logout],
    [`${returnUri}?state=s1&state=s2`, logout],
    [`${returnUri}?state=s1`, { ...logout, state: null }],
    [`${returnUri}/?state=s1`, logout],
    ['https://app.example.evil/bye?state=s1', logout],
    [`https://login.example/logout?post_logout_redirect_uri=${returnUri}&state=s1`, logout],
    [returnUri, { ...logout, postLogoutRedirectUri: null }],
    [returnUri, { ...logout, postLogoutRedirectUri: 'nonsense' }],
    ['', { ...logout, postLogoutRedirectUri: '' }],
    ['nonsense', logout],
  ])('does not take %s', (url, expected) => {
    expect(isLogoutReturn(url, expected)).toBe(false);
  });
});
