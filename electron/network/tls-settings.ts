import { readFileSync } from 'node:fs';
import tls, { createSecureContext, rootCertificates, type SecureContext } from 'node:tls';
import { z } from 'zod';
import { AppError } from '../../shared/errors.ts';
import { exactness, matchesHost, type Target } from './host-pattern.ts';
import { keptMap } from './kept-map.ts';
import { type CertificateSource, networkKey, type ResolvedNetwork } from './resolved-network.ts';

/** What this client shows of itself: in PEM, its own certificate first. */
export interface ClientIdentity {
  key: string;
  certificates: string;
}

/** Reads a stored client certificate for the servers of a host. Throws `network_invalid` and what is wrong with it. */
export type ReadIdentity = (source: CertificateSource, host: string) => ClientIdentity;

/** The certificate in the project's settings that fits a server best; null: there is none. */
export function certificateFor(
  { clientCertificates }: Pick<ResolvedNetwork, 'clientCertificates'>,
  target: Target,
): ResolvedNetwork['clientCertificates'][number] | null {
  const fitting = clientCertificates.filter(({ host }) => matchesHost(host, target));
  return fitting.sort((one, other) => exactness(other.host) - exactness(one.host))[0] ?? null;
}

/** Newer versions of Node.js tell of the certificates that the system trusts, and of those given to Node.js itself. */
function told(kind: 'default' | 'system'): string[] {
  const ask: unknown = Reflect.get(tls, 'getCACertificates');
  if (typeof ask !== 'function') return [];
  try {
    return z.array(z.string()).parse(ask(kind));
  } catch {
    return [];
  }
}

function extraCertificates(): string[] {
  const file = process.env.NODE_EXTRA_CA_CERTS;
  try {
    return file === undefined ? [] : [readFileSync(file, 'utf8')];
  } catch {
    // Node.js itself goes on without it, and says so at its start.
    return [];
  }
}

let system: string[] | undefined;
let byDefault: string[] | undefined;

/** Everything that is trusted; undefined: as Node.js has it by itself, which is made ready once and for all. */
function trustedCertificates(own: readonly string[]): string[] | undefined {
  system ??= told('system');
  if (own.length === 0 && system.length === 0) return undefined;
  if (byDefault === undefined) {
    const all = told('default');
    byDefault = all.length > 0 ? all : [...rootCertificates, ...extraCertificates()];
  }
  return [...new Set([...byDefault, ...system, ...own])];
}

/** The certificates in PEM that a project trusts beside the default ones. Throws what makes them unusable. */
export function ownCertificates({ trusted }: ResolvedNetwork): readonly string[] {
  if (trusted.kind === 'unusable') throw AppError.from(trusted.error);
  return trusted.value;
}

/** The settings of TLS connections. */
export interface TlsSettings {
  /** For a server: whom it is checked by, and what it is shown. Throws what makes them unusable. */
  contextFor(network: ResolvedNetwork, target: Target): SecureContext;
}

/** How many are kept: each holds all certificates anew, and takes some milliseconds to make. */
const keptContexts = 30;

/** Makes settings that keep what they have made. */
export function createTlsSettings(readIdentity: ReadIdentity): TlsSettings {
  const contexts = keptMap<SecureContext>(keptContexts);

  function make(network: ResolvedNetwork, target: Target): SecureContext {
    const own = ownCertificates(network);
    const chosen = certificateFor(network, target);
    if (chosen?.source.kind === 'unusable') throw AppError.from(chosen.source.error);
    const identity = chosen === null ? null : readIdentity(chosen.source.value, chosen.host);
    const ca = trustedCertificates(own);
    return createSecureContext({
      ...(ca === undefined ? {} : { ca }),
      ...(identity === null ? {} : { key: identity.key, cert: identity.certificates }),
    });
  }

  return {
    contextFor(network, target) {
      const key = networkKey(network, certificateFor(network, target)?.host ?? '');
      return contexts.take(key, () => make(network, target));
    },
  };
}
