/**
 * The address that a person types on another device (RFC 8628 section 3.3), without what a browser adds by itself:
 * `https://`, and a slash behind the host alone.
 */
export function placeOf(verificationUri: string): string {
  const { protocol, host, pathname, search, hash } = new URL(verificationUri);
  const rest = `${pathname}${search}${hash}`;
  return `${protocol === 'https:' ? '' : `${protocol}//`}${host}${rest === '/' ? '' : rest}`;
}
