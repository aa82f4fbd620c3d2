import { AppError, type ErrorCode } from '../../shared/errors.ts';
import { retold } from './automation/script-errors.ts';
import type { ConsentSession } from './browsers/consent-browser.ts';

/** A session and, from the moment it was opened, the HTTP status of the document that its page shows. */
export interface OpenedSession {
  session: ConsentSession;
  status: () => number | null;
}

/** Begins to note with which status the page's own documents come. */
export function watchStatus(session: ConsentSession): OpenedSession {
  const { page } = session;
  let status: number | null = null;
  page?.on('response', (response) => {
    if (response.request().isNavigationRequest() && response.frame() === page.mainFrame()) {
      status = response.status();
    }
  });
  return { session, status: () => status };
}

/** What is known when a flow has failed. */
export interface FailedFlow {
  /** Null when it failed before a browser was there. */
  opened: OpenedSession | null;
  /** Takes the values of `vars` out of a text. */
  redact: (text: string) => string;
  cancelled: boolean;
  /** How long it took, if its time was over; else null. */
  overTimeSeconds: number | null;
}

/** Failures that a look at the page helps to understand; the others tell it all themselves. */
const aboutThePage: readonly ErrorCode[] = [
  'script_failed',
  'script_step_failed',
  'script_limit',
  'script_timeout',
  'consent_no_redirect',
  'consent_timeout',
];

function whatHappened(thrown: unknown, flow: FailedFlow): AppError {
  if (flow.cancelled) return new AppError('consent_cancelled', 'The sign-in was cancelled.');
  if (flow.overTimeSeconds === null) return AppError.from(thrown);
  return new AppError('consent_timeout', `The sign-in was not through after ${flow.overTimeSeconds} s.`, {
    action: 'Get the access token again; if a script signs in, look at the page where it stopped.',
  });
}

/** The address without its query and fragment, which may carry codes and tokens. */
function withoutParameters(url: string): string {
  return url.replace(/[?#].*$/s, '');
}

/** The failure of a flow as a person needs it: with the page that was showing, and nothing secret. */
export async function explainFailure(thrown: unknown, flow: FailedFlow): Promise<AppError> {
  const error = whatHappened(thrown, flow);
  if (!aboutThePage.includes(error.code)) return retold(error, flow.redact);
  const glance = await flow.opened?.session.glance();
  if (glance === null || glance === undefined) return retold(error, flow.redact);

  const status = flow.opened?.status() ?? null;
  const stopped = status !== null && status >= 400;
  const more = {
    ...{ url: withoutParameters(glance.url), title: glance.title, text: glance.text },
    ...(stopped ? { status } : {}),
  };
  const shows = glance.title === '' ? more.url : `"${glance.title}"`;
  const message = stopped
    ? `${error.message} The server stopped at a page of its own: HTTP ${status}, ${shows}.`
    : `${error.message} The page showing was ${shows}.`;
  const { code, ...rest } = error.toWire();
  return retold(new AppError(code, message, { ...rest, cause: error.cause }), flow.redact, more);
}
