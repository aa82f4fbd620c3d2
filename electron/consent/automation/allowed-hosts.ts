import type { Page } from 'playwright-core';

/** What a person is asked before a script sends text to a host that is not one of its login's. */
export interface AskedHost {
  /** Scheme, host and port of the page, as `URL.origin` gives it: ASCII, whatever the page calls itself. */
  origin: string;
  /** The step that would send it, in the script's own words, without what it types. */
  words: string;
}

/** The hosts whose pages may be sent values of `vars`. */
export interface AllowedHosts {
  has(url: string): boolean;
  /**
   * Whether an address that is not allowed becomes so because a person says it; each host is asked about once. False
   * without a question where nobody is present, and for what no answer could allow: no web page, or one in clear.
   */
  ask(url: string, words: string): Promise<boolean>;
  /**
   * Follows a page, which is on its way from an address, and its popups: a host that it comes to by itself, from an
   * allowed one, is allowed from then on.
   */
  follow(page: Page, from: string): void;
  /** The script itself takes the page elsewhere: where it comes to from now on allows nothing, however late it comes. */
  wentByScript(page: Page): void;
}

export interface AllowedHostsOptions {
  /** The login is over https, so that nothing goes to a page over http, but for this machine's own. */
  secure: boolean;
  /** Asks the person who is present; undefined: nobody is. */
  onAsk?: ((asked: AskedHost) => Promise<boolean>) | undefined;
}

/** Host and port of a web address; null: it is of another kind (`data:`, `about:`, `blob:`, `file:`). */
export function hostOf(url: string): string | null {
  if (!URL.canParse(url)) return null;
  const { protocol, host } = new URL(url);
  return protocol === 'https:' || protocol === 'http:' ? host : null;
}

/** Apart from `isLoopbackHost`: text may go there in clear, and a name within localhost may lead elsewhere. */
const isLoopback = ({ hostname }: URL): boolean => /^(localhost|127(\.\d+){3}|\[::1\])$/.test(hostname);

/** `pattern` without a port means the scheme's own, which may be named as well. */
function matches(pattern: string, { hostname, port, protocol }: URL): boolean {
  const [, name = '', named] = /^(.*?)(?::(\d+))?$/.exec(pattern.toLowerCase()) ?? [];
  const own = protocol === 'https:' ? '443' : '80';
  if ((named ?? own) !== (port || own)) return false;
  return name.startsWith('*.') ? hostname.endsWith(name.slice(1)) : hostname === name;
}

/** `named`: `host`, `host:port`, or `*.domain` for all hosts within a domain. */
export function createAllowedHosts(
  named: Iterable<string>,
  { secure, onAsk }: AllowedHostsOptions,
): AllowedHosts {
  const patterns = [...named];
  const reached = new Set<string>();
  const byScript = new WeakSet<Page>();
  const answers = new Map<string, Promise<boolean>>();
  let asking: Promise<unknown> = Promise.resolve();

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

  /** One question after another: an answer to a dialog may come up beside a step. */
  function askOnce(origin: string, words: string, put: NonNullable<typeof onAsk>): Promise<boolean> {
    const known = answers.get(origin);
    if (known !== undefined) return known;
    const answer = asking.then(async () => {
      const yes = await put({ origin, words });
      if (yes) reached.add(origin);
      return yes;
    });
    asking = answer.catch(() => undefined);
    answers.set(origin, answer);
    return answer;
  }

  return {
    has: allows,
    async ask(url, words) {
      if (onAsk === undefined || hostOf(url) === null || clear(new URL(url))) return false;
      return askOnce(new URL(url).origin, words, onAsk);
    },
    follow,
    wentByScript: (page) => void byScript.add(page),
  };
}

/** The hosts of a login that begins at an authorization URL, and those that its profile names. */
export function hostsOfLogin(
  url: string,
  named: readonly string[],
  onAsk?: AllowedHostsOptions['onAsk'],
): AllowedHosts {
  const own = hostOf(url);
  const secure = url.startsWith('https:');
  return createAllowedHosts([...(own === null ? [] : [own]), ...named], { secure, onAsk });
}
