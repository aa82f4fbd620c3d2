import { Agent, errors } from 'undici';
import { z } from 'zod';
import { AppError } from '../../shared/errors.ts';
import type { ApiResponse, Header } from '../../shared/model/request.ts';
import { wireError } from '../oauth/fetch.ts';
import type { OutgoingRequest } from './prepare.ts';
import { decompress, readableBody, readLimited } from './response-body.ts';

export interface SenderOptions {
  /** The clock, in milliseconds. */
  now: () => number;
  /** For the whole exchange, from connecting to the last byte; default 60 s. */
  timeoutMs?: number;
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
  /** Throws `server_unreachable`, `tls_error`, `request_timeout`, `request_invalid` or `cancelled`. */
  send(request: OutgoingRequest, signal: AbortSignal): Promise<SentResponse>;
  /** Ends its connections. */
  close(): Promise<void>;
}

/** Creates a sender with connections of its own. */
export function createSender(options: SenderOptions): Sender {
  const { now, timeoutMs = 60_000, maximumBodyBytes = 10_000_000 } = options;
  const agent = new Agent({
    connect: { timeout: timeoutMs },
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
  });

  async function exchange(request: OutgoingRequest, signal: AbortSignal): Promise<SentResponse> {
    const startMs = now();
    const { origin, pathname, search } = new URL(request.url);
    const answer = await agent.request({
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

  return {
    async send(request, signal) {
      const controller = new AbortController();
      const cancel = () => controller.abort();
      const timer = setTimeout(() => controller.abort(new DOMException('', 'TimeoutError')), timeoutMs);
      signal.addEventListener('abort', cancel, { once: true });
      if (signal.aborted) cancel();
      try {
        return await exchange(request, controller.signal);
      } catch (cause) {
        if (cause instanceof errors.InvalidArgumentError) throw notSendable(cause);
        // The reason tells a timeout from a cancellation; the error that the connection throws may be of either kind.
        throw wireError(controller.signal.aborted ? controller.signal.reason : cause, request.url);
      } finally {
        clearTimeout(timer);
        signal.removeEventListener('abort', cancel);
      }
    },
    close: () => agent.destroy(),
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
