/**
 * Whether a host is this machine itself, by its name (RFC 6761 section 6.3) or its address (RFC 1122 section 3.2.1.3,
 * RFC 4291 section 2.5.3): in lower case, and an IPv6 address without brackets and in its short form, as `URL` writes it.
 */
export function isLoopbackHost(host: string): boolean {
  return /^(?:(?:.*\.)?localhost|127(?:\.\d{1,3}){3}|::1)$/.test(host);
}
