import { createHash } from 'node:crypto';
import type { AppError } from '../../shared/errors.ts';
import { Secret } from '../../shared/secret.ts';

/** A proxy, and who it is told that we are. */
export interface ProxyServer {
  protocol: 'http' | 'https' | 'socks5' | 'socks4';
  /** Without brackets, where it is an IPv6 address. */
  host: string;
  port: number;
  /** Empty: none is sent. */
  user: string;
  password: Secret;
}

/** Whether it is spoken to in HTTP, with TLS or without. */
export function isHttpProxy({ protocol }: Pick<ProxyServer, 'protocol'>): boolean {
  return protocol === 'http' || protocol === 'https';
}

/** What could be made ready, or why not: told when it is needed, so that a connection that needs it not goes on. */
export type Ready<Value> = { kind: 'ready'; value: Value } | { kind: 'unusable'; error: AppError };

export type ResolvedProxy =
  | { kind: 'system' }
  | { kind: 'none' }
  | { kind: 'custom'; server: Ready<ProxyServer>; bypass: readonly string[] };

/** PKCS#12 in base64 without `key`, or certificate chain and key in PEM. */
export interface CertificateSource {
  certificate: Secret;
  key: Secret;
  passphrase: Secret;
}

/** How servers are reached, with every variable filled in and every file read. */
export interface ResolvedNetwork {
  proxy: ResolvedProxy;
  /** Certificates in PEM, one or more in each text, that are trusted beside the default ones. */
  trusted: Ready<readonly string[]>;
  clientCertificates: readonly { host: string; source: Ready<CertificateSource> }[];
  /** Whether HTTP/2 is offered. */
  http2: boolean;
  /** Whether the certificates of servers are checked. */
  verifyTls: boolean;
  /** For one connection, proxies on the way included, in milliseconds. */
  connectTimeoutMs: number;
  /** For one request of the protocol, from its begin to the last byte of the answer, in milliseconds. */
  tokenTimeoutMs: number;
  /** The same for one API request. */
  requestTimeoutMs: number;
  /** What went into it and may stand in no text, should a proxy say it. */
  secrets: readonly Secret[];
}

/** Straight to every server, with the default certificates and none of our own. */
export const plainNetwork: ResolvedNetwork = {
  proxy: { kind: 'none' },
  trusted: { kind: 'ready', value: [] },
  clientCertificates: [],
  http2: true,
  verifyTls: true,
  connectTimeoutMs: 30_000,
  tokenTimeoutMs: 30_000,
  requestTimeoutMs: 60_000,
  secrets: [],
};

/** Secrets by their values, and errors by their words: only a digest of it is ever kept. */
function plainly(this: unknown, name: string, value: unknown): unknown {
  const given: unknown = Reflect.get(Object(this), name);
  if (given instanceof Secret) return { secret: given.reveal() };
  return given instanceof Error ? String(given) : value;
}

/**
 * What is made for a network is kept by this: two networks have one key if they are alike in everything, secrets included;
 * it tells nothing of these. `more`: what else it was made for.
 */
export function networkKey({ secrets: _, ...network }: ResolvedNetwork, ...more: unknown[]): string {
  return createHash('sha256')
    .update(JSON.stringify([network, ...more], plainly))
    .digest('base64');
}
