import type { AppError } from '../../shared/errors.ts';
import type { Secret } from '../../shared/secret.ts';
import type { BrowserState } from './browser-state.ts';
import type { ConsentBrowser, ConsentSession, ConsentSessionOptions } from './browsers/consent-browser.ts';
import { cancelled as cancelledError } from './browsers/session-ends.ts';
import { createClock } from './clock.ts';
import { explainFailure, withBundle } from './failure.ts';
import { type KeptSession, readKept } from './kept-session.ts';
import { type OpenedBrowser, openFirst } from './open-first.ts';
import { cookieSecrets, createRedactor, type ScriptVars } from './redact.ts';
import { untilAborted, within } from './within.ts';

/** What a sign-in and a logout have in common. */
export interface BrowserUse<Outcome> extends Omit<ConsentSessionOptions, 'state' | 'signal'> {
  /** In order of preference. */
  browsers: ConsentBrowser[];
  kept: Pick<KeptSession, 'read'> | null;
  /** Milliseconds, for the whole of it, but for the time in which a person is asked something. */
  limitMs: number;
  /** Milliseconds for that; default: without end. */
  personMs?: number;
  now: () => number;
  /** What stands in no error and in no line; more may come while it is worked. */
  secrets: ScriptVars[];
  /** Hears, when it is over, of each line that was noted, without any secret. */
  tell: (line: string) => void;
  /** Whether it is one of the flows of which only so many go on at a time. */
  waitsForTurn: boolean;
  /** Whether a script's sandbox will be needed, which may be started ahead. */
  usesSandbox: boolean;
  /** Keeps what can be seen of a failure, before the browser is closed; gives where that is, or null. */
  keepFailure?(failed: FailedSession): Promise<string | null>;
  /**
   * What is done there. The signal is aborted as soon as it is over, however that came; `note` takes lines for the person;
   * what is given to `person` waits for one, which takes none of its own time, and leaves its turn to others.
   */
  work(
    opened: OpenedBrowser,
    signal: AbortSignal,
    note: (line: string) => void,
    person: <Answer>(wait: Promise<Answer>) => Promise<Answer>,
  ): Promise<Outcome>;
}

/** What there is to keep when a flow has failed, and was not cancelled. */
export interface FailedSession {
  session: ConsentSession;
  error: AppError;
  /** Takes everything secret out of a text. */
  redact: (text: string) => string;
}

/** What came of it, and the cookies of its session, which a server may repeat later and may stand in no text. */
export interface BrowserResult<Outcome> {
  outcome: Outcome;
  hidden: Secret[];
}

/** The cookies of a session that may be gone already. */
export async function cookiesLeft(session: ConsentSession | null): Promise<{ value: string }[]> {
  const reading = session?.cookies().catch(() => []);
  return (reading && (await within(1000, reading))) ?? [];
}

/**
 * Opens a consent browser with the kept session, if there is one, lets `work` go on in it, and closes it. Rejects with the
 * failure as a person needs it: the page that was showing, and nothing secret.
 */
export async function inBrowser<Outcome>(
  use: BrowserUse<Outcome>,
  signal: AbortSignal,
  leaveTurn = (): void => undefined,
): Promise<BrowserResult<Outcome>> {
  const startedAtMs = use.now();
  const clock = createClock(use.limitMs, use.personMs);
  const ends = AbortSignal.any([signal, clock.signal]);
  const stop = new AbortController();
  // Seen from outside `take`, because a flow may end while that is still under way.
  const holder: { state: BrowserState | null; session: ConsentSession | null } = {
    state: null,
    session: null,
  };

  const lines: string[] = [];
  const note = (line: string): void => void lines.push(line);

  /** Every cookie of the session, kept or new; the lines are told without them: a page may repeat what it has just set. */
  async function tellAll(): Promise<Record<string, Secret>> {
    const left = await cookiesLeft(holder.session);
    const cookies = cookieSecrets([...(holder.state?.cookies ?? []), ...left]);
    if (lines.length > 0) {
      const redact = createRedactor(...use.secrets, cookies);
      for (const line of lines) use.tell(redact(line));
    }
    return cookies;
  }

  async function take(): Promise<Outcome> {
    holder.state = await readKept(use.kept, note);
    const opened = await openFirst(use.browsers, { ...use, state: holder.state, signal: stop.signal });
    holder.session = opened.session;
    use.secrets.push(cookieSecrets(holder.state?.cookies ?? []));
    return use.work(opened, AbortSignal.any([ends, stop.signal]), note, (wait) => {
      leaveTurn();
      return clock.during(wait);
    });
  }

  try {
    const outcome = await untilAborted(take(), ends);
    return { outcome, hidden: Object.values(await tellAll()) };
  } catch (thrown) {
    // As it was when it failed: reading the cookies takes a while.
    const cancelled = signal.aborted;
    const overTimeSeconds = clock.signal.aborted ? Math.round((use.now() - startedAtMs) / 1000) : null;
    // Whatever is kept of the failure is without them as well.
    use.secrets.push(await tellAll());
    const redact = createRedactor(...use.secrets);
    const { session } = holder;
    const error = await explainFailure(thrown, {
      ...{ purpose: use.purpose, session, redact, cancelled, overTimeSeconds },
    });
    if (session === null || cancelled) throw error;
    const keeping = use.keepFailure?.({ session, error, redact }) ?? Promise.resolve(null);
    const bundle = await untilAborted(keeping, signal).catch(() => null);
    // Whoever cancels meanwhile waits for no pictures.
    throw signal.aborted ? cancelledError(use.purpose) : withBundle(error, bundle);
  } finally {
    stop.abort();
    // A browser that has ended already cannot be closed; that must not hide what came of the flow.
    await holder.session?.close().catch(() => undefined);
  }
}
