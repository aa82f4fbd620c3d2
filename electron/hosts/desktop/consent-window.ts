import { randomUUID } from 'node:crypto';
import { BrowserWindow, type Session, session, type WebContents } from 'electron';
import { type CdpConnection, connectToPage } from '../../consent/browsers/cdp-connection.ts';
import { createChallenges } from '../../consent/browsers/challenges.ts';
import type {
  ConsentBrowser,
  ConsentSession,
  ConsentSessionOptions,
} from '../../consent/browsers/consent-browser.ts';
import { glanceVia } from '../../consent/browsers/glance.ts';
import { noticeCode } from '../../consent/browsers/notice.ts';
import { checkAddress, pageError } from '../../consent/browsers/open-address.ts';
import { type ConsentPurpose, purposeWords } from '../../consent/browsers/purpose.ts';
import { pageEnded, windowClosed } from '../../consent/browsers/session-ends.ts';
import { createDeferred, type Deferred } from '../../consent/deferred.ts';
import type { RedirectCapture } from '../../oauth/redirect-capture.ts';
import { startCdpRelay } from './cdp-relay.ts';
import { readCookies, restoreCookies } from './consent-cookies.ts';
import { answerLogins } from './consent-logins.ts';
import { chooseCertificates, reachServers } from './consent-reach.ts';
import { hideLoadWarnings } from './load-warnings.ts';

type Outcome = Deferred<RedirectCapture>;

function openWindow(options: ConsentSessionOptions, partition: string): BrowserWindow {
  const title = `${purposeWords[options.purpose].title} · ${options.title}`;
  const window = new BrowserWindow({
    width: 560,
    height: 760,
    show: options.visible,
    title,
    autoHideMenuBar: true,
    webPreferences: {
      partition,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webviewTag: false,
      spellcheck: false,
      // A hidden window throttles its frames to a standstill; an offscreen one runs at full speed.
      offscreen: !options.visible,
    },
  });
  // The page must not be able to name its window as something else; the host is what a person checks.
  window.on('page-title-updated', (event) => event.preventDefault());
  window.webContents.on('did-navigate', (_event, url) => {
    if (URL.canParse(url)) window.setTitle(`${title} · ${new URL(url).host}`);
  });
  const { notice } = options;
  if (notice) {
    // It fails only for a page that is gone again, or that lets nothing run in it; the title tells then.
    window.webContents.on('dom-ready', () => {
      window.webContents.executeJavaScript(noticeCode(notice)).catch(() => undefined);
    });
  }
  window.webContents.setWindowOpenHandler(() => ({
    action: 'allow',
    overrideBrowserWindowOptions: { show: options.visible, webPreferences: { partition, sandbox: true } },
  }));
  return window;
}

function formBodyOf(uploadData: Electron.UploadData[] | undefined): string | null {
  if (uploadData === undefined) return null;
  return Buffer.concat(uploadData.map((part) => part.bytes ?? Buffer.alloc(0))).toString('utf8');
}

/**
 * Catches the redirect as a request, before it is sent anywhere; this sees redirect hops and form_post bodies. Notes in
 * `frames` which addresses were asked for as pages, and as frames within one.
 */
function catchRequests(
  partition: Session,
  { isRedirect }: ConsentSessionOptions,
  outcome: Outcome,
  frames: Map<string, 'main' | 'sub'>,
): void {
  partition.webRequest.onBeforeRequest((details, proceed) => {
    const navigation = details.resourceType === 'mainFrame' || details.resourceType === 'subFrame';
    if (navigation) frames.set(details.url, details.resourceType === 'mainFrame' ? 'main' : 'sub');
    const caught = navigation && isRedirect(details.url);
    proceed({ cancel: caught });
    if (caught) outcome.resolve({ url: details.url, formBody: formBodyOf(details.uploadData) });
  });
}

/** Catches the redirect as a navigation: the only way for other schemes (com.example.app:/callback), which are no requests. */
function catchNavigations(
  contents: WebContents,
  { isRedirect }: Pick<ConsentSessionOptions, 'isRedirect'>,
  outcome: Outcome,
): void {
  const inspect = (event: Electron.Event<{ url: string }>) => {
    if (/^https?:/i.test(event.url) || !isRedirect(event.url)) return;
    event.preventDefault();
    outcome.resolve({ url: event.url, formBody: null });
  };
  contents.on('will-redirect', inspect);
  contents.on('will-navigate', inspect);
  contents.on('did-create-window', (child) => catchNavigations(child.webContents, { isRedirect }, outcome));
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

/** A window that is destroyed leaves behind what asks for a password before it, and Electron does not survive its end then. */
function closePrompts(partition: Session): void {
  const windows = BrowserWindow.getAllWindows().filter(
    ({ webContents }) => webContents.session === partition,
  );
  for (const prompt of windows.flatMap((window) => window.getChildWindows())) prompt.destroy();
}

async function openSession(options: ConsentSessionOptions): Promise<ConsentSession> {
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
  const window = openWindow(options, partitionName);
  const contents = window.webContents;
  const frames = new Map<string, 'main' | 'sub'>();
  const challenges = createChallenges({
    ...{
      purpose,
      attended: options.worker !== 'script',
      waitMs: options.credentialsWaitMs ?? 0,
      fail: outcome.reject,
    },
  });
  answerLogins(window, challenges, (url) => frames.get(url) ?? null, options);
  chooseCertificates(window, options);
  catchRequests(partition, options, outcome, frames);
  catchNavigations(contents, options, outcome);
  const onClosed = () => outcome.reject(windowClosed(purpose));
  // Before its page is told: a load that fails because the window goes must not be taken for the reason.
  window.on('close', onClosed);
  window.on('closed', onClosed);
  contents.on('will-prevent-unload', (event) => event.preventDefault());
  contents.on('render-process-gone', (_event, gone) => {
    outcome.reject(pageEnded(purpose, `The ${purpose} page of ${options.title} crashed (${gone.reason}).`));
  });

  const close = async () => {
    challenges.end();
    closePrompts(partition);
    if (!window.isDestroyed()) window.destroy();
    await partition.clearStorageData();
  };
  const shown = {
    redirectUri: options.redirectUri,
    openUrl: null,
    redirect: outcome.promise,
    start: (url: string) => load(window, url, purpose, challenges.orAsked(outcome.promise)),
    authenticate: challenges.authenticate,
    challenge: challenges.open,
    status: watchStatus(partition, contents),
    glance: () =>
      glanceVia(
        () => contents.getURL(),
        (code) => contents.executeJavaScript(code),
      ),
    cookies: () => readCookies(partition),
    // Not looked at here: what another browser kept is handed on as it came, but does not outlive a logout.
    localStorage: async () => (purpose === 'logout' ? [] : (state?.origins ?? [])),
  };
  if (options.worker === 'person') return { ...shown, page: null, close };
  try {
    const { page, detach } = await drive(window);
    // Playwright dismisses what a page asks, unless somebody listens: a person answers for themselves.
    if (options.worker !== 'script') page.on('dialog', () => undefined);
    return {
      ...shown,
      page,
      close: async () => {
        await detach();
        await close();
      },
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Has Playwright drive a window, in this process. */
async function drive(
  window: BrowserWindow,
): Promise<{ page: CdpConnection['page']; detach: () => Promise<void> }> {
  // A window that has loaded nothing has no page yet, and counts as crashed to whoever attaches.
  await window.loadURL('about:blank');
  const relay = await startCdpRelay(window.webContents);
  try {
    const connection = await connectToPage(relay.endpoint);
    const detach = async () => {
      await connection.close().catch(() => undefined);
      relay.close();
    };
    return { page: connection.page, detach };
  } catch (error) {
    relay.close();
    throw error;
  }
}

/** The consent browser of the desktop: a window of its own session, offscreen and driven by Playwright when unattended. */
export function createElectronWindowBrowser(): ConsentBrowser {
  hideLoadWarnings();
  return {
    kind: 'electron-window',
    scriptable: true,
    keepsSessions: true,
    showable: () => true,
    open: openSession,
    dispose: async () => {
      // Windows end with their flows; nothing is kept warm.
    },
  };
}
