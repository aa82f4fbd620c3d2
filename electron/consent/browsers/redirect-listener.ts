import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { AfterConsent } from '../../../shared/model/profile.ts';
import { Secret } from '../../../shared/secret.ts';
import type { RedirectCapture } from '../../oauth/redirect-capture.ts';
import { isRedirect, sameSecret } from '../../oauth/redirect-match.ts';
import { landingPage, latePage, otherFlowPage, refusedPage, signedInPage } from './landing-page.ts';

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
      .then((page) => { document.open(); document.write(page); document.close(); });
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

/**
 * What tells a flow's answer from another's: the `state` of its authorization URL, or that which was sent elsewhere. An
 * error may come without one (`oauth/redirect.ts` decides). A URL without state takes every answer.
 */
export function acceptsAnswerTo(url: string, sent?: Secret): (parameters: URLSearchParams) => boolean {
  const state = sent?.reveal() ?? (URL.canParse(url) ? new URL(url).searchParams.get('state') : null);
  if (state === null || state === '') return () => true;
  const expected = new Secret(state);
  return (parameters) => {
    const given = parameters.get('state');
    return given === null ? parameters.has('error') : sameSecret(given, expected);
  };
}

/** What the listener of one flow knows of it. */
export interface ListeningFlow {
  /** With the port that is listened on. */
  redirectUri: string;
  afterConsent: AfterConsent;
  /** Whether an answer is this flow's; none is before it has begun. */
  accepts(parameters: URLSearchParams): boolean;
  /** It was cancelled, or its time is over. */
  over: boolean;
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  flow: ListeningFlow,
  caught: (capture: RedirectCapture) => void,
): Promise<void> {
  const url = `http://${request.headers.host ?? ''}${request.url ?? ''}`;
  if (!isRedirect(url, flow.redirectUri)) return respond(response, 404, landingPage('Not found', ''));
  if (flow.over) return respond(response, 410, latePage);

  const done = (capture: RedirectCapture, parameters: URLSearchParams): void => {
    if (!flow.accepts(parameters)) {
      respond(response, 409, otherFlowPage);
      return;
    }
    response.once('close', () => caught(capture));
    const error = parameters.get('error');
    respond(response, 200, error === null ? signedInPage(flow.afterConsent) : refusedPage(error));
  };
  if (request.method === 'GET') {
    const { searchParams } = new URL(url);
    if (isAnswer(searchParams)) return done({ url, formBody: null }, searchParams);
    return respond(response, 200, fragmentPage);
  }
  if (request.method !== 'POST') return respond(response, 405, landingPage('Not allowed', ''));
  const body = await readBody(request);
  if (body === null) return respond(response, 413, landingPage('Too long', ''));
  const parameters = new URLSearchParams(body);
  if (!isAnswer(parameters)) return respond(response, 400, emptyPage);
  const form = /^application\/x-www-form-urlencoded/i.test(request.headers['content-type'] ?? '');
  const capture = form ? { url, formBody: body } : { url: `${url.split('#')[0]}#${body}`, formBody: null };
  done(capture, parameters);
}

/** Answers what comes to a flow's listener; `caught` once the page that says so is on its way. */
export function redirectListener(
  flow: ListeningFlow,
  caught: (capture: RedirectCapture) => void,
): RequestListener {
  return (request, response) => {
    answer(request, response, flow, caught).catch(() => {
      // The browser went away in the middle of its request; it may come again.
      response.destroy();
    });
  };
}
