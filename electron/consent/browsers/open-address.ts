import type { Page } from 'playwright-core';
import { AppError, type ErrorCode } from '../../../shared/errors.ts';
import { hostOf } from '../../network/wire-error.ts';
import { within } from '../within.ts';
import { type ConsentPurpose, purposeWords } from './purpose.ts';

const reasons: Record<string, string> = {
  ERR_CONNECTION_REFUSED: 'it refuses the connection',
  ERR_CONNECTION_RESET: 'it closed the connection',
  ERR_EMPTY_RESPONSE: 'it closed the connection without an answer',
  ERR_NAME_NOT_RESOLVED: 'its name cannot be found',
  ERR_INTERNET_DISCONNECTED: 'there is no network',
  ERR_SSL_PROTOCOL_ERROR: 'it does not speak TLS',
  ERR_CERT_AUTHORITY_INVALID: 'its certificate is signed by nobody that this machine trusts',
  ERR_CERT_COMMON_NAME_INVALID: 'its certificate is for another name',
  ERR_CERT_DATE_INVALID: 'its certificate has expired or is not valid yet',
  ERR_CERT_REVOKED: 'its certificate has been revoked',
  ERR_TUNNEL_CONNECTION_FAILED: 'the proxy gives no way to it',
  ERR_PROXY_CONNECTION_FAILED: 'the proxy cannot be reached',
  ERR_PROXY_AUTH_UNSUPPORTED: 'the proxy wants a user name and a password',
  ERR_PROXY_AUTH_REQUESTED: 'the proxy wants a user name and a password',
  ERR_PROXY_CERTIFICATE_INVALID: 'the certificate of the proxy is not accepted',
  ERR_SSL_CLIENT_AUTH_CERT_NEEDED: 'it asks for a client certificate, and was shown none',
  ERR_BAD_SSL_CLIENT_AUTH_CERT: 'it asks for a client certificate, and was shown none that it takes',
};

/** A server that cannot be mended by its URL, with the code that says so. */
const codes: Record<string, ErrorCode> = {
  ERR_TUNNEL_CONNECTION_FAILED: 'proxy_refused',
  ERR_PROXY_CONNECTION_FAILED: 'proxy_unreachable',
  ERR_PROXY_AUTH_UNSUPPORTED: 'proxy_login_required',
  ERR_PROXY_AUTH_REQUESTED: 'proxy_login_required',
  ERR_PROXY_CERTIFICATE_INVALID: 'proxy_unreachable',
  ERR_SSL_CLIENT_AUTH_CERT_NEEDED: 'client_certificate_required',
  ERR_BAD_SSL_CLIENT_AUTH_CERT: 'client_certificate_required',
};

/** What mends it, where that is not the profile's URL. */
function actionFor(code: string | undefined): string | null {
  if (code === undefined) return null;
  if (Object.hasOwn(codes, code))
    return 'Set proxy and client certificates: Network in the menu of the project.';
  return code.startsWith('ERR_CERT_')
    ? 'Add the certificate of its CA to the trusted ones (Network in the menu of the project), or have the server present another one. For a test server, the profile can also leave certificates unchecked.'
    : null;
}

/** Throws `consent_page_failed` for what is no address of a web page. */
export function checkAddress(address: string, purpose: ConsentPurpose): void {
  if (/^https?:\/\//i.test(address) && URL.canParse(address)) return;
  const { url } = purposeWords[purpose];
  throw new AppError('consent_page_failed', `The ${url} of the profile is no http or https URL.`, {
    action: `Correct the ${url} of the profile.`,
  });
}

/**
 * A page that could not be opened; `code` is Chromium's, for example `ERR_CONNECTION_REFUSED`. It has no cause: what a
 * browser says there holds the whole address.
 */
export function pageError(address: string, purpose: ConsentPurpose, code: string | undefined): AppError {
  const known = code === undefined ? undefined : reasons[code];
  const reason = code === undefined ? 'it did not answer in time' : `${known ?? 'it failed'} (net::${code})`;
  const message = `The ${purpose} page of ${hostOf(address)} could not be opened: ${reason}.`;
  return new AppError(codes[code ?? ''] ?? 'consent_page_failed', message, {
    action:
      actionFor(code) ??
      `Check the ${purposeWords[purpose].url} of the profile, and that the server can be reached from here.`,
    details: { host: hostOf(address), ...(code === undefined ? {} : { reason: code }) },
  });
}

/** Whether it is what Chromium said of a page that could not be opened, and not an end that came meanwhile. */
export function isPageError(thrown: unknown): boolean {
  return thrown instanceof AppError && thrown.details?.reason !== undefined;
}

/**
 * Goes to the authorization URL, or the end-session URL, and is done when the server's first page has begun to come, or
 * with `redirect`: the way back, or a page that first asks for credentials. Throws `consent_page_failed` with the host and the reason.
 */
export async function openAddress(
  page: Page,
  address: string,
  purpose: ConsentPurpose,
  redirect: Promise<unknown>,
): Promise<void> {
  checkAddress(address, purpose);
  const failed = page.goto(address, { waitUntil: 'commit', timeout: 60_000 }).then(
    () => null,
    (thrown: unknown) => ({ thrown }),
  );
  // Settles also when the redirect takes over the navigation, which then ends as aborted.
  const failure = await Promise.race([failed, redirect.then(() => null)]);
  if (failure === null) return;
  const code =
    failure.thrown instanceof Error ? /net::(ERR_\w+)/.exec(failure.thrown.message)?.[1] : undefined;
  // An aborted navigation may be that of a window which the person has just closed: then the session says so.
  const aborted = code === 'ERR_ABORTED' || code === undefined;
  if (!aborted || (await within(500, redirect)) === null) throw pageError(address, purpose, code);
}
