import { AppError } from '../../../shared/errors.ts';
import type { RedirectCapture } from '../../oauth/redirect-capture.ts';
import { createDeferred, type Deferred } from '../deferred.ts';
import type { ConsentBrowser, ConsentSession, ConsentSessionOptions } from './consent-browser.ts';
import { customSchemeOf, type SchemeReceiver, unusableRedirect } from './custom-scheme.ts';
import { createLoopback, type Loopback } from './loopback.ts';
import { loopbackAddress, withPort } from './loopback-address.ts';
import { checkAddress } from './open-address.ts';
import { acceptsAnswerTo, type ListeningFlow, redirectListener } from './redirect-listener.ts';
import { cancelled } from './session-ends.ts';

export interface SystemBrowserOptions {
  /** Opens a URL in the person's own browser; false when that could not be done from here. */
  openExternally: (url: string) => Promise<boolean>;
  /** Gets redirects to schemes of their own; null where that cannot be. */
  schemes?: SchemeReceiver | null;
}

/** What waits for the redirect of one flow. */
interface Waiting {
  redirectUri: string;
  /** The flow is over; `caught`: by its redirect. */
  end(caught: boolean): void;
}

/** Waits on this machine (RFC 8252 section 7.3), at the first of its ports that is free. */
async function waitOnLoopback(
  loopback: Loopback,
  options: ConsentSessionOptions,
  flow: ListeningFlow,
  redirect: Deferred<RedirectCapture>,
): Promise<Waiting> {
  const address = loopbackAddress(options.redirectUri);
  if (address === null) throw unusableRedirect(options.redirectUri);
  const { hosts, port } = address;
  const named = [...(port === 0 ? [] : [port]), ...(options.redirectPorts ?? [])];
  const ports = named.length === 0 ? [0] : [...new Set(named)];
  const listener = await loopback.listen(
    hosts,
    ports,
    options.title,
    redirectListener(flow, redirect.resolve),
  );
  flow.redirectUri =
    listener.port === port ? options.redirectUri : withPort(options.redirectUri, listener.port);
  return {
    redirectUri: flow.redirectUri,
    end(caught) {
      if (caught) return void listener.close();
      flow.over = true;
      listener.linger();
    },
  };
}

/** Waits for an address of the redirect URI's own scheme; one with another state is another flow's. */
function waitForScheme(
  schemes: SchemeReceiver,
  scheme: string,
  options: ConsentSessionOptions,
  flow: ListeningFlow,
  redirect: Deferred<RedirectCapture>,
): Waiting {
  const end = schemes.receive(scheme, (url) => {
    if (!options.isRedirect(url)) return false;
    const { searchParams, hash } = new URL(url);
    const parameters = new URLSearchParams([...searchParams, ...new URLSearchParams(hash.slice(1))]);
    if (!flow.accepts(parameters)) return false;
    redirect.resolve({ url, formBody: null });
    return true;
  });
  return { redirectUri: options.redirectUri, end };
}

async function openSession(
  { openExternally, schemes }: SystemBrowserOptions,
  loopback: Loopback,
  options: ConsentSessionOptions,
): Promise<ConsentSession> {
  if (!options.visible) {
    throw new AppError('consent_browser_missing', 'The system browser cannot be worked by a script.', {
      action: 'Install Chrome, Edge or Chromium, or set GRANTWRIGHT_CHROMIUM to the path of one.',
    });
  }
  const redirect = createDeferred<RedirectCapture>();
  let caught = false;
  redirect.promise.then(
    () => {
      caught = true;
    },
    () => undefined,
  );
  const flow: ListeningFlow = {
    redirectUri: options.redirectUri,
    afterConsent: options.afterConsent ?? { kind: 'standard' },
    accepts: () => false,
    over: false,
  };

  async function wait(): Promise<Waiting> {
    // A logout is only shown: it ends in the person's browser, and nothing is waited for.
    if (options.purpose === 'logout') return { redirectUri: options.redirectUri, end: () => undefined };
    const scheme = customSchemeOf(options.redirectUri);
    return scheme === null || !schemes
      ? waitOnLoopback(loopback, options, flow, redirect)
      : waitForScheme(schemes, scheme, options, flow, redirect);
  }

  const waiting = await wait();
  const onAbort = (): void => {
    redirect.reject(cancelled(options.purpose));
    waiting.end(caught);
  };
  options.signal.addEventListener('abort', onAbort);
  if (options.signal.aborted) onAbort();
  let openUrl: string | null = null;

  return {
    redirectUri: waiting.redirectUri,
    page: null,
    redirect: redirect.promise,
    get openUrl() {
      return openUrl;
    },
    async start(url, state) {
      checkAddress(url, options.purpose);
      flow.accepts = acceptsAnswerTo(url, state);
      openUrl = (await openExternally(url)) ? null : url;
    },
    authenticate: () => undefined,
    challenge: () => null,
    status: () => null,
    glance: async () => null,
    cookies: async () => [],
    localStorage: async () => [],
    async close() {
      options.signal.removeEventListener('abort', onAbort);
      waiting.end(caught);
    },
  };
}

/**
 * The person's own browser, and somebody who waits for the redirect: a listener on this machine (RFC 8252 section 7.3),
 * or the system, which hands over addresses of a scheme (section 7.1). For servers that refuse embedded windows and for
 * machines where no window can be shown. No flow is given the redirect of another.
 */
export function createSystemBrowser(options: SystemBrowserOptions): ConsentBrowser {
  const loopback = createLoopback();
  return {
    kind: 'system',
    scriptable: false,
    keepsSessions: false,
    showable: () => true,
    open: (session) => openSession(options, loopback, session),
    dispose: () => loopback.dispose(),
  };
}
