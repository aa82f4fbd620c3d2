import { randomBytes, timingSafeEqual } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { WebContents } from 'electron';
import { type WebSocket, WebSocketServer } from 'ws';
import { type CdpTargets, type CdpTargetsOptions, commandSchema, createCdpTargets } from './cdp-targets.ts';

/** A relay that lets Playwright drive the windows of a flow: CDP over a loopback WebSocket. */
export interface CdpRelay extends Pick<CdpTargets, 'add'> {
  /** For Playwright's connectOverCDP; its path is random and admits one client, once. */
  endpoint: string;
  close(): void;
}

export type CdpRelayOptions = Pick<CdpTargetsOptions, 'debug' | 'hidden'>;

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function serve(socket: WebSocket, targets: CdpTargets, send: (message: object) => void): void {
  socket.on('error', () => socket.terminate());
  // Nobody is left who could let a window go on.
  socket.on('close', () => targets.end());
  socket.on('message', async (data) => {
    const command = commandSchema.safeParse(parseJson(String(data)));
    if (!command.success) return;
    const { id, sessionId } = command.data;
    const reply = await targets.answer(command.data).then(
      (result) => ({ result: result ?? {} }),
      (error: unknown) => ({
        error: { code: -32000, message: error instanceof Error ? error.message : 'failed' },
      }),
    );
    send({ id, ...(sessionId === undefined ? {} : { sessionId }), ...reply });
  });
}

function samePath(given: string | undefined, path: string): boolean {
  const a = Buffer.from(given ?? '');
  const b = Buffer.from(path);
  return a.length === b.length && timingSafeEqual(a, b);
}

/**
 * Starts a relay, with one window. It admits the first client that knows the random path, and nobody with an Origin.
 * Rejects as `debug` does.
 */
export async function startCdpRelay(contents: WebContents, options: CdpRelayOptions): Promise<CdpRelay> {
  const path = `/${randomBytes(32).toString('hex')}`;
  const server = createServer((_request, response) => response.writeHead(404).end());
  const sockets = new WebSocketServer({ noServer: true, maxPayload: 64 * 1024 * 1024 });
  let client: WebSocket | null = null;
  const send = (message: object): void => {
    if (client?.readyState === client?.OPEN) client?.send(JSON.stringify(message));
  };
  // Without a page there is nothing left to drive: Playwright hears of it at once.
  const targets = createCdpTargets({ ...options, send, onEmpty: () => client?.close() });
  await targets.begin(contents);

  server.on('upgrade', (request, socket, head) => {
    // A web page always sends an Origin; Playwright never does.
    if (client !== null || request.headers.origin !== undefined || !samePath(request.url, path)) {
      socket.destroy();
      return;
    }
    sockets.handleUpgrade(request, socket, head, (opened) => {
      client = opened;
      serve(opened, targets, send);
    });
  });

  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    endpoint: `ws://127.0.0.1:${port}${path}`,
    add: targets.add,
    close() {
      for (const open of sockets.clients) open.terminate();
      server.close();
      targets.end();
    },
  };
}
