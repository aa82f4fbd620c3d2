import { AppError, type ErrorCode } from '../../shared/errors.ts';
import { retold } from './automation/script-errors.ts';
import type { ConsentSession } from './browsers/consent-browser.ts';
import { type ConsentPurpose, purposeWords } from './browsers/purpose.ts';
import { cancelled } from './browsers/session-ends.ts';
import { withoutParameters } from './page-record.ts';

/** What is known when a flow has failed. */
export interface FailedFlow {
  purpose: ConsentPurpose;
  /** Null when it failed before a browser was there. */
  session: ConsentSession | null;
  /** Takes the values of `vars` and of cookies out of a text. */
  redact: (text: string) => string;
  cancelled: boolean;
  /** How long it took, if its time was over; else null. */
  overTimeSeconds: number | null;
}

/** Failures that a look at the page helps to understand; the others tell it all themselves. */
const aboutThePage: readonly ErrorCode[] = [
  'script_failed',
  'script_step_failed',
  'script_host_not_allowed',
  'script_limit',
  'script_timeout',
  'consent_no_redirect',
  'consent_timeout',
  'logout_unconfirmed',
];

function whatHappened(thrown: unknown, flow: FailedFlow): AppError {
  const { purpose, overTimeSeconds } = flow;
  if (flow.cancelled) return cancelled(purpose);
  if (overTimeSeconds === null) return AppError.from(thrown);
  return new AppError('consent_timeout', `The ${purpose} was not through after ${overTimeSeconds} s.`, {
    action: `${purposeWords[purpose].again}; if nobody was there to work it, look at the page where it stopped.`,
  });
}

/** What the page tells of a failure: what it showed, and the status with which the server stopped there. */
async function seenOnPage(
  { redact }: FailedFlow,
  session: ConsentSession,
): Promise<{
  words: string;
  details: Record<string, string | number>;
}> {
  const glance = await session.glance();
  const status = session.status();
  const stopped = status !== null && status >= 400;
  // Before it stands in the middle of a sentence: it may be cut, and with it what is to be hidden.
  const title = redact(glance?.title ?? '');
  const seen = glance && { url: redact(withoutParameters(glance.url)), title, text: glance.text };
  const shows = seen && (seen.title === '' ? seen.url : `"${seen.title}"`);
  const details = { ...seen, ...(stopped ? { status } : {}) };
  if (!stopped) return { words: shows === null ? '' : ` The page showing was ${shows}.`, details };
  const answer = [`HTTP ${status}`, ...(shows === null ? [] : [shows])].join(', ');
  return { words: ` The server stopped at a page of its own: ${answer}.`, details };
}

/** The failure of a flow as a person needs it: with the page that was showing, and nothing secret. */
export async function explainFailure(thrown: unknown, flow: FailedFlow): Promise<AppError> {
  const error = whatHappened(thrown, flow);
  const { session } = flow;
  // A page that failed has nothing to show, unless it is the server's own.
  const refused = error.code === 'consent_page_failed' && (session?.status() ?? 0) >= 400;
  if (session === null || !(refused || aboutThePage.includes(error.code))) return retold(error, flow.redact);

  const { words, details } = await seenOnPage(flow, session);
  const { code, ...rest } = error.toWire();
  const told = new AppError(code, `${error.message}${words}`, { ...rest, cause: error.cause });
  return retold(told, flow.redact, details);
}

/** The same error, with the folder in which what was seen is kept; null: there is none. */
export function withBundle(error: AppError, folder: string | null): AppError {
  return folder === null ? error : retold(error, String, { bundle: folder });
}
