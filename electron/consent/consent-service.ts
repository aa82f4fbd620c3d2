import { AppError } from '../../shared/errors.ts';
import type { RedirectCapture } from '../oauth/redirect-capture.ts';
import type { ScriptStep } from './automation/run-script.ts';
import type { StartSandboxThread } from './automation/sandbox-thread.ts';
import type { ConsentBrowser, ConsentSession } from './browsers/consent-browser.ts';
import { explainFailure, type OpenedSession, watchStatus } from './failure.ts';
import { createRedactor, type ScriptVars } from './redact.ts';
import { workByScript } from './unattended.ts';

/** One consent: what is to be shown, who works it, and who is told of its progress. */
export interface ConsentFlow {
  /** For messages and the window's title. */
  profileName: string;
  redirectUri: string;
  script: { source: string; fileName: string } | null;
  /** What the script finds in `vars`. */
  vars: ScriptVars;
  /** Whether a person works the screens; false: the script does, unseen. */
  attended: boolean;
  /** Makes the authorization URL for the redirect URI that the browser will catch. */
  begin: (redirectUri: string) => Promise<string>;
  /** Where the person must be sent to, when their own browser could not be opened from here. */
  onOpenUrl?: (url: string) => void;
  onProgress?: (step: ScriptStep) => void;
  /** Hears of each line that the script logs. */
  onLog?: (line: string) => void;
}

/** Milliseconds. */
export interface ConsentTimeouts {
  /** An unattended flow in all; 120 s by default. */
  unattended: number;
  /** A person's; 10 minutes by default. */
  attended: number;
  /** From the script's end to the redirect; 10 s by default. */
  redirect: number;
  /** One step of the script; 10 s by default. */
  step: number;
}

export interface ConsentServiceOptions {
  /** In order of preference. */
  browsers: ConsentBrowser[];
  now: () => number;
  timeouts?: Partial<ConsentTimeouts>;
  /** Where scripts run; default: a worker thread of Node. */
  startThread?: StartSandboxThread | undefined;
}

/** The redirect, and how many steps of the script led there. */
export type ConsentOutcome = RedirectCapture & { steps: number };

/** Takes somebody, or a script, through the consent screens. */
export interface ConsentService {
  run(flow: ConsentFlow, signal: AbortSignal): Promise<ConsentOutcome>;
}

const defaults: ConsentTimeouts = { unattended: 120_000, attended: 600_000, redirect: 10_000, step: 10_000 };

/** Opens the first browser that can be had; one that is missing gives way to the next. */
async function openFirst(
  browsers: ConsentBrowser[],
  flow: ConsentFlow,
  attended: boolean,
  signal: AbortSignal,
): Promise<ConsentSession> {
  const { redirectUri, profileName: title } = flow;
  let missing = new AppError('consent_browser_missing', 'There is no browser here for the sign-in page.', {
    action: 'Install Chrome, Edge or Chromium, or give the profile an automation script.',
  });
  for (const browser of browsers) {
    if (!(attended ? browser.showable() : browser.scriptable)) continue;
    try {
      const session = await browser.open({ redirectUri, visible: attended, title, signal });
      if (!signal.aborted) return session;
      await session.close();
      signal.throwIfAborted();
    } catch (thrown) {
      if (!(thrown instanceof AppError) || thrown.code !== 'consent_browser_missing') throw thrown;
      missing = thrown;
    }
  }
  throw missing;
}

/** Whether a person will work the screens: where nothing can be shown, a script still can. */
function isAttended(browsers: ConsentBrowser[], flow: ConsentFlow): boolean {
  if (flow.attended) return flow.script === null || browsers.some((browser) => browser.showable());
  if (flow.script !== null) return false;
  throw new AppError('consent_required', `${flow.profileName} needs somebody to sign in.`, {
    action: 'Use Get Access Token with somebody at the screen, or give the profile an automation script.',
  });
}

/** Settles as `work` does, or rejects with the signal's reason as soon as that is aborted. */
async function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  let onAbort = (): void => undefined;
  const aborted = new Promise<never>((_resolve, reject) => {
    onAbort = () => reject(signal.reason);
    signal.addEventListener('abort', onAbort);
    if (signal.aborted) onAbort();
  });
  return Promise.race([work, aborted]).finally(() => signal.removeEventListener('abort', onAbort));
}

/** Makes the service that every flow goes through; flows do not disturb each other. */
export function createConsentService(options: ConsentServiceOptions): ConsentService {
  const { browsers, now, timeouts, startThread } = options;
  const limits = { ...defaults, ...timeouts };

  /** The flow itself. `onOpened` hears of the session, so that its page can be looked at if the flow fails. */
  async function take(
    flow: ConsentFlow,
    attended: boolean,
    signal: AbortSignal,
    onOpened: (opened: OpenedSession) => void,
  ): Promise<ConsentOutcome> {
    const session = await openFirst(browsers, flow, attended, signal);
    const opened = watchStatus(session);
    onOpened(opened);
    await session.start(await flow.begin(session.redirectUri));
    if (session.openUrl !== null) flow.onOpenUrl?.(session.openUrl);
    if (attended || flow.script === null || session.page === null) {
      return { ...(await session.redirect), steps: 0 };
    }
    return workByScript(opened, session.page, flow.script, {
      ...{ vars: flow.vars, limits, signal, onProgress: flow.onProgress },
      ...{ onLog: flow.onLog, startThread },
    });
  }

  return {
    async run(flow, signal) {
      const attended = isAttended(browsers, flow);
      const startedAtMs = now();
      const clock = AbortSignal.timeout(attended ? limits.attended : limits.unattended);
      const stop = new AbortController();
      const holder: { opened: OpenedSession | null } = { opened: null };
      try {
        const work = take(flow, attended, stop.signal, (opened) => {
          holder.opened = opened;
        });
        return await untilAborted(work, AbortSignal.any([signal, clock]));
      } catch (thrown) {
        throw await explainFailure(thrown, {
          opened: holder.opened,
          redact: createRedactor(flow.vars),
          cancelled: signal.aborted,
          overTimeSeconds: clock.aborted ? Math.round((now() - startedAtMs) / 1000) : null,
        });
      } finally {
        stop.abort();
        // A browser that has ended already cannot be closed; that must not hide what came of the flow.
        await holder.opened?.session.close().catch(() => undefined);
      }
    },
  };
}
