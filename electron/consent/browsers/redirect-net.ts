import type { Browser, CDPSession, Page } from 'playwright-core';
import { z } from 'zod';
import type { RedirectCapture } from '../../oauth/redirect-capture.ts';
import type { Challenges } from './challenges.ts';
import type { ConsentSessionOptions } from './consent-browser.ts';
import { landingPage } from './landing-page.ts';
import { type ConsentPurpose, purposeWords } from './purpose.ts';

/** What is to be caught, for what, and what answers a page that asks for credentials. */
export type Catch = Pick<ConsentSessionOptions, 'purpose' | 'redirectUri' | 'isRedirect' | 'reach'> & {
  challenges: Challenges;
};

/** Catches the redirects of all flows in one browser before they are sent anywhere. */
export interface RedirectNet {
  /** Watches the browser context of `page` and everything that opens in it, until the context is closed. */
  watch(page: Page, wanted: Catch, caught: (capture: RedirectCapture) => void): Promise<void>;
}

interface Flow extends Catch {
  page: Page;
  contextId: string;
  caught(capture: RedirectCapture): void;
}

const pausedSchema = z.object({
  requestId: z.string(),
  frameId: z.string(),
  request: z.object({
    url: z.string(),
    urlFragment: z.string().optional(),
    method: z.string(),
    postData: z.string().optional(),
    postDataEntries: z.array(z.object({ bytes: z.string().optional() })).optional(),
  }),
  responseStatusCode: z.number().optional(),
  responseErrorReason: z.string().optional(),
  responseHeaders: z.array(z.object({ name: z.string(), value: z.string() })).optional(),
});
type Paused = z.infer<typeof pausedSchema>;

const authRequiredSchema = z.object({
  requestId: z.string(),
  frameId: z.string(),
  authChallenge: z.object({ source: z.string().optional(), origin: z.string(), realm: z.string() }),
});

function landing(purpose: ConsentPurpose) {
  const page = landingPage(purposeWords[purpose].done, 'You can go back to Grantwright.');
  return {
    responseCode: 200,
    responseHeaders: [
      { name: 'content-type', value: 'text/html; charset=utf-8' },
      { name: 'cache-control', value: 'no-store' },
      { name: 'referrer-policy', value: 'no-referrer' },
    ],
    body: Buffer.from(page).toString('base64'),
  };
}

type Pattern = { urlPattern: string; resourceType: 'Document'; requestStage: 'Request' | 'Response' };
const requests: Pattern = { urlPattern: '*', resourceType: 'Document', requestStage: 'Request' };
/** Redirect hops are requests of their own here; one to a custom scheme is only ever seen in the answer before it. */
const answers: Pattern = { ...requests, requestStage: 'Response' };

/** Whether the redirect is no request at all: a custom scheme (RFC 8252 section 7.1). */
function isCustomScheme(redirectUri: string): boolean {
  return redirectUri !== '' && !/^https?:/i.test(redirectUri.trim());
}

function formBodyOf({ request }: Paused): string | null {
  if (request.method !== 'POST') return null;
  if (request.postDataEntries === undefined) return request.postData ?? null;
  const parts = request.postDataEntries.map(({ bytes }) => Buffer.from(bytes ?? '', 'base64'));
  return Buffer.concat(parts).toString('utf8');
}

/** The redirect in a paused request, or in the answer that sends there; null: it is something else. */
function captureIn(paused: Paused, { redirectUri, isRedirect }: Catch): RedirectCapture | null {
  const { url, urlFragment = '' } = paused.request;
  if (paused.responseStatusCode === undefined && paused.responseErrorReason === undefined) {
    const whole = `${url}${urlFragment}`;
    return isRedirect(whole) ? { url: whole, formBody: formBodyOf(paused) } : null;
  }
  const location = paused.responseHeaders?.find(({ name }) => name.toLowerCase() === 'location')?.value;
  if (location === undefined || !isRedirect(location)) return null;
  // Any other redirect is let go on, and caught as the request that it becomes.
  return isCustomScheme(redirectUri) ? { url: location, formBody: null } : null;
}

async function withSession<T>(page: Page, use: (session: CDPSession) => Promise<T>): Promise<T> {
  const session = await page.context().newCDPSession(page);
  // Its end is not waited for; it fails when the page is closed.
  return use(session).finally(() => void session.detach().catch(() => undefined));
}

const frameTreeSchema = z.object({
  frame: z.object({ id: z.string() }),
  get childFrames() {
    return z.array(frameTreeSchema).optional();
  },
});
type FrameTree = z.infer<typeof frameTreeSchema>;

function hasFrame({ frame, childFrames = [] }: FrameTree, frameId: string): boolean {
  return frame.id === frameId || childFrames.some((child) => hasFrame(child, frameId));
}

/** Whether a frame is in the flow's browser context: the frame of a page or of another site is a target, others not. */
async function owns(flow: Flow, root: CDPSession, frameId: string): Promise<boolean> {
  const { targetInfos } = await root.send('Target.getTargets');
  const target = targetInfos.find(({ targetId }) => targetId === frameId);
  if (target !== undefined) return target.browserContextId === flow.contextId;
  const inPages = flow.page
    .context()
    .pages()
    .map((page) => withSession(page, (session) => session.send('Page.getFrameTree')));
  // A page that closes meanwhile has no frames any more.
  const trees = await Promise.allSettled(inPages);
  return trees.some(
    (tree) => tree.status === 'fulfilled' && hasFrame(frameTreeSchema.parse(tree.value.frameTree), frameId),
  );
}

/** A navigation within the page (history.pushState) or to a custom scheme is no request. */
async function watchNavigations(page: Page, { redirectUri, isRedirect, caught }: Flow): Promise<void> {
  page.on('framenavigated', (frame) => {
    if (isRedirect(frame.url())) caught({ url: frame.url(), formBody: null });
  });
  if (!isCustomScheme(redirectUri)) return;
  const session = await page.context().newCDPSession(page);
  session.on('Page.frameRequestedNavigation', ({ url }) => {
    if (isRedirect(url)) caught({ url, formBody: null });
  });
  await session.send('Page.enable');
}

/**
 * Begins to watch a browser that was just started. The browser itself is asked to hold the requests for documents, not
 * a page: so a popup is watched from its first request on, before Playwright knows of it.
 */
export async function createRedirectNet(browser: Browser): Promise<RedirectNet> {
  const flows = new Set<Flow>();
  /** Each request that is held costs its page time, so answers are held only for those who need it. */
  async function hold(): Promise<void> {
    const custom = [...flows].some(({ redirectUri }) => isCustomScheme(redirectUri));
    const patterns = custom ? [requests, answers] : [requests];
    await root.send('Fetch.enable', { patterns, handleAuthRequests: true });
  }
  const root = await browser.newBrowserCDPSession();

  async function decide(event: unknown): Promise<void> {
    const paused = pausedSchema.parse(event);
    const { requestId, frameId } = paused;
    for (const flow of flows) {
      const capture = captureIn(paused, flow);
      if (capture === null || !(await owns(flow, root, frameId))) continue;
      flow.caught(capture);
      await root.send('Fetch.fulfillRequest', { requestId, ...landing(flow.purpose) });
      return;
    }
    await root.send('Fetch.continueRequest', { requestId });
  }

  /** A page that asks for credentials; of proxies our own gateway gets them alone. */
  async function answerTo(
    authChallenge: z.infer<typeof authRequiredSchema>['authChallenge'],
    frameId: string,
  ) {
    const { source, origin, realm } = authChallenge;
    for (const flow of flows) {
      if (!(await owns(flow, root, frameId))) continue;
      if (source === 'Proxy') {
        const gateway = flow.reach?.gateway;
        if (!gateway || origin !== `http://${gateway.address}`) return { response: 'Default' as const };
        const { username, password } = gateway.login;
        return { response: 'ProvideCredentials' as const, username, password: password.reveal() };
      }
      const { targetInfos } = await root.send('Target.getTargets');
      const mainFrame = targetInfos.some(({ targetId, type }) => targetId === frameId && type === 'page');
      const answer = await flow.challenges.answer({ origin, realm, mainFrame });
      if (answer.kind !== 'credentials')
        return { response: answer.kind === 'prompt' ? ('Default' as const) : ('CancelAuth' as const) };
      const { username, password } = answer.credentials;
      return { response: 'ProvideCredentials' as const, username, password: password.reveal() };
    }
    return { response: 'Default' as const };
  }

  async function authenticate(event: unknown): Promise<void> {
    const { requestId, frameId, authChallenge } = authRequiredSchema.parse(event);
    const authChallengeResponse = await answerTo(authChallenge, frameId);
    await root.send('Fetch.continueWithAuth', { requestId, authChallengeResponse });
  }

  root.on('Fetch.authRequired', (event) => {
    authenticate(event).catch(() => undefined);
  });
  root.on('Fetch.requestPaused', (event) => {
    // It fails only when the page is gone meanwhile, and its request with it.
    decide(event).catch(() => undefined);
  });
  await hold();

  return {
    async watch(page, wanted, caught) {
      const { targetInfo } = await withSession(page, (session) => session.send('Target.getTargetInfo'));
      const flow = { ...wanted, page, contextId: targetInfo.browserContextId ?? '', caught };
      flows.add(flow);
      const context = page.context();
      const custom = isCustomScheme(wanted.redirectUri);
      context.once('close', () => {
        flows.delete(flow);
        // It fails only when the browser is gone.
        if (custom) hold().catch(() => undefined);
      });
      if (custom) await hold();
      // It fails only for a page that is closed already.
      context.on('page', (opened) => watchNavigations(opened, flow).catch(() => undefined));
      // Before anything is opened: with a kept session the first page may be the way back.
      await watchNavigations(page, flow);
    },
  };
}
