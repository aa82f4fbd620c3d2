import type { AppError } from '../../shared/errors.ts';
import type { AfterConsent, ConsentBrowserChoice } from '../../shared/model/profile.ts';
import type { Secret } from '../../shared/secret.ts';
import type { ResolvedNetwork } from '../network/resolved-network.ts';
import type { RedirectCapture } from '../oauth/redirect-capture.ts';
import type { AskedHost } from './automation/allowed-hosts.ts';
import type { ScriptStep, StepEnd } from './automation/run-script.ts';
import type { EndsElsewhere } from './elsewhere.ts';
import type { KeptSession } from './kept-session.ts';
import type { ScriptVars } from './redact.ts';
import type { Automation } from './unattended.ts';

/** Who watches a script at work in a consent browser; `look` gives what the page shows by then. */
export interface FlowWatcher {
  /** An action is about to begin; rejecting ends the script. */
  begins?(step: ScriptStep): Promise<void> | void;
  ended?(step: ScriptStep, end: StepEnd, look: () => Promise<PageLook>): Promise<void> | void;
}

/** What a page shows; `url` without its parameters, null when there is no page; `picture` a JPEG. */
export interface PageLook {
  url: string | null;
  picture: Buffer | null;
}

/** One consent: what is to be shown, who works it, and who is told of its progress. */
export interface ConsentFlow {
  /** For messages and the window's title. */
  profileName: string;
  /** Empty: the server sends nobody back, and `elsewhere` tells when it is over. */
  redirectUri: string;
  elsewhere?: EndsElsewhere;
  /** Ports that the redirect URI may have beside its own, in this order; see the profile's `redirectPorts`. */
  redirectPorts?: readonly number[];
  /** Where a person works the screens; default: what the host shows best. */
  consentBrowser?: ConsentBrowserChoice;
  /** What their own browser shows in the end; default: our page. */
  afterConsent?: AfterConsent;
  /** How servers are reached; default: as the browser does by itself. */
  network?: ResolvedNetwork;
  /**
   * With a kept session the login page may be skipped. If the server goes on to the redirect by itself, the script is
   * over before its first step; if it shows its consent page alone, a script can tell once either page is there:
   * `await page.waitForSelector('#user, #allow')`, then `if (await page.getByLabel('User name').isVisible()) { … }`.
   */
  script: Automation | null;
  /**
   * Where the script may send text to, beside the authorization server and where the login goes by itself: `host`,
   * `host:port` or `*.domain`.
   */
  scriptHosts?: readonly string[];
  /** What the script finds in `vars`. */
  vars: ScriptVars;
  /** What it finds there beside them, and may be shown; one of `vars` goes before it. */
  plain?: Readonly<Record<string, string>>;
  /** What stands in no text, should a page repeat it: the persona's secrets, the tokens that are held. */
  hidden?: readonly Secret[];
  /**
   * The persona's session, with which the flow begins, and which is kept anew as it stands at the redirect; a flow that
   * fails, is cancelled or refused keeps nothing. Null: a fresh one, which is forgotten.
   */
  session: KeptSession | null;
  /** Whether a person works the screens; false: the script does, unseen. */
  attended: boolean;
  /** Whether the window is shown while the script works it, with as much time as a person's. Default false. */
  shown?: boolean;
  /** Whether somebody steps through the script, who has as much time as one who signs in. Default false. */
  stepping?: boolean;
  /**
   * A person is present: when the script fails, the window is handed over to them with what it says, in the browser
   * session as the script has left it. Undefined: nobody is.
   */
  onHandOver?: (error: AppError) => void;
  /**
   * A person is present: asked whether the script may send text to a host that is not one of the login's; the answer is
   * for this flow, and waiting for it counts against a person's time. The signal is aborted when the flow is over.
   * Undefined: nobody is, and the answer is no.
   */
  onAskHost?: (asked: AskedHost, signal: AbortSignal) => Promise<boolean>;
  /** Makes the authorization URL for the redirect URI that the browser will catch. */
  begin: (redirectUri: string) => Promise<string>;
  /**
   * The `state` of the flow that has begun, which a pushed or signed request keeps out of its address (RFC 9126, RFC
   * 9101). Undefined: it stands there.
   */
  stateOf?: () => Secret | undefined;
  /** Where the person must be sent to, when their own browser could not be opened from here. */
  onOpenUrl?: (url: string) => void;
  watcher?: FlowWatcher;
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

/**
 * The redirect, and how many steps of the script led there. `hidden`: what the server may repeat in it and may stand in
 * no text.
 */
export type ConsentOutcome = RedirectCapture & { steps: number; hidden: Secret[] };
