import { AppError } from '../../shared/errors.ts';
import type { ConsentBrowserChoice } from '../../shared/model/profile.ts';
import { Secret } from '../../shared/secret.ts';
import type { OpenGateway } from '../network/gateway.ts';
import type { ResolvedNetwork } from '../network/resolved-network.ts';
import { type StartSandboxThread, startWorkerThread } from './automation/sandbox-thread.ts';
import type { ConsentBrowser } from './browsers/consent-browser.ts';
import { cancelled } from './browsers/session-ends.ts';
import { throughNetwork } from './browsers/through-network.ts';
import type { ConsentFlow, ConsentOutcome, ConsentTimeouts } from './consent-flow.ts';
import { canBeHandedOver, handOverNotice } from './hand-over.ts';
import { type BrowserResult, type BrowserUse, type FailedSession, inBrowser } from './in-browser.ts';
import { type KeptSession, keepLoggedOut, sessionText } from './kept-session.ts';
import { type LogoutFlow, type LogoutOutcome, logOut } from './logout.ts';
import type { OpenedBrowser } from './open-first.ts';
import { type RecordingFlow, type RecordingOutcome, recordFlow } from './recorder/record-flow.ts';
import { addressSecrets, namelessSecrets } from './redact.ts';
import { type SignInParts, signIn } from './sign-in.ts';
import { createTurns } from './turns.ts';

export interface ConsentServiceOptions {
  /** In order of preference. */
  browsers: ConsentBrowser[];
  now: () => number;
  timeouts?: Partial<ConsentTimeouts>;
  /** Where what was seen of failed unattended runs is kept; default: nowhere. */
  failureFolder?: string;
  /** How many unattended flows have a page at a time, 6 by default; the others wait, which takes none of their own time. */
  unattendedAtOnce?: number;
  /** Gets browsers to servers where they could not by themselves; default: they always can. */
  openGateway?: OpenGateway;
  /** Where scripts run; default: a worker thread of Node. */
  startThread?: StartSandboxThread | undefined;
}

/** Takes somebody, or a script, through the consent screens. */
export interface ConsentService {
  run(flow: ConsentFlow, signal: AbortSignal): Promise<ConsentOutcome>;
  /**
   * Ends the session at the provider, and keeps it as it stands then, so that the login page comes next time. Throws
   * `logout_unconfirmed` when the server asks and nobody is there, `consent_page_failed` when it refuses.
   */
  logout(flow: LogoutFlow, signal: AbortSignal): Promise<LogoutOutcome>;
  /** Lets a person sign in, and writes what they do as a script; see `recordFlow`. */
  record(flow: RecordingFlow, signal: AbortSignal): Promise<RecordingOutcome>;
}

/** How long after a flow the sandbox of the next is started. */
const restMs = 2000;

const defaults: ConsentTimeouts = { unattended: 120_000, attended: 600_000, redirect: 10_000, step: 10_000 };

/** Whether a person will work the screens: where nothing can be shown, a script still can. */
function isAttended(browsers: ConsentBrowser[], flow: ConsentFlow): boolean {
  if (flow.attended) return flow.script === null || browsers.some((browser) => browser.showable());
  if (flow.script !== null) return false;
  throw new AppError('consent_required', `${flow.profileName} needs somebody to sign in.`, {
    action: 'Use Get Access Token with somebody at the screen, or give the profile an automation script.',
  });
}

/** The browsers in the order in which a flow tries them. */
function preferred(browsers: ConsentBrowser[], choice: ConsentBrowserChoice | undefined): ConsentBrowser[] {
  if (choice !== 'system') return browsers;
  const own = browsers.filter(({ kind }) => kind === 'system');
  return [...own, ...browsers.filter(({ kind }) => kind !== 'system')];
}

/** Makes the service that every flow goes through; flows do not disturb each other. */
export function createConsentService(options: ConsentServiceOptions): ConsentService {
  const { now, timeouts, startThread = startWorkerThread, failureFolder = null } = options;
  const limits = { ...defaults, ...timeouts };
  const limitMs = (attended: boolean): number => (attended ? limits.attended : limits.unattended);
  const turns = createTurns(options.unattendedAtOnce ?? 6);

  /** A person never waits for a script's turn. */
  function inTurn<Outcome>(use: BrowserUse<Outcome>, signal: AbortSignal): Promise<BrowserResult<Outcome>> {
    if (!use.waitsForTurn) return inBrowser(use, signal);
    // A thread is started while the browser opens, and one for the next flow where there may be one.
    const ahead = () => {
      if (use.usesSandbox) startThread.ahead?.();
    };
    const begin = async (leave: () => void) => {
      ahead();
      const outcome = await inBrowser(use, signal, leave);
      // A command line has ended by then.
      setTimeout(ahead, restMs).unref();
      return outcome;
    };
    return turns.take(begin, signal, () => cancelled(use.purpose));
  }

  const { openGateway = async () => null } = options;
  const reaching = (network: ResolvedNetwork | undefined): ConsentBrowser[] =>
    network === undefined
      ? options.browsers
      : options.browsers.map((browser) => throughNetwork(browser, network, openGateway));

  const parts: Omit<SignInParts, 'browsers'> = { now, limits, startThread, failureFolder, inTurn };

  return {
    async run(flow, signal) {
      const browsers = reaching(flow.network);
      const attended = isAttended(browsers, flow);
      const shown = browsers.filter((browser) => browser.keepsSessions && browser.showable());
      /** The browser session of a script that failed, for the person who goes on; null: nobody does. */
      let left: Pick<KeptSession, 'read'> | null = null;
      const onFailed = async ({ session, error }: FailedSession): Promise<void> => {
        if (attended || flow.onHandOver === undefined || shown.length === 0 || !canBeHandedOver(error))
          return;
        const text = await sessionText(session, () => undefined);
        left = { read: async () => (text === null ? null : new Secret(text)) };
      };
      const inOrder = preferred(browsers, attended ? flow.consentBrowser : undefined);
      try {
        const manner = { attended, notice: null, begin: flow.session, onFailed };
        return await signIn({ ...parts, browsers: inOrder }, flow, manner, signal);
      } catch (thrown) {
        const error = AppError.from(thrown);
        if (left === null || signal.aborted) throw error;
        flow.onHandOver?.(error);
        const manner = { attended: true, notice: handOverNotice(error), begin: left };
        return signIn({ ...parts, browsers: shown }, flow, manner, signal);
      }
    },

    record: (flow, signal) =>
      recordFlow(flow, { browsers: reaching(flow.network), now, limitMs: limits.attended }, signal),

    async logout(flow, signal) {
      const browsers = reaching(flow.network);
      const attended = flow.attended && browsers.some((browser) => browser.showable());

      async function work(
        opened: OpenedBrowser,
        over: AbortSignal,
        note: (line: string) => void,
      ): Promise<LogoutOutcome> {
        const outcome = await logOut(opened, flow, attended, limits.redirect);
        if (flow.session !== null && opened.browser.keepsSessions) {
          await keepLoggedOut(flow.session, opened.session, over, note);
        }
        return outcome;
      }

      const use: BrowserUse<LogoutOutcome> = {
        ...{ purpose: 'logout', now, limitMs: limitMs(attended), visible: attended },
        ...{ worker: attended ? 'person' : 'script', waitsForTurn: !attended, usesSandbox: false },
        browsers: preferred(browsers, attended ? flow.consentBrowser : undefined),
        ...{ title: flow.profileName, kept: flow.session, work },
        secrets: [addressSecrets(flow.url), ...namelessSecrets(flow.hidden ?? [])],
        tell: (line) => flow.onLog?.(line),
        redirectUri: flow.returnUri ?? '',
        isRedirect: flow.isReturn,
      };
      return (await inTurn(use, signal)).outcome;
    },
  };
}
