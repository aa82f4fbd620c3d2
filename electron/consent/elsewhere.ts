import { AppError } from '../../shared/errors.ts';
import type { ConsentSession } from './browsers/consent-browser.ts';

/** A flow whose pages send nobody back, such as those at which a device's code is entered (RFC 8628 section 3.3). */
export interface EndsElsewhere {
  /** Fulfilled when the server has given what it was about; its failure is the flow's. */
  over: Promise<unknown>;
  /** How long that may take once the script has come to its end, in milliseconds. */
  withinMs: number;
}

/** The session with an end in place of its redirect: the window closed and the like end it as before. */
export function endingElsewhere(session: ConsentSession, { over }: EndsElsewhere): ConsentSession {
  const redirect = Promise.race([session.redirect, over.then(() => ({ url: '', formBody: null }))]);
  // Told to whoever waits; a flow that fails before waits for nothing.
  redirect.catch(() => undefined);
  return Object.create(session, { redirect: { value: redirect } });
}

/** The script is through, and the server is still waiting. */
export function notApproved(waitedMs: number): AppError {
  return new AppError(
    'consent_no_redirect',
    `The automation script came to its end, but the server gave no token within ${waitedMs / 1000} s.`,
    {
      action:
        'Look at the page that was showing: the script must enter the code, sign in and allow the access to the very end.',
    },
  );
}
