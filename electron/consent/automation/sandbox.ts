import { z } from 'zod';
import { createDeferred } from '../deferred.ts';
import { guest } from './sandbox-guest.ts';
import { guestExpect } from './sandbox-guest-expect.ts';
import { type StartSandboxThread, startWorkerThread } from './sandbox-thread.ts';
import type { WorkerTask } from './sandbox-worker.ts';

/** What a script may use beside the memory of its QuickJS: bytes, milliseconds without a pause, and counts over its whole run. */
export const scriptLimits: WorkerTask['limits'] = {
  stackBytes: 256 * 1024,
  computeMs: 1000,
  calls: 500,
  argumentCharacters: 1024 * 1024,
  logLines: 500,
};

const limitSchema = z.enum(['compute', 'calls', 'arguments', 'log', 'waiting']);
const failureSchema = z.object({
  /** The call whose failure ended the script; the others then say nothing. */
  call: z.number().int().optional(),
  limit: limitSchema.nullish(),
  name: z.string().optional(),
  message: z.string().optional(),
  stack: z.string().optional(),
});
/** Why a script ended before its end, as the sandbox tells it: hostile text, for `run-script` to put into words. */
export type SandboxFailure = z.infer<typeof failureSchema>;

const messageSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('ready') }),
  /** It waits for the page, having taken in so many answers: one that is on its way makes it go on. */
  z.object({ kind: z.literal('idle'), answered: z.number().int() }),
  z.object({ kind: z.literal('log'), text: z.string() }),
  z.object({
    kind: z.literal('call'),
    id: z.number().int(),
    chain: z.string(),
    stack: z.string(),
    step: z.string().max(1000).nullable(),
  }),
  z.object({ kind: z.literal('over'), failure: failureSchema.nullable() }),
]);

type SandboxMessage = z.infer<typeof messageSchema>;

/** The answer to one call: JSON of its value, or the message of its failure. */
export interface CallAnswer {
  ok: boolean;
  text: string;
}

/** One recorded chain of calls, as JSON, the line of the script that made it, and the `step(…)` it was made in. */
export interface SandboxCall {
  id: number;
  chain: string;
  line: number | null;
  /** Names of nested steps, joined with ' › '; null: outside of any. */
  step: string | null;
}

export interface SandboxOptions {
  source: string;
  mode: 'check' | 'run';
  names: Record<string, Record<string, string>>;
  values: Record<string, string>;
  onCall(call: SandboxCall): Promise<CallAnswer>;
  onLog(text: string): void;
  /** Takes a function that tells the script of something that happened on its page. */
  onStart?: (send: (event: Record<string, unknown>) => void) => void;
  signal: AbortSignal;
  limits?: Partial<WorkerTask['limits']>;
  /** Default: a worker thread of Node. */
  startThread?: StartSandboxThread | undefined;
}

/** Line of the person's source, from 1, in a stack trace of the sandbox. */
export function lineIn(stack: string | undefined): number | null {
  const line = /\bscript:(\d+)/.exec(stack ?? '')?.[1];
  return line === undefined ? null : Number(line);
}

function taskOf(options: SandboxOptions, limits: WorkerTask['limits']): WorkerTask {
  const { names, values, source, mode } = options;
  const text = `(host, names, values) => (${guest})(host, names, values, ${guestExpect})`;
  return { guest: text, names, values, source, mode, limits };
}

/**
 * Runs one script in a QuickJS in a thread of its own, and ends that thread whatever happens. Gives null when the
 * script reached its end and all its calls are answered. Rejects with the signal's reason when it is aborted.
 */
export async function runInSandbox(options: SandboxOptions): Promise<SandboxFailure | null> {
  options.signal.throwIfAborted();
  const limits = { ...scriptLimits, ...options.limits };
  const thread = (options.startThread ?? startWorkerThread)(taskOf(options, limits));
  const { promise, resolve, reject } = createDeferred<SandboxFailure | null>();
  const state = { ready: false, over: false, answers: 0 };
  let watchdog: NodeJS.Timeout | undefined;
  const onAbort = (): void => reject(options.signal.reason);
  options.signal.addEventListener('abort', onAbort);

  /** The sandbox stops itself at its limit; the watchdog is for what computes inside a single built-in. */
  function computing(): void {
    clearTimeout(watchdog);
    watchdog = setTimeout(() => {
      // If it was this thread that stood still, the sandbox's messages are waiting: they are read first.
      watchdog = setTimeout(() => resolve({ limit: 'compute' }), 250);
    }, limits.computeMs + 1000);
  }
  async function answer(call: Extract<SandboxMessage, { kind: 'call' }>): Promise<void> {
    const { id, chain, step } = call;
    const result = await options.onCall({ id, chain, line: lineIn(call.stack), step });
    tell({ id, ...result });
  }
  function tell(message: Record<string, unknown>): void {
    if (state.over) return;
    thread.post(message);
    state.answers += 1;
    computing();
  }
  function take(message: SandboxMessage): void {
    if (message.kind === 'over') resolve(message.failure);
    else if (message.kind === 'log') options.onLog(message.text);
    else if (message.kind === 'call') answer(message).catch(reject);
    else if (message.kind === 'ready') {
      state.ready = true;
      computing();
    } else if (message.answered === state.answers) clearTimeout(watchdog);
  }

  thread.onMessage((raw) => {
    const message = messageSchema.safeParse(raw);
    if (message.success) take(message.data);
    else reject(message.error);
  });
  thread.onFailure((error) => {
    // Once it runs, QuickJS gives up only when its memory or stack can hold no more; before, it is a defect of ours.
    if (state.ready) resolve({ name: 'InternalError', message: 'out of memory', stack: error.stack });
    else reject(error);
  });
  options.onStart?.((event) => tell({ event: JSON.stringify(event) }));
  try {
    return await promise;
  } finally {
    state.over = true;
    clearTimeout(watchdog);
    options.signal.removeEventListener('abort', onAbort);
    await thread.end();
  }
}
