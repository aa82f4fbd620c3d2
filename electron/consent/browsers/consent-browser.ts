import type { Page } from 'playwright-core';
import type { RedirectCapture } from '../../oauth/redirect-capture.ts';
import type { BrowserState, StoredCookie, StoredOrigin } from '../browser-state.ts';
import type { ConsentPurpose } from './purpose.ts';

export interface ConsentSessionOptions {
  purpose: ConsentPurpose;
  /**
   * The profile's redirect URI, variables filled in; for a logout the post-logout redirect URI. Empty: the server sends
   * nobody back.
   */
  redirectUri: string;
  /** Whether an address is the way back, which is caught. */
  isRedirect: (url: string) => boolean;
  /** The session to begin with; null: a fresh one. */
  state: BrowserState | null;
  /** Whether a person must see and work it; false: a script does, and nothing shows. */
  visible: boolean;
  /** Whether Playwright must have the page although a person works it: a recording. Default false. */
  driven?: boolean;
  /** For the window's title: the profile's name (hostile text). */
  title: string;
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
  /** Goes to the authorization URL, or the end-session URL. Rejects with `consent_page_failed` when it cannot be reached. */
  start(url: string): Promise<void>;
  /** Settles once: the redirect, or `consent_window_closed` / `consent_page_failed`. The request itself is never sent on. */
  readonly redirect: Promise<RedirectCapture>;
  /** Where the renderer must send the person, when the engine itself could open no browser; else null. */
  readonly openUrl: string | null;
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
