import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { AppError } from '../../../shared/errors.ts';
import type { LoopbackAddress } from './loopback-address.ts';

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

function endServers(servers: Server[]): Promise<unknown> {
  return Promise.all(
    servers.map(
      (server) =>
        new Promise<void>((resolve) => {
          server.close(() => resolve());
          server.closeAllConnections();
        }),
    ),
  );
}

/** Listens on every host of the address, at one port; rejects with Node's error. */
async function listenOnHosts(hosts: LoopbackAddress['hosts'], wanted: number, answer: RequestListener) {
  const servers: Server[] = [];
  let port = wanted;
  for (const host of hosts) {
    const server = createServer(answer);
    try {
      port = await listen(server, port, host);
      servers.push(server);
    } catch (thrown) {
      // A machine without IPv6: then no browser can come that way either.
      if (servers.length > 0 && hasCode(thrown, 'EADDRNOTAVAIL', 'EAFNOSUPPORT')) continue;
      await endServers(servers);
      throw thrown;
    }
  }
  return { port, servers };
}

/** Why one port cannot be had, and who has it, if that is a flow of this process. */
interface Refusal {
  port: number;
  why: string;
  owner: string | null;
  taken: boolean;
}

function refusalOf(port: number, thrown: unknown): Refusal {
  const taken = hasCode(thrown, 'EADDRINUSE');
  const why = taken ? 'another program uses it' : 'this machine does not allow it';
  return { port, why, owner: null, taken };
}

/** All ports were refused: `consent_redirect_unusable` names each with its reason. */
function portsError(refusals: Refusal[]): AppError {
  const [first] = refusals;
  const ports = refusals.map(({ port }) => port);
  const owner = refusals.find((refusal) => refusal.owner !== null)?.owner;
  const end =
    owner !== undefined
      ? `Finish or cancel the sign-in of “${owner}”, or register`
      : refusals.some(({ taken }) => taken)
        ? `End the program that uses port ${ports.join(' or ')}, or register`
        : 'Register';
  const message =
    refusals.length === 1
      ? `Port ${first?.port} of the redirect URI cannot be listened on: ${first?.why}.`
      : `None of the redirect URI's ports can be listened on: ${refusals.map(({ port, why }) => `${port} (${why})`).join(', ')}.`;
  return new AppError('consent_redirect_unusable', message, {
    action: `${end} a redirect URI with another port, or http://127.0.0.1/callback without one.`,
    details: refusals.length === 1 ? { port: ports[0] ?? 0 } : { ports: ports.join(', ') },
  });
}

/** A listener of one flow. */
export interface LoopbackListener {
  port: number;
  /** Ends it at once. */
  close(): Promise<void>;
  /** Lets it answer late comers for a while; it gives way to the next flow that wants its port, and keeps no process alive. */
  linger(): void;
}

/** The listeners of this process: two flows never share a port. */
export interface Loopback {
  /**
   * Listens at the first port of `ports` that is free; 0 is any. `owner`: the profile's name. Throws
   * `consent_redirect_unusable` naming all of them, and the flow that has one of them.
   */
  listen(
    hosts: LoopbackAddress['hosts'],
    ports: number[],
    owner: string,
    answer: RequestListener,
  ): Promise<LoopbackListener>;
  dispose(): Promise<void>;
}

interface Held {
  owner: string;
  servers: Server[];
  lingering: NodeJS.Timeout | null;
}

/** Makes one. `lingerMs`: how long a late comer still reads a page; 30 s by default. */
export function createLoopback(lingerMs = 30_000): Loopback {
  const held = new Map<number, Held>();

  async function end(port: number, mine: Held): Promise<void> {
    if (mine.lingering !== null) clearTimeout(mine.lingering);
    await endServers(mine.servers.splice(0));
    if (held.get(port) === mine) held.delete(port);
  }

  async function take(
    hosts: LoopbackAddress['hosts'],
    wanted: number,
    owner: string,
    answer: RequestListener,
  ) {
    const before = wanted === 0 ? undefined : held.get(wanted);
    if (before !== undefined && before.lingering === null) {
      const why = `the sign-in of “${before.owner}” uses it`;
      return { refusal: { port: wanted, why, owner: before.owner, taken: true } };
    }
    const mine: Held = { owner, servers: [], lingering: null };
    // Taken before it listens, so that of two flows at once the second is told of the first.
    if (wanted !== 0) held.set(wanted, mine);
    if (before !== undefined) await end(wanted, before);
    try {
      const { port, servers } = await listenOnHosts(hosts, wanted, answer);
      mine.servers = servers;
      held.set(port, mine);
      const close = () => end(port, mine);
      return {
        listener: {
          port,
          close,
          linger() {
            if (mine.servers.length === 0) return;
            for (const server of servers) server.unref();
            mine.lingering ??= setTimeout(() => void close(), lingerMs).unref();
          },
        },
      };
    } catch (thrown) {
      if (held.get(wanted) === mine) held.delete(wanted);
      return { refusal: refusalOf(wanted, thrown) };
    }
  }

  return {
    async listen(hosts, ports, owner, answer) {
      const refusals: Refusal[] = [];
      for (const port of ports) {
        const { listener, refusal } = await take(hosts, port, owner, answer);
        if (listener !== undefined) return listener;
        if (refusal !== undefined) refusals.push(refusal);
      }
      throw portsError(refusals);
    },
    async dispose() {
      await Promise.all([...held].map(([port, mine]) => end(port, mine)));
    },
  };
}
