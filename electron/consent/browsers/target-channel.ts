import type { CDPSession } from 'playwright-core';
import { z } from 'zod';

/** One target (a page, a popup, a frame of another site) of a browser, spoken to directly over CDP. */
export interface TargetChannel {
  readonly sessionId: string;
  /** The browser context that the target belongs to: one for each flow. */
  readonly contextId: string | undefined;
  send(method: string, params?: Record<string, unknown>): Promise<void>;
}

/** The targets of one browser, from now on. */
export interface TargetWatch {
  /** Every target announced so far is attached to, or gone. */
  settled(): Promise<void>;
}

/** Hears of every new target before it has sent a single request, and of what the targets tell. */
export interface TargetListener {
  /** The target stands still until this is done. */
  onTarget(channel: TargetChannel): Promise<void>;
  onEvent(channel: TargetChannel, method: string, params: unknown): void;
}

const targetInfoSchema = z.object({ targetId: z.string(), browserContextId: z.string().optional() });
const attachedSchema = z.object({ sessionId: z.string(), targetInfo: targetInfoSchema });
const messageSchema = z.object({
  id: z.number().optional(),
  method: z.string().optional(),
  params: z.unknown().optional(),
  error: z.object({ message: z.string() }).optional(),
});

type Channel = TargetChannel & { waiting: Map<number, (error: string | undefined) => void> };

/**
 * Watches all targets of a browser. Playwright tells of a popup only when its first page has come, which is too late
 * to catch a redirect on the way there; so the browser is asked to hold each new target, a channel of our own is
 * attached to it (in CDP's older, nested form, the only one that a Playwright session can speak), and then it goes on.
 */
export async function watchTargets(root: CDPSession, listener: TargetListener): Promise<TargetWatch> {
  const channels = new Map<string, Channel>();
  const adoptions = new Set<Promise<void>>();
  let messages = 0;

  function openChannel(sessionId: string, contextId: string | undefined): Channel {
    const waiting: Channel['waiting'] = new Map();
    async function send(method: string, params: Record<string, unknown> = {}): Promise<void> {
  console.log("SEND", method, sessionId.slice(0,4));    messages += 1;
      const id = messages;
      const answered = new Promise<string | undefined>((resolve) => waiting.set(id, resolve));
      const message = JSON.stringify({ id, method, params });
      await root.send('Target.sendMessageToTarget', { sessionId, message });
      const error = await answered;
console.log("ANS", method, sessionId.slice(0,4), error);      if (error !== undefined) throw new Error(`${method}: ${error}`);
    }
    const channel = { sessionId, contextId, waiting, send };
    channels.set(sessionId, channel);
    return channel;
  }

  function adopt(raw: unknown, release: (heldSession: string) => Promise<unknown>): void {
    const adoption = attach(raw, release).finally(() => adoptions.delete(adoption));
    adoptions.add(adoption);
  }

  async function attach(raw: unknown, release: (heldSession: string) => Promise<unknown>): Promise<void> {
    const held = attachedSchema.parse(raw);
    const { targetId, browserContextId } = held.targetInfo;
    try {
      const { sessionId } = await root.send('Target.attachToTarget', { targetId, flatten: false });
      const channel = openChannel(sessionId, browserContextId);
      // Frames of another site are targets of their own; they are held by the page that they stand in.
      const filter = [{ type: 'iframe' }];
      const holding = { autoAttach: true, waitForDebuggerOnStart: true, flatten: false, filter };
      await channel.send('Target.setAutoAttach', holding);
      await listener.onTarget(channel);
    } catch (e) { console.log("ADOPT FAIL", e);
      // A target can be gone again before it is attached to; one that is not can still only go on.
    }
    await release(held.sessionId).catch(() => undefined);
  }

  root.on('Target.receivedMessageFromTarget', ({ sessionId, message }) => {
    const channel = channels.get(sessionId);
    const { id, method, params, error } = messageSchema.parse(JSON.parse(message));
console.log("MSG", sessionId.slice(0,4), message.slice(0,150));    if (channel === undefined) return;
    if (id !== undefined) {
      channel.waiting.get(id)?.(error?.message);
      channel.waiting.delete(id);
    } else if (method === 'Target.attachedToTarget') {
      adopt(params, (heldSession) => channel.send('Target.detachFromTarget', { sessionId: heldSession }));
    } else if (method !== undefined) listener.onEvent(channel, method, params);
  });
  root.on('Target.detachedFromTarget', ({ sessionId }) => {
    for (const answer of channels.get(sessionId)?.waiting.values() ?? []) answer('the target is gone');
    channels.delete(sessionId);
  });
  root.on('Target.attachedToTarget', (event) => {console.log("ATT", JSON.stringify(event));
    // Our own channels are announced here too; only what the browser holds for us is flat and new.
    if (!event.waitingForDebugger) return;
    adopt(event, (sessionId) => root.send('Target.detachFromTarget', { sessionId }));
  });
  const filter = [{ type: 'page' }];
  await root.send('Target.setAutoAttach', {
    ...{ autoAttach: true, waitForDebuggerOnStart: true, flatten: true, filter },
  });
  return {
    async settled() {
      await Promise.all(adoptions);
    },
  };
}
