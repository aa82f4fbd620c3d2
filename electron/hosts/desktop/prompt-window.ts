import { BrowserWindow } from 'electron';

/** How every prompt looks; it follows the system's theme. */
const promptStyle = `
:root { color-scheme: light dark; --ink: #171b23; --soft: #667085; --line: #c5ccd8; --field: #ffffff; --ground: #f6f7f9;
  --accent: #3b5bdb; font: 13px/1.45 system-ui, sans-serif; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6e9ef; --soft: #98a2b3; --line: #3a4353; --field: #181d27;
  --ground: #0f1218; --accent: #5c7cfa; } }
body { margin: 0; padding: 20px 24px; background: var(--ground); color: var(--ink); }
h1 { font-size: 15px; margin: 0 0 4px; overflow-wrap: anywhere; }
p { margin: 0 0 14px; color: var(--soft); overflow-wrap: anywhere; max-height: 3em; overflow: hidden; }
label { display: grid; gap: 4px; margin-bottom: 12px; font-weight: 550; }
input { font: inherit; padding: 7px 9px; border: 1px solid var(--line); border-radius: 6px; background: var(--field);
  color: inherit; }
input:focus { outline: 2px solid var(--accent); outline-offset: -1px; }
div { display: flex; justify-content: flex-end; gap: 8px; }
button { font: inherit; font-weight: 550; padding: 7px 14px; border-radius: 6px; border: 1px solid var(--line);
  background: var(--field); color: inherit; }
button[type=submit] { background: var(--accent); border-color: var(--accent); color: #fff; }
`;

/** A page of its own, with nothing from anywhere else. */
export function promptPage(title: string, body: string, style = ''): string {
  return `<!doctype html><html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; form-action 'none'">
<title>${title}</title><style>${promptStyle}${style}</style></head><body><h1></h1><p></p>${body}</body></html>`;
}

export interface PromptOptions {
  title: string;
  width: number;
  height: number;
  /** See `promptPage`. */
  page: string;
  /** An expression whose value is the answer, once the person has given one: the window has no preload and goes nowhere. */
  code: string;
}

/** Shows a small window before another one, and gives what came of it, unchecked; null: it was closed. */
export async function askInWindow(
  parent: BrowserWindow,
  { title, width, height, page, code }: PromptOptions,
): Promise<unknown> {
  const window = new BrowserWindow({
    ...{ parent, modal: true, width, height, resizable: false, minimizable: false },
    ...{ title, autoHideMenuBar: true, show: false },
    webPreferences: {
      partition: 'prompt',
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      spellcheck: false,
    },
  });
  window.webContents.on('will-navigate', (event) => event.preventDefault());
  window.webContents.setWindowOpenHandler(() => ({ action: 'deny' }));
  const closed = new Promise<null>((resolve) => window.once('closed', () => resolve(null)));
  const asked = async (): Promise<unknown> => {
    await window.loadURL(`data:text/html;charset=utf-8,${encodeURIComponent(page)}`);
    window.show();
    return window.webContents.executeJavaScript(code);
  };
  // A window that is closed, or goes with its parent, leaves the other promise unsettled or failed.
  const answer = await Promise.race([asked().catch(() => null), closed]);
  if (!window.isDestroyed()) window.destroy();
  return answer;
}
