import { type Dispatcher, fetch, type Response as UndiciResponse } from 'undici';
import { type Connections, createConnections, type Way } from '../network/connections.ts';
import { plainNetwork, type ResolvedNetwork } from '../network/resolved-network.ts';
import { wireError } from '../network/wire-error.ts';
import type { OAuthFetch, OAuthFetchOptions } from './context.ts';
import { readClientCertificate } from './keys/client-certificate.ts';

export { wireError } from '../network/wire-error.ts';

export interface OAuthFetchSettings {
  /** How servers are reached; default: straight. */
  network?: ResolvedNetwork;
  /** Default: of its own. */
  connections?: Connections;
  /**
   * For the whole exchange, from the look-up of the host to the last byte of the body, in milliseconds. Default: the
   * network's.
   */
  timeoutMs?: number;
}

/** An answer beyond this is not from an authorization server; read to its end it could fill the memory. */
const maxBodyBytes = 2_000_000;

class BodyTooLarge extends Error {
  readonly code = 'UND_ERR_RES_EXCEEDED_MAX_SIZE';
}

async function readBody(response: UndiciResponse): Promise<Uint8Array<ArrayBuffer> | null> {
  if (response.body === null) return null;
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of response.body) {
    if (!(chunk instanceof Uint8Array)) continue;
    chunks.push(chunk);
    length += chunk.length;
    if (length > maxBodyBytes) throw new BodyTooLarge('The answer is too large.');
  }
  return new Uint8Array(Buffer.concat(chunks));
}

/** The body is read here, so that a connection that breaks in the middle of it fails like one that breaks before. */
async function exchange(
  url: string,
  options: OAuthFetchOptions,
  dispatcher: Dispatcher,
  signal: AbortSignal,
): Promise<Response> {
  const response = await fetch(url, {
    method: options.method,
    headers: options.headers,
    body: options.body?.toString() ?? null,
    redirect: 'manual',
    dispatcher,
    signal,
  });
  return new Response(await readBody(response), { status: response.status, headers: [...response.headers] });
}

/**
 * Makes the fetch that carries the protocol: own connections, no redirect followed, no cookie, no cache. It rejects
 * with an AppError (see `wireError`) and never with anything else.
 */
export function createOAuthFetch(settings: OAuthFetchSettings = {}): OAuthFetch {
  const { network = plainNetwork, timeoutMs = network.tokenTimeoutMs } = settings;
  const connections = settings.connections ?? createConnections({ readIdentity: readClientCertificate });

  /** Rejects with `url_invalid` for what is no URL of the web. */
  async function wayTo(url: string): Promise<Way> {
    if (!URL.canParse(url)) throw Object.assign(new Error('Invalid URL'), { code: 'ERR_INVALID_URL' });
    // Without keep-alive no token request can meet a connection that the server is just closing, which would leave open
    // whether it was received. Such requests are rare: the extra handshake costs nothing that anyone notices.
    return connections.way(network, new URL(url), { keep: false });
  }

  return async (url, options) => {
    const { signal } = options;
    const controller = new AbortController();
    const cancel = () => controller.abort();
    const timer = setTimeout(() => controller.abort(new DOMException('', 'TimeoutError')), timeoutMs);
    signal?.addEventListener('abort', cancel, { once: true });
    if (signal?.aborted) cancel();
    let way: Way | null = null;
    try {
      way = await wayTo(url);
      return await exchange(url, options, way.dispatcher, controller.signal);
    } catch (cause) {
      // The reason tells a timeout from a cancellation; the error that fetch throws may be of either kind.
      throw wireError(controller.signal.aborted ? controller.signal.reason : cause, url);
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener('abort', cancel);
      // It was for this exchange alone.
      void way?.done();
    }
  };
}
