import type { WebContents } from 'electron';
import { z } from 'zod';
import { createDeferred, type Deferred } from '../../consent/deferred.ts';
import type { DebuggedWindow, DebugWindow } from './window-debugger.ts';

/** What a client of the Chrome DevTools Protocol sends. */
export const commandSchema = z.object({
  id: z.number().int(),
  method: z.string(),
  params: z.record(z.string(), z.unknown()).optional(),
  sessionId: z.string().optional(),
});
export type Command = z.infer<typeof commandSchema>;

/** The windows of one flow as the page targets of a browser. */
export interface CdpTargets {
  /** Adds the flow's own window. Rejects as `DebugWindow` does. */
  begin(contents: WebContents): Promise<void>;
  /**
   * Adds a window that another one has just opened, and announces it. Until this resolves it must not load anything: with
   * true as soon as the client lets it go on (`waitForDebuggerOnStart`), with false when it is gone, or the client is, or
   * it cannot be debugged.
   */
  add(contents: WebContents, opener: WebContents): Promise<boolean>;
  /** Rejects for a method that is not relayed, and as the debugger does. */
  answer(command: Command): Promise<object>;
  /** Lets all windows go. */
  end(): void;
}

interface Target {
  contents: WebContents;
  opener: WebContents | null;
  debugged: DebuggedWindow;
  going: Deferred<boolean>;
}

/** What Playwright asks of a page or a frame about targets; with another a client could get at other windows. */
const ofSessions = new Set(['Target.setAutoAttach', 'Target.detachFromTarget']);

const closeSchema = z.object({ targetId: z.string() });
const pictureSchema = z.object({
  format: z.string().default('png'),
  quality: z.number().default(80),
});

/** What an unseen window shows, all of it: Chromium waits for one that is not offscreen to be drawn, for good. */
async function pictureOf(contents: WebContents, params: unknown): Promise<object> {
  const { format, quality } = pictureSchema.parse(params);
  const image = await contents.capturePage(undefined, { stayHidden: true });
  return { data: (format === 'jpeg' ? image.toJPEG(quality) : image.toPNG()).toString('base64') };
}

export interface CdpTargetsOptions {
  debug: DebugWindow;
  /** Whether nothing shows of the windows. */
  hidden: boolean;
  /** Hands an event to the client. */
  send: (message: object) => void;
  /** Hears when the last window is gone. */
  onEmpty: () => void;
}

/** Begins without any. */
export function createCdpTargets({ debug, hidden, send, onEmpty }: CdpTargetsOptions): CdpTargets {
  const targets = new Map<WebContents, Target>();
  /** Whether the client is told of windows. */
  let attaches = false;
  let over = false;

  function announce(target: Target): void {
    const { opener, debugged } = target;
    const { openerId: _frame, ...info } = debugged.target;
    // Chromium's may be the frame that opened it, which Playwright would not find.
    const openerId = opener === null ? undefined : targets.get(opener)?.debugged.target.targetId;
    send({
      method: 'Target.attachedToTarget',
      params: {
        sessionId: debugged.sessionId,
        targetInfo: {
          ...{ ...info, type: 'page', attached: true, browserContextId: 'consent' },
          ...(openerId === undefined ? {} : { openerId }),
        },
        waitingForDebugger: opener !== null,
      },
    });
  }

  function remove({ contents, debugged, going }: Target): void {
    const { sessionId, target } = debugged;
    targets.delete(contents);
    going.resolve(false);
    const params = { sessionId, targetId: target.targetId };
    if (attaches) send({ method: 'Target.detachedFromTarget', params });
    if (targets.size === 0) onEmpty();
  }

  async function take(contents: WebContents, opener: WebContents | null): Promise<Target> {
    const debugged = await debug(contents, {
      onEvent: (method, params, sessionId) => send({ method, params, sessionId }),
      onEnd: () => remove(target),
    });
    const target: Target = { contents, opener, debugged, going: createDeferred() };
    targets.set(contents, target);
    if (over) end(target);
    else if (attaches) announce(target);
    return target;
  }

  function end({ going, debugged }: Target): void {
    going.resolve(false);
    debugged.end();
  }

  /** The browser-level methods that Playwright calls and a window's session has not. */
  async function answerForBrowser({ method, params }: Command): Promise<object> {
    switch (method) {
      case 'Browser.getVersion': {
        const [first] = targets.keys();
        return {
          protocolVersion: '1.3',
          product: `Chrome/${process.versions.chrome}`,
          revision: '',
          userAgent: first?.getUserAgent() ?? '',
          jsVersion: process.versions.v8,
        };
      }
      case 'Target.setAutoAttach':
        attaches = true;
        for (const target of targets.values()) announce(target);
        return {};
      case 'Target.getTargetInfo':
        return { targetInfo: { targetId: 'browser', type: 'browser', title: '', url: '', attached: true } };
      case 'Target.closeTarget': {
        const { targetId } = closeSchema.parse(params);
        for (const { contents, debugged } of targets.values()) {
          if (debugged.target.targetId === targetId) contents.close();
        }
        return { success: true };
      }
      case 'Browser.setDownloadBehavior':
        return {};
      default:
        throw new Error(`${method} is not relayed`);
    }
  }

  return {
    async begin(contents) {
      await take(contents, null);
    },
    async add(contents, opener) {
      if (over) return false;
      // Something else may debug it: for the client it is a window that did not come.
      const target = await take(contents, opener).catch(() => null);
      return target === null ? false : target.going.promise;
    },
    async answer(command) {
      const { method, params = {}, sessionId } = command;
      if (sessionId === undefined) return answerForBrowser(command);
      if (method.startsWith('Target.') && !ofSessions.has(method))
        throw new Error(`${method} is not relayed`);
      const target = [...targets.values()].find(({ debugged }) => debugged.has(sessionId));
      if (target === undefined) throw new Error('The session is over.');
      const { contents, debugged, going } = target;
      const own = sessionId === debugged.sessionId;
      if (method === 'Page.captureScreenshot' && own && hidden && !contents.isOffscreen()) {
        return pictureOf(contents, params);
      }
      const answered = debugged.send(method, params, sessionId);
      // Not once it is answered: what a window is told while it loads waits for its page.
      if (method === 'Runtime.runIfWaitingForDebugger' && own) going.resolve(true);
      return answered;
    },
    end() {
      over = true;
      for (const target of targets.values()) end(target);
    },
  };
}
