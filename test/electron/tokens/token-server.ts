import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';

/** An authorization server's token endpoint that counts, rotates its refresh tokens and notices their reuse. */
export interface TokenServer {
  url: string;
  /** Requests that reached it, by `grant_type`. */
  counts: Record<string, number>;
  /** Old refresh tokens that were presented again. */
  reuses: number;
  /** The most requests that were in its hands at once. */
  mostAtOnce: number;
  /** What it answers a refresh with instead of a token. */
  refusal: { status: number; body: string } | 'hang up' | null;
  /** Whether a refresh answer carries a new refresh token. */
  rotates: boolean;
  expiresIn: number;
  /** The id token of an answer to this `grant_type`; null: it has none. */
  idToken: (grant: string) => string | null;
  refreshExpiresIn: number | null;
  /** By how much its answers show its clock to be ahead, in milliseconds. */
  clockAheadMs: number | null;
  /** Lets every request wait until it is called. */
  hold(): () => void;
  close(): Promise<void>;
}

export async function startTokenServer(): Promise<TokenServer> {
  let serial = 0;
  let inHand = 0;
  let gate = Promise.resolve();
  const used = new Set<string>();

  const server = createServer(async (request, response) => {
    const form = await formOf(request);
    const grant = form.get('grant_type') ?? '';
    state.counts[grant] = (state.counts[grant] ?? 0) + 1;
    inHand += 1;
    state.mostAtOnce = Math.max(state.mostAtOnce, inHand);
    await gate;
    inHand -= 1;
    if (grant === 'refresh_token' && state.refusal === 'hang up') return void request.socket.destroy();
    const { status, body } = answer(grant, form.get('refresh_token') ?? '');
    response.writeHead(status, { 'content-type': 'application/json' }).end(body);
  });

  function answer(grant: string, presented: string): { status: number; body: string } {
    if (grant === 'refresh_token') {
      if (state.refusal !== null && state.refusal !== 'hang up') return state.refusal;
      if (used.has(presented)) {
        state.reuses += 1;
        return { status: 400, body: '{"error":"invalid_grant"}' };
      }
      if (state.rotates) used.add(presented);
    }
    serial += 1;
    const withRefresh = grant === 'authorization_code' || (grant === 'refresh_token' && state.rotates);
    const idToken = state.idToken(grant);
    const body = {
      access_token: `access-${serial}-marker`,
      token_type: 'Bearer',
      expires_in: state.expiresIn,
      ...(idToken === null ? {} : { id_token: idToken }),
      ...(withRefresh ? { refresh_token: `refresh-${serial}-marker` } : {}),
      ...(withRefresh && state.refreshExpiresIn !== null
        ? { refresh_expires_in: state.refreshExpiresIn }
        : {}),
    };
    return { status: 200, body: JSON.stringify(body) };
  }

  const state: TokenServer = {
    url: '',
    counts: {},
    reuses: 0,
    mostAtOnce: 0,
    refusal: null,
    rotates: true,
    expiresIn: 300,
    idToken: () => null,
    clockAheadMs: null,
    refreshExpiresIn: null,
    hold() {
      let open = () => {};
      gate = new Promise<void>((resolve) => {
        open = resolve;
      });
      return open;
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('No port.');
  state.url = `http://127.0.0.1:${address.port}/token`;
  return state;
}

async function formOf(request: IncomingMessage): Promise<URLSearchParams> {
  return new URLSearchParams(await text(request));
}
