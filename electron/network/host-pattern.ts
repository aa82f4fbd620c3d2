import { isIP } from 'node:net';

/** A server by name and port, as a connection is made to it; the name without brackets, where it is an IPv6 address. */
export interface Target {
  host: string;
  port: number;
}

/** A host as `Target` has it, of one as it stands in a URL. */
export function bareHost(host: string): string {
  return host.toLowerCase().replace(/^\[(.*)\]$/, '$1');
}

/** Where the requests for a URL go. */
export function targetOf(url: URL): Target {
  const port = url.port === '' ? (url.protocol === 'https:' ? 443 : 80) : Number(url.port);
  return { host: bareHost(url.hostname), port };
}

/** `host:port`, as it stands in an address. */
export function authorityOf({ host, port }: Target): string {
  return `${isIP(host) === 6 ? `[${host}]` : host}:${port}`;
}

/** A host as TLS may be asked for it (RFC 6066 section 3): an address has no name. */
export function serverName({ host }: Pick<Target, 'host'>): string {
  return isIP(host) === 0 ? host : '';
}

function split(pattern: string): { name: string; port: number | null } {
  const [, inBrackets, plain, port] = /^(?:\[(.*)\]|(.*?))(?::(\d{1,5}))?$/.exec(pattern) ?? [];
  // An IPv6 address without brackets has colons of its own, and no port.
  if (isIP(pattern) === 6) return { name: pattern, port: null };
  return { name: inBrackets ?? plain ?? '', port: port === undefined ? null : Number(port) };
}

/** Whether a server is meant by `host`, `host:port`, or `*.domain` for all hosts within a domain; without a port, at any. */
export function matchesHost(pattern: string, target: Target): boolean {
  const { name, port } = split(pattern.trim().toLowerCase());
  if (port !== null && port !== target.port) return false;
  return name.startsWith('*.') ? target.host.endsWith(name.slice(1)) : target.host === name;
}

/** How well a pattern fits: the higher of two that both match goes first. */
export function exactness(pattern: string): number {
  const { name, port } = split(pattern.trim().toLowerCase());
  return (name.startsWith('*.') ? name.length : 1000) + (port === null ? 0 : 2000);
}
