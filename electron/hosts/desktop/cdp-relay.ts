import { randomBytes, timingSafeEqual } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Debugger, WebContents } from 'electron';
import { type WebSocket, WebSocketServer } from 'ws';
import { z } from 'zod';

/** The session under which the one page is announced; sessions below it (frames) keep Chromium's own ids. */
const pageSession = 'page';

const commandSchema = z.object({
  id: z.number().int(),
  method: z.string(),
  params: z.record(z.string(), z.unknown()).optional(),
  sessionId: z.string().optional(),
});
type Command = z.infer<typeof commandSchema>;

/** A relay that lets Playwright drive one window: CDP over a loopback WebSocket to `webContents.debugger`. */
export interface CdpRelay {
  /** For Playwright's connectOverCDP; its path is random and admits one client, once. */
  endpoint: string;
  close(): void;
}

const targetSchema = z.object({
  targetInfo: z.looseObject({ targetId: z.string(), type: z.string(), title: z.string(), url: z.string() }),
});

/** The browser-level methods that Playwright calls and `webContents.debugger`, which knows one page only, has not. */
async function answerForBrowser(
  command: Command,
  contents: WebContents,
  send: (message: object) => void,
): Promise<object> {
  switch (command.method) {
    case 'Browser.getVersion':
      return {
        protocolVersion: '1.3',
        product: `Chrome/${process.versions.chrome}`,
        revision: '',
        userAgent: contents.getUserAgent(),
        jsVersion: process.versions.v8,
      };
    case 'Target.setAutoAttach': {
      // Playwright takes the target's id for the main frame's, so it must be the real one.
      const { targetInfo } = targetSchema.parse(await contents.debugger.sendCommand('Target.getTargetInfo'));
      const page = { ...targetInfo, type: 'page', attached: true, browserContextId: 'consent' };
      send({
        method: 'Target.attachedToTarget',
        params: { sessionId: pageSession, targetInfo: page, waitingForDebugger: false },
      });
      return {};
    }
    case 'Target.getTargetInfo':
      return { targetInfo: { targetId: 'browser', type: 'browser', title: '', url: '', attached: true } };
    case 'Browser.setDownloadBehavior':
      return {};
    default:
      throw new Error(`${command.method} is not relayed`);
  }
}

function serve(socket: WebSocket, contents: WebContents, debug: Debugger): void {
  const send = (message: object) => {
    if (socket.readyState === socket.OPEN) socket.send(JSON.stringify(message));
  };

  debug.on('message', (_event, method, params: unknown, sessionId: string) => {
    send({ method, params, sessionId: sessionId || pageSession });
  });

  async function answer(command: Command): Promise<object> {
    if (command.sessionId === undefined) return answerForBrowser(command, contents, send);
    if (command.sessionId === pageSession) return debug.sendCommand(command.method, command.params ?? {});
    return debug.sendCommand(command.method, command.params ?? {}, command.sessionId);
  }

  socket.on('error', () => socket.terminate());
  // Without the page there is nothing left to drive: Playwright hears of it at once.
  debug.once('detach', () => socket.close());
  socket.on('message', async (data) => {
    const command = commandSchema.safeParse(parseJson(String(data)));
    if (!command.success) return;
    const { id, sessionId } = command.data;
    const reply = await answer(command.data).then(
      (result) => ({ result: result ?? {} }),
      (error: unknown) => ({
        error: { code: -32000, message: error instanceof Error ? error.message : 'failed' },
      }),
    );
    send({ id, ...(sessionId === undefined ? {} : { sessionId }), ...reply });
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function samePath(given: string | undefined, path: string): boolean {
  const a = Buffer.from(given ?? '');
  const b = Buffer.from(path);
  return a.length === b.length && timingSafeEqual(a, b);
}

/** Starts a relay for one window. It admits the first client that knows the random path, and nobody with an Origin. */
export async function startCdpRelay(contents: WebContents): Promise<CdpRelay> {
  const debug = contents.debugger;
  debug.attach('1.3');
  const path = `/${randomBytes(32).toString('hex')}`;
  const server = createServer((_request, response) => response.writeHead(404).end());
  const sockets = new WebSocketServer({ noServer: true, maxPayload: 64 * 1024 * 1024 });
  let taken = false;

  server.on('upgrade', (request, socket, head) => {
    // A web page always sends an Origin; Playwright never does.
    if (taken || request.headers.origin !== undefined || !samePath(request.url, path)) {
      socket.destroy();
      return;
    }
    taken = true;
    sockets.handleUpgrade(request, socket, head, (client) => serve(client, contents, debug));
  });

  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    endpoint: `ws://127.0.0.1:${port}${path}`,
    close() {
      for (const client of sockets.clients) client.terminate();
      server.close();
      if (!contents.isDestroyed() && debug.isAttached()) debug.detach();
    },
  };
}
