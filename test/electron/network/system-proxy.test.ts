import { describe, expect, it } from 'vitest';
import { createFindProxy } from '../../../electron/network/find-proxy.ts';
import { exactness, matchesHost, targetOf } from '../../../electron/network/host-pattern.ts';
import { networkKey, plainNetwork } from '../../../electron/network/resolved-network.ts';
import { type Route, routeFor } from '../../../electron/network/route.ts';
import { environmentProxy, proxiesOfPac, readProxyUrl } from '../../../electron/network/system-proxy.ts';
import { AppError } from '../../../shared/errors.ts';
import { Secret } from '../../../shared/secret.ts';

/** A proxy in one line, its password revealed. */
function told(proxy: ReturnType<typeof readProxyUrl>): string | null {
  if (proxy === null) return null;
  const { protocol, user, password, host, port } = proxy;
  return `${protocol} ${user}:${password.reveal()} ${host} ${port}`;
}

describe('readProxyUrl', () => {
  it.each([
    ['http://proxy.example:8080', 'http : proxy.example 8080'],
    ['proxy.example:8080', 'http : proxy.example 8080'],
    [' HTTP://proxy.example/ ', 'http : proxy.example 80'],
    ['http://proxy.example:80', 'http : proxy.example 80'],
    ['https://proxy.example', 'https : proxy.example 443'],
    ['https://proxy.example:80', 'https : proxy.example 80'],
    ['socks5://127.0.0.1', 'socks5 : 127.0.0.1 1080'],
    ['socks5h://[::1]:9050', 'socks5 : ::1 9050'],
    ['socks4a://old.example', 'socks4 : old.example 1080'],
    ['SOCKS4://old.example:9', 'socks4 : old.example 9'],
    ['socks://any.example', 'socks5 : any.example 1080'],
    ['http://me:p%40ss@proxy.example:3128', 'http me:p@ss proxy.example 3128'],
    ['http://me:50%@proxy.example:3128', 'http me:50% proxy.example 3128'],
  ])('reads %s', (text, expected) => {
    expect(told(readProxyUrl(text))).toBe(expected);
  });

  it.each([
    '',
    'http://',
    'ftp://proxy.example',
    'constructor://proxy.example:1',
    'http://a b',
    'http://proxy.example/path',
    'http://p:99999',
  ])('finds none in "%s"', (text) => {
    expect(readProxyUrl(text)).toBeNull();
  });
});

describe('environmentProxy', () => {
  const env = {
    http_proxy: 'http://plain:1',
    HTTPS_PROXY: 'http://secure:2',
    NO_PROXY: 'localhost, .inside.example,exact.example:8443 *.star.example',
  };
  const proxyOf = (url: string, from: NodeJS.ProcessEnv = env) =>
    environmentProxy(from, new URL(url).protocol, targetOf(new URL(url)))?.host ?? null;

  it.each([
    ['http://a.example', 'plain'],
    ['https://a.example', 'secure'],
    ['https://inside.example', null],
    ['https://a.b.inside.example', null],
    ['https://notinside.example', 'secure'],
    ['https://exact.example:8443', null],
    ['https://exact.example', 'secure'],
    ['https://a.star.example', null],
    ['https://127.0.0.1:9', null],
    ['https://[::1]:9', null],
    ['https://api.localhost', null],
  ])('for %s is %s', (url, expected) => {
    expect(proxyOf(url)).toBe(expected);
  });

  it('is that for all where none is named for the scheme, and none where * is excluded', () => {
    expect(proxyOf('https://a.example', { ALL_PROXY: 'socks5://all:3' })).toBe('all');
    expect(proxyOf('https://a.example', { ALL_PROXY: 'socks5://all:3', no_proxy: '*' })).toBeNull();
    expect(proxyOf('https://a.example', {})).toBeNull();
  });
});

it.each([
  ['PROXY a.example:8080; DIRECT', ['http : a.example 8080', null]],
  ['SOCKS5 b.example:1; PROXY c.example:2', ['socks5 : b.example 1', 'http : c.example 2']],
  ['HTTPS d.example:443', ['https : d.example 443']],
  // The system's answers come from Chromium, which names version 4 so.
  ['SOCKS e.example:1', ['socks4 : e.example 1']],
  ['QUIC f.example:1; proxy g.example:2', ['http : g.example 2']],
  ['DIRECT', [null]],
  ['', [null]],
  ['nonsense', [null]],
  ['PROXY', [null]],
])('reads the PAC answer "%s"', (answer, expected) => {
  expect(proxiesOfPac(answer).map(told)).toEqual(expected);
});

it('asks the system where the environment names no proxy, and goes straight where it cannot say', async () => {
  const system = { kind: 'system' } as const;
  const url = new URL('https://a.example/');
  const ask = (resolve: (url: string) => Promise<string>, env = {}): Promise<Route> =>
    routeFor({ ...plainNetwork, proxy: system }, url, { env, find: createFindProxy(resolve) });
  const asked: string[] = [];
  const pac = async (asking: string) => {
    asked.push(asking);
    return 'PROXY p.example:1';
  };
  expect(await ask(pac)).toMatchObject({ kind: 'proxy', server: { host: 'p.example' } });
  expect(asked).toEqual(['https://a.example/']);
  const named = await ask(pac, { HTTPS_PROXY: 'http://e.example:1' });
  expect(named).toMatchObject({ server: { host: 'e.example' } });
  expect(await ask(() => Promise.reject(new Error('gone')))).toEqual({ kind: 'direct' });
});

it.each([
  ['a.example', 'https://a.example', true],
  ['A.Example', 'https://a.example:8443', true],
  ['a.example:443', 'https://a.example', true],
  ['a.example:8443', 'https://a.example', false],
  ['*.example', 'https://a.b.example', true],
  ['*.b.example', 'https://b.example', false],
  ['[::1]:8443', 'https://[::1]:8443', true],
  ['::1', 'https://[::1]:8443', true],
])('the host pattern %s means %s: %s', (pattern, url, expected) => {
  expect(matchesHost(pattern, targetOf(new URL(url)))).toBe(expected);
});

it('puts a named host before a domain, and one with a port before both', () => {
  const patterns = ['*.example', '*.a.example', 'b.a.example', '*.example:443', 'b.a.example:443'];
  const sorted = [...patterns].sort((one, other) => exactness(one) - exactness(other));
  expect(sorted).toEqual(patterns);
});

it('tells networks apart by their secrets too, and shows none in the key', () => {
  const server = (password: string) => ({
    ...{ protocol: 'http' as const, host: 'h', port: 1, user: 'u', password: new Secret(password) },
  });
  const withPassword = (password: string) => {
    const value = server(password);
    return networkKey({
      ...plainNetwork,
      proxy: { kind: 'custom', bypass: [], server: { kind: 'ready', value } },
      // They stand in no order, and in the proxy already.
      secrets: [value.password, new Secret(String(Math.random()))],
    });
  };
  expect(withPassword('one')).toBe(withPassword('one'));
  expect(withPassword('one')).not.toBe(withPassword('two'));
  const bySystem = (password: string) =>
    networkKey(plainNetwork, { kind: 'proxy', server: server(password) });
  expect(bySystem('one')).toBe(bySystem('one'));
  expect(bySystem('one')).not.toBe(bySystem('two'));
  expect(bySystem('one')).toMatch(/^[\w+/]{43}=$/);
  expect(networkKey(plainNetwork)).not.toBe(networkKey({ ...plainNetwork, verifyTls: false }));
  const without = (file: string) => {
    const error = new AppError('network_invalid', `${file} is not there.`);
    return networkKey({ ...plainNetwork, trusted: { kind: 'unusable', error } });
  };
  expect(without('a.pem')).not.toBe(without('b.pem'));
});
