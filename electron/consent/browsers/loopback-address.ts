/** A redirect URI that a listener on this machine can answer (RFC 8252 section 7.3). */
export interface LoopbackAddress {
  /** `localhost` is both, because the person's browser may take either. */
  hosts: ('127.0.0.1' | '::1')[];
  /** The port that the redirect URI names; 0: any free port, since it names none. */
  port: number;
}

const hostsByName: Record<string, LoopbackAddress['hosts']> = {
  '127.0.0.1': ['127.0.0.1'],
  '[::1]': ['::1'],
  localhost: ['127.0.0.1', '::1'],
};

const portPattern = /^(http:\/\/(?:\[[^\]]*\]|[^/?#:]*))(?::(\d*))?/i;

/** Reads a redirect URI; null when no listener here could ever get the redirect. */
export function loopbackAddress(redirectUri: string): LoopbackAddress | null {
  const url = URL.canParse(redirectUri) ? new URL(redirectUri) : null;
  const hosts = url?.protocol === 'http:' ? hostsByName[url.hostname] : undefined;
  if (hosts === undefined) return null;
  // Read from the text: the URL parser drops a port that is the scheme's default.
  const port = portPattern.exec(redirectUri.trim())?.[2];
  return { hosts, port: Number(port ?? 0) };
}

/** The redirect URI with this port, whatever it had before. */
export function withPort(redirectUri: string, port: number): string {
  return redirectUri.trim().replace(portPattern, `$1:${port}`);
}

/** The redirect URI with the first of the ports that it may have, when it is a loopback one and names none itself. */
export function withFirstPort(redirectUri: string, ports: readonly number[]): string {
  const [first] = ports;
  return first !== undefined && loopbackAddress(redirectUri)?.port === 0
    ? withPort(redirectUri, first)
    : redirectUri;
}
