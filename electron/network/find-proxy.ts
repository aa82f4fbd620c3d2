import { connectTcp } from './dial.ts';
import { authorityOf } from './host-pattern.ts';
import type { ProxyServer } from './resolved-network.ts';
import { type FindProxy, proxiesOfPac, type SystemProxy } from './system-proxy.ts';

export interface FindProxyOptions {
  /** In milliseconds, of a clock that is never set back. Default: that of this process. */
  now?: () => number;
  /** Whether something answers at a proxy within a time in milliseconds. Default: whether it takes a connection. */
  answers?: (server: ProxyServer, timeoutMs: number) => Promise<boolean>;
}

/** For one proxy out of several: one that keeps silent must not take the time of the next. */
const patienceMs = 5_000;
/** As long as Chromium leaves out a proxy that did not answer. */
const leftOutMs = 5 * 60_000;

function takesConnections(server: ProxyServer, timeoutMs: number): Promise<boolean> {
  return connectTcp(server, timeoutMs).then(
    (socket) => {
      // What it still has to say is of no use.
      socket.on('error', () => undefined).destroy();
      return true;
    },
    () => false,
  );
}

/**
 * Finds proxies as the system says: of several the first that answers, where `DIRECT` always does; where none does, the
 * first. One that did not answer is asked after all others for five minutes. Where the system cannot say, it is straight.
 */
export function createFindProxy(ask: SystemProxy, options: FindProxyOptions = {}): FindProxy {
  const { now = () => performance.now(), answers = takesConnections } = options;
  const silentUntil = new Map<string, number>();
  const nameOf = (server: ProxyServer): string => `${server.protocol} ${authorityOf(server)}`;
  const isSilent = (server: ProxyServer | null): boolean =>
    server !== null && (silentUntil.get(nameOf(server)) ?? 0) > now();

  return async (url, timeoutMs) => {
    const named = proxiesOfPac(await ask(url).catch(() => 'DIRECT'));
    const [first = null] = named;
    if (named.length === 1) return first;
    const inOrder = [...named.filter((one) => !isSilent(one)), ...named.filter(isSilent)];
    const eachMs = Math.min(patienceMs, timeoutMs / named.length);
    for (const server of inOrder) {
      if (server === null || (await answers(server, eachMs))) return server;
      silentUntil.set(nameOf(server), now() + leftOutMs);
    }
    return first;
  };
}
