import { createHash } from 'node:crypto';
import type { Duplex } from 'node:stream';
import { connect, createSecureContext, type SecureContext, type TLSSocket } from 'node:tls';
import type { Connections } from './connections.ts';
import { dialOptions } from './connections.ts';
import { dial, OutOfTime } from './dial.ts';
import { authorityOf, bareHost, serverName, type Target, targetOf } from './host-pattern.ts';
import type { ResolvedNetwork } from './resolved-network.ts';
import { certificateFor, ownCertificates } from './tls-settings.ts';
import { wireFailureOf } from './wire-failures.ts';

/**
 * How a browser's connection goes on: `passed` as it is, TLS and all, so that the browser checks the server as it always
 * does; `ended` where TLS ends here, and begins anew towards the server.
 */
export type GatewayWay = { kind: 'passed'; socket: Duplex } | { kind: 'ended'; socket: TLSSocket };

export interface GatewayWays {
  open(url: URL): Promise<GatewayWay>;
  /** Whether a certificate, by its SHA-256 in base64, is that of a host which the project's own CAs vouch for. */
  vouches(host: string, fingerprint: string): boolean;
}

function hashOf(secured: TLSSocket): string {
  return createHash('sha256').update(secured.getPeerCertificate().raw).digest('base64');
}

/** Whatever it still has to say. */
function end(socket: Duplex): void {
  socket.on('error', () => undefined).destroy();
}

/** Rejects when the server's certificate is not accepted. */
function secure(
  socket: Duplex,
  host: string,
  options: { secureContext: SecureContext; rejectUnauthorized: boolean; timeoutMs: number },
): Promise<TLSSocket> {
  const { timeoutMs, ...tls } = options;
  return new Promise((resolve, reject) => {
    const secured = connect({
      ...{ socket, host, ...tls, ALPNProtocols: ['http/1.1'] },
      servername: serverName({ host }),
    });
    const timer = setTimeout(() => secured.destroy(new OutOfTime('No TLS in time.')), timeoutMs);
    secured.once('error', reject);
    secured.once('close', () => {
      clearTimeout(timer);
      reject(new Error('The connection was closed.'));
    });
    secured.once('secureConnect', () => {
      clearTimeout(timer);
      secured.removeListener('error', reject);
      resolve(secured);
    });
  });
}

/**
 * Opens ways to servers for a browser, by the project's network. TLS ends here only where the browser itself could not
 * do what the project wants: for hosts that have a client certificate, and for those whose certificate comes from a CA
 * that the project trusts, unless the browser can ask whom it may take (`asks`).
 */
export function createGatewayWays(
  connections: Connections,
  network: ResolvedNetwork,
  asks: boolean,
): GatewayWays {
  const timeoutMs = network.connectTimeoutMs;
  /** Servers whose certificate is not of the project's own CAs. */
  const strangers = new Set<string>();
  const vouchedFor = new Set<string>();
  let ownContext: SecureContext | null | undefined;

  function ownTrust(): SecureContext | null {
    if (ownContext === undefined) {
      const own = ownCertificates(network);
      ownContext = own.length === 0 || !network.verifyTls ? null : createSecureContext({ ca: [...own] });
    }
    return ownContext;
  }

  /** The server by TLS, where the project's own CAs vouch for it; null: the browser is to see for itself. */
  async function byOwnTrust(
    target: Target,
    secureContext: SecureContext,
    reach: () => Promise<Duplex>,
    again = true,
  ): Promise<TLSSocket | null> {
    const socket = await reach();
    try {
      // The certificate is looked at here, and not by an error, so that one tells of the connection alone.
      const options = { secureContext, rejectUnauthorized: false, timeoutMs };
      const secured = await secure(socket, target.host, options);
      if (secured.authorized) return secured;
      strangers.add(authorityOf(target));
      end(secured);
    } catch (thrown) {
      end(socket);
      if (thrown instanceof OutOfTime) throw thrown;
      const broke = thrown instanceof Error && wireFailureOf(thrown)?.code === 'server_unreachable';
      if (broke && again) return byOwnTrust(target, secureContext, reach, false);
    }
    return null;
  }

  async function open(url: URL): Promise<GatewayWay> {
    const target = targetOf(url);
    const route = await connections.route(network, url);
    const reach = () => dial(route, target, dialOptions(connections, network, route));
    const trust = ownTrust();
    if (certificateFor(network, target) !== null) {
      const secureContext = connections.tls.contextFor(network, target);
      const options = { secureContext, rejectUnauthorized: network.verifyTls, timeoutMs };
      return { kind: 'ended', socket: await secure(await reach(), target.host, options) };
    }
    if (trust !== null && !strangers.has(authorityOf(target))) {
      const secured = await byOwnTrust(target, trust, reach);
      if (secured !== null && !asks) return { kind: 'ended', socket: secured };
      if (secured !== null) {
        vouchedFor.add(`${target.host} ${hashOf(secured)}`);
        end(secured);
      }
    }
    return { kind: 'passed', socket: await reach() };
  }

  return {
    open,
    vouches: (host, fingerprint) => vouchedFor.has(`${bareHost(host)} ${fingerprint}`),
  };
}
