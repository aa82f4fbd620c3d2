import type { IncomingMessage, ServerResponse } from 'node:http';
import { AppError } from '../../../shared/errors.ts';
import { isRedirect } from '../../oauth/redirect.ts';
import type { RedirectCapture } from '../../oauth/redirect-capture.ts';
import { createDeferred, type Deferred } from '../deferred.ts';
import type { ConsentBrowser, ConsentSession, ConsentSessionOptions } from './consent-browser.ts';
import { landingPage, signedIn } from './landing-page.ts';
import { listenOnLoopback, loopbackAddress, withPort } from './loopback.ts';
import { checkAddress } from './open-address.ts';
import { cancelled } from './session-ends.ts';

export interface SystemBrowserOptions {
  /** Opens a URL in the person's own browser; false when that could not be done from here. */
  openExternally: (url: string) => Promise<boolean>;
}

const maximumBodyBytes = 1024 * 1024;

/** Sends the fragment, which a browser keeps to itself, after the page that it came to. */
const fragmentPage = landingPage(
  'Signing in',
  'One moment.',
  `<script>
    const answer = location.hash.slice(1);
    history.replaceState(null, '', location.pathname + location.search);
    fetch(location.href, { method: 'POST', headers: { 'content-type': 'text/plain' }, body: answer })
      .then((response) => response.text())
      .then((page) => { document.documentElement.innerHTML = page; });
  </script>`,
);
const emptyPage = landingPage('Nothing to sign in with', 'The server sent no answer with this address.');

function respond(response: ServerResponse, status: number, page: string): void {
  response.writeHead(status, {
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-store',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    connection: 'close',
  });
  response.end(page);
}

async function readBody(request: IncomingMessage): Promise<string | null> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of request) {
    const bytes = Buffer.from(part);
    size += bytes.length;
    if (size > maximumBodyBytes) return null;
    parts.push(bytes);
  }
  return Buffer.concat(parts).toString('utf8');
}

/** Whether these parameters are an authorization server's answer (RFC 6749 sections 4.1.2, 4.2.2), or something else. */
function isAnswer(parameters: URLSearchParams): boolean {
  return ['code', 'error', 'state', 'access_token', 'id_token'].some((name) => parameters.has(name));
}

/** Answers one request to the listener; `caught` once the page that says so is on its way. */
async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  redirectUri: string,
  caught: (capture: RedirectCapture) => void,
): Promise<void> {
  const url = `http://${request.headers.host ?? ''}${request.url ?? ''}`;
  if (!isRedirect(url, redirectUri)) return respond(response, 404, landingPage('Not found', ''));
  const done = (capture: RedirectCapture): void => {
    response.once('close', () => caught(capture));
    respond(response, 200, signedIn);
  };
  if (request.method === 'GET') {
    if (isAnswer(new URL(url).searchParams)) return done({ url, formBody: null });
    return respond(response, 200, fragmentPage);
  }
  if (request.method !== 'POST') return respond(response, 405, landingPage('Not allowed', ''));
  const body = await readBody(request);
  if (body === null) return respond(response, 413, landingPage('Too long', ''));
  if (!isAnswer(new URLSearchParams(body))) return respond(response, 400, emptyPage);
  const form = /^application\/x-www-form-urlencoded/i.test(request.headers['content-type'] ?? '');
  return done(form ? { url, formBody: body } : { url: `${url.split('#')[0]}#${body}`, formBody: null });
}

/** The loopback listener that waits for the redirect of one sign-in. */
async function listenForRedirect(options: ConsentSessionOptions, redirect: Deferred<RedirectCapture>) {
  const address = loopbackAddress(options.redirectUri);
  let redirectUri = options.redirectUri;
  const listener = await listenOnLoopback(address, (request, response) => {
    answer(request, response, redirectUri, redirect.resolve).catch(() => {
      // The browser went away in the middle of its request; it may come again.
      response.destroy();
    });
  });
  redirectUri = withPort(options.redirectUri, address, listener.port);
  return { redirectUri, close: listener.close };
}

async function openSession(
  { openExternally }: SystemBrowserOptions,
  options: ConsentSessionOptions,
): Promise<ConsentSession> {
  if (!options.visible) {
    throw new AppError('consent_browser_missing', 'The system browser cannot be worked by a script.', {
      action: 'Install Chrome, Edge or Chromium, or set GRANTWRIGHT_CHROMIUM to the path of one.',
    });
  }
  const redirect = createDeferred<RedirectCapture>();
  // A logout is only shown: it ends in the person's browser, and nothing is waited for.
  const listener =
    options.purpose === 'logout'
      ? { redirectUri: options.redirectUri, close: () => undefined }
      : await listenForRedirect(options, redirect);
  const onAbort = (): void => {
    listener.close();
    redirect.reject(cancelled(options.purpose));
  };
  options.signal.addEventListener('abort', onAbort);
  if (options.signal.aborted) onAbort();
  let openUrl: string | null = null;

  return {
    redirectUri: listener.redirectUri,
    page: null,
    redirect: redirect.promise,
    get openUrl() {
      return openUrl;
    },
    async start(url) {
      checkAddress(url, options.purpose);
      openUrl = (await openExternally(url)) ? null : url;
    },
    status: () => null,
    glance: async () => null,
    cookies: async () => [],
    localStorage: async () => [],
    async close() {
      options.signal.removeEventListener('abort', onAbort);
      listener.close();
    },
  };
}

/**
 * The person's own browser and a listener on this machine (RFC 8252 section 7.3), for servers that refuse embedded
 * windows and for machines where no window can be shown. Each flow has its own listener.
 */
export function createSystemBrowser(options: SystemBrowserOptions): ConsentBrowser {
  return {
    kind: 'system',
    scriptable: false,
    keepsSessions: false,
    showable: () => true,
    open: (session) => openSession(options, session),
    dispose: async () => undefined,
  };
}
