import type { Page } from 'playwright-core';
import { AppError } from '../../shared/errors.ts';
import type { ConsentBrowserChoice } from '../../shared/model/profile.ts';
import type { Secret } from '../../shared/secret.ts';
import type { ResolvedNetwork } from '../network/resolved-network.ts';
import type { ConsentSession } from './browsers/consent-browser.ts';
import { pageError } from './browsers/open-address.ts';
import type { KeptSession } from './kept-session.ts';
import type { OpenedBrowser } from './open-first.ts';
import { graceMs } from './unattended.ts';
import { within } from './within.ts';

/** One logout at the provider (OpenID Connect RP-Initiated Logout 1.0). */
export interface LogoutFlow {
  /** For messages and the window's title. */
  profileName: string;
  /** The end-session URL with its parameters; the id token in it stands in no message, and is not handed to another program. */
  url: string;
  /** Whether an address is the way back. */
  isReturn: (url: string) => boolean;
  /** The post-logout redirect URI; null: the server's own page is the end. */
  returnUri: string | null;
  /** The session that ends; null: a fresh one, which the server knows by the id token alone. */
  session: KeptSession | null;
  /** What stands in no message, should a page repeat it: the persona's secrets, the tokens that are held. */
  hidden?: readonly Secret[];
  /** Whether a person answers what the server asks. */
  attended: boolean;
  /** Where they do; default: what the host shows best. */
  consentBrowser?: ConsentBrowserChoice;
  /** How servers are reached; default: as the browser does by itself. */
  network?: ResolvedNetwork;
  /** Where the person must be sent to, when their own browser could not be opened from here. */
  onOpenUrl?: ((url: string) => void) | undefined;
  /** Hears of what a person should know of the kept session. */
  onLog?: ((line: string) => void) | undefined;
}

/** `returned`: the server sent back; `page`: it showed a page of its own and asked nothing, or a person has seen to it. */
export interface LogoutOutcome {
  end: 'returned' | 'page';
}

/** The person's own browser is another program, told by its parameters or by a window: neither is to hold the id token. */
function withoutIdToken(url: string): string {
  if (!URL.canParse(url)) return url;
  const address = new URL(url);
  address.searchParams.delete('id_token_hint');
  return address.href;
}

function refused(): AppError {
  return new AppError('consent_page_failed', 'The server did not end the session.', {
    action: 'Look at what the server says; the post-logout redirect URI may not be registered there.',
  });
}

function unconfirmed(): AppError {
  return new AppError(
    'logout_unconfirmed',
    'The server asks before it logs out, and nobody is here to answer.',
    {
      action: 'Press End session where a person can answer, or clear the kept session here.',
    },
  );
}

/** Whatever sends a form. A button outside of one, as pages have them for their menus, asks nothing. */
const buttons = ['button', 'input[type=submit]', 'input[type=image]', 'input[type=button]']
  .flatMap((button) => [`form ${button}:not([type=reset])`, `${button}[form]`])
  .join();

/** Whether the page that the server came to rest at asks something: a form is there, with a button to press. */
async function asks(page: Page, restMs: number): Promise<boolean> {
  // Asked of the document: Playwright's own idea of it is lost where a page tries to go to a scheme that nobody knows.
  await page.waitForFunction("document.readyState !== 'loading'", undefined, { timeout: 0 });
  // A page may go on by itself: a form that sends itself, other sites that are told of the logout. One that is never
  // quiet is looked at as it is.
  await page.waitForLoadState('networkidle', { timeout: restMs }).catch(() => undefined);
  return (await page.locator(buttons).filter({ visible: true }).count()) > 0;
}

/** Rejects when the page goes on to where nobody answers; the server's page is then gone, and nothing is known. */
function goesAstray(page: Page): Promise<never> {
  return new Promise((_resolve, reject) => {
    page.on('requestfailed', (request) => {
      const code = request.failure()?.errorText.replace(/^net::/, '');
      const navigates = request.isNavigationRequest() && request.frame() === page.mainFrame();
      // Aborted: another navigation took over, or there was no page in the answer.
      if (navigates && code !== 'ERR_ABORTED') reject(pageError(request.url(), 'logout', code));
    });
  });
}

/** Nobody is there: the way back, or a page that asks nothing. */
async function untilAtRest(session: ConsentSession, page: Page, restMs: number): Promise<LogoutOutcome> {
  const returned = session.redirect.then((): LogoutOutcome => ({ end: 'returned' }));
  const look = () => asks(page, restMs);
  // It may have gone elsewhere just as it was looked at.
  const rested = look()
    .catch(look)
    .then((asking): LogoutOutcome => {
      if ((session.status() ?? 0) >= 400) throw refused();
      if (asking) throw unconfirmed();
      return { end: 'page' };
    });
  try {
    return await Promise.race([returned, rested, goesAstray(page)]);
  } catch (thrown) {
    // A browser that ended says so itself.
    const late = await within(graceMs, returned);
    if (late === null) throw thrown;
    return late;
  }
}

/** A person is there: the way back, or the window that they close once the server has shown them its page. */
async function untilClosed(session: ConsentSession, started: Promise<void>): Promise<LogoutOutcome> {
  try {
    await started;
    await session.redirect;
    return { end: 'returned' };
  } catch (thrown) {
    const closed = thrown instanceof AppError && thrown.code === 'consent_window_closed';
    const status = session.status() ?? 0;
    if (closed && status >= 400) throw refused();
    if (closed && status >= 200 && status < 300) return { end: 'page' };
    throw thrown;
  }
}

/** Goes to the end-session URL and waits for what comes of it. */
export async function logOut(
  { browser, session }: OpenedBrowser,
  flow: LogoutFlow,
  attended: boolean,
  restMs: number,
): Promise<LogoutOutcome> {
  const url = browser.keepsSessions ? flow.url : withoutIdToken(flow.url);
  const started = session.start(url).catch((thrown: unknown) => {
    // An answer without a page (204) is an answer.
    const failed = AppError.from(thrown).code === 'consent_page_failed';
    if (!failed || session.status() !== 204) throw thrown;
  });
  if (attended && browser.keepsSessions) return untilClosed(session, started);
  await started;
  if (session.openUrl !== null) flow.onOpenUrl?.(session.openUrl);
  // In the person's own browser nobody sees what comes of it.
  return session.page === null ? { end: 'page' } : untilAtRest(session, session.page, restMs);
}
