import type { Debugger, WebContents } from 'electron';
import { z } from 'zod';
import { createDeferred } from '../../consent/deferred.ts';

/** What a client of the Chrome DevTools Protocol sends. */
export const commandSchema = z.object({
  id: z.number().int(),
  method: z.string(),
  params: z.record(z.string(), z.unknown()).optional(),
  sessionId: z.string().optional(),
});
export type Command = z.infer<typeof commandSchema>;

/** The windows of one flow as the page targets of a browser, each by its own `webContents.debugger`. */
export interface CdpTargets {
  /**
   * Adds a window that was just opened by another one, and announces it; null: nobody has opened it. Until this
   * resolves it must not load anything: with true as soon as the client lets it go on (`waitForDebuggerOnStart`), with false
   * when it is gone, or the client is. Throws, before anything is added, as the debugger does when it does not attach.
   */
  add(contents: WebContents, opener: WebContents | null): Promise<boolean>;
  /** Rejects for a method that is not relayed, and as the debugger does. */
  answer(command: Command): Promise<object>;
  /** Lets all windows go. */
  end(): void;
}

interface Target {
  contents: WebContents;
  /** Sessions below it (frames) keep Chromium's own ids. */
  sessionId: string;
  /** Null until it is announced. */
  targetId: string | null;
  opener: WebContents | null;
  goesOn: (yes: boolean) => void;
}

const infoSchema = z.object({
  targetInfo: z.looseObject({ targetId: z.string(), type: z.string(), title: z.string(), url: z.string() }),
});
const childSchema = z.object({ sessionId: z.string() });
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
  /** Whether nothing shows of the windows. */
  hidden: boolean;
  /** Hands an event to the client. */
  send: (message: object) => void;
  /** Hears when the last window is gone. */
  onEmpty: () => void;
}

/** Begins without any. */
export function createCdpTargets({ hidden, send, onEmpty }: CdpTargetsOptions): CdpTargets {
  const targets = new Map<WebContents, Target>();
  /** Who a session's commands go to. */
  const sessions = new Map<string, Debugger>();
  let attaches = false;
  let over = false;
  let count = 0;
  /** An opener is announced before what it opens. */
  let announced: Promise<void> = Promise.resolve();

  async function announce(target: Target): Promise<void> {
    // Playwright takes the target's id for the main frame's, so it must be the real one.
    const asked = await target.contents.debugger.sendCommand('Target.getTargetInfo');
    const { targetInfo } = infoSchema.parse(asked);
    if (!targets.has(target.contents)) return;
    target.targetId = targetInfo.targetId;
    const { openerId: _frame, ...info } = targetInfo;
    // Chromium's may be the frame that opened it, which Playwright would not find.
    const openerId = target.opener === null ? null : targets.get(target.opener)?.targetId;
    send({
      method: 'Target.attachedToTarget',
      params: {
        sessionId: target.sessionId,
        targetInfo: {
          ...{ ...info, type: 'page', attached: true, browserContextId: 'consent' },
          ...(openerId ? { openerId } : {}),
        },
        waitingForDebugger: target.opener !== null,
      },
    });
  }

  function announceInTurn(target: Target): void {
    // It fails only when the window is gone again.
    announced = announced.then(() => announce(target)).catch(() => target.goesOn(false));
  }

  function remove({ contents, sessionId, targetId, goesOn }: Target, debug: Debugger): void {
    targets.delete(contents);
    for (const [id, each] of sessions) if (each === debug) sessions.delete(id);
    goesOn(false);
    if (targetId !== null) send({ method: 'Target.detachedFromTarget', params: { sessionId, targetId } });
    if (targets.size === 0) onEmpty();
  }

  /** The browser-level methods that Playwright calls and `webContents.debugger`, which knows one page only, has not. */
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
        for (const target of targets.values()) announceInTurn(target);
        await announced;
        return {};
      case 'Target.getTargetInfo':
        return { targetInfo: { targetId: 'browser', type: 'browser', title: '', url: '', attached: true } };
      case 'Target.closeTarget': {
        const { targetId } = closeSchema.parse(params);
        for (const target of targets.values()) if (target.targetId === targetId) target.contents.close();
        return { success: true };
      }
      case 'Browser.setDownloadBehavior':
        return {};
      default:
        throw new Error(`${method} is not relayed`);
    }
  }

  return {
    add(contents, opener) {
      if (over) return Promise.resolve(false);
      const debug = contents.debugger;
      debug.attach('1.3');
      count += 1;
      const going = createDeferred<boolean>();
      const sessionId = `page-${count}`;
      const target: Target = { contents, sessionId, targetId: null, opener, goesOn: going.resolve };
      targets.set(contents, target);
      sessions.set(sessionId, debug);
      debug.on('message', (_event, method, params: unknown, below: string) => {
        const child = method === 'Target.attachedToTarget' ? childSchema.safeParse(params) : null;
        if (child?.success) sessions.set(child.data.sessionId, debug);
        send({ method, params, sessionId: below || sessionId });
      });
      debug.once('detach', () => remove(target, debug));
      if (attaches) announceInTurn(target);
      return going.promise;
    },
    async answer(command) {
      const { method, params = {}, sessionId } = command;
      if (sessionId === undefined) return answerForBrowser(command);
      const debug = sessions.get(sessionId);
      if (debug === undefined) throw new Error('The session is over.');
      const own = [...targets.values()].find((target) => target.sessionId === sessionId);
      if (method === 'Page.captureScreenshot' && own !== undefined && hidden && !own.contents.isOffscreen()) {
        return pictureOf(own.contents, params);
      }
      const answered = debug.sendCommand(method, params, own === undefined ? sessionId : undefined);
      // Not once it is answered: what a window is told while it loads waits for its page.
      if (method === 'Runtime.runIfWaitingForDebugger') own?.goesOn(true);
      return answered;
    },
    end() {
      over = true;
      for (const { contents, goesOn } of [...targets.values()]) {
        goesOn(false);
        if (!contents.isDestroyed() && contents.debugger.isAttached()) contents.debugger.detach();
      }
    },
  };
}
