import { join, normalize, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import { net, protocol } from 'electron';

/** The renderer's own origin: a standard scheme, so that a strict Content Security Policy has a `'self'` to name. */
export const appOrigin = 'app://grantwright';

/** Must run before Electron is ready. */
export function registerAppScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: 'app', privileges: { standard: true, secure: true, supportFetchAPI: true } },
  ]);
}

/** Serves the built renderer, and nothing outside its folder. */
export function setupAppProtocol(folder: string): void {
  protocol.handle('app', (request) => {
    const url = new URL(request.url);
    const path = decodeURIComponent(url.pathname);
    const file = normalize(join(folder, path === '/' ? 'index.html' : path));
    if (url.host !== 'grantwright' || !file.startsWith(folder + sep))
      return new Response('Not found', { status: 404 });
    return net.fetch(pathToFileURL(file).href);
  });
}
