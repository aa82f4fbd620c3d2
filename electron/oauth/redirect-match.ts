import { createHash, timingSafeEqual } from 'node:crypto';
import type { Secret } from '../../shared/secret.ts';

const explicitPort = /^[a-z][a-z0-9+.-]*:\/\/(?:[^/?#@]*@)?(?:\[[^\]]*\]|[^/?#:]*):\d/i;
const loopbackHosts = new Set(['127.0.0.1', '[::1]', 'localhost']);

/** RFC 8252 section 7.3: a loopback redirect URI that names no port stands for every port. */
function matchesAnyPort(redirectUri: string, parsed: URL): boolean {
  return parsed.protocol === 'http:' && loopbackHosts.has(parsed.hostname) && !explicitPort.test(redirectUri);
}

/** What of a URL has to be equal, and where it differs whatever the port. */
function place(url: URL, withPort: boolean): string {
  // Bars cannot stand in any of the parts before the path, so two places never run into each other.
  return [url.protocol, url.username, url.password, withPort ? url.host : url.hostname, url.pathname].join(
    '|',
  );
}

/**
 * What remains of a redirect's query when the redirect URI's own is taken away, once for each time it stands there;
 * null when it is not whole.
 */
export function beyondOwnQuery(url: URL, redirectUri: URL): [string, string][] | null {
  const rest = [...url.searchParams];
  for (const [name, value] of redirectUri.searchParams) {
    const at = rest.findIndex((entry) => entry[0] === name && entry[1] === value);
    if (at === -1) return null;
    rest.splice(at, 1);
  }
  return rest;
}

/**
 * Whether a URL is the redirect to this redirect URI, by exact comparison of scheme, host, port and path (RFC 6749
 * section 3.1.2.3, RFC 9700 section 2.1); the redirect URI's own query must be in it. What else the query or the
 * fragment holds plays no part. Custom schemes (RFC 8252 section 7.1) are compared in the same way. Never throws.
 */
export function isRedirect(url: string, redirectUri: string): boolean {
  const wanted = redirectUri.trim();
  if (!URL.canParse(url) || !URL.canParse(wanted)) return false;
  const candidate = new URL(url);
  const target = new URL(wanted);
  const withPort = !matchesAnyPort(wanted, target);
  return place(candidate, withPort) === place(target, withPort) && beyondOwnQuery(candidate, target) !== null;
}

/** Compares digests, whose lengths are equal, in constant time: how far two values agree shows in no measurement. */
export function sameSecret(given: string, expected: Secret): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(expected.reveal()));
}
