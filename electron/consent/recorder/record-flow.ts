import { AppError } from '../../../shared/errors.ts';
import type { Secret } from '../../../shared/secret.ts';
import type { ResolvedNetwork } from '../../network/resolved-network.ts';
import { isRedirect } from '../../oauth/redirect.ts';
import type { RedirectCapture } from '../../oauth/redirect-capture.ts';
import { hostsOfLogin } from '../automation/allowed-hosts.ts';
import type { ConsentBrowser } from '../browsers/consent-browser.ts';
import { withFirstPort } from '../browsers/loopback-address.ts';
import { inBrowser } from '../in-browser.ts';
import { addressSecrets, namelessSecrets, type ScriptVars } from '../redact.ts';
import { type RecordedScript, startRecording } from './recorder.ts';
import { createTypedValues } from './typed-values.ts';

/** One login that is recorded: what is shown, and what is known of the person. */
export interface RecordingFlow {
  /** For messages and the window's title. */
  profileName: string;
  redirectUri: string;
  /** Ports that the redirect URI may have beside its own, in this order; see the profile's `redirectPorts`. */
  redirectPorts?: readonly number[] | undefined;
  /** How servers are reached; default: as the browser does by itself. */
  network?: ResolvedNetwork;
  /** The persona's values, as far as there are any. */
  vars: ScriptVars;
  /** Hosts that scripts of the profile may send values to, beside those that the login comes to by itself. */
  scriptHosts: readonly string[];
  /** What stands in no text. */
  hidden: readonly Secret[];
  /** Makes the authorization URL for the redirect URI that the browser will catch. */
  begin: (redirectUri: string) => Promise<string>;
  /** Hears how many steps there are so far. */
  onStep?: ((steps: number) => void) | undefined;
}

export interface RecordingOptions {
  /** In order of preference. */
  browsers: ConsentBrowser[];
  now: () => number;
  /** Milliseconds, for the person. */
  limitMs: number;
}

/** The script, and the redirect to which it led. `typed`: what may stand in no text. */
export type RecordingOutcome = RecordedScript & { capture: RedirectCapture; typed: readonly Secret[] };

function noBrowser(flow: RecordingFlow, cause: AppError): AppError {
  const message = `A login of ${flow.profileName} cannot be recorded here: there is no window that can be watched.`;
  return new AppError('consent_browser_missing', message, {
    action: 'Install Chrome, Edge or Chromium where there is a display, or use the desktop app.',
    cause,
  });
}

/** Closing the window is how a person gives a recording up. */
function closed(flow: RecordingFlow, cause: AppError): AppError {
  const message = `The recording of ${flow.profileName} ended: its window was closed before the login was through.`;
  return new AppError('consent_cancelled', message, { cause });
}

/**
 * Opens the login page in a fresh session in front of the person, and writes what they do there as a script. Rejects
 * with `consent_cancelled` when they close the window or the signal is aborted, `consent_browser_missing`,
 * `consent_page_failed` or `consent_timeout`.
 */
export async function recordFlow(
  flow: RecordingFlow,
  { browsers, now, limitMs }: RecordingOptions,
  signal: AbortSignal,
): Promise<RecordingOutcome> {
  const typed = createTypedValues();
  const secrets = [flow.vars, typed.vars, ...namelessSecrets(flow.hidden)];
  const redirectUri = withFirstPort(flow.redirectUri, flow.redirectPorts ?? []);
  const { outcome } = await inBrowser<RecordingOutcome>(
    {
      ...{ purpose: 'sign-in', browsers, now, limitMs, visible: true, kept: null, secrets },
      ...{ worker: 'recorded', waitsForTurn: false, usesSandbox: false },
      ...{
        title: `Recording · ${flow.profileName}`,
        ...{ redirectUri, redirectPorts: flow.redirectPorts },
        isRedirect: (url) => isRedirect(url, redirectUri),
      },
      tell: () => undefined,
      async work({ session }) {
        const { page } = session;
        if (page === null) throw new Error('a driven session has no page');
        const url = await flow.begin(session.redirectUri);
        secrets.push(addressSecrets(url));
        const hosts = hostsOfLogin(url, flow.scriptHosts);
        hosts.follow(page, url);
        const { vars, onStep } = flow;
        const recording = await startRecording(page, {
          vars,
          mayType: hosts.has,
          onStep,
          onTyped: typed.take,
        });
        await session.start(url);
        const capture = await session.redirect;
        return { capture, typed: typed.all(), ...(await recording.finish()) };
      },
    },
    signal,
  ).catch((thrown: unknown) => {
    if (!(thrown instanceof AppError)) throw thrown;
    if (thrown.code === 'consent_window_closed') throw closed(flow, thrown);
    throw thrown.code === 'consent_browser_missing' ? noBrowser(flow, thrown) : thrown;
  });
  return outcome;
}
