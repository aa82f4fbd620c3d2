import type { Connection } from './connection.ts';
import { desktopConnection } from './desktop-connection.ts';
import { takeStartToken } from './start-token.ts';
import { webConnection } from './web-connection.ts';

/** The way to the engine from this page: the preload's bridge where there is one, else the web host it came from. */
export function pickConnection(page: Window & typeof globalThis): Connection {
  return (
    desktopConnection(Reflect.get(page, 'grantwright')) ??
    webConnection({
      origin: page.location.origin,
      startToken: takeStartToken(page),
      fetch: page.fetch.bind(page),
      WebSocket: page.WebSocket,
    })
  );
}
