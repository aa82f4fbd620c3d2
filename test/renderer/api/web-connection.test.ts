import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import type { ConnectionState } from '../../../renderer/api/connection.ts';
import { webConnection } from '../../../renderer/api/web-connection.ts';
import type { EngineEvent } from '../../../shared/contract/events.ts';

const token = 'start-token';
const ends: (() => void)[] = [];

afterEach(() => {
  for (const end of ends.splice(0)) end();
});

/** A page's WebSocket, where a failed connection is no uncaught error either. */
class QuietSocket extends WebSocket {
  constructor(url: string, protocols: string[]) {
    super(url, protocols);
    this.on('error', () => {});
  }
}

interface Host {
  origin: string;
  sockets: WebSocketServer;
}

/** A web host in small: answers every call with its name, and upgrades with the right token only. */
async function startHost(body = '{"kind":"result","value":{}}'): Promise<Host> {
  const server: Server = createServer((request, response) => {
    const allowed = request.headers.authorization === `Bearer ${token}`;
    response.statusCode = allowed ? 200 : 401;
    response.end(allowed ? body : '{"kind":"error","error":{"code":"caller_refused","message":"no"}}');
  });
  const sockets = new WebSocketServer({ noServer: true, handleProtocols: () => 'grantwright' });
  server.on('upgrade', (request, socket, head) => {
    const offered = request.headers['sec-websocket-protocol'] ?? '';
    if (!offered.split(/,\s*/).includes(token)) socket.destroy();
    else sockets.handleUpgrade(request, socket, head, (client) => sockets.emit('connection', client));
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  ends.push(() => {
    for (const client of sockets.clients) client.terminate();
    server.closeAllConnections();
    server.close();
  });
  return { origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, sockets };
}

function listenTo(origin: string, startToken: string | undefined) {
  const states: ConnectionState[] = [];
  const events: EngineEvent[] = [];
  let missed = 0;
  const connection = webConnection({ origin, startToken, fetch, WebSocket: QuietSocket });
  ends.push(
    connection.listen({
      onState: (state) => states.push(state),
      onEvent: (event) => events.push(event),
      onMissed: () => {
        missed += 1;
      },
    }),
  );
  return { connection, states, events, missed: () => missed };
}

describe('web connection', () => {
  it('delivers events, and counts what is not as declared as missed', async () => {
    const host = await startHost();
    const page = listenTo(host.origin, token);
    await expect.poll(() => page.states).toEqual(['connected']);
    const [client] = host.sockets.clients;
    client?.send('{"kind":"playground","status":{"kind":"stopped"}}');
    client?.send('not JSON');
    client?.send('{"kind":"unheard of"}');
    await expect.poll(page.missed).toBe(2);
    expect(page.events).toEqual([{ kind: 'playground', status: { kind: 'stopped' } }]);
  });

  it('connects again after the connection was lost', async () => {
    const host = await startHost();
    const page = listenTo(host.origin, token);
    await expect.poll(() => page.states).toEqual(['connected']);
    for (const client of host.sockets.clients) client.terminate();
    await expect.poll(() => page.states, { timeout: 5_000 }).toEqual(['connected', 'lost', 'connected']);
  });

  it('stops trying when the engine refuses its start token', async () => {
    const host = await startHost();
    const page = listenTo(host.origin, 'token-of-an-earlier-start');
    await expect.poll(() => page.states).toEqual(['lost', 'refused']);
  });

  it('says refused for a token that cannot even be sent', async () => {
    const page = listenTo('http://127.0.0.1:1', 'mistyped, token');
    expect(page.states).toEqual(['refused']);
  });

  it('says refused, and calls nothing, without a start token', async () => {
    const page = listenTo('http://127.0.0.1:1', undefined);
    expect(page.states).toEqual(['refused']);
    await expect(page.connection.transport('app.info', {})).rejects.toMatchObject({ code: 'caller_refused' });
  });

  it('turns an unreachable host and an answer that is not JSON into engine_unreachable', async () => {
    const gone = webConnection({
      origin: 'http://127.0.0.1:1',
      startToken: token,
      fetch,
      WebSocket: QuietSocket,
    });
    await expect(gone.transport('app.info', {})).rejects.toMatchObject({ code: 'engine_unreachable' });
    const host = await startHost('<html>');
    const { connection } = listenTo(host.origin, token);
    await expect(connection.transport('app.info', {})).rejects.toMatchObject({ code: 'engine_unreachable' });
  });
});
