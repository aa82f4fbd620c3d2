import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { AppError } from '../../shared/errors.ts';
import { beforeHead, Refusal, sendJson, sendPage } from './http-answers.ts';
import { problemPage } from './pages.ts';

/** Answers a request for a path (no query), or throws: a Refusal becomes its status, anything else a 500. */
export type Handler = (req: IncomingMessage, res: ServerResponse, path: string) => Promise<void>;

/** A server on 127.0.0.1 that takes requests for its own name only. */
export interface LoopbackServer {
  port: number;
  /** Closes the listener and every socket at once. */
  stop(): Promise<void>;
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      resolve();
    });
  });
}

async function listenNear(server: Server, port: number): Promise<number> {
  try {
    await listen(server, port).catch((error: NodeJS.ErrnoException) => {
      // EACCES: Windows sets whole ranges of ports aside.
      const taken = error.code === 'EADDRINUSE' || error.code === 'EACCES';
      return taken && port !== 0 ? listen(server, 0) : Promise.reject(error);
    });
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('The server has no port.');
    return address.port;
  } catch (cause) {
    throw new AppError('playground_failed', 'The playground could not listen on 127.0.0.1.', {
      action: 'Check that programs may open ports on this computer, then start it again.',
      cause,
    });
  }
}

/** Where clients call, and not browsers: they are refused in JSON. */
const clientPaths = /^\/(?:api(?:\/.*)?|token|revoke|introspect)$/;

function refuse(res: ServerResponse, path: string, error: unknown): void {
  if (res.headersSent || res.destroyed) {
    res.destroy();
    return;
  }
  const { status, code, message, headers } =
    error instanceof Refusal
      ? error
      : new Refusal(500, 'server_error', 'The playground itself failed. This is a defect of Grantwright.');
  if (clientPaths.test(path)) {
    sendJson(res, status, { error: code, error_description: message }, headers);
  } else {
    sendPage(res, status, problemPage('This did not work', message, code), headers);
  }
}

/**
 * Starts a server on 127.0.0.1. A taken port falls back to any free one. Each request must name this very server in
 * its Host header, so that a page elsewhere cannot reach it by DNS rebinding. Answers are dated by `now`, milliseconds.
 * Throws `playground_failed` when no port can be had.
 */
export async function startLoopbackServer(
  preferredPort: number,
  now: () => number,
  handlerFor: (port: number) => Handler,
): Promise<LoopbackServer> {
  const server = createServer();
  const port = await listenNear(server, preferredPort);
  const handler = handlerFor(port);
  const hosts = [`127.0.0.1:${port}`, `localhost:${port}`];
  // A connection that could not be accepted (too many open files) fails at its client; the others go on.
  server.on('error', () => {});
  server.on('request', (req, res) => {
    beforeHead(res, () => res.setHeader('date', new Date(now()).toUTCString()));
    // Query aside and as it stands: no decoding, so a path is either exactly one that is known, or unknown.
    const path = (req.url ?? '').split('?', 1)[0] ?? '';
    const known = hosts.includes(req.headers.host?.toLowerCase() ?? '');
    const answered = known
      ? handler(req, res, path)
      : Promise.reject(new Refusal(403, 'wrong_host', `This server answers to ${hosts.join(' and ')} only.`));
    answered.catch((error: unknown) => refuse(res, path, error));
  });

  let stopped: Promise<void> | undefined;
  function stop(): Promise<void> {
    stopped ??= new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
    return stopped;
  }
  return { port, stop };
}
