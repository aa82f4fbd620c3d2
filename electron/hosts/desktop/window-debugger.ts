import { type Debugger, type WebContents, WebContentsView } from 'electron';
import { z } from 'zod';
import { createDeferred } from '../../consent/deferred.ts';

const infoSchema = z.object({
  targetInfo: z.looseObject({ targetId: z.string(), type: z.string(), title: z.string(), url: z.string() }),
});
export type TargetInfo = z.infer<typeof infoSchema>['targetInfo'];
const sessionSchema = z.object({ sessionId: z.string() });

/** Hears of one window that is debugged. */
export interface DebugEars {
  /** An event of the Chrome DevTools Protocol; `sessionId`: the window's, or that of a worker or frame below it. */
  onEvent(method: string, params: unknown, sessionId: string): void;
  /** The window is gone. */
  onEnd(): void;
}

/** A session of the Chrome DevTools Protocol with one window. */
export interface DebuggedWindow {
  sessionId: string;
  target: TargetInfo;
  /** Rejects as Electron's debugger does. */
  send(method: string, params: object, sessionId: string): Promise<object>;
  end(): void;
}

/** Rejects when the window is gone, or something else debugs it. */
export type DebugWindow = (contents: WebContents, ears: DebugEars) => Promise<DebuggedWindow>;

/** Debugs the windows of all flows. */
export interface WindowDebugger {
  debug: DebugWindow;
  /** Ends the debugging of all of them. */
  dispose(): void;
}

/** The page from which windows are debugged. */
interface Beside {
  debug: Debugger;
  /** Rejects when it is gone. */
  over: Promise<never>;
}

/** What Playwright must take for the main frame's id is known to a window's own debugger alone. */
async function targetOf({ debugger: own }: WebContents): Promise<TargetInfo> {
  own.attach('1.3');
  try {
    return infoSchema.parse(await own.sendCommand('Target.getTargetInfo')).targetInfo;
  } finally {
    if (own.isAttached()) own.detach();
  }
}

/**
 * Debugs windows from an empty page beside them, by `Target.attachToTarget`. A window's own debugger connects anew when a
 * frame comes (electron issue 46048) or its page changes (electron pull request 51959), and what is being told then is
 * lost; Chromium itself follows both. The page is opened for the first window, and stays.
 */
export function createWindowDebugger(): WindowDebugger {
  /** Null: it is not there, or no longer. */
  let beside: Promise<Beside> | null = null;
  let view: WebContentsView | null = null;
  /** Whose sessions these are. */
  const hearers = new Map<string, DebugEars>();

  function forget(ears: DebugEars): void {
    for (const [id, each] of [...hearers]) if (each === ears) hearers.delete(id);
  }

  function hear(method: string, params: unknown, sessionId: string): void {
    const ears = hearers.get(sessionId);
    const about = sessionSchema.safeParse(params);
    if (about.success && method === 'Target.detachedFromTarget') {
      const ended = hearers.get(about.data.sessionId);
      if (sessionId === '' && ended !== undefined) {
        forget(ended);
        ended.onEnd();
      }
      hearers.delete(about.data.sessionId);
    }
    if (ears === undefined) return;
    if (about.success && method === 'Target.attachedToTarget') hearers.set(about.data.sessionId, ears);
    ears.onEvent(method, params, sessionId);
  }

  function close(): void {
    beside = null;
    view?.webContents?.close();
    view = null;
  }

  async function open(): Promise<Beside> {
    view = new WebContentsView({
      webPreferences: {
        partition: 'debugger',
        sandbox: true,
        contextIsolation: true,
        nodeIntegration: false,
      },
    });
    const { webContents } = view;
    await webContents.loadURL('about:blank');
    const debug = webContents.debugger;
    debug.attach('1.3');
    debug.on('message', (_event, method, params: unknown, sessionId: string) =>
      hear(method, params, sessionId),
    );
    const over = createDeferred<never>();
    // Mostly nobody waits.
    over.promise.catch(() => undefined);
    const onOver = (): void => {
      over.reject(new Error('The page that debugs the windows is gone.'));
      if (view?.webContents === webContents) close();
      const ended = new Set(hearers.values());
      hearers.clear();
      for (const each of ended) each.onEnd();
    };
    // It does not detach where the page just goes.
    debug.once('detach', onOver);
    webContents.once('destroyed', onOver);
    return { debug, over: over.promise };
  }

  return {
    async debug(contents, ears) {
      const target = await targetOf(contents);
      beside ??= open();
      const opening = beside;
      const { debug, over } = await opening.catch((thrown: unknown) => {
        // So that the next flow opens another.
        if (beside === opening) close();
        throw thrown;
      });
      const asked = { targetId: target.targetId, flatten: true };
      // Electron leaves what was asked without an answer.
      const attached = await Promise.race([debug.sendCommand('Target.attachToTarget', asked), over]);
      const { sessionId } = sessionSchema.parse(attached);
      hearers.set(sessionId, ears);
      return {
        sessionId,
        target,
        send: (method, params, id) => debug.sendCommand(method, params, id),
        end() {
          forget(ears);
          // It fails when the window has gone by itself.
          if (debug.isAttached())
            debug.sendCommand('Target.detachFromTarget', { sessionId }).catch(() => undefined);
        },
      };
    },
    dispose: close,
  };
}
