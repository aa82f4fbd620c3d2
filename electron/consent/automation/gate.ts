import { setTimeout as sleep } from 'node:timers/promises';
import {
  type ElementHandle,
  errors,
  type Frame,
  type JSHandle,
  type Locator,
  type Page,
} from 'playwright-core';
import { type AllowedHosts, hostOf } from './allowed-hosts.ts';
import { absentWords, notReadyWords, UnmetExpectation } from './expectations.ts';
import type { OpenDialog } from './script-pages.ts';

/** What the gate needs to know of one step. */
export interface GateOptions {
  hosts: AllowedHosts;
  /** Asks the person about an address that is not allowed; see `AllowedHosts.ask`. */
  ask: (address: string) => Promise<boolean>;
  /** The error of a step that would send text to an address. */
  refusal: (address: string) => Error;
  /** Nothing touches the page once it is aborted. */
  ends: AbortSignal;
  /** Milliseconds, for an action that names no limit of its own. */
  stepLimitMs: number;
}

/** What an action on an element is done with. `timeout`: the milliseconds that are left. */
export interface Within {
  timeout: number;
  /** Whether no frame of the page is of a host that may not be sent anything. */
  alone: boolean;
}

/**
 * The way of a script's text into pages: `act` is done where the host is allowed, and each throws `refusal` where it is
 * not. What is asked of a person is looked at anew after the answer.
 */
export interface Gate {
  /** Milliseconds, for an action that names no limit of its own. */
  readonly stepLimitMs: number;
  /** `act` sends to an address. */
  address<Result>(url: () => string, act: () => Promise<Result>): Promise<Result>;
  /**
   * `act` is done on the one element that a locator finds, in the document that was looked at or not at all: a handle ends
   * with its document. An element that goes meanwhile is looked for again, for as long as there is time.
   */
  element<Result>(
    locator: Locator,
    timeout: number | undefined,
    act: (element: ElementHandle, within: Within) => Promise<Result>,
  ): Promise<Result>;
  /** `act` goes to whatever has the keyboard's focus. */
  focus<Result>(page: Page, act: () => Promise<Result>): Promise<Result>;
  /** `act` answers a dialog, which belongs to any frame of its page: which one is not told. */
  dialog<Result>(dialog: OpenDialog, act: () => Promise<Result>): Promise<Result>;
}

/** The address that counts for a frame: one without its own (`srcdoc`, `about:blank`) is its parent's. */
function addressOf(frame: Frame): string {
  const parent = frame.parentFrame();
  return parent !== null && frame.url().startsWith('about:') ? addressOf(parent) : frame.url();
}

/** The frame in a frame that has the focus; null: none has. */
async function focusedIn(frame: Frame): Promise<Frame | null> {
  const active: JSHandle = await frame.evaluateHandle(() => {
    let element = document.activeElement;
    while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
    return element;
  });
  const inner = await active.asElement()?.contentFrame();
  await active.dispose();
  return inner ?? null;
}

/** The addresses of the frames from a page's main one down to the one that has the focus, or to the first that is refused. */
async function focusedAddresses(page: Page, has: (url: string) => boolean): Promise<string[]> {
  const frames: Frame[] = [];
  // A hostile page may point back to a frame above; and a frame that is refused is asked nothing, it might never answer.
  for (let frame: Frame | null = page.mainFrame(); frame !== null && !frames.includes(frame); ) {
    frames.push(frame);
    frame = has(addressOf(frame)) ? await focusedIn(frame) : null;
  }
  return frames.map(addressOf);
}

/** Playwright's words for a handle whose element or document has gone. */
const hasGone =
  /not attached to the DOM|context was destroyed|different document|Frame (?:was|has been) detached|JSHandle is disposed|Cannot find context/;
/** Before an element that has gone is looked for once more, after the first time. */
const againMs = 50;

/** Makes the gate of one step. */
export function createGate({ hosts, ask, refusal, ends, stepLimitMs }: GateOptions): Gate {
  /** True: nothing is in the way; false: a person has just allowed it, and the page may be another one by now. */
  async function pass(addresses: string[]): Promise<boolean> {
    ends.throwIfAborted();
    const refused = addresses.find((url) => !hosts.has(url));
    if (refused === undefined) return true;
    const allowed = await ask(refused);
    ends.throwIfAborted();
    if (!allowed) throw refusal(refused);
    return false;
  }

  const isAlone = (page: Page): boolean => page.frames().every((frame) => hosts.has(addressOf(frame)));

  /** The frame that an element is in; null: it is in none any more. */
  async function frameOf(element: ElementHandle, page: Page): Promise<Frame | null> {
    return page.frames().length === 1 ? page.mainFrame() : element.ownerFrame();
  }

  return {
    stepLimitMs,
    async address(url, act) {
      while (!(await pass([url()])));
      return act();
    },
    async element(locator, timeout, act) {
      const page = locator.page();
      const limitMs = timeout ?? stepLimitMs;
      let endsAtMs = performance.now() + limitMs;
      const left = (): number => Math.max(1, Math.ceil(endsAtMs - performance.now()));
      for (let tries = 0; ; tries += 1) {
        if (tries > 1) await sleep(againMs);
        const element = await locator.elementHandle({ timeout: left() }).catch((thrown: unknown) => {
          throw thrown instanceof errors.TimeoutError ? new UnmetExpectation(absentWords(limitMs)) : thrown;
        });
        try {
          const frame = element && (await frameOf(element, page));
          if (!element || frame === null) throw new Error('Element is not attached to the DOM');
          if (await pass([addressOf(frame)])) {
            return await act(element, { timeout: left(), alone: isAlone(page) });
          }
          endsAtMs = performance.now() + limitMs;
        } catch (thrown) {
          if (thrown instanceof errors.TimeoutError) throw new UnmetExpectation(notReadyWords(limitMs));
          const gone = thrown instanceof Error && hasGone.test(thrown.message);
          if (!gone || performance.now() >= endsAtMs) throw thrown;
          ends.throwIfAborted();
        } finally {
          // It may have gone with its document, and nothing waits for it.
          element?.dispose().catch(() => undefined);
        }
      }
    },
    async focus(page, act) {
      while (!isAlone(page)) if (await pass(await focusedAddresses(page, hosts.has))) break;
      ends.throwIfAborted();
      return act();
    },
    async dialog({ page }, act) {
      const [own = '', ...others] = page.frames().map(addressOf);
      while (!(await pass([own, ...others.filter((url) => hostOf(url) !== null)])));
      return act();
    },
  };
}
