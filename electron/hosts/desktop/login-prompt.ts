import { BrowserWindow } from 'electron';
import { z } from 'zod';
import type { Challenge } from '../../consent/browsers/challenges.ts';

const page = `<!doctype html><html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; form-action 'none'">
<title>Sign in</title><style>
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
</style></head><body><h1></h1><p></p><form autocomplete="off">
<label>User name <input name="username" autofocus></label>
<label>Password <input name="password" type="password"></label>
<div><button type="button">Cancel</button><button type="submit">Sign in</button></div></form></body></html>`;

/** What is typed comes back as the value of this expression: the window has no preload and goes nowhere. */
function waitForAnswer(title: string, text: string): string {
  return `new Promise((resolve) => {
    document.querySelector('h1').textContent = ${JSON.stringify(title)};
    document.querySelector('p').textContent = ${JSON.stringify(text)};
    const form = document.querySelector('form');
    form.onsubmit = (event) => {
      event.preventDefault();
      resolve([form.username.value, form.password.value]);
    };
    document.querySelector('button[type=button]').onclick = () => resolve(null);
    addEventListener('keydown', (event) => { if (event.key === 'Escape') resolve(null); });
  })`;
}

const answerSchema = z.tuple([z.string(), z.string()]).nullable();

/** Asks the person, in a small window before the consent window, for what a server wants; null: they gave nothing. */
export async function askForLogin(
  parent: BrowserWindow,
  { origin, realm }: Challenge,
): Promise<{ username: string; password: string } | null> {
  const window = new BrowserWindow({
    ...{ parent, modal: true, width: 400, height: 290, resizable: false, minimizable: false },
    ...{ title: 'Sign in', autoHideMenuBar: true, show: false },
    webPreferences: {
      partition: 'login-prompt',
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      spellcheck: false,
    },
  });
  window.webContents.on('will-navigate', (event) => event.preventDefault());
  window.webContents.setWindowOpenHandler(() => ({ action: 'deny' }));
  const closed = new Promise<null>((resolve) => window.once('closed', () => resolve(null)));
  const asked = async () => {
    await window.loadURL(`data:text/html;charset=utf-8,${encodeURIComponent(page)}`);
    window.show();
    const host = new URL(origin).host;
    const words = realm.replace(/\s+/g, ' ').trim().slice(0, 200);
    const text = words === '' ? 'It asks for a user name and a password.' : `It says: ${words}`;
    return window.webContents.executeJavaScript(waitForAnswer(`${host} wants you to sign in`, text));
  };
  // A window that is closed, or goes with its parent, leaves the other promise unsettled or failed.
  const answer = answerSchema.catch(null).parse(await Promise.race([asked().catch(() => null), closed]));
  if (!window.isDestroyed()) window.destroy();
  return answer === null ? null : { username: answer[0], password: answer[1] };
}
