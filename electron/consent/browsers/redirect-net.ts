import type { Browser, Page } from 'playwright-core';
import { z } from 'zod';
import { isRedirect } from '../../oauth/redirect.ts';
import type { RedirectCapture } from '../../oauth/redirect-capture.ts';
import { landingPage } from './landing-page.ts';
import { type TargetChannel, watchTargets } from './target-channel.ts';

/** Catches the redirects of all flows in one browser before they are sent anywhere. */
export interface RedirectNet {
  /** Watches the browser context of `page` and everything that opens in it; until the context is closed. */
  watch(page: Page, redirectUri: string, caught: (capture: RedirectCapture) => void): Promise<void>;
}

interface Flow {
  redirectUri: string;
  caught(capture: RedirectCapture): void;
}

const pausedSchema = z.object({
  requestId: z.string(),
  request: z.object({
    url: z.string(),
    urlFragment: z.string().optional(),
    method: z.string(),
    postData: z.string().optional(),
    postDataEntries: z.array(z.object({ bytes: z.string().optional() })).optional(),
  }),
  responseStatusCode: z.number().optional(),
  responseHeaders: z.array(z.object({ name: z.string(), value: z.string() })).optional(),
});
type Paused = z.infer<typeof pausedSchema>;

const landing = Buffer.from(landingPage('Signed in', 'You can go back to Grantwright.')).toString('base64');
const landingHeaders = [
  { name: 'content-type', value: 'text/html; charset=utf-8' },
  { name: 'cache-control', value: 'no-store' },
  { name: 'referrer-policy', value: 'no-referrer' },
];

/** Whether the redirect is no request at all: a custom scheme (RFC 8252 section 7.1). */
function isCustomScheme(redirectUri: string): boolean {
  return !/^https?:/i.test(redirectUri.trim());
}

function formBodyOf({ request }: Paused): string | null {
  if (request.method !== 'POST') return null;
  if (request.postDataEntries === undefined) return request.postData ?? null;
  const parts = request.postDataEntries.map(({ bytes }) => Buffer.from(bytes ?? '', 'base64'));
  return Buffer.concat(parts).toString('utf8');
}

/** The redirect in a paused request, or in the answer that sends there; null: it is something else. */
function captureIn(paused: Paused, redirectUri: string): RedirectCapture | null {
  const { url, urlFragment = '' } = paused.request;
  if (paused.responseStatusCode === undefined) {
    const whole = `${url}${urlFragment}`;
    return isRedirect(whole, redirectUri) ? { url: whole, formBody: formBodyOf(paused) } : null;
  }
  const location = paused.responseHeaders?.find(({ name }) => name.toLowerCase() === 'location')?.value;
  if (location === undefined || !isRedirect(location, redirectUri)) return null;
  return { url: location, formBody: null };
}

async function arm(channel: TargetChannel, flow: Flow): Promise<void> {
  const documents = { urlPattern: '*', resourceType: 'Document' };
  const patterns = [{ ...documents, requestStage: 'Request' }];
  // A redirect to another scheme is never requested: it is seen in the answer, or as a navigation.
  if (isCustomScheme(flow.redirectUri)) {
    patterns.push({ ...documents, requestStage: 'Response' });
    await channel.send('Page.enable');
  }
  await channel.send('Page.enable');
  await channel.send('Fetch.enable', { patterns });
}

async function decide(channel: TargetChannel, flow: Flow, paused: Paused): Promise<void> {
  const { requestId } = paused;
  const capture = captureIn(paused, flow.redirectUri);
  if (capture === null) return channel.send('Fetch.continueRequest', { requestId });
  flow.caught(capture);
  const answer = { responseCode: 200, responseHeaders: landingHeaders, body: landing };
  return channel.send('Fetch.fulfillRequest', { requestId, ...answer });
}

async function contextIdOf(page: Page): Promise<string> {
  const session = await page.context().newCDPSession(page);
  const { targetInfo } = await session.send('Target.getTargetInfo');
  await session.detach();
  return targetInfo.browserContextId ?? '';
}

/** Begins to watch a browser that was just started. */
export async function createRedirectNet(browser: Browser): Promise<RedirectNet> {
  const flows = new Map<string, Flow>();
  const channels = new Set<TargetChannel>();
  const flowOf = ({ contextId }: TargetChannel) => flows.get(contextId ?? '');

  const root = await browser.newBrowserCDPSession();
  const targets = await watchTargets(root, {
    async onTarget(channel) {
      channels.add(channel);
      const flow = flowOf(channel);
      if (flow !== undefined) await arm(channel, flow);
    },
    onEvent(channel, method, params) {
      const flow = flowOf(channel);
      if (flow === undefined) return;
      if (method === 'Fetch.requestPaused') {
        // It fails only when the page is gone, and its request with it.
        decide(channel, flow, pausedSchema.parse(params)).catch(() => undefined);
      } else if (method === 'Page.frameRequestedNavigation') {
        const { url } = z.object({ url: z.string() }).parse(params);
        if (isRedirect(url, flow.redirectUri) && isCustomScheme(url)) flow.caught({ url, formBody: null });
      }
    },
  });

  return {
    async watch(page, redirectUri, caught) {
      const contextId = await contextIdOf(page);
      const flow = { redirectUri, caught };
      flows.set(contextId, flow);
      page.context().once('close', () => {
        flows.delete(contextId);
        for (const channel of channels) if (channel.contextId === contextId) channels.delete(channel);
      });
      await targets.settled();
      await Promise.all(
        [...channels].filter((one) => one.contextId === contextId).map((one) => arm(one, flow)),
      );
      // Within a page a redirect may also be no request at all (history.pushState).
      page.on('framenavigated', (frame) => {
        if (isRedirect(frame.url(), redirectUri)) caught({ url: frame.url(), formBody: null });
      });
    },
  };
}
