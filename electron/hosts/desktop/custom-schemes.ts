import { app } from 'electron';
import { type SchemeReceiver, schemeRefused } from '../../consent/browsers/custom-scheme.ts';

/** Addresses of schemes that sign-ins wait for, from the system to whom they are for. */
export interface CustomSchemes extends SchemeReceiver {
  /**
   * Gives an address that the system brought to the sign-in that waits for it. One for which nobody waits is dropped:
   * `onDropped` hears of its scheme.
   */
  deliver(url: string): void;
}

type Take = (url: string) => boolean;

/** Makes one. The app is the system's handler of a scheme while a sign-in waits for it, and no longer. */
export function createCustomSchemes(onDropped: (scheme: string) => void): CustomSchemes {
  const waiting = new Map<string, Set<Take>>();
  /** What a second start may bring an address of; anything else was never this app's to open. */
  const known = new Set<string>();

  function end(scheme: string, take: Take): void {
    const takes = waiting.get(scheme);
    takes?.delete(take);
    if (takes === undefined || takes.size > 0) return;
    waiting.delete(scheme);
    giveUp(scheme);
  }

  return {
    receive(scheme, take) {
      const takes = waiting.get(scheme) ?? new Set();
      if (takes.size === 0 && !claim(scheme)) throw schemeRefused(scheme);
      waiting.set(scheme, takes.add(take));
      known.add(scheme);
      let ended = false;
      return () => {
        if (!ended) end(scheme, take);
        ended = true;
      };
    },
    deliver(url) {
      const scheme = /^([a-z][a-z0-9+.-]+):/i.exec(url)?.[1]?.toLowerCase();
      if (scheme === undefined || !known.has(scheme)) return;
      for (const take of waiting.get(scheme) ?? []) if (take(url)) return;
      onDropped(scheme);
    },
  };
}

/** Makes this app the scheme's handler; run from its sources, it is Electron with their folder. */
function claim(scheme: string): boolean {
  if (app.isPackaged) return app.setAsDefaultProtocolClient(scheme);
  return app.setAsDefaultProtocolClient(scheme, process.execPath, [app.getAppPath()]);
}

/** Linux cannot take it back: what still comes there is dropped. */
function giveUp(scheme: string): void {
  if (app.isPackaged) app.removeAsDefaultProtocolClient(scheme);
  else app.removeAsDefaultProtocolClient(scheme, process.execPath, [app.getAppPath()]);
}

/**
 * Listens to the system: macOS hands an address to the running app, the others start it a second time, which gives its
 * parameters to the first and ends.
 */
export function setupCustomSchemes(schemes: CustomSchemes): void {
  app.on('open-url', (event, url) => {
    event.preventDefault();
    schemes.deliver(url);
  });
  app.on('second-instance', (_event, parameters) => {
    for (const parameter of parameters.slice(1)) schemes.deliver(parameter);
  });
}
