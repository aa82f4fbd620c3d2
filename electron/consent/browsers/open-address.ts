import type { Page } from 'playwright-core';
import { AppError } from '../../../shared/errors.ts';
import { within } from '../within.ts';

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
};

/** The host of an address for a message; the rest of an authorization URL is nobody's business. */
function hostOf(address: string): string {
  return URL.canParse(address) ? new URL(address).host : address.slice(0, 80);
}

function pageError(address: string, thrown: unknown): AppError {
  const code = thrown instanceof Error ? /net::(ERR_\w+)/.exec(thrown.message)?.[1] : undefined;
  const known = code === undefined ? undefined : reasons[code];
  const reason = code === undefined ? 'it did not answer in time' : `${known ?? 'it failed'} (net::${code})`;
  const message = `The sign-in page of ${hostOf(address)} could not be opened: ${reason}.`;
  return new AppError('consent_page_failed', message, {
    action: 'Check the authorization URL of the profile, and that the server can be reached from here.',
    details: { host: hostOf(address), ...(code === undefined ? {} : { reason: code }) },
    cause: thrown,
  });
}

/**
 * Goes to the authorization URL, and is done when the server's first page has begun to come or the redirect was
 * there at once. Throws `consent_page_failed` with the host and the reason.
 */
export async function openAddress(page: Page, address: string, redirect: Promise<unknown>): Promise<void> {
  if (!/^https?:\/\//i.test(address) || !URL.canParse(address)) {
    throw new AppError(
      'consent_page_failed',
      'The authorization URL of the profile is no http or https URL.',
      {
        action: 'Correct the authorization URL of the profile.',
      },
    );
  }
  const failed = page.goto(address, { waitUntil: 'commit', timeout: 60_000 }).then(
    () => null,
    (thrown: unknown) => ({ thrown }),
  );
  // Settles also when the redirect takes over the navigation, which then ends as aborted.
  const failure = await Promise.race([failed, redirect.then(() => null)]);
  if (failure === null) return;
  const error = pageError(address, failure.thrown);
  // An aborted navigation may be that of a window which the person has just closed: then the session says so.
  const aborted = error.details?.reason === 'ERR_ABORTED' || error.details?.reason === undefined;
  if (!aborted || (await within(500, redirect)) === null) throw error;
}
