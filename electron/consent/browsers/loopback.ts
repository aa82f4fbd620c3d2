import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { AppError } from '../../../shared/errors.ts';

/** A redirect URI that a listener on this machine can answer (RFC 8252 section 7.3). */
export interface LoopbackAddress {
  /** `localhost` is both, because the person's browser may take either. */
  hosts: ('127.0.0.1' | '::1')[];
  /** 0: any free port, since the redirect URI names none. */
  port: number;
}

const hostsByName: Record<string, LoopbackAddress['hosts']> = {
  '127.0.0.1': ['127.0.0.1'],
  '[::1]': ['::1'],
  localhost: ['127.0.0.1', '::1'],
};

/** Reads a redirect URI. Throws `consent_redirect_unusable` when no listener here could ever get the redirect. */
export function loopbackAddress(redirectUri: string): LoopbackAddress {
  const url = URL.canParse(redirectUri) ? new URL(redirectUri) : null;
  const hosts = url?.protocol === 'http:' ? hostsByName[url.hostname] : undefined;
  if (hosts === undefined) {
    throw new AppError(
      'consent_redirect_unusable',
      `The system browser cannot bring the redirect to ${redirectUri.slice(0, 200)} back to Grantwright.`,
      {
        action:
          'Register http://127.0.0.1/callback as a redirect URI of the client and set it in the profile, or use an automation script.',
      },
    );
  }
  // Read from the text: the URL parser drops a port that is the scheme's default.
  const port = /^http:\/\/(?:\[[^\]]*\]|[^/?#:]*):(\d+)/i.exec(redirectUri.trim())?.[1];
  return { hosts, port: port === undefined ? 0 : Number(port) };
}

/** The redirect URI with the port that a listener was given; unchanged when it names one itself. */
export function withPort(redirectUri: string, address: LoopbackAddress, port: number): string {
  if (address.port !== 0) return redirectUri;
  return redirectUri.trim().replace(/^(http:\/\/(?:\[[^\]]*\]|[^/?#:]*)):?/i, `$1:${port}`);
}

function hasCode(thrown: unknown, ...codes: string[]): boolean {
  return thrown instanceof Error && 'code' in thrown && codes.includes(String(thrown.code));
}

async function listen(server: Server, port: number, host: string): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port, host, exclusive: true }, resolve);
  });
  const address: AddressInfo | string | null = server.address();
  return typeof address === 'object' && address !== null ? address.port : port;
}

function portError(port: number, thrown: unknown): AppError {
  const taken = hasCode(thrown, 'EADDRINUSE');
  const why = taken ? 'another program uses it' : 'this machine does not allow it';
  const message = `Port ${port} of the redirect URI cannot be listened on: ${why}.`;
  const end = taken ? `End the program that uses port ${port}, or register` : 'Register';
  return new AppError('consent_redirect_unusable', message, {
    action: `${end} a redirect URI with another port, or http://127.0.0.1/callback without one.`,
    details: { port },
    cause: thrown,
  });
}

/** Listens on every host of the address, at one port. Throws `consent_redirect_unusable` naming the port. */
export async function listenOnLoopback(
  address: LoopbackAddress,
  answer: RequestListener,
): Promise<{ port: number; close(): void }> {
  const servers: Server[] = [];
  const close = (): void => {
    for (const server of servers) {
      server.close();
      server.closeAllConnections();
    }
  };
  let port = address.port;
  for (const host of address.hosts) {
    const server = createServer(answer);
    try {
      port = await listen(server, port, host);
      servers.push(server);
    } catch (thrown) {
      // A machine without IPv6: then no browser can come that way either.
      if (servers.length > 0 && hasCode(thrown, 'EADDRNOTAVAIL', 'EAFNOSUPPORT')) continue;
      close();
      throw portError(port, thrown);
    }
  }
  return { port, close };
}
