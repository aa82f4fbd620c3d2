import { AppError } from '../../shared/errors.ts';
import type { Secret } from '../../shared/secret.ts';
import { isRedirect, isRefusal } from '../oauth/redirect.ts';
import type { RedirectCapture } from '../oauth/redirect-capture.ts';
import type { ScriptStep } from './automation/run-script.ts';
import type { StartSandboxThread } from './automation/sandbox-thread.ts';
import type { ConsentBrowser } from './browsers/consent-browser.ts';
import { type BrowserUse, inBrowser } from './in-browser.ts';
import { type KeptSession, keepLoggedOut, keepSignedIn } from './kept-session.ts';
import { type LogoutFlow, type LogoutOutcome, logOut } from './logout.ts';
import type { OpenedBrowser } from './open-first.ts';
import { addressSecrets, namelessSecrets, type ScriptVars } from './redact.ts';
import { type Automation, workByScript } from './unattended.ts';

/** One consent: what is to be shown, who works it, and who is told of its progress. */
export interface ConsentFlow {
  /** For messages and the window's title. */
  profileName: string;
  redirectUri: string;
  /**
   * With a kept session the login page may be skipped. If the server goes on to the redirect by itself, the script is
   * over before its first step; if it shows its consent page alone, a script can tell once either page is there:
   * `await page.waitForSelector('#user, #allow')`, then `if (await page.getByLabel('User name').isVisible()) { … }`.
   */
  script: Automation | null;
  /** What the script finds in `vars`. */
  vars: ScriptVars;
  /** What stands in no text, should a page repeat it: the persona's secrets, the tokens that are held. */
  hidden?: readonly Secret[];
  /**
   * The persona's session, with which the flow begins, and which is kept anew as it stands at the redirect; a flow that
   * fails, is cancelled or refused keeps nothing. Null: a fresh one, which is forgotten.
   */
  session: KeptSession | null;
  /** Whether a person works the screens; false: the script does, unseen. */
  attended: boolean;
  /** Makes the authorization URL for the redirect URI that the browser will catch. */
  begin: (redirectUri: string) => Promise<string>;
  /** Where the person must be sent to, when their own browser could not be opened from here. */
  onOpenUrl?: (url: string) => void;
  onProgress?: (step: ScriptStep) => void;
  /** Hears of each line that the script logged, when the flow is over. */
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

/**
 * The redirect, and how many steps of the script led there. `hidden`: what the server may repeat in it and may stand in
 * no text.
 */
export type ConsentOutcome = RedirectCapture & { steps: number; hidden: Secret[] };
type Worked = Omit<ConsentOutcome, 'hidden'>;

/** Takes somebody, or a script, through the consent screens. */
export interface ConsentService {
  run(flow: ConsentFlow, signal: AbortSignal): Promise<ConsentOutcome>;
  /**
   * Ends the session at the provider, and keeps it as it stands then, so that the login page comes next time. Throws
   * `logout_unconfirmed` when the server asks and nobody is there, `consent_page_failed` when it refuses.
   */
  logout(flow: LogoutFlow, signal: AbortSignal): Promise<LogoutOutcome>;
}

const defaults: ConsentTimeouts = { unattended: 120_000, attended: 600_000, redirect: 10_000, step: 10_000 };

/** Whether a person will work the screens: where nothing can be shown, a script still can. */
function isAttended(browsers: ConsentBrowser[], flow: ConsentFlow): boolean {
  if (flow.attended) return flow.script === null || browsers.some((browser) => browser.showable());
  if (flow.script !== null) return false;
  throw new AppError('consent_required', `${flow.profileName} needs somebody to sign in.`, {
    action: 'Use Get Access Token with somebody at the screen, or give the profile an automation script.',
  });
}

/** Makes the service that every flow goes through; flows do not disturb each other. */
export function createConsentService(options: ConsentServiceOptions): ConsentService {
  const { browsers, now, timeouts, startThread } = options;
  const limits = { ...defaults, ...timeouts };
  const limitMs = (attended: boolean): number => (attended ? limits.attended : limits.unattended);

  return {
    async run(flow, signal) {
      const attended = isAttended(browsers, flow);
      const secrets = [flow.vars, ...namelessSecrets(flow.hidden ?? [])];

      async function work(
        { browser, session }: OpenedBrowser,
        over: AbortSignal,
        note: (line: string) => void,
      ): Promise<Worked> {
        const url = await flow.begin(session.redirectUri);
        secrets.push(addressSecrets(url));
        await session.start(url);
        if (session.openUrl !== null) flow.onOpenUrl?.(session.openUrl);
        const { page } = session;
        const outcome =
          attended || flow.script === null || page === null
            ? { ...(await session.redirect), steps: 0 }
            : await workByScript(session, page, flow.script, {
                ...{ vars: flow.vars, limits, signal: over, startThread },
                hidden: secrets,
                onProgress: flow.onProgress,
                onLog: note,
              });
        if (flow.session !== null && browser.keepsSessions && !isRefusal(outcome, session.redirectUri)) {
          await keepSignedIn(flow.session, session, over, note);
        }
        return outcome;
      }

      const use: BrowserUse<Worked> = {
        ...{ purpose: 'sign-in', browsers, now, limitMs: limitMs(attended), visible: attended },
        ...{ title: flow.profileName, secrets, kept: flow.session, work },
        tell: (line) => flow.onLog?.(line),
        redirectUri: flow.redirectUri,
        isRedirect: (url) => isRedirect(url, flow.redirectUri),
      };
      const { outcome, hidden } = await inBrowser(use, signal);
      return { ...outcome, hidden };
    },

    async logout(flow, signal) {
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
        ...{ purpose: 'logout', browsers, now, limitMs: limitMs(attended), visible: attended },
        ...{ title: flow.profileName, kept: flow.session, work },
        secrets: [addressSecrets(flow.url), ...namelessSecrets(flow.hidden ?? [])],
        tell: (line) => flow.onLog?.(line),
        redirectUri: flow.returnUri ?? '',
        isRedirect: flow.isReturn,
      };
      return (await inBrowser(use, signal)).outcome;
    },
  };
}
