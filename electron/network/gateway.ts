import { randomBytes, timingSafeEqual } from 'node:crypto';
import { createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { TLSSocket } from 'node:tls';
import type { AppError } from '../../shared/errors.ts';
import { Secret } from '../../shared/secret.ts';
import { type Connections, dialOptions } from './connections.ts';
import { dial, proxyAuthorization, requestTo, unreachableBy } from './dial.ts';
import { type GatewayIdentity, gatewayIdentity } from './gateway-identity.ts';
import { createGatewayWays } from './gateway-ways.ts';
import { targetOf } from './host-pattern.ts';
import { proxyLoginRequired } from './proxy-errors.ts';
import { isHttpProxy, type ResolvedNetwork } from './resolved-network.ts';
import { namesProxy } from './system-proxy.ts';
import { wireError } from './wire-error.ts';

/** A proxy on loopback for one consent browser, which gets it to servers as the project's network says. */
export interface Gateway {
  /** `host:port`. */
  readonly address: string;
  /** Without this it does nothing for anybody. */
  readonly login: { username: string; password: Secret };
  readonly identity: Pick<GatewayIdentity, 'publicKeyHash' | 'fingerprint'>;
  /** Whether a host's certificate, by its SHA-256 in base64, may be taken: by the gateway itself, or by a CA of the project's. */
  accepts(host: string, fingerprint: string): boolean;
  /** Why it could not get to a server, most recently; null: since then it could get to one. */
  failure(): AppError | null;
  close(): Promise<void>;
}

/**
 * Opens a gateway; null where the browser reaches servers in the same way by itself. `asks`: the browser asks `accepts`
 * of certificates that it does not know.
 */
export type OpenGateway = (network: ResolvedNetwork, asks: boolean) => Promise<Gateway | null>;

/** Whether a browser by itself would reach servers otherwise than the network says. */
export function needsGateway(network: ResolvedNetwork, { system }: Pick<Connections, 'system'>): boolean {
  const { proxy, trusted, clientCertificates } = network;
  if (proxy.kind !== 'system' || namesProxy(system.env)) return true;
  return trusted.kind === 'unusable' || trusted.value.length > 0 || clientCertificates.length > 0;
}

const refusal = [
  'HTTP/1.1 407 Proxy Authentication Required',
  'Proxy-Authenticate: Basic realm="Grantwright"',
  'Content-Length: 0',
  'Connection: close',
].join('\r\n');

/** Headers between two neighbours (RFC 9110 section 7.6.1). */
const ofOneHop = /^(?:proxy-.*|connection|keep-alive|te|trailer|transfer-encoding|upgrade)$/i;

/** As they came, in their order and spelling. */
function passedOn(raw: string[]): string[] {
  const kept: string[] = [];
  for (let at = 0; at + 1 < raw.length; at += 2) {
    const name = raw[at] ?? '';
    if (!ofOneHop.test(name)) kept.push(name, raw[at + 1] ?? '');
  }
  return kept;
}

/** Lets each side hear the other, until one ends. */
function join(one: Duplex, other: Duplex): void {
  for (const [from, to] of [
    [one, other],
    [other, one],
  ] as const) {
    from.on('error', () => to.destroy());
    from.on('close', () => to.destroy());
    from.pipe(to);
  }
}

/** Opens a gateway; see `OpenGateway`. */
export async function openGateway(
  connections: Connections,
  network: ResolvedNetwork,
  asks = false,
): Promise<Gateway> {
  const identity = await gatewayIdentity();
  const login = { username: 'grantwright', password: new Secret(randomBytes(24).toString('base64url')) };
  const proof = Buffer.from(
    `Basic ${Buffer.from(`${login.username}:${login.password.reveal()}`).toString('base64')}`,
  );
  const ways = createGatewayWays(connections, network, asks);
  const sockets = new Set<Duplex>();
  let failed: AppError | null = null;

  const tracked = <Kind extends Duplex>(socket: Kind): Kind => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    return socket;
  };
  const opened = (socket: Duplex): void => {
    tracked(socket).on('error', () => undefined);
    failed = null;
  };
  /** Of a connection that the browser has given up it is nobody's failure. */
  const note = (thrown: unknown, url: URL, browser: Socket): void => {
    if (!browser.destroyed) failed = wireError(thrown, url);
  };

  function isOurs({ headers }: IncomingMessage): boolean {
    const given = Buffer.from(headers['proxy-authorization'] ?? '');
    return given.length === proof.length && timingSafeEqual(given, proof);
  }

  async function pass(url: URL, browser: Socket): Promise<void> {
    const way = await ways.open(url);
    opened(way.socket);
    if (browser.destroyed) return void way.socket.destroy();
    browser.write('HTTP/1.1 200 Connection established\r\n\r\n');
    if (way.kind === 'passed') return join(browser, way.socket);
    // The server may refuse a client certificate once TLS stands (RFC 8446 section 4.4.2.4).
    way.socket.once('error', (thrown) => note(thrown, url, browser));
    const { secureContext } = identity;
    join(new TLSSocket(browser, { isServer: true, secureContext, ALPNProtocols: ['http/1.1'] }), way.socket);
  }

  /** Plain HTTP, of which a browser hands the whole URL to a proxy (RFC 9112 section 3.2.2). */
  async function forward(url: URL, asked: IncomingMessage, answer: ServerResponse): Promise<void> {
    const route = await connections.route(network, url);
    const options = dialOptions(connections, network, route);
    const headers = passedOn(asked.rawHeaders);
    const toProxy = route.kind === 'proxy' && isHttpProxy(route.server) ? route.server : null;
    const authorization = toProxy === null ? null : proxyAuthorization(toProxy);
    if (authorization !== null) headers.push('Proxy-Authorization', authorization);
    const browser = asked.socket;
    const socket = toProxy === null ? await dial(route, targetOf(url), options) : null;
    if (socket !== null) opened(socket);
    // Nobody waits for it any more, so it must not be done.
    if (browser.destroyed) return void socket?.destroy();
    const request = { method: asked.method, headers, setHost: false };
    const sending =
      toProxy === null
        ? // With an agent, even with none, it would make a connection of its own.
          httpRequest({
            ...request,
            ...{ createConnection: () => socket as Socket, path: url.pathname + url.search },
          })
        : requestTo(toProxy, options, { ...request, path: url.href });
    const fail = (thrown: unknown): void => {
      note(thrown, url, browser);
      answer.destroy();
    };
    sending.on('error', (thrown) => {
      const reset = 'code' in thrown && thrown.code === 'ECONNRESET';
      fail(toProxy === null || reset ? thrown : unreachableBy(toProxy, targetOf(url), thrown));
    });
    sending.on('response', (response) => {
      if (response.statusCode === 407 && toProxy !== null)
        return fail(proxyLoginRequired(toProxy, targetOf(url)));
      failed = null;
      response.on('error', fail);
      answer.writeHead(response.statusCode ?? 502, response.statusMessage, passedOn(response.rawHeaders));
      response.pipe(answer);
    });
    answer.on('close', () => sending.destroy());
    asked.pipe(sending);
  }

  const server = createServer((asked, answer) => {
    const url = URL.canParse(asked.url ?? '') ? new URL(asked.url ?? '') : null;
    if (url?.protocol !== 'http:') return void answer.writeHead(400).end();
    if (!isOurs(asked)) {
      return void answer.writeHead(407, { 'proxy-authenticate': 'Basic realm="Grantwright"' }).end();
    }
    forward(url, asked, answer).catch((thrown: unknown) => {
      note(thrown, url, asked.socket);
      answer.destroy();
    });
  });
  server.on('connection', tracked);
  server.on('connect', (asked, browser: Socket, head: Buffer) => {
    browser.on('error', () => undefined);
    if (!isOurs(asked) || !URL.canParse(`https://${asked.url}`)) {
      return void browser.end(`${refusal}\r\n\r\n`);
    }
    if (head.length > 0) browser.unshift(head);
    const url = new URL(`https://${asked.url}`);
    pass(url, browser).catch((thrown: unknown) => {
      note(thrown, url, browser);
      browser.end('HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\nConnection: close\r\n\r\n');
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const place = server.address();
  return {
    address: `127.0.0.1:${typeof place === 'object' ? place?.port : ''}`,
    login,
    identity,
    accepts: (host, fingerprint) => fingerprint === identity.fingerprint || ways.vouches(host, fingerprint),
    failure: () => failed,
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
