import { spawn } from 'node:child_process';
import { foreignEnvironment } from '../../consent/browsers/foreign-environment.ts';

/** Whether this machine can show a window. */
export function hasDisplay(): boolean {
  if (process.platform !== 'linux') return true;
  return Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY);
}

function opener(url: string): [string, string[]] {
  if (process.platform === 'darwin') return ['open', [url]];
  // rundll32 takes the URL as it is; `start` would have a shell read it.
  if (process.platform === 'win32') return ['rundll32', ['url.dll,FileProtocolHandler', url]];
  return ['xdg-open', [url]];
}

/** Opens a URL in the person's own browser; false when there is none to open. Only http and https URLs are passed on. */
export async function openInBrowser(url: string): Promise<boolean> {
  if (!hasDisplay() || !/^https?:\/\//i.test(url)) return false;
  const [command, parameters] = opener(url);
  return new Promise((resolve) => {
    const child = spawn(command, parameters, {
      stdio: 'ignore',
      detached: true,
      env: foreignEnvironment(),
    });
    child.once('error', () => resolve(false));
    child.once('spawn', () => {
      child.unref();
      resolve(true);
    });
  });
}
