import { Agent, buildConnector, type Dispatcher } from 'undici';
import { AppError } from '../../shared/errors.ts';
import { type DialOptions, dial, proxyAuthorization, unreachableBy } from './dial.ts';
import { createFindProxy } from './find-proxy.ts';
import { authorityOf, serverName, targetOf } from './host-pattern.ts';
import { keptMap } from './kept-map.ts';
import { proxyLoginRequired } from './proxy-errors.ts';
import { isHttpProxy, networkKey, type ProxyServer, type ResolvedNetwork } from './resolved-network.ts';
import { type Route, routeFor, type SystemSettings } from './route.ts';
import type { SystemProxy } from './system-proxy.ts';
import { certificateFor, createTlsSettings, type ReadIdentity, type TlsSettings } from './tls-settings.ts';

export interface ConnectionOptions {
  readIdentity: ReadIdentity;
  /** What the system says of proxies where the environment names none; default: nobody is asked. */
  systemProxy?: SystemProxy | undefined;
  /** Default: that of this process. */
  env?: NodeJS.ProcessEnv;
}

/** What one request goes out by. */
export interface Way {
  dispatcher: Dispatcher;
  /** Ends what was opened for this request alone; for one that keeps connections nothing. */
  done(): Promise<void>;
}

export interface WayOptions {
  /** Whether connections are kept for the next request. */
  keep: boolean;
  /** Whether this request may go by HTTP/2, where the network offers it. */
  http2?: boolean;
}

/** Every way to servers: for requests of the protocol, API requests and consent alike. */
export interface Connections {
  /** Rejects with what makes the settings unusable that this URL needs. */
  way(network: ResolvedNetwork, url: URL, options: WayOptions): Promise<Way>;
  /** See `routeFor`. */
  route(network: ResolvedNetwork, url: URL): Promise<Route>;
  readonly tls: TlsSettings;
  readonly system: SystemSettings;
  /** Ends all connections that are kept; nothing begins after it. */
  close(): Promise<void>;
}

/** One for each way to servers, and behind a proxy for each server. */
const keptAgents = 30;

/** What a proxy on the way is checked with. */
export function dialOptions(
  { tls }: Pick<Connections, 'tls'>,
  network: ResolvedNetwork,
  route: Route,
): DialOptions {
  const { connectTimeoutMs: timeoutMs, verifyTls } = network;
  if (route.kind === 'direct' || route.server.protocol !== 'https') return { timeoutMs };
  return { timeoutMs, verifyTls, secureContext: tls.contextFor(network, route.server) };
}

/** The alert that comes before the end says why it is the end (RFC 8446 section 6.2), and undici would tell of the end alone. */
function byFirstError(callback: buildConnector.Callback): buildConnector.Callback {
  return (...[error, socket]) => {
    socket?.once('error', (thrown) => socket.destroy(thrown));
    if (error === null) callback(null, socket);
    else callback(error, null);
  };
}

/** Connects as undici wants it: by the route, then with TLS where the URL says so. */
function connectorFor(
  connections: Pick<Connections, 'tls'>,
  network: ResolvedNetwork,
  route: Route,
  url: URL,
  allowH2: boolean,
): buildConnector.connector {
  const target = targetOf(url);
  const connect = buildConnector({
    ...{ allowH2, timeout: network.connectTimeoutMs, rejectUnauthorized: network.verifyTls },
    ...(url.protocol === 'https:' ? { secureContext: connections.tls.contextFor(network, target) } : {}),
  });
  if (route.kind === 'direct') return (options, callback) => connect(options, byFirstError(callback));
  return (options, callback) => {
    dial(route, target, dialOptions(connections, network, route)).then(
      (socket) => {
        // undici takes any stream; its types know sockets alone.
        const httpSocket = socket as import('node:net').Socket;
        if (options.protocol === 'https:') connect({ ...options, httpSocket }, byFirstError(callback));
        else callback(null, httpSocket);
      },
      (thrown: Error) => callback(thrown, null),
    );
  };
}

/** An answer with status 407 is the proxy's own. */
function unlessChallenged(
  handler: Dispatcher.DispatchHandler,
  challenged: () => AppError,
): Dispatcher.DispatchHandler {
  return new Proxy(handler, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name, target);
      if (typeof member !== 'function') return member;
      return (...given: unknown[]) => {
        const status = name === 'onHeaders' ? given[0] : name === 'onResponseStart' ? given[1] : undefined;
        if (status === 407) throw challenged();
        return member.apply(target, given);
      };
    },
  });
}

/** Plain HTTP is given to an HTTP proxy as it is, with the whole URL (RFC 9112 section 3.2.2): few let it through a tunnel. */
function forwarding(proxy: ProxyServer, origin: string): Dispatcher.DispatcherComposeInterceptor {
  const authorization = proxyAuthorization(proxy);
  const added = ['host', new URL(origin).host];
  if (authorization !== null) added.push('proxy-authorization', authorization);
  return (dispatch) => (options, handler) => {
    const given = options.headers ?? [];
    const flat = Array.isArray(given) ? given.flat() : Object.entries(given).flat();
    const named = new Set(
      flat.filter((_, index) => index % 2 === 0).map((name) => String(name).toLowerCase()),
    );
    const headers = [...flat, ...(named.has('host') ? added.slice(2) : added)] as string[];
    const own = `${proxy.protocol}://${authorityOf(proxy)}`;
    const watched = unlessChallenged(handler, () => proxyLoginRequired(proxy, targetOf(new URL(origin))));
    return dispatch({ ...options, origin: own, path: `${origin}${options.path}`, headers }, watched);
  };
}

/** Makes the connections of one engine; made anew for each network, route and client certificate, and kept. */
export function createConnections({ readIdentity, systemProxy, env }: ConnectionOptions): Connections {
  const tls = createTlsSettings(readIdentity);
  const system: SystemSettings = {
    env: env ?? process.env,
    find: systemProxy ? createFindProxy(systemProxy) : null,
  };
  const agents = keptMap<Dispatcher>(keptAgents, (dropped) => {
    // What is still under way there is let finish.
    dropped.close().catch(() => undefined);
  });
  let closed = false;

  function make(network: ResolvedNetwork, url: URL, route: Route, keep: boolean, http2: boolean): Dispatcher {
    // How long an answer may take is the caller's to say, who watches the whole of it.
    const options = { headersTimeout: 0, bodyTimeout: 0, ...(keep ? {} : { pipelining: 0, connections: 1 }) };
    if (url.protocol === 'http:' && route.kind === 'proxy' && isHttpProxy(route.server)) {
      const { server } = route;
      const { timeoutMs: timeout, ...proxyTls } = dialOptions({ tls }, network, route);
      const toProxy = buildConnector({ timeout, rejectUnauthorized: network.verifyTls, ...proxyTls });
      const proxyConnector: buildConnector.connector = (asked, callback) =>
        // The library takes the name of the server, from the header, for that of the proxy.
        toProxy(
          { ...asked, host: authorityOf(server), servername: serverName(server) },
          (...[error, socket]) => {
            if (error === null) callback(null, socket);
            else callback(unreachableBy(server, targetOf(url), error), null);
          },
        );
      return new Agent({ ...options, connect: proxyConnector }).compose(forwarding(server, url.origin));
    }
    const connect = connectorFor({ tls }, network, route, url, http2);
    return new Agent({ ...options, allowH2: http2, connect });
  }

  return {
    tls,
    system,
    route: (network, url) => routeFor(network, url, system),
    async way(network, url, { keep, http2 = true }) {
      const route = await routeFor(network, url, system);
      if (closed) throw new AppError('cancelled', 'No request begins any more: Grantwright is closing.');
      const offered = http2 && network.http2;
      if (!keep) {
        const dispatcher = make(network, url, route, false, offered);
        return { dispatcher, done: () => dispatcher.destroy() };
      }
      const certificate = certificateFor(network, targetOf(url))?.host ?? '';
      const place = route.kind === 'proxy' ? url.origin : url.protocol;
      const key = networkKey(network, route, place, certificate, offered);
      const dispatcher = agents.take(key, () => make(network, url, route, true, offered));
      return { dispatcher, done: async () => undefined };
    },
    async close() {
      closed = true;
      await Promise.all(agents.clear().map((agent) => agent.destroy()));
    },
  };
}
