import { AppError } from '../../shared/errors.ts';
import { authorityOf, type Target } from './host-pattern.ts';
import type { ProxyServer } from './resolved-network.ts';

const settings =
  'Network in the menu of the project, or HTTP_PROXY and HTTPS_PROXY where the proxy is that of the system';

function details(proxy: ProxyServer, target: Target) {
  // A proxy that did not connect has passed nothing on.
  return { host: authorityOf(target), proxy: authorityOf(proxy), delivery: 'not_sent' };
}

/** Nothing answers at the proxy, or not as a proxy does; `why` is safe to show. */
export function proxyUnreachable(proxy: ProxyServer, target: Target, why: string): AppError {
  const message = `The proxy ${authorityOf(proxy)}, through which ${target.host} is reached, ${why}.`;
  return new AppError('proxy_unreachable', message, {
    action: `Check host, port and kind of the proxy (${settings}), and that it can be reached from here.`,
    details: details(proxy, target),
  });
}

/** The proxy wants to know who we are (RFC 9110 section 15.5.8, RFC 1929), or does not take what it was told. */
export function proxyLoginRequired(proxy: ProxyServer, target: Target): AppError {
  const given = proxy.user !== '';
  const message = given
    ? `The proxy ${authorityOf(proxy)} does not take the user name and the password that it was given.`
    : `The proxy ${authorityOf(proxy)} asks for a user name and a password, and none were given.`;
  return new AppError('proxy_login_required', message, {
    action: `${given ? 'Correct' : 'Enter'} them: ${settings}.`,
    details: details(proxy, target),
  });
}

/** The proxy is there, and does not let through to the server; `status` is its HTTP status, or its SOCKS reply in words. */
export function proxyRefused(proxy: ProxyServer, target: Target, status: string): AppError {
  const message = `The proxy ${authorityOf(proxy)} gave no way to ${authorityOf(target)} (${status}).`;
  return new AppError('proxy_refused', message, {
    action: `Check that the server's address is right and that the proxy may reach it, or exclude the server: ${settings}.`,
    details: details(proxy, target),
  });
}
