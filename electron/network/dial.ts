import {
  type ClientRequest,
  request as httpRequest,
  type IncomingMessage,
  type RequestOptions,
} from 'node:http';
import { request as httpsRequest } from 'node:https';
import { connect, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { ConnectionOptions, SecureContext } from 'node:tls';
import { SocksClient } from 'socks';
import { AppError } from '../../shared/errors.ts';
import { authorityOf, serverName, type Target } from './host-pattern.ts';
import { proxyLoginRequired, proxyRefused, proxyUnreachable } from './proxy-errors.ts';
import { isHttpProxy, type ProxyServer } from './resolved-network.ts';
import type { Route } from './route.ts';
import { unexplained, wireFailureOf } from './wire-failures.ts';

export interface DialOptions {
  /** For the whole way, in milliseconds. */
  timeoutMs: number;
  /** What an https proxy is checked with. */
  secureContext?: SecureContext | undefined;
  verifyTls?: boolean | undefined;
}

/** The proof of RFC 7617 for a proxy; null: none is given. */
export function proxyAuthorization({ user, password }: ProxyServer): string | null {
  if (user === '') return null;
  return `Basic ${Buffer.from(`${user}:${password.reveal()}`).toString('base64')}`;
}

/** Why a socket was ended here, as undici names it. */
export class OutOfTime extends Error {
  readonly code = 'UND_ERR_CONNECT_TIMEOUT';
}

/** A connection by TCP. Rejects with what Node.js says. */
export function connectTcp({ host, port }: Target, timeoutMs: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, noDelay: true, keepAlive: true, keepAliveInitialDelay: 60_000 });
    const timer = setTimeout(() => socket.destroy(new OutOfTime('No connection in time.')), timeoutMs);
    socket.once('error', reject);
    socket.once('close', () => clearTimeout(timer));
    socket.once('connect', () => {
      clearTimeout(timer);
      socket.removeListener('error', reject);
      resolve(socket);
    });
  });
}

/** The reason for which a proxy could not be spoken to, in words that name it and not the server behind. */
export function unreachableBy(proxy: ProxyServer, target: Target, thrown: unknown): AppError {
  const failure = (thrown instanceof Error ? wireFailureOf(thrown) : undefined) ?? unexplained;
  if (failure.code === 'tls_error') {
    const { message, action, details } = proxyUnreachable(proxy, target, 'could not be spoken to securely');
    const reason = failure.message(`the proxy ${authorityOf(proxy)}`);
    return new AppError('proxy_unreachable', `${message} ${reason}`, { action, details });
  }
  const code = thrown instanceof Error && 'code' in thrown ? String(thrown.code) : '';
  const words =
    {
      ECONNREFUSED: 'refuses the connection',
      ENOTFOUND: 'was not found',
      EAI_AGAIN: 'was not found',
      UND_ERR_CONNECT_TIMEOUT: 'did not answer in time',
    }[code] ?? 'does not answer as a proxy does';
  return proxyUnreachable(proxy, target, words);
}

function answered(proxy: ProxyServer, target: Target, { statusCode = 0 }: IncomingMessage): AppError {
  if (statusCode === 407) return proxyLoginRequired(proxy, target);
  return proxyRefused(proxy, target, `HTTP status ${statusCode}`);
}

/** A request to a proxy that speaks HTTP, with TLS where it wants that. */
export function requestTo(
  proxy: ProxyServer,
  { secureContext, verifyTls = true }: DialOptions,
  request: RequestOptions,
): ClientRequest {
  const { host, port } = proxy;
  const whole = { ...request, host, port, agent: false };
  if (proxy.protocol !== 'https') return httpRequest(whole);
  const tls: ConnectionOptions = { secureContext, rejectUnauthorized: verifyTls };
  // Without a name here it would be that of the host in the header.
  return httpsRequest({ ...whole, ...tls, servername: serverName(proxy) });
}

/** Asks an HTTP proxy for a tunnel (RFC 9110 section 9.3.6). */
function tunnel(proxy: ProxyServer, target: Target, options: DialOptions): Promise<Duplex> {
  const authorization = proxyAuthorization(proxy);
  const authority = authorityOf(target);
  return new Promise((resolve, reject) => {
    const asking = requestTo(proxy, options, {
      ...{ method: 'CONNECT', path: authority },
      headers: {
        host: authority,
        ...(authorization === null ? {} : { 'proxy-authorization': authorization }),
      },
    });
    const timer = setTimeout(() => asking.destroy(new OutOfTime('No tunnel in time.')), options.timeoutMs);
    asking.once('close', () => clearTimeout(timer));
    asking.once('error', (thrown) => {
      const hungUp = 'code' in thrown && thrown.code === 'ECONNRESET';
      // Some say so of a server that they cannot reach.
      reject(
        hungUp
          ? proxyRefused(proxy, target, 'it closed the connection')
          : unreachableBy(proxy, target, thrown),
      );
    });
    asking.once('response', (response) => {
      response.destroy();
      reject(answered(proxy, target, response));
    });
    asking.once('connect', (response, socket, head) => {
      clearTimeout(timer);
      const granted = (response.statusCode ?? 0) >= 200 && (response.statusCode ?? 0) < 300;
      if (granted) {
        if (head.length > 0) socket.unshift(head);
        resolve(socket);
        return;
      }
      socket.on('error', () => undefined).destroy();
      reject(answered(proxy, target, response));
    });
    asking.end();
  });
}

/** The library's errors hold the password of the proxy: nothing of them is kept but what they mean. */
function socksFailure(proxy: ProxyServer, target: Target, thrown: unknown): AppError {
  const said = thrown instanceof Error ? thrown.message : '';
  if (/authentication failed|no accepted authentication/i.test(said))
    return proxyLoginRequired(proxy, target);
  const rejected = /rejected connection - \(?(\w+)/i.exec(said)?.[1];
  if (rejected !== undefined) {
    return proxyRefused(proxy, target, rejected.replace(/(?<=[a-z])(?=[A-Z])/g, ' ').toLowerCase());
  }
  const late = /timed out/i.test(said);
  return proxyUnreachable(
    proxy,
    target,
    late ? 'did not answer in time' : 'does not answer as a SOCKS proxy does',
  );
}

/** Asks a SOCKS proxy for a connection (RFC 1928, RFC 1929, SOCKS 4a); it looks up the name of the server. */
async function socks(proxy: ProxyServer, target: Target, { timeoutMs }: DialOptions): Promise<Duplex> {
  const startMs = performance.now();
  const existing = await connectTcp(proxy, timeoutMs).catch((thrown: unknown) => {
    throw unreachableBy(proxy, target, thrown);
  });
  // The library takes 0 for its own default.
  const leftMs = Math.max(1, timeoutMs - (performance.now() - startMs));
  try {
    const { socket } = await SocksClient.createConnection({
      proxy: {
        ...{ host: proxy.host, port: proxy.port, type: proxy.protocol === 'socks4' ? 4 : 5 },
        ...(proxy.user === '' ? {} : { userId: proxy.user, password: proxy.password.reveal() }),
      },
      ...{ command: 'connect', destination: target, timeout: leftMs, existing_socket: existing },
    });
    return socket;
  } catch (thrown) {
    existing.destroy();
    throw socksFailure(proxy, target, thrown);
  }
}

/**
 * Opens the way to a server, up to its first byte. Rejects with what Node.js says of a direct connection, and on the way
 * through a proxy with `proxy_unreachable`, `proxy_login_required` or `proxy_refused`.
 */
export async function dial(route: Route, target: Target, options: DialOptions): Promise<Duplex> {
  if (route.kind === 'direct') return connectTcp(target, options.timeoutMs);
  const { server } = route;
  return isHttpProxy(server) ? tunnel(server, target, options) : socks(server, target, options);
}
