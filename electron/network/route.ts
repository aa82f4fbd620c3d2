import { AppError } from '../../shared/errors.ts';
import { isLoopbackHost } from '../../shared/loopback-host.ts';
import { matchesHost, type Target, targetOf } from './host-pattern.ts';
import type { ProxyServer, ResolvedNetwork } from './resolved-network.ts';
import { environmentProxy, type FindProxy, namesProxy } from './system-proxy.ts';

/** The way to one server. */
export type Route = { kind: 'direct' } | { kind: 'proxy'; server: ProxyServer };

/** In the exclusions of a proxy: loopback goes through it too, as Chromium writes it. */
const loopbackToo = '<-loopback>';

/** What the system of this machine says of proxies. */
export interface SystemSettings {
  env: NodeJS.ProcessEnv;
  /** Asked where the environment names none; null: there is nobody to ask. */
  find: FindProxy | null;
}

async function systemRoute(
  url: URL,
  target: Target,
  { env, find }: SystemSettings,
  timeoutMs: number,
): Promise<Route> {
  if (isLoopbackHost(target.host)) return { kind: 'direct' };
  const server =
    find === null || namesProxy(env)
      ? environmentProxy(env, url.protocol, target)
      : await find(url.href, timeoutMs);
  return server === null ? { kind: 'direct' } : { kind: 'proxy', server };
}

/** The way to a URL's server. Throws what makes the proxy's settings unusable. */
export async function routeFor(
  { proxy, connectTimeoutMs }: Pick<ResolvedNetwork, 'proxy' | 'connectTimeoutMs'>,
  url: URL,
  system: SystemSettings,
): Promise<Route> {
  const target = targetOf(url);
  if (proxy.kind === 'none') return { kind: 'direct' };
  if (proxy.kind === 'system') return systemRoute(url, target, system, connectTimeoutMs);
  const { bypass, server } = proxy;
  if (bypass.some((pattern) => matchesHost(pattern, target))) return { kind: 'direct' };
  if (isLoopbackHost(target.host) && !bypass.includes(loopbackToo)) return { kind: 'direct' };
  if (server.kind === 'unusable') throw AppError.from(server.error);
  return { kind: 'proxy', server: server.value };
}
