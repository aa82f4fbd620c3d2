import { AppError } from '../../shared/errors.ts';
import { Secret } from '../../shared/secret.ts';
import { type BrowserState, browserStateText, parseBrowserState } from './browser-state.ts';
import type { ConsentSession } from './browsers/consent-browser.ts';
import { within } from './within.ts';

/** Where the browser session of one persona is kept: from outside, as a text that only this room understands. */
export interface KeptSession {
  /** The text kept last; null: none. */
  read(): Promise<Secret | null>;
  write(state: Secret): Promise<void>;
}

type Tell = (line: string) => void;

const readingMs = 10_000;
const empty = browserStateText([], []) ?? '';

/** The session to begin with; null: a fresh one, also where the text that was kept cannot be read. */
export async function readKept(
  kept: Pick<KeptSession, 'read'> | null,
  tell: Tell,
): Promise<BrowserState | null> {
  const text = (await kept?.read()) ?? null;
  if (text === null) return null;
  const state = parseBrowserState(text.reveal());
  if (state === null) tell('The kept browser session could not be read: this one began fresh.');
  return state;
}

/** The session as it stands, as text; null, and `tell` hears why, when it cannot be kept. */
export async function sessionText(session: ConsentSession, tell: Tell): Promise<string | null> {
  // The browser may be on its way out; what it says then may quote a cookie.
  const reading = Promise.all([session.cookies(), session.localStorage()]).catch(() => null);
  const read = await within(readingMs, reading);
  const text = read === null ? null : browserStateText(...read);
  if (read === null) tell('The browser session could not be read, so it was not kept.');
  else if (text === null) tell('The browser session is larger than 1 MB, so it was not kept.');
  return text;
}

/** Keeps the session as it stands at the redirect. What keeps it from that is told, and is no failure of the sign-in. */
export async function keepSignedIn(
  kept: KeptSession,
  session: ConsentSession,
  signal: AbortSignal,
  tell: Tell,
): Promise<void> {
  const text = await sessionText(session, tell);
  // A sign-in that was cancelled meanwhile changes nothing.
  if (text === null || signal.aborted) return;
  await kept.write(new Secret(text)).catch((thrown: unknown) => {
    tell(`The browser session could not be kept: ${AppError.from(thrown).message}`);
  });
}

/** Keeps the session as it stands after a logout; where it cannot be had an empty one, so that nobody is signed in by it. */
export async function keepLoggedOut(
  kept: KeptSession,
  session: ConsentSession,
  signal: AbortSignal,
  tell: Tell,
): Promise<void> {
  const text = await sessionText(session, tell);
  if (!signal.aborted) await kept.write(new Secret(text ?? empty));
}
