import { isLoopbackHost } from '../../shared/loopback-host.ts';
import { Secret } from '../../shared/secret.ts';
import { bareHost, matchesHost, type Target } from './host-pattern.ts';
import type { ProxyServer } from './resolved-network.ts';

/** What the system says for one URL: proxies to try in this order, as a PAC file does (`PROXY a:1; DIRECT`). */
export type SystemProxy = (url: string) => Promise<string>;

/** The proxy for one URL by what the system says, found within a time in milliseconds; null: straight. */
export type FindProxy = (url: string, timeoutMs: number) => Promise<ProxyServer | null>;

const ports = { http: 80, https: 443, socks5: 1080, socks4: 1080 } as const;

/** The schemes of proxies' URLs, as curl and others write them. */
const protocols = new Map<string, ProxyServer['protocol']>([
  ['http', 'http'],
  ['https', 'https'],
  ['socks', 'socks5'],
  ['socks5', 'socks5'],
  ['socks5h', 'socks5'],
  ['socks4', 'socks4'],
  ['socks4a', 'socks4'],
]);

/** A proxy's URL (`http`, `https`, `socks5`, `socks4`; also as `socks5h`, `socks`, `socks4a`, or without a scheme); null: it is none. */
export function readProxyUrl(text: string): ProxyServer | null {
  const full = /^[a-z][a-z0-9]*:\/\//i.test(text.trim()) ? text.trim() : `http://${text.trim()}`;
  // A scheme of the web, so that the host is read as a host.
  const [, scheme = '', rest = ''] = /^(\w+):\/\/(.*)$/s.exec(full) ?? [];
  const protocol = protocols.get(scheme.toLowerCase());
  if (protocol === undefined || !URL.canParse(`ws://${rest}`)) return null;
  const { hostname, port, username, password, pathname, search } = new URL(`ws://${rest}`);
  if (hostname === '' || pathname !== '/' || search !== '') return null;
  return {
    protocol,
    host: bareHost(hostname),
    // A port that the scheme of the web would leave out is one that was named all the same.
    port: port === '' ? (/:80(?:\/|$)/.test(rest) ? 80 : ports[protocol]) : Number(port),
    user: decoded(username),
    password: new Secret(decoded(password)),
  };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** A variable by its usual lower-case name, else in capitals; HTTP_PROXY in capitals is not read by CGI programs, which we are none. */
function variable(env: NodeJS.ProcessEnv, name: string): string {
  return (env[name] ?? env[name.toUpperCase()] ?? '').trim();
}

/** Whether NO_PROXY names a server: `host` and all within it, `.domain`, `*.domain`, each with or without a port, or `*`. */
function isExcluded(list: string, target: Target): boolean {
  return list
    .split(/[\s,]+/)
    .filter((entry) => entry !== '')
    .some((entry) => {
      const name = entry.replace(/^\*?\./, '');
      return entry === '*' || matchesHost(name, target) || matchesHost(`*.${name}`, target);
    });
}

/** Whether the environment names a proxy at all. */
export function namesProxy(env: NodeJS.ProcessEnv): boolean {
  return ['http_proxy', 'https_proxy', 'all_proxy'].some((name) => variable(env, name) !== '');
}

/** The proxy that HTTP_PROXY, HTTPS_PROXY, ALL_PROXY and NO_PROXY name for a server; null: none. */
export function environmentProxy(
  env: NodeJS.ProcessEnv,
  protocol: string,
  target: Target,
): ProxyServer | null {
  if (isLoopbackHost(target.host) || isExcluded(variable(env, 'no_proxy'), target)) return null;
  const named = variable(env, protocol === 'http:' ? 'http_proxy' : 'https_proxy');
  const text = named === '' ? variable(env, 'all_proxy') : named;
  return text === '' ? null : readProxyUrl(text);
}

/** As Chromium writes them, whose `SOCKS` is version 4. */
const pacSchemes: Record<string, string> = {
  PROXY: 'http',
  HTTP: 'http',
  HTTPS: 'https',
  SOCKS: 'socks4',
  SOCKS5: 'socks5',
  SOCKS4: 'socks4',
};

/** What a PAC answer names, in its order; null: straight, as where it names nothing that is known here. */
export function proxiesOfPac(answer: string): (ProxyServer | null)[] {
  const named = answer.split(';').flatMap((entry) => {
    const [kind = '', place = ''] = entry.trim().split(/\s+/);
    if (kind.toUpperCase() === 'DIRECT') return [null];
    const scheme = pacSchemes[kind.toUpperCase()];
    const server = scheme === undefined ? null : readProxyUrl(`${scheme}://${place}`);
    return server === null ? [] : [server];
  });
  return named.length === 0 ? [null] : named;
}
