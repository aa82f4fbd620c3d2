import { type Dispatcher, errors } from 'undici';
import { z } from 'zod';
import { AppError } from '../../shared/errors.ts';
import type { ApiResponse, Header } from '../../shared/model/request.ts';
import type { Connections, Way } from '../network/connections.ts';
import type { ResolvedNetwork } from '../network/resolved-network.ts';
import { wireError } from '../network/wire-error.ts';
import { hasHeader } from './headers.ts';
import type { OutgoingRequest } from './prepare.ts';
import { decompress, readableBody, readLimited } from './response-body.ts';

export interface SenderOptions {
  /** The clock, in milliseconds. */
  now: () => number;
  connections: Connections;
  /** How much of a body is read, compressed or not; default 10 MB. */
  maximumBodyBytes?: number;
}

/** A response, and how long it took until its headers and from there to its last byte. */
export interface SentResponse {
  response: ApiResponse;
  firstByteMs: number;
  downloadMs: number;
}

/** Sends requests as they are: redirects and error statuses are answers like any other. */
export interface Sender {
  /**
   * Throws what `wireError` gives, `proxy_unreachable`, `proxy_refused`, `proxy_login_required`, `network_invalid` or
   * `request_invalid`.
   */
  send(request: OutgoingRequest, network: ResolvedNetwork, signal: AbortSignal): Promise<SentResponse>;
}

/** Headers of one connection, which HTTP/2 does not have (RFC 9113 section 8.2.2). */
const connectionHeaders = ['connection', 'proxy-connection', 'te', 'http2-settings'];

/** The library sends a body in HTTP/2 with these alone. */
const withBody = ['POST', 'PUT', 'PATCH'];

/** A request that can be said in HTTP/1.1 alone goes out so, as it was written. */
function fitsHttp2({ method, headers, body }: OutgoingRequest): boolean {
  if (body !== null && !withBody.includes(method)) return false;
  return !connectionHeaders.some((name) => hasHeader(headers, name));
}

/** Creates a sender. */
export function createSender(options: SenderOptions): Sender {
  const { now, connections, maximumBodyBytes = 10_000_000 } = options;

  async function exchange(
    request: OutgoingRequest,
    dispatcher: Dispatcher,
    signal: AbortSignal,
  ): Promise<SentResponse> {
    const startMs = now();
    const { origin, pathname, search } = new URL(request.url);
    const answer = await dispatcher.request({
      origin,
      path: pathname + search,
      method: request.method,
      headers: request.headers.flatMap(({ name, value }) => [name, value]),
      body: request.body,
      signal,
      responseHeaders: 'raw',
    });
    const headersMs = now();
    const headers = pairs(z.array(z.string()).parse(answer.headers));
    const received = await readLimited(answer.body, maximumBodyBytes);
    const endMs = now();
    const whole = await decompress(received, headers, maximumBodyBytes);
    return {
      response: {
        status: answer.statusCode,
        statusText: answer.statusText,
        headers,
        body: readableBody(whole, headers),
        sizeBytes: whole.bytes.length,
      },
      // The clock may be set back meanwhile.
      firstByteMs: Math.max(0, headersMs - startMs),
      downloadMs: Math.max(0, endMs - headersMs),
    };
  }

  function wayTo(request: OutgoingRequest, network: ResolvedNetwork): Promise<Way> {
    return connections.way(network, new URL(request.url), { keep: true, http2: fitsHttp2(request) });
  }

  return {
    async send(request, network, signal) {
      const controller = new AbortController();
      const cancel = () => controller.abort();
      const timer = setTimeout(
        () => controller.abort(new DOMException('', 'TimeoutError')),
        network.requestTimeoutMs,
      );
      signal.addEventListener('abort', cancel, { once: true });
      if (signal.aborted) cancel();
      try {
        const way = await wayTo(request, network);
        return await exchange(request, way.dispatcher, controller.signal);
      } catch (cause) {
        if (cause instanceof errors.InvalidArgumentError) throw notSendable(cause);
        // The reason tells a timeout from a cancellation; the error that the connection throws may be of either kind.
        throw wireError(controller.signal.aborted ? controller.signal.reason : cause, request.url);
      } finally {
        clearTimeout(timer);
        signal.removeEventListener('abort', cancel);
      }
    },
  };
}

function pairs(raw: string[]): Header[] {
  const headers: Header[] = [];
  for (let at = 0; at + 1 < raw.length; at += 2)
    headers.push({ name: raw[at] ?? '', value: raw[at + 1] ?? '' });
  return headers;
}

/** What no check of ours foresaw; the library's own words may hold a header's value. */
function notSendable(cause: unknown): AppError {
  return new AppError('request_invalid', 'This request cannot be sent over HTTP.', {
    action: 'Check its headers: one is there twice, or has a value that it cannot have.',
    cause,
  });
}
