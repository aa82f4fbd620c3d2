import { createServer, type IncomingHttpHeaders, type RequestListener, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { onTestFinished } from 'vitest';
import { AppError } from '../../../shared/errors.ts';

/** What a test's server received. */
export interface Received {
  method: string;
  path: string;
  headers: IncomingHttpHeaders;
  /** Names and values as they came, in turn. */
  rawHeaders: string[];
  body: string;
}

export interface TestServer {
  url: string;
  received: Received[];
  close: () => Promise<void>;
}

/** A real server on loopback for the running test; it answers once the whole request is in. */
export async function startServer(
  answer: (request: Received, response: ServerResponse) => void,
  tls?: { key: string; cert: string },
): Promise<TestServer> {
  const received: Received[] = [];
  const listener: RequestListener = (incoming, response) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => {
      const { method = '', url = '', headers, rawHeaders } = incoming;
      const request = { method, path: url, headers, rawHeaders, body: Buffer.concat(chunks).toString() };
      received.push(request);
      answer(request, response);
    });
  };
  const server = tls === undefined ? createServer(listener) : createTlsServer(tls, listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  onTestFinished(close);
  return { url: `http${tls === undefined ? '' : 's'}://127.0.0.1:${address.port}`, received, close };
}

/** The AppError that a promise rejects with. */
export async function failureOf(promise: Promise<unknown>): Promise<AppError> {
  const thrown: unknown = await promise.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (thrown instanceof AppError) return thrown;
  throw new Error(`expected an AppError, got ${String(thrown)}`);
}
