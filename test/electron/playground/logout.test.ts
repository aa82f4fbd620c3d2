import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Playground, startPlayground } from '../../../electron/playground/playground.ts';
import {
  authorizationUrl,
  type Browserless,
  newPkce,
  openBrowserless,
} from '../../fixtures/playground-browserless.ts';
import {
  obtainTokens,
  orders,
  type PlaygroundTokens,
  refresh,
  requestByPassword,
  tokensOf,
} from '../../fixtures/playground-tokens.ts';

let playground: Playground;
const redirectUri = 'http://127.0.0.1:4711/signed-out';
const question = '<h1>Sign out?</h1>';
const signedOut = '<h1>You are signed out</h1>';

beforeAll(async () => {
  playground = await startPlayground({ settings: { keepsSessions: true } });
});
afterAll(() => playground.stop());

function logoutUrl(params: Record<string, string> = {}): string {
  return `${playground.url}/logout?${new URLSearchParams(params)}`;
}

async function signedIn(
  username = 'alice',
): Promise<{ browser: Browserless; tokens: PlaygroundTokens; hint: string }> {
  const browser = openBrowserless();
  const tokens = await obtainTokens({ playgroundUrl: playground.url, username, browser });
  return { browser, tokens, hint: tokens.id_token ?? '' };
}

/** The heading of the page that the next flow of this browser starts with. */
async function nextPage(browser: Browserless): Promise<string | undefined> {
  const { challenge: codeChallenge } = newPkce();
  const { html } = await browser.open(authorizationUrl({ playgroundUrl: playground.url, codeChallenge }));
  return /<h1>(.*?)<\/h1>/.exec(html)?.[1];
}

describe('signing out with an id token', () => {
  it('ends the session without a question, and leads back with the state', async () => {
    const { browser, hint } = await signedIn();
    const end = await browser.get(
      logoutUrl({ id_token_hint: hint, post_logout_redirect_uri: redirectUri, state: 's & t#?💥' }),
    );
    expect([end.status, new URL(end.redirect ?? '').href.split('?', 1)[0]]).toEqual([303, redirectUri]);
    expect(Object.fromEntries(new URL(end.redirect ?? '').searchParams)).toEqual({ state: 's & t#?💥' });
    expect(await nextPage(browser)).toBe('Sign in');
  });

  it('ends on a page when it names no address to go to', async () => {
    const { browser, hint } = await signedIn();
    const end = await browser.get(logoutUrl({ id_token_hint: hint, state: 'unused' }));
    expect([end.status, end.html]).toEqual([200, expect.stringContaining(signedOut)]);
    expect(await nextPage(browser)).toBe('Sign in');
  });

  it('works by POST as well, although a browser sends no cookie with it', async () => {
    const { browser, hint } = await signedIn();
    const form = { id_token_hint: hint, post_logout_redirect_uri: redirectUri, state: 'posted' };
    const answer = await fetch(logoutUrl(), {
      method: 'POST',
      body: new URLSearchParams(form),
      redirect: 'manual',
    });
    expect([answer.status, answer.headers.get('location')]).toEqual([303, logoutUrl(form)]);
    expect((await browser.open(logoutUrl(form))).redirect).toBe(`${redirectUri}?state=posted`);
    expect(await nextPage(browser)).toBe('Sign in');
  });

  it('goes on without a question where nobody is signed in any more', async () => {
    const { hint } = await signedIn();
    const end = await openBrowserless().get(
      logoutUrl({ id_token_hint: hint, post_logout_redirect_uri: redirectUri }),
    );
    expect(end.redirect).toBe(redirectUri);
  });

  it('takes the id token of the password grant', async () => {
    const { id_token: idToken } = await tokensOf(await requestByPassword(playground.url));
    const end = await openBrowserless().get(logoutUrl({ id_token_hint: idToken ?? '' }));
    expect(end.html).toContain(signedOut);
  });

  it('leaves the tokens as they are', async () => {
    const { browser, tokens, hint } = await signedIn();
    await browser.get(logoutUrl({ id_token_hint: hint }));
    expect((await orders(playground.url, tokens.access_token)).status).toBe(200);
    expect((await refresh(playground.url, tokens.refresh_token)).status).toBe(200);
  });

  it('asks when it is somebody else’s than the one who is signed in', async () => {
    const { browser } = await signedIn('bob');
    const { hint } = await signedIn('alice');
    const page = await browser.get(logoutUrl({ id_token_hint: hint }));
    expect(page.html).toContain(question);
    expect(page.html).toContain('<strong>Bob Reader</strong>');
    expect(await nextPage(browser)).toBe('Allow access?');
  });

  it.each([
    'http://127.0.0.1/signed-out',
    'http://localhost:8080/signed-out',
    'https://example.test/signed-out',
  ])('leads back to %s', async (uri) => {
    const { browser, hint } = await signedIn();
    const end = await browser.get(logoutUrl({ id_token_hint: hint, post_logout_redirect_uri: uri }));
    expect(end.redirect).toBe(uri);
  });
});

describe('signing out without a valid id token', () => {
  it('asks, and then leads back to the client that it names', async () => {
    const { browser } = await signedIn();
    const url = logoutUrl({
      client_id: 'playground-web',
      post_logout_redirect_uri: redirectUri,
      state: 'asked',
    });
    const page = await browser.get(url);
    expect([page.status, page.html]).toEqual([200, expect.stringContaining(question)]);
    expect(page.html).toContain('<strong>Playground Web</strong> asks to sign you out.');
    expect(page.html).toMatch(/value="stay">Stay signed in<[\s\S]*value="sign_out">Sign out</);
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(await nextPage(browser)).toBe('Allow access?');
    expect((await browser.submit(url, { decision: 'sign_out' })).redirect).toBe(`${redirectUri}?state=asked`);
    expect(await nextPage(browser)).toBe('Sign in');
  });

  it('asks again when the form says neither, and changes nothing for who stays', async () => {
    const { browser } = await signedIn();
    expect((await browser.submit(logoutUrl(), { decision: 'maybe' })).html).toContain(question);
    const stays = await browser.submit(
      logoutUrl({ client_id: 'playground-app', post_logout_redirect_uri: redirectUri }),
      { decision: 'stay' },
    );
    expect([stays.redirect, stays.html]).toEqual([null, expect.stringContaining('You stay signed in')]);
    expect(await nextPage(browser)).toBe('Allow access?');
  });

  it('asks although no session is kept, and follows no address that no client answers for', async () => {
    const browser = openBrowserless();
    const url = logoutUrl({ post_logout_redirect_uri: 'https://evil.test/' });
    expect((await browser.get(url)).html).toContain(question);
    const end = await browser.submit(url, { decision: 'sign_out' });
    expect([end.redirect, end.html]).toEqual([null, expect.stringContaining(signedOut)]);
  });

  it('cannot be done by a form on a page from elsewhere, which sends no cookie', async () => {
    const { browser } = await signedIn();
    const forged = await fetch(logoutUrl(), {
      method: 'POST',
      body: new URLSearchParams({ decision: 'sign_out' }),
    });
    expect(forged.headers.getSetCookie()).toEqual([]);
    expect(await nextPage(browser)).toBe('Allow access?');
  });

  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const claims = { aud: 'playground-app', sub: 'alice', iss: 'http://127.0.0.1' };

  it.each([
    ['none', ''],
    ['no JWT', 'nonsense'],
    ['dots', '..'],
    ['an unsigned one', `${part({ alg: 'none' })}.${part(claims)}.`],
    ['one of a forged signature', `${part({ alg: 'RS256' })}.${part(claims)}.${part('x')}`],
    ['one of a shared secret', `${part({ alg: 'HS256' })}.${part(claims)}.${part('x')}`],
    ['claims that are none', `${part({ alg: 'RS256' })}.${part(null)}.x`],
    [
      'an audience that is a list',
      `${part({ alg: 'RS256' })}.${part({ ...claims, aud: ['playground-app'] })}.x`,
    ],
    ['an audience that is an object', `${part({ alg: 'RS256' })}.${part({ ...claims, aud: {} })}.x`],
    ['an unknown audience', `${part({ alg: 'RS256' })}.${part({ ...claims, aud: '__proto__' })}.x`],
  ])('asks: %s', async (_what, hint) => {
    const { browser } = await signedIn();
    const page = await browser.get(logoutUrl({ id_token_hint: hint }));
    expect([page.status, page.html]).toEqual([200, expect.stringContaining(question)]);
    expect(await nextPage(browser)).toBe('Allow access?');
  });

  it('asks for an id token that was tampered with, or is of another playground', async () => {
    const { browser, hint } = await signedIn();
    const [header, , signature] = hint.split('.');
    const other = await startPlayground();
    const { id_token: foreign } = await obtainTokens({ playgroundUrl: other.url });
    await other.stop();
    for (const wrong of [
      `${header}.${part({ ...claims, iss: playground.url })}.${signature}`,
      foreign ?? '',
    ]) {
      expect((await browser.get(logoutUrl({ id_token_hint: wrong }))).html).toContain(question);
    }
  });
});

describe('a wrong request to sign out', () => {
  it.each([
    ['an unknown client', { client_id: '<b>x</b>' }, 'invalid_client'],
    ['an empty client', { client_id: '' }, 'invalid_client'],
    ['an address of another path', { post_logout_redirect_uri: 'http://127.0.0.1/other' }, 'invalid_request'],
    [
      'an address of another host',
      { post_logout_redirect_uri: 'https://evil.test/signed-out' },
      'invalid_request',
    ],
    [
      'an address with a user',
      { post_logout_redirect_uri: 'http://127.0.0.1:1@evil.test/signed-out' },
      'invalid_request',
    ],
    ['an address that is none', { post_logout_redirect_uri: 'javascript:alert(1)' }, 'invalid_request'],
    ['an empty address', { post_logout_redirect_uri: '' }, 'invalid_request'],
    [
      'an address of a client that has none',
      { client_id: 'playground-password', post_logout_redirect_uri: redirectUri },
      'invalid_request',
    ],
  ])(
    'ends on a page of the server, and signs nobody out: %s',
    async (_what, params: Record<string, string>, code) => {
      const { browser } = await signedIn();
      const url = logoutUrl({ client_id: 'playground-app', ...params });
      for (const end of [await browser.get(url), await browser.submit(url, { decision: 'sign_out' })]) {
        expect([end.status, end.redirect]).toEqual([400, null]);
        expect(end.html).toContain(`<code>${code}</code>`);
        expect(end.html).not.toContain('<b>');
      }
      expect(await nextPage(browser)).toBe('Allow access?');
    },
  );

  it.each(['id_token_hint', 'client_id', 'post_logout_redirect_uri', 'state'])(
    'has %s twice',
    async (name) => {
      const end = await openBrowserless().get(`${logoutUrl()}${name}=a&${name}=b`);
      expect([end.status, end.html]).toEqual([400, expect.stringContaining('<code>invalid_request</code>')]);
    },
  );

  it('names another client than its id token', async () => {
    const { browser, hint } = await signedIn();
    const end = await browser.get(logoutUrl({ id_token_hint: hint, client_id: 'playground-web' }));
    expect([end.status, end.html]).toEqual([400, expect.stringContaining('<code>invalid_request</code>')]);
    expect(await nextPage(browser)).toBe('Allow access?');
  });

  it.each([
    ['another method', { method: 'DELETE' }, 405],
    ['HEAD', { method: 'HEAD' }, 405],
    ['a JSON body', { method: 'POST', body: '{}', headers: { 'content-type': 'application/json' } }, 415],
    ['a huge body', { method: 'POST', body: new URLSearchParams({ state: 'x'.repeat(70_000) }) }, 413],
  ])('is %s', async (_what, init: RequestInit, status) => {
    expect((await fetch(logoutUrl(), { ...init, redirect: 'manual' })).status).toBe(status);
  });

  it('has broken escapes, which are taken as they stand', async () => {
    const end = await openBrowserless().get(`${playground.url}/logout?state=%E0%A4%&%=&&=?&__proto__=x`);
    expect([end.status, end.html]).toEqual([200, expect.stringContaining(question)]);
  });
});

describe('signing out at localhost', () => {
  it('goes on at the issuer’s own host name, which has the cookies', async () => {
    const end = await openBrowserless().get(logoutUrl({ state: 'x' }).replace('127.0.0.1', 'localhost'));
    expect(end.redirect).toBe(logoutUrl({ state: 'x' }));
  });
});
