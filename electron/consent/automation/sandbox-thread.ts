import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { loadQuickJs, sandboxWorker, type WorkerTask } from './sandbox-worker.ts';
import { createSpare } from './spare.ts';

/** Where a sandbox runs: something that can be ended from outside, whatever it computes. */
export interface SandboxThread {
  post(message: unknown): void;
  onMessage(listener: (message: unknown) => void): void;
  /** It ended without being told to. */
  onFailure(listener: (error: Error) => void): void;
  end(): Promise<void>;
}

/** Starts a sandbox for one script. Each host may have its own way; `startWorkerThread` serves all of Node's. */
export interface StartSandboxThread {
  (task: WorkerTask): SandboxThread;
  /** Starts the thread of the next task ahead, which a flow does while its browser opens. */
  ahead?(): void;
}

const require = createRequire(import.meta.url);

/** Absolute paths of the two packages of the sandbox: what is started from text or elsewhere has no folder to resolve from. */
export const sandboxPackages = {
  core: require.resolve('quickjs-emscripten-core'),
  variant: require.resolve('@jitl/quickjs-ng-wasmfile-release-sync'),
};

// QuickJS is compiled once for all threads: its code is the same, each has a memory of its own.
let wasmModule: WebAssembly.Module | undefined;
let started = false;

async function compile(): Promise<void> {
  const file = join(dirname(sandboxPackages.variant), 'emscripten-module.wasm');
  wasmModule = await WebAssembly.compile(await readFile(file));
}

function compileOnce(): void {
  // Where it fails each thread compiles for itself, and says what is wrong.
  if (!started) void compile().catch(() => undefined);
  started = true;
}

const code = `const threads = require('node:worker_threads');
  const load = ${loadQuickJs.toString()};
  const quickjs = load({ require, ...threads.workerData });
  // Whoever waits for it hears why it failed.
  quickjs.catch(() => undefined);
  threads.parentPort.once('message', (task) => {
    (${sandboxWorker.toString()})({ quickjs, port: threads.parentPort, task });
  });`;

function startWorker(): Worker {
  compileOnce();
  // Its output is not ours: a QuickJS that breaks prints there. It needs nothing of the environment either.
  return new Worker(code, {
    eval: true,
    workerData: { packages: sandboxPackages, wasmModule },
    env: {},
    stdout: true,
    stderr: true,
    execArgv: [],
  });
}

const spare = createSpare<Worker>({
  start() {
    const worker = startWorker();
    worker.unref();
    return worker;
  },
  onEnded(worker, forget) {
    worker.once('error', forget);
    worker.once('exit', forget);
  },
  end: (worker) => void worker.terminate(),
});

/** A worker thread of Node. */
export const startWorkerThread: StartSandboxThread = Object.assign(
  (task: WorkerTask): SandboxThread => {
    const worker = spare.take() ?? startWorker();
    worker.ref();
    worker.postMessage(task);
    return {
      post: (message) => worker.postMessage(message),
      onMessage: (listener) => void worker.on('message', listener),
      onFailure(listener) {
        worker.on('error', listener);
        worker.on('exit', () => listener(new Error('the sandbox ended by itself')));
      },
      end: async () => void (await worker.terminate()),
    };
  },
  { ahead: () => spare.prepare() },
);
