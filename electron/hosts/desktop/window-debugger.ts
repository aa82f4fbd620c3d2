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
  /** The window is gone, or what debugs it. */
  onEnd(): void;
}

/** A session of the Chrome DevTools Protocol with one window. */
export interface DebuggedWindow {
  sessionId: string;
  target: TargetInfo;
  /** Whether a session is the window's, or below it. */
  has(sessionId: string): boolean;
  /** Rejects as Electron's debugger does, and when the window goes. */
  send(method: string, params: object, sessionId: string): Promise<object>;
  end(): void;
}

/** Rejects when the window is gone, or what debugs it, or when something else does. */
export type DebugWindow = (contents: WebContents, ears: DebugEars) => Promise<DebuggedWindow>;

/** Debugs the windows of all flows. */
export interface WindowDebugger {
  debug: DebugWindow;
  /** Ends the debugging of all of them. */
  dispose(): void;
}

/** What Playwright must take for the main frame's id. Older Electrons tell it to a window’s own debugger alone. */
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
  let beside: Promise<Debugger> | null = null;
  let view: WebContentsView | null = null;
  /** Whose sessions these are. */
  const hearers = new Map<string, DebugEars>();

  function forget(ears: DebugEars): void {
    for (const [id, each] of [...hearers]) if (each === ears) hearers.delete(id);
  }

  function hear(method: string, params: unknown, sessionId: string): void {
    const about = method.startsWith('Target.') ? sessionSchema.safeParse(params).data : undefined;
    if (about !== undefined && method === 'Target.detachedFromTarget') {
      const ended = hearers.get(about.sessionId);
      hearers.delete(about.sessionId);
      // One of the page's own sessions: a window.
      if (sessionId === '' && ended !== undefined) {
        forget(ended);
        ended.onEnd();
      }
    }
    const ears = hearers.get(sessionId);
    if (ears === undefined) return;
    if (about !== undefined && method === 'Target.attachedToTarget') hearers.set(about.sessionId, ears);
    ears.onEvent(method, params, sessionId);
  }

  function close(): void {
    beside = null;
    view?.webContents?.close();
    view = null;
  }

  async function open(): Promise<Debugger> {
    const made = new WebContentsView({
      webPreferences: {
        partition: 'debugger',
        sandbox: true,
        contextIsolation: true,
        nodeIntegration: false,
      },
    });
    view = made;
    await made.webContents.loadURL('about:blank');
    const debug = made.webContents.debugger;
    debug.attach('1.3');
    debug.on('message', (_event, method, params: unknown, sessionId: string) =>
      hear(method, params, sessionId),
    );
    debug.once('detach', () => {
      if (view === made) close();
      const ended = new Set(hearers.values());
      hearers.clear();
      for (const each of ended) each.onEnd();
    });
    return debug;
  }

  return {
    async debug(contents, ears) {
      const target = await targetOf(contents);
      beside ??= open();
      const opening = beside;
      const debug = await opening.catch((thrown: unknown) => {
        // So that the next flow opens another.
        if (beside === opening) close();
        throw thrown;
      });
      const asked = { targetId: target.targetId, flatten: true };
      const { sessionId } = sessionSchema.parse(await debug.sendCommand('Target.attachToTarget', asked));
      // Electron answers what was asked of a window that went only when the page beside goes.
      const gone = createDeferred<never>();
      gone.promise.catch(() => undefined);
      const hearer: DebugEars = {
        onEvent: ears.onEvent,
        onEnd() {
          gone.reject(new Error('The window is gone.'));
          ears.onEnd();
        },
      };
      hearers.set(sessionId, hearer);
      return {
        sessionId,
        target,
        has: (id) => hearers.get(id) === hearer,
        send: (method, params, id) => Promise.race([debug.sendCommand(method, params, id), gone.promise]),
        end() {
          // It fails when the page beside has gone.
          debug.sendCommand('Target.detachFromTarget', { sessionId }).catch(() => undefined);
        },
      };
    },
    dispose: close,
  };
}
