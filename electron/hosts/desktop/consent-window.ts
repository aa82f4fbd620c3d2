import { randomUUID } from 'node:crypto';
import { type BrowserWindow, type Session, session, type WebContents } from 'electron';
import { type CdpConnection, connectToPage } from '../../consent/browsers/cdp-connection.ts';
import { createChallenges } from '../../consent/browsers/challenges.ts';
import type {
  ConsentBrowser,
  ConsentSession,
  ConsentSessionOptions,
} from '../../consent/browsers/consent-browser.ts';
import { glanceVia } from '../../consent/browsers/glance.ts';
import { checkAddress, pageError } from '../../consent/browsers/open-address.ts';
import { type ConsentPurpose, purposeWords } from '../../consent/browsers/purpose.ts';
import { pageEnded, windowClosed } from '../../consent/browsers/session-ends.ts';
import { createDeferred, type Deferred } from '../../consent/deferred.ts';
import type { RedirectCapture } from '../../oauth/redirect-capture.ts';
import { type CdpRelay, type CdpRelayOptions, startCdpRelay } from './cdp-relay.ts';
import { readCookies, restoreCookies } from './consent-cookies.ts';
import { answerLogins } from './consent-logins.ts';
import { chooseCertificates, reachServers } from './consent-reach.ts';
import { openFlowWindows } from './flow-windows.ts';
import { hideLoadWarnings } from './load-warnings.ts';
import { createWindowDebugger, type DebugWindow } from './window-debugger.ts';

type Outcome = Deferred<RedirectCapture>;

function formBodyOf(uploadData: Electron.UploadData[] | undefined): string | null {
  if (uploadData === undefined) return null;
  return Buffer.concat(uploadData.map((part) => part.bytes ?? Buffer.alloc(0))).toString('utf8');
}

/** What is known of a flow's requests: by address, whether it was asked for as a page or as a frame within one. */
interface Requests {
  frames: Map<string, 'main' | 'sub'>;
  /** The windows, by the id of their contents, that may not load anything yet; false: never. */
  held: Map<number, Promise<boolean>>;
}

/** Catches the redirect as a request, before it is sent anywhere; this sees redirect hops and form_post bodies. */
function catchRequests(
  partition: Session,
  { isRedirect }: ConsentSessionOptions,
  outcome: Outcome,
  { frames, held }: Requests,
): void {
  partition.webRequest.onBeforeRequest((details, proceed) => {
    const { url, resourceType, webContentsId } = details;
    const navigation = resourceType === 'mainFrame' || resourceType === 'subFrame';
    if (navigation) frames.set(url, resourceType === 'mainFrame' ? 'main' : 'sub');
    const caught = navigation && isRedirect(url);
    const hold = caught || webContentsId === undefined ? undefined : held.get(webContentsId);
    if (hold === undefined) proceed({ cancel: caught });
    else hold.then((goesOn) => proceed({ cancel: !goesOn }));
    if (caught) outcome.resolve({ url, formBody: formBodyOf(details.uploadData) });
  });
}

/** Catches the redirect as an address: the only way for other schemes (com.example.app:/callback), which are no requests. */
function catchAddress(url: string, { isRedirect }: ConsentSessionOptions, outcome: Outcome): boolean {
  if (/^https?:/i.test(url) || !isRedirect(url)) return false;
  outcome.resolve({ url, formBody: null });
  return true;
}

function catchNavigations(contents: WebContents, options: ConsentSessionOptions, outcome: Outcome): void {
  const inspect = (event: Electron.Event<{ url: string }>) => {
    if (catchAddress(event.url, options, outcome)) event.preventDefault();
  };
  contents.on('will-redirect', inspect);
  contents.on('will-navigate', inspect);
}

/** Notes with which HTTP status the window's own documents come; an answer without a page has one too. */
function watchStatus(partition: Session, contents: WebContents): () => number | null {
  let status: number | null = null;
  const { id } = contents;
  partition.webRequest.onResponseStarted(({ resourceType, webContentsId, statusCode }) => {
    if (resourceType === 'mainFrame' && webContentsId === id) status = statusCode;
  });
  return () => status;
}

async function load(
  window: BrowserWindow,
  url: string,
  purpose: ConsentPurpose,
  going: Promise<unknown>,
): Promise<void> {
  checkAddress(url, purpose);
  const failed = window.loadURL(url).then(
    () => null,
    (error: Error & { code?: string }) => error,
  );
  // The page has come when it is shown, whatever of it is still on its way.
  const shown = new Promise<null>((resolve) => {
    window.webContents.once('did-navigate', () => resolve(null));
  });
  const error = await Promise.race([failed, shown, going.then(() => null)]);
  // ERR_ABORTED: another navigation took over, as a redirect that was caught does.
  if (error === null || error.code === 'ERR_ABORTED' || error.code === 'ERR_BLOCKED_BY_CLIENT') return;
  throw pageError(url, purpose, error.code);
}

async function openSession(debug: DebugWindow, options: ConsentSessionOptions): Promise<ConsentSession> {
  const partitionName = `consent-${randomUUID()}`;
  const partition = session.fromPartition(partitionName);
  partition.setPermissionRequestHandler((_contents, _permission, decide) => decide(false));
  partition.setPermissionCheckHandler(() => false);
  partition.setDevicePermissionHandler(() => false);
  partition.on('will-download', (event) => event.preventDefault());
  const { purpose, state } = options;
  await reachServers(partition, options);
  await restoreCookies(partition, state?.cookies ?? []);
  const outcome: Outcome = createDeferred();
  const requests: Requests = { frames: new Map(), held: new Map() };
  const challenges = createChallenges({
    ...{
      purpose,
      attended: options.worker !== 'script',
      waitMs: options.credentialsWaitMs ?? 0,
      fail: outcome.reject,
    },
  });
  let driven: Driven | null = null;

  /** A window that a page opens loads nothing before Playwright has it, and never what Playwright cannot have. */
  function holdFor(relay: CdpRelay, { webContents }: BrowserWindow, opener: WebContents): void {
    const { held } = requests;
    const { id } = webContents;
    const added = relay.add(webContents, opener).then((goesOn) => {
      if (goesOn) held.delete(id);
      return goesOn;
    });
    held.set(id, added);
  }

  catchRequests(partition, options, outcome, requests);
  const windows = openFlowWindows({
    partition: partitionName,
    visible: options.visible,
    title: `${purposeWords[purpose].title} · ${options.title}`,
    notice: options.notice ?? null,
    refuses: (url) => catchAddress(url, options, outcome),
    onOpened(window, opener) {
      answerLogins(window, challenges, (url) => requests.frames.get(url) ?? null, options);
      chooseCertificates(window, options);
      catchNavigations(window.webContents, options, outcome);
      if (driven !== null && opener !== null) holdFor(driven.relay, window, opener);
    },
    onClosed: () => outcome.reject(windowClosed(purpose)),
    onCrashed: (reason) =>
      outcome.reject(pageEnded(purpose, `The ${purpose} page of ${options.title} crashed (${reason}).`)),
  });

  const close = async () => {
    challenges.end();
    await driven?.detach();
    windows.destroy();
    await partition.clearStorageData();
  };
  const shown = {
    redirectUri: options.redirectUri,
    openUrl: null,
    redirect: outcome.promise,
    start: (url: string) => load(windows.first, url, purpose, challenges.orAsked(outcome.promise)),
    authenticate: challenges.authenticate,
    challenge: challenges.open,
    status: watchStatus(partition, windows.first.webContents),
    glance: async () => {
      const shows = windows.newest()?.webContents;
      if (shows === undefined) return null;
      return glanceVia(
        () => shows.getURL(),
        (code) => shows.executeJavaScript(code),
      );
    },
    cookies: () => readCookies(partition),
    // Not looked at here: what another browser kept is handed on as it came, but does not outlive a logout.
    localStorage: async () => (purpose === 'logout' ? [] : (state?.origins ?? [])),
  };
  if (options.worker === 'person') return { ...shown, page: null, close };
  try {
    driven = await drive(windows.first, { debug, hidden: !options.visible });
    const { page } = driven;
    // Playwright dismisses what a page asks, unless somebody listens: a person answers for themselves.
    if (options.worker !== 'script') page.context().on('dialog', () => undefined);
    return { ...shown, page, close };
  } catch (thrown) {
    const closed = windows.newest() === null;
    await close();
    if (closed) throw windowClosed(purpose);
    const reason = thrown instanceof Error ? thrown.message.split('\n')[0] : 'it failed';
    throw pageEnded(purpose, `The ${purpose} page of ${options.title} could not be driven: ${reason}`);
  }
}

/** Windows that Playwright drives. */
interface Driven {
  page: CdpConnection['page'];
  relay: CdpRelay;
  detach(): Promise<void>;
}

/** Has Playwright drive a window, in this process. */
async function drive(window: BrowserWindow, options: CdpRelayOptions): Promise<Driven> {
  // A window that has loaded nothing has no page yet, and counts as crashed to whoever attaches.
  await window.loadURL('about:blank');
  const relay = await startCdpRelay(window.webContents, options);
  try {
    const { page, close } = await connectToPage(relay.endpoint);
    return {
      page,
      relay,
      async detach() {
        await close().catch(() => undefined);
        relay.close();
      },
    };
  } catch (error) {
    relay.close();
    throw error;
  }
}

/** The consent browser of the desktop: a window of its own session, offscreen and driven by Playwright when unattended. */
export function createElectronWindowBrowser(): ConsentBrowser {
  hideLoadWarnings();
  const { debug, dispose } = createWindowDebugger();
  return {
    kind: 'electron-window',
    scriptable: true,
    keepsSessions: true,
    showable: () => true,
    open: (options) => openSession(debug, options),
    // Windows end with their flows.
    dispose: async () => dispose(),
  };
}
