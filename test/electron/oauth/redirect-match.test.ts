import { describe, expect, it } from 'vitest';
import { isRedirect } from '../../../electron/oauth/redirect-match.ts';

const app = 'https://app.example/callback';

describe('isRedirect', () => {
  it.each([
    ['https://app.example/callback?code=1&state=2', app],
    ['https://app.example/callback#code=1', app],
    ['https://APP.example:443/callback', app],
    ['https://app.example/callback?code=1', ` ${app} `],
    ['https://app.example/callback?code=1&tenant=a', `${app}?tenant=a`],
    ['http://127.0.0.1:51234/callback?code=1', 'http://127.0.0.1/callback'],
    ['http://[::1]:51234/callback', 'http://[::1]/callback'],
    ['http://localhost:51234/', 'http://localhost'],
    ['http://127.0.0.1:8080/cb', 'http://127.0.0.1:8080/cb'],
    ['com.example.app:/callback?code=1', 'com.example.app:/callback'],
    ['com.example.app://callback?code=1', 'com.example.app://callback'],
    ['com.example.app:callback?code=1', 'com.example.app:callback'],
  ])('takes %s for %s', (url, redirectUri) => {
    expect(isRedirect(url, redirectUri)).toBe(true);
  });

  it.each([
    ['https://login.example/auth?session_code=abc&code=x', app],
    ['https://login.example/auth?redirect_uri=https://app.example/callback&code=1', app],
    ['http://app.example/callback?code=1', app],
    ['https://app.example:8443/callback', app],
    ['https://app.example/callback/', app],
    ['https://app.example/callback2', app],
    ['https://app.example/', app],
    ['https://app.example.evil/callback', app],
    ['https://evil@app.example/callback', app],
    ['https://app.example/callback?code=1', `${app}?tenant=a`],
    ['https://app.example/callback?tenant=a', `${app}?tenant=a&tenant=a`],
    ['http://127.0.0.1:8081/cb', 'http://127.0.0.1:8080/cb'],
    ['http://127.0.0.1:8081/cb', 'http://127.0.0.1:80/cb'],
    ['http://[::1]:8081/cb', 'http://[::1]:80/cb'],
    ['http://localhost:1/cb', 'http://127.0.0.1/cb'],
    ['https://127.0.0.1:8443/cb', 'https://127.0.0.1/cb'],
    ['http://app.example:81/cb', 'http://app.example/cb'],
    ['com.example.app:/other', 'com.example.app:/callback'],
    ['com.example.other:/callback', 'com.example.app:/callback'],
    ['about:blank', 'about:srcdoc'],
    ['', app],
    ['nonsense', app],
    ['https://app.example/callback', ''],
  ])('does not take %s for %s', (url, redirectUri) => {
    expect(isRedirect(url, redirectUri)).toBe(false);
  });
});
