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
  /**
   * Follows a page, which is on its way from an address, and its popups: a host that it comes to by itself, from an
   * allowed one, is allowed from then on.
   */
  follow(page: Page, from: string): void;
  /** The script itself takes the page elsewhere: where it comes to from now on allows nothing, however late it comes. */
  wentByScript(page: Page): void;
}

/** Host and port of a web address; null: it is of another kind (`data:`, `about:`, `blob:`, `file:`). */
export function hostOf(url: string): string | null {
  if (!URL.canParse(url)) return null;
  const { protocol, host } = new URL(url);
  return protocol === 'https:' || protocol === 'http:' ? host : null;
}

const isLoopback = ({ hostname }: URL): boolean => /^(localhost|127(\.\d+){3}|\[::1\])$/.test(hostname);

/** `pattern` without a port means the scheme's own, which may be named as well. */
function matches(pattern: string, { hostname, port, protocol }: URL): boolean {
  const [, name = '', named] = /^(.*?)(?::(\d+))?$/.exec(pattern.toLowerCase()) ?? [];
  const own = protocol === 'https:' ? '443' : '80';
  if ((named ?? own) !== (port || own)) return false;
  return name.startsWith('*.') ? hostname.endsWith(name.slice(1)) : hostname === name;
}

/**
 * `named`: `host`, `host:port`, or `*.domain` for all hosts within a domain. `secure`: the login is over https, so that
 * nothing goes to a page over http, but for this machine's own.
 */
export function createAllowedHosts(named: Iterable<string>, { secure }: { secure: boolean }): AllowedHosts {
  const patterns = [...named];
  const reached = new Set<string>();
  const byScript = new WeakSet<Page>();

  const clear = (url: URL): boolean => url.protocol === 'http:' && secure && !isLoopback(url);
  const isNamed = (url: string): boolean => {
    if (hostOf(url) === null) return false;
    const parsed = new URL(url);
    return !clear(parsed) && patterns.some((pattern) => matches(pattern, parsed));
  };
  const allows = (url: string): boolean =>
    isNamed(url) || (hostOf(url) !== null && reached.has(new URL(url).origin));

  function follow(page: Page, from: string): void {
    let before = from;
    const arrive = (url: string): void => {
      const host = hostOf(url);
      // An empty page stands between two others in a popup; it is where it came from that counts.
      if (host === null && url.startsWith('about:blank')) return;
      if (host !== null && !byScript.has(page) && allows(before) && !clear(new URL(url))) {
        reached.add(new URL(url).origin);
      }
      before = url;
    };
    arrive(page.url());
    page.on('framenavigated', (frame) => {
      if (frame === page.mainFrame()) arrive(frame.url());
    });
    page.on('popup', (popup) => {
      if (byScript.has(page)) byScript.add(popup);
      follow(popup, page.url());
    });
  }

  return {
    has: allows,
    follow,
    wentByScript: (page) => void byScript.add(page),
  };
}

/** The hosts of a login that begins at an authorization URL, and those that its profile names. */
export function hostsOfLogin(url: string, named: readonly string[]): AllowedHosts {
  const own = hostOf(url);
  return createAllowedHosts([...(own === null ? [] : [own]), ...named], { secure: url.startsWith('https:') });
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
    // A hostile page may point back to a frame above.
    if (!frame || frames.includes(frame)) break;
    frames.push(frame);
  }
  return frames;
}

/** The address that counts for a frame: one without its own (`srcdoc`, `about:blank`) is its parent's. */
function addressOf(frame: Frame): string {
  const parent = frame.parentFrame();
  return parent !== null && frame.url().startsWith('about:') ? addressOf(parent) : frame.url();
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
      return [frame ? addressOf(frame) : 'about:blank'];
    }
    case 'focus':
      return (await focusedFrames(destination.page)).map(addressOf);
    case 'dialog':
      return destination.page
        .frames()
        .map(addressOf)
        .filter((url, index) => index === 0 || hostOf(url) !== null);
  }
}

/** The first address that may not be sent anything; null: all may. */
export async function refusedAddress(destination: Destination, hosts: AllowedHosts): Promise<string | null> {
  return (await addressesOf(destination)).find((url) => !hosts.has(url)) ?? null;
}
