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
  /** Rejects as Electron's debugger does. */
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

/** The page from which windows are debugged. */
interface Beside {
  debug: Debugger;
  /** Whose sessions these are. */
  hearers: Map<string, DebugEars>;
  /** Rejects when it is gone. */
  over: Promise<never>;
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

function forget(hearers: Beside['hearers'], ears: DebugEars): void {
  for (const [id, each] of [...hearers]) if (each === ears) hearers.delete(id);
}

/** Hands an event to whom it is for. */
function hear(
  hearers: Beside['hearers'],
  { method, params, sessionId }: { method: string; params: unknown; sessionId: string },
): void {
  const ears = hearers.get(sessionId);
  const about = method.startsWith('Target.') ? sessionSchema.safeParse(params) : null;
  if (about?.success && method === 'Target.detachedFromTarget') {
    const ended = hearers.get(about.data.sessionId);
    hearers.delete(about.data.sessionId);
    if (sessionId === '' && ended !== undefined) {
      forget(hearers, ended);
      ended.onEnd();
    }
  }
  if (ears === undefined) return;
  if (about?.success && method === 'Target.attachedToTarget') hearers.set(about.data.sessionId, ears);
  ears.onEvent(method, params, sessionId);
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

  function close(): void {
    beside = null;
    view?.webContents?.close();
    view = null;
  }

  async function open(): Promise<Beside> {
    const made = new WebContentsView({
      webPreferences: {
        partition: 'debugger',
        sandbox: true,
        contextIsolation: true,
        nodeIntegration: false,
      },
    });
    view = made;
    const { webContents } = made;
    await webContents.loadURL('about:blank');
    const debug = webContents.debugger;
    debug.attach('1.3');
    const hearers = new Map<string, DebugEars>();
    debug.on('message', (_event, method, params: unknown, sessionId: string) =>
      hear(hearers, { method, params, sessionId }),
    );
    const over = createDeferred<never>();
    // Mostly nobody waits.
    over.promise.catch(() => undefined);
    const onOver = (): void => {
      over.reject(new Error('The page that debugs the windows is gone.'));
      if (view === made) close();
      const ended = new Set(hearers.values());
      hearers.clear();
      for (const each of ended) each.onEnd();
    };
    // Not every Electron tells of both.
    debug.once('detach', onOver);
    webContents.once('destroyed', onOver);
    return { debug, hearers, over: over.promise };
  }

  return {
    async debug(contents, ears) {
      const target = await targetOf(contents);
      beside ??= open();
      const opening = beside;
      const { debug, hearers, over } = await opening.catch((thrown: unknown) => {
        // So that the next flow opens another.
        if (beside === opening) close();
        throw thrown;
      });
      const asked = { targetId: target.targetId, flatten: true };
      // Electron leaves what was asked without an answer.
      const attached = await Promise.race([debug.sendCommand('Target.attachToTarget', asked), over]);
      const { sessionId } = sessionSchema.parse(attached);
      const gone = createDeferred<never>();
      gone.promise.catch(() => undefined);
      const end = (): void => gone.reject(new Error('The window is gone.'));
      const hearer: DebugEars = {
        onEvent: ears.onEvent,
        onEnd() {
          end();
          ears.onEnd();
        },
      };
      hearers.set(sessionId, hearer);
      return {
        sessionId,
        target,
        send: (method, params, id) => Promise.race([debug.sendCommand(method, params, id), gone.promise]),
        end() {
          end();
          forget(hearers, hearer);
          // It fails when the window has gone by itself.
          if (debug.isAttached())
            debug.sendCommand('Target.detachFromTarget', { sessionId }).catch(() => undefined);
        },
      };
    },
    dispose: close,
  };
}
