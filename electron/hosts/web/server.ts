import { randomBytes, timingSafeEqual } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize, sep } from 'node:path';
import { WebSocketServer } from 'ws';
import type { Reply, Router } from '../../../shared/contract/router.ts';
import { AppError } from '../../../shared/errors.ts';

export interface WebServerOptions {
  /** The built renderer. */
  rendererFolder: string;
  router: Router;
  /** 0: any free port. */
  port: number;
}

export interface WebServer {
  /** The address to open, with the start token in its fragment, which browsers never send. */
  url: string;
  /** The address for a program to open: other users of this machine can read it, so it leads to `url` once only. */
  launchUrl: string;
  /** Tells every connected tab. */
  broadcast(event: unknown): void;
  close(): void;
}

const contentTypes: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
  '.json': 'application/json',
};

/** A call carries at most a script and a request body; more is a mistake or an attack. */
const maximumCallBytes = 5 * 1024 * 1024;

const subprotocol = 'grantwright';

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    // Too much is still read to its end, and dropped: who is not done with sending hears no answer.
    if (size <= maximumCallBytes) chunks.push(chunk);
  }
  if (size > maximumCallBytes) throw new AppError('call_invalid', 'The call is larger than 5 MB.');
  return Buffer.concat(chunks).toString('utf8');
}

function sendJson(response: ServerResponse, status: number, reply: Reply): void {
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' });
  response.end(JSON.stringify(reply));
}

function refuse(response: ServerResponse, status: number, message: string): void {
  sendJson(response, status, { kind: 'error', error: new AppError('caller_refused', message).toWire() });
}

/** What a request must show before it is served: the right Host, our own Origin if any, and for calls the start token. */
function createGate(port: () => number, startToken: string) {
  const hosts = () => [`127.0.0.1:${port()}`, `localhost:${port()}`];
  const expected = Buffer.from(startToken);
  return {
    /** Against DNS rebinding: the name in Host must be loopback's own. */
    fromHere(request: IncomingMessage): boolean {
      const { host, origin } = request.headers;
      if (host === undefined || !hosts().includes(host)) return false;
      return origin === undefined || origin === `http://${host}`;
    },
    knows(token: string | undefined): boolean {
      const given = Buffer.from(token ?? '');
      return given.length === expected.length && timingSafeEqual(given, expected);
    },
  };
}

async function serveFile(folder: string, path: string, response: ServerResponse): Promise<void> {
  const file = normalize(join(folder, path === '/' ? 'index.html' : path));
  const content = file.startsWith(folder + sep) ? await readFile(file).catch(() => null) : null;
  if (content === null) {
    response.writeHead(404, { 'content-type': 'text/plain' }).end('Not found');
    return;
  }
  response.writeHead(200, {
    'content-type': contentTypes[extname(file)] ?? 'application/octet-stream',
    'cache-control': path.startsWith('/assets/') ? 'max-age=31536000, immutable' : 'no-store',
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'referrer-policy': 'no-referrer',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
  });
  response.end(content);
}

/** Serves the renderer and the contract on loopback: calls by POST, events by WebSocket. */
export async function startWebServer({ rendererFolder, router, port }: WebServerOptions): Promise<WebServer> {
  const startToken = randomBytes(32).toString('hex');
  let actualPort = port;
  let launchCode: string | null = randomBytes(32).toString('hex');
  const gate = createGate(() => actualPort, startToken);

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (!gate.fromHere(request))
      return refuse(response, 403, 'This address serves Grantwright on this machine only.');
    const path = decodeURIComponent(new URL(request.url ?? '/', 'http://localhost').pathname);
    if (launchCode !== null && path === `/launch/${launchCode}`) {
      launchCode = null;
      response.writeHead(302, { location: `/#token=${startToken}`, 'cache-control': 'no-store' }).end();
      return;
    }
    if (!path.startsWith('/api/')) return serveFile(rendererFolder, path, response);
    if (request.method !== 'POST' || !path.startsWith('/api/call/'))
      return refuse(response, 404, 'No such address.');
    if (!gate.knows(request.headers.authorization?.replace(/^Bearer /, ''))) {
      return refuse(
        response,
        401,
        'The start token is missing or of an earlier start. Open the address that the host printed.',
      );
    }
    const body = await readBody(request);
    sendJson(
      response,
      200,
      await router(path.slice('/api/call/'.length), body === '' ? {} : JSON.parse(body)),
    );
  }

  const server = createServer((request, response) => {
    handle(request, response).catch((error: unknown) => {
      if (response.headersSent) return response.destroy();
      const known =
        error instanceof AppError ? error : new AppError('call_invalid', 'The call could not be read.');
      sendJson(response, 400, { kind: 'error', error: known.toWire() });
    });
  });

  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: 1024,
    handleProtocols: () => subprotocol,
  });
  server.on('upgrade', (request, socket, head) => {
    // Nobody else listens to this socket, and a peer that resets it must not end the host.
    socket.on('error', () => socket.destroy());
    // A browser cannot set headers on a WebSocket, so the start token comes as a second subprotocol.
    const [protocol, token] = (request.headers['sec-websocket-protocol'] ?? '')
      .split(',')
      .map((part) => part.trim());
    const admitted =
      request.url === '/api/events' &&
      protocol === subprotocol &&
      gate.fromHere(request) &&
      gate.knows(token);
    if (!admitted) return socket.end('HTTP/1.1 401 Unauthorized\r\nconnection: close\r\n\r\n');
    sockets.handleUpgrade(request, socket, head, (client) => client.on('error', () => client.terminate()));
  });

  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause) => {
      reject(
        new AppError('request_invalid', `The web host could not listen on port ${port} of 127.0.0.1.`, {
          action: 'Another program has it: choose another GRANTWRIGHT_WEB_PORT, or none for any free port.',
          cause,
        }),
      );
    });
    server.listen(port, '127.0.0.1', resolve);
  });
  actualPort = (server.address() as AddressInfo).port;

  return {
    url: `http://127.0.0.1:${actualPort}/#token=${startToken}`,
    launchUrl: `http://127.0.0.1:${actualPort}/launch/${launchCode}`,
    broadcast(event) {
      const text = JSON.stringify(event);
      for (const client of sockets.clients) client.send(text);
    },
    close() {
      for (const client of sockets.clients) client.terminate();
      server.close();
      server.closeAllConnections();
    },
  };
}
