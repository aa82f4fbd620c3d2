import type * as core from 'quickjs-emscripten-core';
import type {
  QuickJSContext,
  QuickJSHandle,
  QuickJSSyncVariant,
  QuickJSWASMModule,
} from 'quickjs-emscripten-core';

/** What the sandbox's worker is started with. */
export interface WorkerTask {
  /** Text of the function `guest`. */
  guest: string;
  names: Record<string, Record<string, string>>;
  values: Record<string, string>;
  source: string;
  /** `check` parses and runs nothing. */
  mode: 'check' | 'run';
  limits: {
    stackBytes: number;
    computeMs: number;
    calls: number;
    argumentCharacters: number;
    logLines: number;
  };
}

/** The sandbox's end of the line to the engine. */
export interface SandboxPort {
  postMessage(message: unknown): void;
  on(event: 'message', listener: (message: SandboxNews) => void): unknown;
}

/** What the engine tells: the answer to a call, or an event of the page as JSON. */
export type SandboxNews = { id: number; ok: boolean; text: string } | { event: string };

/** Parameters of the worker that its surroundings provide. */
interface WorkerEnvironment {
  /** It may have been loaded before there was a task. */
  quickjs: Promise<QuickJSWASMModule>;
  port: SandboxPort;
  task: WorkerTask;
}

interface QuickJsParts {
  require: (path: string) => unknown;
  /** Absolute paths of the two packages: a worker made of text has no folder of its own to resolve from. */
  packages: { core: string; variant: string };
  /** QuickJS, compiled already; default: compiled here. */
  wasmModule?: WebAssembly.Module | undefined;
}

/** Loads a QuickJS into a memory of its own. Sent to the worker as text, like `sandboxWorker`. */
export async function loadQuickJs(parts: QuickJsParts): Promise<QuickJSWASMModule> {
  const { require, packages, wasmModule } = parts;
  const { newQuickJSWASMModuleFromVariant, newVariant } = require(packages.core) as typeof core;
  const variant = require(packages.variant) as { default: QuickJSSyncVariant };
  // QuickJS's own memory limit counts next to nothing in WebAssembly; the memory itself holds no more than this.
  // In pages of 64 KiB: 16 MiB to begin with, 64 MiB at most.
  const wasmMemory = new WebAssembly.Memory({ initial: 256, maximum: 1024 });
  const compiled = wasmModule === undefined ? {} : { wasmModule };
  const quickjs = await newQuickJSWASMModuleFromVariant(
    newVariant(variant.default, { wasmMemory, ...compiled }),
  );
  // V8 compiles what is called for the first time; a little of everything here, so that no page waits for that.
  quickjs.evalCode(`class One { #own = 1; async go(x = {}) { for (const [k, v] of Object.entries(x)) await [k, v]; } }
    const made = new Proxy(() => 1, { get: (at, name) => Reflect.get(at, name) });
    try { new One().go(JSON.parse('{"a":[1]}')); /a(b)?/u.exec(made.name); null.no; } catch (e) { String(e.stack); }`);
  return quickjs;
}

/**
 * Runs in a worker thread of its own, around one QuickJS for one script, and is sent there as text: it refers to
 * nothing outside itself. A thread, because some built-ins of QuickJS compute without ever asking whether they may
 * go on: only ending the thread ends those. Nothing is disposed: everything ends with the thread.
 */
export async function sandboxWorker({ quickjs, port, task }: WorkerEnvironment): Promise<void> {
  const { limits } = task;
  const runtime = (await quickjs).newRuntime();
  runtime.setMaxStackSize(limits.stackBytes);
  let broken: string | null = null;
  let deadline = 0;
  runtime.setInterruptHandler(() => {
    if (broken === null && Date.now() > deadline) broken = 'compute';
    return broken !== null;
  });
  const context: QuickJSContext = runtime.newContext();

  // The one module that there is; its exports are the guest's, taken at once and then out of reach.
  const playwright = '@playwright/test';
  runtime.setModuleLoader(
    (name) =>
      name === playwright
        ? 'const { test, expect } = globalThis.given ?? {}; export { test, expect };'
        : { error: new Error(`could not load module '${name}'`) },
    (_from, name) => name,
  );

  const outstanding = new Set<number>();
  let characters = 0;
  let lines = 0;
  let answered = 0;
  let over = false;

  function allow(): void {
    deadline = Date.now() + limits.computeMs;
  }

  /** Ends the script; the host ends the thread. */
  function end(failure: Record<string, unknown> | null): void {
    if (over) return;
    over = true;
    port.postMessage({ kind: 'over', failure });
  }

  function breakOff(limit: string, stack: string): never {
    broken = limit;
    end({ limit, stack });
    throw new Error(limit);
  }

  function fail(error: QuickJSHandle, describe: QuickJSHandle | null): void {
    const limit = broken;
    broken = null;
    allow();
    const result = describe === null ? null : context.callFunction(describe, context.undefined, error);
    const text =
      result === null || result.error !== undefined
        ? JSON.stringify(context.dump(error))
        : context.getString(result.value);
    const described: unknown = JSON.parse(text);
    end({ ...(typeof described === 'object' ? described : { message: text }), limit: limit ?? broken });
  }

  function evaluate(source: string, name: string, options: core.ContextEvalOptions): QuickJSHandle | null {
    allow();
    const result = context.evalCode(source, name, options);
    if (result.error === undefined) return result.value;
    fail(result.error, null);
    return null;
  }

  if (task.mode === 'check') {
    port.postMessage({ kind: 'ready' });
    if (evaluate(task.source, 'script', { type: 'module', compileOnly: true }) !== null) end(null);
    return;
  }

  const hostCall = context.newFunction('call', (id, chain, stack, step) => {
    const text = context.getString(chain);
    const where = context.getString(stack);
    characters += text.length;
    if (context.getNumber(id) >= limits.calls) breakOff('calls', where);
    if (characters > limits.argumentCharacters) breakOff('arguments', where);
    outstanding.add(context.getNumber(id));
    const part = context.getString(step) || null;
    port.postMessage({ kind: 'call', id: context.getNumber(id), chain: text, stack: where, step: part });
  });
  const hostLog = context.newFunction('log', (text, stack) => {
    lines += 1;
    if (lines > limits.logLines) breakOff('log', context.getString(stack));
    port.postMessage({ kind: 'log', text: context.getString(text).slice(0, 1000) });
  });
  const host = context.newObject();
  context.setProp(host, 'call', hostCall);
  context.setProp(host, 'log', hostLog);
  const json = (value: unknown): QuickJSHandle =>
    context.unwrapResult(context.evalCode(`(${JSON.stringify(value)})`, 'data', { type: 'global' }));

  port.postMessage({ kind: 'ready' });
  // The guest is not the script's: on a busy machine it may take longer than a script may compute.
  deadline = Number.POSITIVE_INFINITY;
  const guest = context.unwrapResult(context.evalCode(`(${task.guest})`, 'guest', { type: 'global' }));
  const api = context.unwrapResult(
    context.callFunction(guest, context.undefined, host, json(task.names), json(task.values)),
  );
  const describe = context.getProp(api, 'describe');
  const settle = context.getProp(api, 'settle');
  const unheard = context.getProp(api, 'unheard');
  const listens = context.getProp(api, 'listens');
  const dispatch = context.getProp(api, 'dispatch');
  const handlerFailure = context.getProp(api, 'handlerFailure');
  context.setProp(context.global, 'given', context.getProp(api, 'given'));
  context.unwrapResult(
    context.evalCode(`import '${playwright}'; delete globalThis.given;`, 'prelude', { type: 'module' }),
  );

  allow();
  const evaluated = context.evalCode(task.source, 'script', { type: 'module' });
  if (evaluated.error !== undefined) {
    fail(evaluated.error, describe);
    return;
  }
  // A script that awaits is no error when it is broken off before its first pause.
  if (broken !== null) {
    end({ limit: broken });
    return;
  }
  allow();
  const whole = context.callFunction(context.getProp(api, 'whole'), context.undefined, evaluated.value);
  if (whole.error !== undefined) {
    fail(whole.error, describe);
    return;
  }
  const main = whole.value;

  /** Sees whether the script is through, or waits for the page. */
  function settleMain(): void {
    if (broken !== null) {
      end({ limit: broken });
      return;
    }
    allow();
    const state = context.getPromiseState(main);
    const handler = context.getString(
      context.unwrapResult(context.callFunction(handlerFailure, context.undefined)),
    );
    if (handler !== '') end(JSON.parse(handler));
    else if (state.type === 'rejected') fail(state.error, describe);
    else if (outstanding.size > 0) port.postMessage({ kind: 'idle', answered });
    else {
      const lost = context.getNumber(context.unwrapResult(context.callFunction(unheard, context.undefined)));
      if (lost >= 0) end({ call: lost });
      else if (state.type !== 'pending') end(null);
      // A dialog may come yet; the script's time is what ends that.
      else if (context.dump(context.unwrapResult(context.callFunction(listens, context.undefined))) === true)
        port.postMessage({ kind: 'idle', answered });
      else end({ limit: 'waiting' });
    }
  }

  /** Lets the script run on as far as it can. */
  function pump(): void {
    if (over) return;
    const jobs = runtime.executePendingJobs();
    if (jobs.error === undefined) settleMain();
    else fail(jobs.error, describe);
  }

  port.on('message', (reply) => {
    if (over) return;
    if ('event' in reply) {
      answered += 1;
      allow();
      const told = context.callFunction(dispatch, context.undefined, context.newString(reply.event));
      if (told.error !== undefined) fail(told.error, describe);
      else pump();
      return;
    }
    outstanding.delete(reply.id);
    answered += 1;
    allow();
    const ok = reply.ok ? context.true : context.false;
    const [id, text] = [context.newNumber(reply.id), context.newString(reply.text)];
    const done = context.callFunction(settle, context.undefined, id, ok, text);
    // A call that fails when the script itself has reached its end can be heard by nobody.
    if (done.error !== undefined) fail(done.error, describe);
    else if (!reply.ok && context.getPromiseState(main).type === 'fulfilled') end({ call: reply.id });
    else pump();
  });
  pump();
}
