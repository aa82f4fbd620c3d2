import type { Page } from 'playwright-core';
import type { AfterConsent } from '../../../shared/model/profile.ts';
import type { Secret } from '../../../shared/secret.ts';
import type { Gateway } from '../../network/gateway.ts';
import type { RedirectCapture } from '../../oauth/redirect-capture.ts';
import type { BrowserState, StoredCookie, StoredOrigin } from '../browser-state.ts';
import type { Challenge, Credentials } from './challenges.ts';
import type { ConsentPurpose } from './purpose.ts';

/** Who works the screens. `recorded`: a person, whom Playwright watches. */
export type ConsentWorker = 'person' | 'recorded' | 'script';

/** How a consent browser gets to servers. */
export interface Reach {
  /** Whether the certificates of servers are checked. */
  verifyTls: boolean;
  /** What it goes through; null: as it would by itself. */
  gateway: Gateway | null;
}

/** How many windows one flow may have at a time; a page that opens more gets none. */
export const maximumWindows = 10;

export interface ConsentSessionOptions {
  purpose: ConsentPurpose;
  /**
   * The profile's redirect URI, variables filled in; for a logout the post-logout redirect URI. Empty: the server sends
   * nobody back.
   */
  redirectUri: string;
  /** Further ports that the redirect URI may have, if it is a loopback one that somebody must listen at. */
  redirectPorts?: readonly number[] | undefined;
  /** What the person's own browser shows in the end; default: our page. */
  afterConsent?: AfterConsent | undefined;
  /** Whether an address is the way back, which is caught. */
  isRedirect: (url: string) => boolean;
  /** The session to begin with; null: a fresh one. */
  state: BrowserState | null;
  /** How long a page that asks for a user name and a password waits for `authenticate`, in milliseconds; default: not at all. */
  credentialsWaitMs?: number | undefined;
  /** Whether a person must see and work it; false: a script does, and nothing shows. */
  visible: boolean;
  /** What the person is told above each page; null: nothing. */
  notice?: string | null;
  worker: ConsentWorker;
  /** For the window's title: the profile's name (hostile text). */
  title: string;
  /** How it gets to servers; default: as the browser does by itself. */
  reach?: Reach | undefined;
  signal: AbortSignal;
}

/** What stands on the consent browser's screen, for an error a person can act on; text is cut to some 300 characters. */
export interface PageGlance {
  url: string;
  title: string;
  text: string;
}

/** One flow in one consent browser, from the authorization URL to the redirect. */
export interface ConsentSession {
  /** The redirect URI to send: the profile's own, or with the port that a loopback listener was given (RFC 8252 section 7.3). */
  readonly redirectUri: string;
  /** The page for an automation script; null where the browser cannot be driven. */
  readonly page: Page | null;
  /**
   * Goes to the authorization URL, or the end-session URL. `state`: what tells this flow's answer from another's, where the
   * URL does not hold it. Rejects with `consent_page_failed` when it cannot be reached.
   */
  start(url: string, state?: Secret): Promise<void>;
  /** Settles once: the redirect, or `consent_window_closed` / `consent_page_failed`. The request itself is never sent on. */
  readonly redirect: Promise<RedirectCapture>;
  /** Where the renderer must send the person, when the engine itself could open no browser; else null. */
  readonly openUrl: string | null;
  /**
   * Credentials for the pages of one origin that ask with HTTP authentication, given before or when they ask; null: there
   * are none. Each realm is told them once. Without them the flow fails with `consent_credentials_missing`, and where they
   * are wrong with `consent_credentials_refused`, unless a person is there to be asked. The person's own browser asks itself.
   */
  authenticate(credentials: Credentials | null): void;
  /** The page that waits for credentials now; null: none. */
  challenge(): Challenge | null;
  /** The HTTP status of the document that is shown; null when there has been none, or it is not known. */
  status(): number | null;
  /** Null when nothing is shown any more or it cannot be looked at. */
  glance(): Promise<PageGlance | null>;
  /** As they stand, also when the person has closed the window; rejects when the browser is gone. */
  cookies(): Promise<StoredCookie[]>;
  localStorage(): Promise<StoredOrigin[]>;
  close(): Promise<void>;
}

/** One way to show the consent screens. */
export interface ConsentBrowser {
  readonly kind: 'electron-window' | 'chromium' | 'system';
  /** Whether an automation script can drive it. */
  readonly scriptable: boolean;
  /** Whether it begins with a kept session and can tell what became of it; the person's own browser has its own. */
  readonly keepsSessions: boolean;
  /** Whether it can be shown to a person here and now. */
  showable(): boolean;
  /** Opens it, ready and empty. Rejects with `consent_browser_missing` and what to install or set. */
  open(options: ConsentSessionOptions): Promise<ConsentSession>;
  /** Ends what it keeps warm. */
  dispose(): Promise<void>;
}
