import { once } from 'node:events';
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';

/**
 * A token endpoint that gives a new refresh token at each refresh, numbered from 1 on, and revokes the whole chain when
 * an older one is used again (RFC 9700 section 4.14). Whoever never got its last answer may ask once more, as with
 * servers of the field.
 */
export interface RotatingServer {
  url: string;
  /** The number of the newest refresh token. */
  newest: number;
  /** Refresh tokens that came again after they had been replaced. */
  reused: number;
  close(): Promise<void>;
}

export async function startRotatingServer(): Promise<RotatingServer> {
  let presentedLast = 0;
  const server = createServer(async (request, response) => {
    const presented = Number(new URLSearchParams(await text(request)).get('refresh_token')?.split('-')[1]);
    if (presented !== state.newest && presented !== presentedLast) state.reused += 1;
    response.setHeader('content-type', 'application/json');
    if (state.reused > 0) return void response.writeHead(400).end('{"error":"invalid_grant"}');
    presentedLast = presented;
    state.newest += 1;
    const number = state.newest;
    const body = {
      number,
      access_token: `access-${number}-${'x'.repeat(900)}`,
      refresh_token: `refresh-${number}`,
    };
    response.end(JSON.stringify(body));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('No port.');
  const state: RotatingServer = {
    url: `http://127.0.0.1:${address.port}/token`,
    newest: 0,
    reused: 0,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
  return state;
}
