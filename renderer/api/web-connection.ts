import { replySchema, type Transport } from '../../shared/contract/router.ts';
import { AppError } from '../../shared/errors.ts';
import { type Connection, type ConnectionListener, deliver } from './connection.ts';

/** What the web connection needs of its surroundings; `origin` is the host's, such as `http://127.0.0.1:4100`. */
export interface WebSurroundings {
  origin: string;
  startToken: string | undefined;
  fetch: typeof fetch;
  WebSocket: new (url: string, protocols: string[]) => EventSocket;
}

/** As much of a WebSocket as events need. */
interface EventSocket {
  onopen: ((event: never) => void) | null;
  onmessage: ((message: never) => void) | null;
  onclose: ((event: never) => void) | null;
  close(): void;
}

const firstDelayMs = 250;
const longestDelayMs = 5_000;

function unreachable(cause: unknown): AppError {
  return new AppError('engine_unreachable', 'The Grantwright engine does not answer.', {
    action: 'Check that it is still running in its terminal; this page connects again by itself.',
    cause,
  });
}

function httpTransport({ origin, startToken, fetch }: WebSurroundings): Transport {
  return async (name, params) => {
    if (startToken === undefined) {
      throw new AppError('caller_refused', 'This page was opened without its start token.', {
        action: 'Open the address that Grantwright printed when it started.',
      });
    }
    try {
      const response = await fetch(`${origin}/api/call/${name}`, {
        method: 'POST',
        headers: { Authorization: `Bearer ${startToken}`, 'Content-Type': 'application/json' },
        body: JSON.stringify(params),
      });
      return await response.json();
    } catch (thrown) {
      throw unreachable(thrown);
    }
  };
}

function parseJson(text: unknown): unknown {
  try {
    return JSON.parse(String(text));
  } catch {
    // Not JSON is not as declared either: `deliver` counts both as missed.
    return undefined;
  }
}

/** Calls over HTTP, events over a WebSocket that connects again with backoff until `listen` is ended. */
export function webConnection(surroundings: WebSurroundings): Connection {
  const transport = httpTransport(surroundings);

  async function isRefused(): Promise<boolean> {
    try {
      const reply = replySchema.safeParse(await transport('app.info', {}));
      return reply.success && reply.data.kind === 'error' && reply.data.error.code === 'caller_refused';
    } catch (thrown) {
      return AppError.from(thrown).code === 'caller_refused';
    }
  }

  function listen(listener: ConnectionListener): () => void {
    let ended = false;
    let delayMs = firstDelayMs;
    let socket: EventSocket | undefined;
    let timer: ReturnType<typeof setTimeout> | undefined;

    async function onClose(): Promise<void> {
      if (ended) return;
      listener.onState('lost');
      const refused = await isRefused();
      if (ended) return;
      if (refused) {
        listener.onState('refused');
        return;
      }
      timer = setTimeout(connect, delayMs);
      delayMs = Math.min(delayMs * 2, longestDelayMs);
    }

    function connect(): void {
      const url = `${surroundings.origin.replace(/^http/, 'ws')}/api/events`;
      try {
        socket = new surroundings.WebSocket(url, ['grantwright', surroundings.startToken ?? '']);
      } catch {
        // Only a token that no engine ever made, such as a mistyped one, cannot be sent at all.
        listener.onState('refused');
        return;
      }
      socket.onopen = () => {
        delayMs = firstDelayMs;
        listener.onState('connected');
      };
      socket.onmessage = (message: { data: unknown }) => deliver(parseJson(message.data), listener);
      socket.onclose = () => void onClose();
    }

    if (surroundings.startToken === undefined) listener.onState('refused');
    else connect();
    return () => {
      ended = true;
      clearTimeout(timer);
      socket?.close();
    };
  }

  return { transport, listen };
}
