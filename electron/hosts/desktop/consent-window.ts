import { randomUUID } from 'node:crypto';
import { BrowserWindow, type Session, session, type WebContents } from 'electron';
import { AppError } from '../../../shared/errors.ts';
import { type CdpConnection, connectToPage } from '../../consent/browsers/cdp-connection.ts';
import type {
  ConsentBrowser,
  ConsentSession,
  ConsentSessionOptions,
  PageGlance,
} from '../../consent/browsers/consent-browser.ts';
import { isRedirect } from '../../oauth/redirect.ts';
import type { RedirectCapture } from '../../oauth/redirect-capture.ts';
import { startCdpRelay } from './cdp-relay.ts';

/** A promise that can be settled from outside, once. */
interface Outcome {
  promise: Promise<RedirectCapture>;
  resolve(capture: RedirectCapture): void;
  reject(error: AppError): void;
}

function createOutcome(): Outcome {
  let resolve: Outcome['resolve'] = () => undefined;
  let reject: Outcome['reject'] = () => undefined;
  const promise = new Promise<RedirectCapture>((onResolve, onReject) => {
    resolve = onResolve;
    reject = onReject;
  });
  // Whoever runs the flow awaits it; a flow that ends before it looks must not bring the process down.
  promise.catch(() => undefined);
  return { promise, resolve, reject };
}

function openWindow(options: ConsentSessionOptions, partition: string): BrowserWindow {
  const window = new BrowserWindow({
    width: 560,
    height: 760,
    show: options.visible,
    title: `Sign in · ${options.title}`,
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
    if (URL.canParse(url)) window.setTitle(`Sign in · ${options.title} · ${new URL(url).host}`);
  });
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

/** Catches the redirect as a request, before it is sent anywhere; this sees redirect hops and form_post bodies. */
function catchRequests(partition: Session, redirectUri: string, outcome: Outcome): void {
  partition.webRequest.onBeforeRequest((details, proceed) => {
    const navigation = details.resourceType === 'mainFrame' || details.resourceType === 'subFrame';
    const caught = navigation && isRedirect(details.url, redirectUri);
    proceed({ cancel: caught });
    if (caught) outcome.resolve({ url: details.url, formBody: formBodyOf(details.uploadData) });
  });
}

/** Catches the redirect as a navigation: the only way for other schemes (com.example.app:/callback), which are no requests. */
function catchNavigations(contents: WebContents, redirectUri: string, outcome: Outcome): void {
  const inspect = (event: Electron.Event<{ url: string }>) => {
    if (/^https?:/i.test(event.url) || !isRedirect(event.url, redirectUri)) return;
    event.preventDefault();
    outcome.resolve({ url: event.url, formBody: null });
  };
  contents.on('will-redirect', inspect);
  contents.on('will-navigate', inspect);
  contents.on('did-create-window', (child) => catchNavigations(child.webContents, redirectUri, outcome));
}

async function glanceAt(contents: WebContents): Promise<PageGlance | null> {
  if (contents.isDestroyed()) return null;
  const url = contents.getURL();
  const title = contents.getTitle();
  const text = await Promise.race([
    contents.executeJavaScript("(document.body?.innerText ?? '').slice(0, 300)").catch(() => ''),
    new Promise<string>((resolve) => setTimeout(resolve, 1000, '')),
  ]);
  return { url, title, text: String(text) };
}

function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : url;
}

async function load(window: BrowserWindow, url: string, outcome: Outcome): Promise<void> {
  const failed = window.loadURL(url).then(
    () => null,
    (error: Error & { code?: string }) => error,
  );
  const error = await Promise.race([failed, outcome.promise.then(() => null)]);
  // ERR_ABORTED: another navigation took over, as a redirect that was caught does.
  if (error === null || error.code === 'ERR_ABORTED' || error.code === 'ERR_BLOCKED_BY_CLIENT') return;
  throw new AppError(
    'consent_page_failed',
    `The sign-in page of ${hostOf(url)} could not be opened: ${error.code ?? 'failed'}.`,
    {
      action: 'Check the Authorization URL, and that the server can be reached from here.',
      cause: error,
    },
  );
}

async function openSession(options: ConsentSessionOptions): Promise<ConsentSession> {
  const partitionName = `consent-${randomUUID()}`;
  const partition = session.fromPartition(partitionName);
  partition.setPermissionRequestHandler((_contents, _permission, decide) => decide(false));
  partition.setPermissionCheckHandler(() => false);
  partition.setDevicePermissionHandler(() => false);
  partition.on('will-download', (event) => event.preventDefault());
  const outcome = createOutcome();
  const window = openWindow(options, partitionName);
  const contents = window.webContents;
  catchRequests(partition, options.redirectUri, outcome);
  catchNavigations(contents, options.redirectUri, outcome);
  const onClosed = () => {
    outcome.reject(
      new AppError(
        'consent_window_closed',
        `The sign-in window of ${options.title} was closed before the server sent back.`,
        {
          action: 'Use Get Access Token to start again.',
        },
      ),
    );
  };
  // Before its page is told: a load that fails because the window goes must not be taken for the reason.
  window.on('close', onClosed);
  window.on('closed', onClosed);
  contents.on('will-prevent-unload', (event) => event.preventDefault());
  contents.on('render-process-gone', (_event, gone) => {
    outcome.reject(
      new AppError('consent_page_failed', `The sign-in page of ${options.title} crashed (${gone.reason}).`),
    );
  });

  const close = async () => {
    if (!window.isDestroyed()) window.destroy();
    await partition.clearStorageData();
  };
  const shown = {
    redirectUri: options.redirectUri,
    openUrl: null,
    redirect: outcome.promise,
    start: (url: string) => load(window, url, outcome),
    glance: () => glanceAt(contents),
  };
  if (options.visible) return { ...shown, page: null, close };
  try {
    const { page, detach } = await drive(window);
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
  return {
    kind: 'electron-window',
    scriptable: true,
    showable: () => true,
    open: openSession,
    dispose: async () => {
      // Windows end with their flows; nothing is kept warm.
    },
  };
}
