import type { Frame, JSHandle, Locator, Page } from 'playwright-core';

/** Where an action of a script sends text to. */
export type Destination =
  | { kind: 'address'; url: string }
  | { kind: 'locator'; locator: Locator; timeout: number | undefined }
  /** Whatever has the keyboard's focus. */
  | { kind: 'focus'; page: Page }
  /** A dialog belongs to any frame of its page: which one is not told. */
  | { kind: 'dialog'; page: Page };

/** The hosts whose pages may be sent values of `vars`. */
export interface AllowedHosts {
  has(url: string): boolean;
  /** Follows a page and its popups: a host that it comes to by itself, from an allowed one, is allowed from then on. */
  follow(page: Page): void;
  /** What happens meanwhile is the script's doing, and allows nothing. */
  duringGoto<T>(page: Page, work: () => Promise<T>): Promise<T>;
}

/** Host and port of a web address; null: it is of another kind (`data:`, `about:`, `blob:`, `file:`). */
export function hostOf(url: string): string | null {
  if (!URL.canParse(url)) return null;
  const { protocol, host } = new URL(url);
  return protocol === 'https:' || protocol === 'http:' ? host : null;
}

const matches = (pattern: string, host: string): boolean =>
  pattern.startsWith('*.') ? host.endsWith(pattern.slice(1).toLowerCase()) : host === pattern.toLowerCase();

/** `named`: `host`, `host:port`, or `*.domain` for all hosts within a domain; without a port the scheme's own. */
export function createAllowedHosts(named: Iterable<string>): AllowedHosts {
  const patterns = [...named];
  const reached = new Set<string>();
  const byScript = new WeakSet<Page>();

  const allows = (url: string): boolean => {
    const host = hostOf(url);
    return host !== null && (reached.has(host) || patterns.some((pattern) => matches(pattern, host)));
  };

  function follow(page: Page, from?: string): void {
    let before = from ?? page.url();
    const arrive = (url: string): void => {
      const host = hostOf(url);
      // An empty page stands between two others in a popup; it is where it came from that counts.
      if (host === null && url.startsWith('about:blank')) return;
      if (host !== null && !byScript.has(page) && allows(before)) reached.add(host);
      before = url;
    };
    if (from !== undefined) arrive(page.url());
    page.on('framenavigated', (frame) => {
      if (frame === page.mainFrame()) arrive(frame.url());
    });
    page.on('popup', (popup) => follow(popup, page.url()));
  }

  return {
    has: allows,
    follow: (page) => follow(page),
    async duringGoto(page, work) {
      byScript.add(page);
      return work().finally(() => byScript.delete(page));
    },
  };
}

/** The frames from a page's main one down to the one that has the focus. */
async function focusedFrames(page: Page): Promise<Frame[]> {
  const frames = [page.mainFrame()];
  for (let frame: Frame | null | undefined = frames[0]; frame; ) {
    const active: JSHandle = await frame.evaluateHandle(() => {
      let element = document.activeElement;
      while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
      return element;
    });
    frame = await active.asElement()?.contentFrame();
    await active.dispose();
    if (frame) frames.push(frame);
  }
  return frames;
}

/** The addresses that an action's text would come to. */
async function addressesOf(destination: Destination): Promise<string[]> {
  switch (destination.kind) {
    case 'address':
      return [destination.url];
    case 'locator': {
      const { locator, timeout } = destination;
      const element = await locator.elementHandle(timeout === undefined ? {} : { timeout });
      const frame = await element?.ownerFrame();
      await element?.dispose();
      return [frame?.url() ?? 'about:blank'];
    }
    case 'focus':
      return (await focusedFrames(destination.page)).map((frame) => frame.url());
    case 'dialog':
      return destination.page
        .frames()
        .map((frame) => frame.url())
        .filter((url, index) => index === 0 || hostOf(url) !== null);
  }
}

/** The first address that may not be sent anything; null: all may. */
export async function refusedAddress(destination: Destination, hosts: AllowedHosts): Promise<string | null> {
  return (await addressesOf(destination)).find((url) => !hosts.has(url)) ?? null;
}
