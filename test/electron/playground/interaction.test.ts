import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Playground, startPlayground } from '../../../electron/playground/playground.ts';
import {
  authorizationUrl,
  authorize,
  newPkce,
  openBrowserless,
  workPages,
} from '../../fixtures/playground-browserless.ts';

let playground: Playground;
const codeChallenge = newPkce().challenge;

beforeAll(async () => {
  playground = await startPlayground();
});
afterAll(() => playground.stop());

function urlFor(params: Record<string, string> = {}, scope = 'openid orders.read'): string {
  return authorizationUrl({ playgroundUrl: playground.url, codeChallenge, scope, params });
}

function paramsOf(redirect: string): Record<string, string> {
  return Object.fromEntries(new URL(redirect).searchParams);
}

describe('the login page', () => {
  it('has labelled fields, a button, and shows each user with the password', async () => {
    const { html, headers, status } = await openBrowserless().open(urlFor());
    expect(status).toBe(200);
    expect(html).toContain('<label for="username">User name</label>');
    expect(html).toContain('<label for="password">Password</label>');
    expect(html).toContain('<button class="primary">Sign in</button>');
    for (const { username, password } of playground.status().users) {
      expect(html).toContain(`<code>${username}</code>`);
      expect(html).toContain(`<code>${password}</code>`);
    }
    expect(headers.get('content-security-policy')).toMatch(/^default-src 'none'; style-src 'sha256-/);
    expect(headers.get('content-security-policy')).not.toContain('form-action');
  });

  it('fills in the login hint, as text', async () => {
    const { html } = await openBrowserless().open(urlFor({ login_hint: '"><script>alert(1)</script>' }));
    expect(html).toContain('value="&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;"');
    expect(html).not.toContain('<script');
  });

  it.each([
    ['a wrong password', 'alice', 'bob-pw'],
    ['an unknown user', 'mallory', 'alice-pw'],
    ['the name of a built-in property', '__proto__', 'constructor'],
    ['nothing', '', ''],
  ])('says on the same page that %s is wrong, and lets one try again', async (_what, username, password) => {
    const browser = openBrowserless();
    const login = await browser.open(urlFor());
    const wrong = await browser.submit(login.url, { username, password });
    expect(wrong.html).toContain('<p role="alert">The user name or password is wrong.</p>');
    expect(wrong.html).toContain(`value="${username}"`);
    const right = await browser.submit(login.url, { username: 'alice', password: 'alice-pw' });
    expect(right.redirect).toBe(login.url);
  });

  it('escapes the user name that it shows again', async () => {
    const browser = openBrowserless();
    const login = await browser.open(urlFor());
    const wrong = await browser.submit(login.url, { username: '"><img src=x onerror=1>', password: 'x' });
    expect(wrong.html).not.toContain('<img');
  });
});

describe('the consent page', () => {
  it('names the client, the user and the scopes asked for', async () => {
    const browser = openBrowserless();
    const login = await browser.open(urlFor({}, 'openid orders.read unheard.of'));
    await browser.submit(login.url, { username: 'bob', password: 'bob-pw' });
    const { html } = await browser.get(login.url);
    expect(html).toContain(
      '<strong>Playground App</strong> asks to act for <strong>Bob Reader</strong> (bob)',
    );
    expect(html).toContain('<code>orders.read</code>');
    expect(html).not.toContain('orders.write');
    expect(html).not.toContain('unheard.of');
    expect(html).toMatch(/value="deny">Deny<[\s\S]*value="allow">Allow</);
  });

  it('is shown again when the form says neither allow nor deny', async () => {
    const browser = openBrowserless();
    const login = await browser.open(urlFor());
    await browser.submit(login.url, { username: 'bob', password: 'bob-pw' });
    const again = await browser.submit(login.url, { decision: 'maybe' });
    expect(again.html).toContain('Allow access?');
  });

  it('leads back with code, state and issuer when allowed', async () => {
    const params = paramsOf(await workPages(urlFor({ state: 's & t' })));
    expect(params).toEqual({ code: expect.any(String), state: 's & t', iss: playground.url });
  });

  it('leads back with access_denied and a description when denied', async () => {
    const params = paramsOf(await workPages(urlFor({ state: 'st' }), { decision: 'deny' }));
    expect(params).toEqual({
      error: 'access_denied',
      error_description: 'Alice Admin denied the access.',
      state: 'st',
      iss: playground.url,
    });
  });

  it('cannot be skipped by going on right after the login', async () => {
    const browser = openBrowserless();
    const login = await browser.open(urlFor());
    await browser.submit(login.url, { username: 'alice', password: 'alice-pw' });
    const end = await browser.open(login.url.replace('/interaction/', '/auth/'));
    expect(end.redirect).toBeNull();
    expect(end.html).toContain('interaction_not_found');
  });
});

describe('a flow', () => {
  it('shows both pages every time, in the same browser too', async () => {
    const browser = openBrowserless();
    await workPages(urlFor(), {}, browser);
    const again = await browser.open(urlFor());
    expect(again.html).toContain('<h1>Sign in</h1>');
    expect(new URL(await workPages(urlFor(), {}, browser)).searchParams.has('code')).toBe(true);
  });

  it('keeps its own user when two run in one browser, step by step', async () => {
    const browser = openBrowserless();
    const first = await browser.open(urlFor());
    const second = await browser.open(urlFor());
    await browser.submit(first.url, { username: 'alice', password: 'alice-pw' });
    await browser.submit(second.url, { username: 'bob', password: 'bob-pw' });
    expect((await browser.get(first.url)).html).toContain('Alice Admin');
    expect((await browser.get(second.url)).html).toContain('Bob Reader');
    for (const { url } of [first, second]) {
      const { redirect } = await browser.submit(url, { decision: 'allow' });
      expect((await browser.open(redirect ?? '')).redirect).toContain('code=');
    }
  });

  it('is over after its end, and cannot be taken up in another browser', async () => {
    const browser = openBrowserless();
    const login = await browser.open(urlFor());
    const elsewhere = await openBrowserless().get(login.url);
    expect([elsewhere.status, elsewhere.html]).toEqual([400, expect.stringContaining('another browser')]);
    await workPages(login.url, {}, browser);
    expect((await browser.get(login.url)).status).toBe(400);
  });

  it('answers a form_post request with a form that carries the code', async () => {
    const browser = openBrowserless();
    const login = await browser.open(urlFor({ response_mode: 'form_post' }));
    await browser.submit(login.url, { username: 'alice', password: 'alice-pw' });
    const { redirect } = await browser.submit(login.url, { decision: 'allow' });
    const { html } = await browser.open(redirect ?? '');
    expect(html).toMatch(/action="http:\/\/127\.0\.0\.1:9\/callback"[\s\S]*name="code"/);
  });

  it.each([
    'http://127.0.0.1:1234/callback',
    'http://localhost:4321/callback',
    'https://example.test/callback',
  ])('leads back to %s', async (redirectUri) => {
    const redirect = await authorize({ playgroundUrl: playground.url, redirectUri, codeChallenge });
    expect(redirect.startsWith(`${redirectUri}?`)).toBe(true);
  });

  it.each([
    ['a redirect URI of another path', () => urlFor({ redirect_uri: 'http://127.0.0.1:9/other' })],
    ['a redirect URI of another host', () => urlFor({ redirect_uri: 'https://evil.test/callback' })],
    ['a redirect URI with a user', () => urlFor({ redirect_uri: 'http://127.0.0.1:9@evil.test/callback' })],
    ['a redirect URI that is none', () => urlFor({ redirect_uri: 'javascript:alert(1)' })],
    ['an unknown client', () => urlFor({ client_id: '<b>x</b>' })],
    ['a client that may not ask for consent', () => urlFor({ client_id: 'playground-service' })],
    ['a parameter given twice', () => `${urlFor()}&client_id=playground-app`],
    ['no parameter at all', () => `${playground.url}/auth`],
    ['broken escapes', () => `${playground.url}/auth?client_id=%E0%A4&scope=%&=&&?`],
  ])('ends on a page of the server for %s', async (_what, url) => {
    const end = await openBrowserless().open(url());
    expect([end.status, end.redirect]).toEqual([400, null]);
    expect(end.html).toContain('<h1>This cannot go on</h1>');
    expect(end.html).not.toContain('<b>');
    expect(end.headers.get('content-security-policy')).toContain("default-src 'none'");
  });

  it.each([
    ['invalid_request', 'PKCE missing', () => authorizationUrl({ playgroundUrl: playground.url })],
    ['invalid_request', 'plain PKCE', () => urlFor({ code_challenge_method: 'plain' })],
    ['invalid_request', 'a parameter given twice', () => `${urlFor()}&scope=openid`],
    ['invalid_request', 'a prompt given twice', () => `${urlFor({ prompt: 'login' })}&prompt=login`],
    ['invalid_scope', 'no known scope', () => urlFor({}, 'unheard.of')],
    ['invalid_scope', 'no scope', () => urlFor({}, '')],
    ['login_required', 'prompt=none', () => urlFor({ prompt: 'none' })],
    ['unsupported_response_type', 'an unknown response type', () => urlFor({ response_type: 'coffee' })],
  ])('leads back with %s for %s', async (error, _what, url) => {
    const end = await openBrowserless().open(url());
    expect(paramsOf(end.redirect ?? '')).toMatchObject({ error, error_description: expect.any(String) });
  });

  it('goes on at the issuer’s own host name when it started at localhost', async () => {
    const end = await openBrowserless().get(urlFor().replace('127.0.0.1', 'localhost'));
    expect(end.redirect).toBe(urlFor());
  });
});

describe('a hostile request to a page', () => {
  const form = { 'content-type': 'application/x-www-form-urlencoded' };

  it.each([
    ['another method', { method: 'DELETE' }, 405],
    ['a JSON body', { method: 'POST', body: '{}', headers: { 'content-type': 'application/json' } }, 415],
    ['no content type', { method: 'POST', body: new Uint8Array([0, 255]) }, 415],
    ['broken escapes', { method: 'POST', body: 'username=%00%ED%A0%80%&&=&password', headers: form }, 200],
    ['the same field twice', { method: 'POST', body: 'username=alice&username=bob', headers: form }, 200],
  ])('is answered: %s', async (_what, init: RequestInit, status) => {
    const start = await fetch(urlFor(), { redirect: 'manual' });
    const cookie = start.headers.getSetCookie().map((line) => line.split(';', 1)[0]);
    const url = new URL(start.headers.get('location') ?? '', playground.url);
    const headers = new Headers(init.headers);
    headers.set('cookie', cookie.join('; '));
    const response = await fetch(url, { ...init, headers });
    expect(response.status).toBe(status);
  });
});
