import { BrowserWindow, type HandlerDetails, type WebContents, webContents } from 'electron';
import { maximumWindows } from '../../consent/browsers/consent-browser.ts';
import { noticeCode } from '../../consent/browsers/notice.ts';

export interface FlowWindowsOptions {
  /** The name of the browser session that they all share. */
  partition: string;
  visible: boolean;
  /** What each is called, before the host that it shows. */
  title: string;
  /** What the person is told above each page; null: nothing. */
  notice: string | null;
  /** Hears of each before it loads anything; `opener` null: the flow itself opened it. */
  onOpened(window: BrowserWindow, opener: WebContents | null): void;
  /** Whether a page that would open an address gets no window for it. */
  refuses(url: string): boolean;
  /** The last one is being closed, by a person or its page. */
  onClosed(): void;
  /** No page is left but crashed ones; `reason` is Electron's, of one of them. */
  onCrashed(reason: string): void;
}

/** The windows of one flow: the first, and those that its pages open, none of which is worth less care. */
export interface FlowWindows {
  readonly first: BrowserWindow;
  /** Null: none is open any more. */
  newest(): BrowserWindow | null;
  destroy(): void;
}

/** How far a window that another one opens is moved, so that both are seen; in pixels. */
const stepAside = 32;

/** What Chromium has made for a page that opens a window: it is among the options, though not declared there. */
function contentsIn(options: object): WebContents | undefined {
  const made: unknown = Reflect.get(options, 'webContents');
  return webContents.getAllWebContents().find((contents) => contents === made);
}

/** Opens the first, which has loaded nothing yet. Pages may open more, up to `maximumWindows` at a time. */
export function openFlowWindows(options: FlowWindowsOptions): FlowWindows {
  const { visible, title, notice } = options;
  const windows = new Set<BrowserWindow>();
  const closing = new WeakSet<BrowserWindow>();
  /** Electron's reason, until the window shows a page again. */
  const crashed = new WeakMap<BrowserWindow, string>();
  const webPreferences = {
    partition: options.partition,
    sandbox: true,
    contextIsolation: true,
    nodeIntegration: false,
    webviewTag: false,
    spellcheck: false,
    // A hidden window throttles its frames to a standstill; an offscreen one runs at full speed. Electron before 37 opens
    // none for a page.
    offscreen: !visible,
    backgroundThrottling: visible,
  };

  function beside(opener: WebContents | null): { x?: number; y?: number } {
    const window = opener === null ? null : BrowserWindow.fromWebContents(opener);
    const [x, y] = window?.getPosition() ?? [];
    return x === undefined || y === undefined ? {} : { x: x + stepAside, y: y + stepAside };
  }

  function lookWhatIsLeft(): void {
    const left = [...windows].filter((each) => !closing.has(each));
    const [reason] = left.flatMap((each) => crashed.get(each) ?? []);
    if (left.length === 0) options.onClosed();
    else if (reason !== undefined && left.every((each) => crashed.has(each))) options.onCrashed(reason);
  }

  /** `contents`: what Chromium has made for a page that opens a window; nothing else that the page asks for counts. */
  function open(opener: WebContents | null, contents?: WebContents): BrowserWindow {
    const window = new BrowserWindow({
      ...{ width: 560, height: 760, ...beside(opener) },
      ...{ show: visible, title, autoHideMenuBar: true, webPreferences },
      ...(contents === undefined ? {} : { webContents: contents }),
    });
    windows.add(window);
    dress(window);
    const onClosing = (): void => {
      closing.add(window);
      lookWhatIsLeft();
    };
    // Before its page is told: a load that fails because the window goes must not be taken for the reason.
    window.on('close', onClosing);
    window.on('closed', () => {
      onClosing();
      windows.delete(window);
    });
    options.onOpened(window, opener);
    return window;
  }

  function dress(window: BrowserWindow): void {
    const contents = window.webContents;
    // The page must not be able to name its window as something else; the host is what a person checks.
    window.on('page-title-updated', (event) => event.preventDefault());
    contents.on('render-process-gone', (_event, { reason }) => {
      crashed.set(window, reason);
      lookWhatIsLeft();
    });
    contents.on('did-navigate', (_event, url) => {
      crashed.delete(window);
      // What a page has begun may end after its window.
      if (!window.isDestroyed() && URL.canParse(url)) window.setTitle(`${title} · ${new URL(url).host}`);
    });
    if (notice) {
      // It fails only for a page that is gone again, or that lets nothing run in it; the title tells then.
      contents.on('dom-ready', () => {
        contents.executeJavaScript(noticeCode(notice)).catch(() => undefined);
      });
    }
    contents.on('will-prevent-unload', (event) => event.preventDefault());
    contents.setWindowOpenHandler((details) => {
      if (options.refuses(details.url) || windows.size >= maximumWindows) return { action: 'deny' };
      return {
        action: 'allow',
        outlivesOpener: true,
        overrideBrowserWindowOptions: { webPreferences },
        createWindow: (given) => openFor(contents, given, details),
      };
    });
  }

  function openFor(opener: WebContents, given: object, details: HandlerDetails): WebContents {
    const contents = contentsIn(given);
    const window = open(opener, contents);
    if (contents !== undefined) return contents;
    // Somebody held a key while they clicked: it is for us to load it. It fails as any page may, which then shows.
    const { url, referrer, postBody } = details;
    const { contentType, boundary, data } = postBody ?? {};
    const type = boundary === undefined ? contentType : `${contentType}; boundary=${boundary}`;
    const posted = data === undefined ? {} : { postData: data, extraHeaders: `content-type: ${type}` };
    window.loadURL(url, { httpReferrer: referrer, ...posted }).catch(() => undefined);
    return window.webContents;
  }

  return {
    first: open(null),
    newest: () => [...windows].findLast((each) => !closing.has(each)) ?? null,
    destroy() {
      for (const window of [...windows]) {
        // A window that is destroyed leaves behind what asks for a password before it, and Electron does not survive its
        // end then.
        for (const prompt of window.getChildWindows()) prompt.destroy();
        window.destroy();
      }
    },
  };
}
